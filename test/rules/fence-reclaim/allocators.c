// RUN: %check %s
// Allocators of several kinds, with and without a mask.
#include <linux/dma-fence.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

// Nobody defines it: a gfp_t parameter makes it an allocator.
void *vendor_pool_alloc(void *pool, int order, gfp_t gfp);

// It has a mask, and allocates without it.
void dev_coredumpv(void *dev, void *data, unsigned long size, gfp_t gfp);
void *__vmalloc(unsigned long size, gfp_t gfp);

void bad(struct kmem_cache *cache, void *p, struct page **pages)
{
	bool cookie = dma_fence_begin_signalling();

	kmem_cache_zalloc(cache, GFP_KERNEL); // expect: fence-reclaim sink=kmem_cache_zalloc
	kcalloc(4, 8, GFP_KERNEL); // expect: fence-reclaim
	krealloc(p, 8, GFP_KERNEL); // expect: fence-reclaim
	kvmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	alloc_page(GFP_KERNEL); // expect: fence-reclaim
	vmalloc(8); // expect: fence-reclaim
	vmap(pages, 1, 0, 0); // expect: fence-reclaim
	vendor_pool_alloc(p, 0, GFP_KERNEL); // expect: fence-reclaim sink=vendor_pool_alloc
	dev_coredumpv(p, p, 8, GFP_NOWAIT); // expect: fence-reclaim sink=dev_coredumpv
	__vmalloc(8, GFP_NOWAIT); // expect: fence-reclaim sink=__vmalloc
	dma_fence_end_signalling(cookie);
}

void good(struct kmem_cache *cache, void *p)
{
	bool cookie = dma_fence_begin_signalling();

	kmem_cache_zalloc(cache, GFP_NOWAIT);
	kcalloc(4, 8, GFP_ATOMIC);
	alloc_page(GFP_NOWAIT);
	vendor_pool_alloc(p, 0, GFP_NOWAIT);
	kvmalloc(8, GFP_NOWAIT); // does not go on to vmalloc()
	kmem_cache_free(cache, p);
	dma_fence_end_signalling(cookie);
}

// RUN: %check %s -- -I%mocks/6.1
// Up to 6.9 the bits were plain numbers and the allocators had no suffix.
#include <linux/dma-fence.h>
#include <linux/slab.h>

void bad(struct kmem_cache *cache)
{
	bool cookie = dma_fence_begin_signalling();

	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim sink=kmalloc
	kmem_cache_zalloc(cache, GFP_NOIO); // expect: fence-reclaim sink=kmem_cache_zalloc
	dma_fence_end_signalling(cookie);
}

void good(struct kmem_cache *cache)
{
	bool cookie = dma_fence_begin_signalling();

	kmalloc(8, GFP_ATOMIC);
	kmalloc(8, GFP_KERNEL & ~__GFP_DIRECT_RECLAIM);
	kmem_cache_zalloc(cache, GFP_NOWAIT);
	dma_fence_end_signalling(cookie);
}

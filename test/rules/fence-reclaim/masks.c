// RUN: %check %s
// The value of the mask decides, not its name.
#include <linux/dma-fence.h>
#include <linux/slab.h>

#define DRV_GFP (__GFP_KSWAPD_RECLAIM | __GFP_HIGH)
#define DRV_GFP_SLEEPS (__GFP_DIRECT_RECLAIM | __GFP_ZERO)

void bad_kernel(void)
{
	bool cookie = dma_fence_begin_signalling();

	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_kernel kind=annotated confidence=certain sink=kmalloc
	dma_fence_end_signalling(cookie);
}

void bad_nofs_noio(void)
{
	bool cookie = dma_fence_begin_signalling();

	kmalloc(8, GFP_NOFS); // expect: fence-reclaim root=bad_nofs_noio confidence=certain
	kmalloc(8, GFP_NOIO); // expect: fence-reclaim root=bad_nofs_noio confidence=certain
	dma_fence_end_signalling(cookie);
}

void bad_modified(void)
{
	bool cookie = dma_fence_begin_signalling();

	kmalloc(8, GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN); // expect: fence-reclaim
	kmalloc(8, GFP_KERNEL & ~__GFP_FS); // expect: fence-reclaim
	kmalloc(8, GFP_NOWAIT | __GFP_DIRECT_RECLAIM); // expect: fence-reclaim
	kmalloc(8, DRV_GFP_SLEEPS); // expect: fence-reclaim
	dma_fence_end_signalling(cookie);
}

void good_masks(void)
{
	bool cookie = dma_fence_begin_signalling();

	kmalloc(8, GFP_ATOMIC);
	kmalloc(8, GFP_NOWAIT);
	kmalloc(8, 0);
	kmalloc(8, DRV_GFP);
	kmalloc(8, GFP_ATOMIC | __GFP_ZERO | __GFP_NOWARN);
	dma_fence_end_signalling(cookie);
}

void good_modified(void)
{
	bool cookie = dma_fence_begin_signalling();

	kmalloc(8, GFP_KERNEL & ~__GFP_DIRECT_RECLAIM);
	kmalloc(8, GFP_KERNEL & ~__GFP_RECLAIM);
	kmalloc(8, GFP_KERNEL | __GFP_NOLOCKDEP);
	dma_fence_end_signalling(cookie);
}

void good_outside(void)
{
	bool cookie;

	kmalloc(8, GFP_KERNEL);
	cookie = dma_fence_begin_signalling();
	dma_fence_end_signalling(cookie);
	kmalloc(8, GFP_KERNEL);
}

// Freeing never enters reclaim.
void good_free(void *p)
{
	bool cookie = dma_fence_begin_signalling();

	kfree(p);
	kvfree(p);
	dma_fence_end_signalling(cookie);
}

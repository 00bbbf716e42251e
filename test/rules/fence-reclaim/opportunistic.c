// RUN: %check %s
// Signalling alone makes nothing critical: whoever happens to see that a fence is done may say so, allocating or not.
#include <linux/dma-fence.h>
#include <linux/slab.h>

void good_signal_and_allocate(struct dma_fence *fence)
{
	kmalloc(8, GFP_KERNEL);
	dma_fence_signal(fence);
	kmalloc(8, GFP_KERNEL);
}

void good_wait_and_allocate(struct dma_fence *fence)
{
	dma_fence_wait(fence, false);
	kmalloc(8, GFP_KERNEL);
}

void the_only_section(struct dma_fence *fence)
{
	bool cookie = dma_fence_begin_signalling();

	dma_fence_signal(fence);
	dma_fence_end_signalling(cookie);
}

#include <linux/module.h>
#include <linux/slab.h>
#include "otter.h"

/* All is wrong here: the section must not allocate, neither itself nor in what it calls. */
int otter_submit(struct otter_ring *ring, struct dma_fence *fence);

int otter_submit(struct otter_ring *ring, struct dma_fence *fence)
{
	bool cookie = dma_fence_begin_signalling();
	u32 *words = kcalloc(16, sizeof(*words), GFP_KERNEL);
	int ret = otter_ring_emit(ring, 1);

	kfree(words);
	dma_fence_signal(fence);
	dma_fence_end_signalling(cookie);
	return ret;
}
EXPORT_SYMBOL_GPL(otter_submit);

MODULE_DESCRIPTION("A module that breaks two rules");
MODULE_LICENSE("GPL");

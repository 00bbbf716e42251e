// RUN: %check %s
// One finding per root and sink; each says how many other roots reach it.
#include <linux/dma-fence.h>
#include <linux/slab.h>

static void shared(void)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=first others=1; fence-reclaim root=second others=1
}

static void detour(void)
{
	shared();
}

// Two ways to the sink: one finding, along the shorter one.
void first(bool again)
{
	bool cookie = dma_fence_begin_signalling();

	if (again)
		detour();
	shared();
	dma_fence_end_signalling(cookie);
}

void second(void)
{
	bool cookie = dma_fence_begin_signalling();

	shared();
	dma_fence_end_signalling(cookie);
}

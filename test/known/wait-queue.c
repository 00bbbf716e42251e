// RUN: %check %s
// XFAIL: *
// A miss: a wait for another thread, told only by a flag that the thread sets, and by who wakes whom.
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct device {
	int done;
};

void schedule(void);

int firmware_thread(struct device *dev)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad
	dev->done = 1;
	return 0;
}

void bad(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	while (!dev->done)
		schedule();
	dma_fence_end_signalling(cookie);
}

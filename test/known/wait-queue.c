// RUN: %check %s
// XFAIL: *
// A miss: a wait for another thread, told apart only by a flag that this thread sets (rule fence-cross-release will see completions).
#include <linux/completion.h>
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct device {
	struct completion done;
};

int firmware_thread(struct device *dev)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad
	complete(&dev->done);
	return 0;
}

void bad(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	wait_for_completion(&dev->done);
	dma_fence_end_signalling(cookie);
}

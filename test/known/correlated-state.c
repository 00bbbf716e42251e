// RUN: %check %s
// XFAIL: *
// A false positive: a state word says that no section is open when the slow path runs, but in a field of an object.
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct device {
	int in_reset;
};

static void grow(struct device *dev)
{
	if (!dev->in_reset)
		kmalloc(8, GFP_KERNEL);
}

static void poke(struct device *dev)
{
	grow(dev);
}

void good(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	dev->in_reset = 1;
	poke(dev);
	dev->in_reset = 0;
	dma_fence_end_signalling(cookie);
}

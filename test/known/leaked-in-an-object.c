// RUN: %check %s
// XFAIL: *
// A miss: the cookie is in an object, so the section that one return leaves open might be closed by a caller. No caller does.
#include <linux/dma-fence.h>

struct device {
	bool cookie;
	int hung;
};

int bad_early_return(struct device *dev)
{
	dev->cookie = dma_fence_begin_signalling();
	if (dev->hung)
		return -EBUSY; // expect: fence-section-balance
	dma_fence_end_signalling(dev->cookie);
	return 0;
}

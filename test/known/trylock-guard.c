// RUN: %check %s
// XFAIL: *
// A miss: whether a guard that only tries holds its lock is told by the pointer it keeps, and that is not known to be null or not.
#include <linux/dma-fence.h>
#include <linux/mutex.h>

struct device {
	struct mutex lock;
	struct dma_fence *fence;
};

void bad(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->lock); // expect: fence-lock-cycle root=bad holder=hold
	mutex_unlock(&dev->lock);
	dma_fence_end_signalling(cookie);
}

void hold(struct device *dev)
{
	scoped_guard(mutex_try, &dev->lock)
		dma_fence_wait(dev->fence, true);
}

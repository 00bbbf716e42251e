// RUN: %check %s
// What is done with the lock held is what this caller asks for.
#include <linux/atomic.h>
#include <linux/dma-fence.h>
#include <linux/mutex.h>

struct dev {
	struct mutex idle, reset;
	atomic_t in_reset;
	struct dma_fence *previous;
};

static void stop(struct dev *dev, bool wait)
{
	mutex_lock(&dev->idle); // expect: fence-wait-locked root=bad_wait lock=dev::idle
	if (wait)
		dma_fence_wait(dev->previous, false);
	mutex_unlock(&dev->idle);
}

static void restore(struct dev *dev)
{
	mutex_lock(&dev->reset); // expect: fence-wait-locked root=bad_restore lock=dev::reset
	if (!atomic_read(&dev->in_reset))
		dma_fence_wait(dev->previous, false);
	mutex_unlock(&dev->reset);
}

void bad_wait(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	stop(dev, true);
	dma_fence_end_signalling(cookie);
}

void good_no_wait(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	stop(dev, false);
	dma_fence_end_signalling(cookie);
}

void bad_restore(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	restore(dev);
	dma_fence_end_signalling(cookie);
}

void good_in_reset(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	atomic_set(&dev->in_reset, 1);
	restore(dev);
	atomic_set(&dev->in_reset, 0);
	dma_fence_end_signalling(cookie);
}

// RUN: %check %s
// XFAIL: *
// A miss: which lock the pointer in a field points to is told where it is stored, which is not looked at.
#include <linux/dma-fence.h>
#include <linux/mutex.h>

struct device {
	struct mutex lock;
	struct dma_fence *fence;
};

struct queue {
	struct mutex *lock;
};

void queue_init(struct queue *queue, struct device *dev)
{
	queue->lock = &dev->lock;
}

void bad(struct queue *queue)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(queue->lock); // expect: fence-lock-cycle root=bad holder=hold
	mutex_unlock(queue->lock);
	dma_fence_end_signalling(cookie);
}

void hold(struct device *dev)
{
	mutex_lock(&dev->lock);
	dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->lock);
}

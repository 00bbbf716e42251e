// RUN: %check %s
// One thread takes a lock on its way to signal, another one holds it while it waits for a fence.
#include <linux/dma-fence.h>
#include <linux/mutex.h>

struct device {
	struct mutex queue_lock;
	struct mutex stats_lock;
	struct mutex idle_lock;
	struct dma_fence *last;
	int jobs, idle;
};

void bad(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->queue_lock); // expect: fence-lock-cycle root=bad confidence=certain sink=mutex_lock lock=device::queue_lock holder=drain until=dma_fence_wait says="held elsewhere across a wait for a fence"
	dev->jobs--;
	mutex_unlock(&dev->queue_lock);
	dma_fence_signal(dev->last);
	dma_fence_end_signalling(cookie);
}

void drain(struct device *dev)
{
	mutex_lock(&dev->queue_lock);
	dma_fence_wait(dev->last, false);
	mutex_unlock(&dev->queue_lock);
}

// A lock that nobody holds across anything.
void good_short(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->stats_lock);
	dev->jobs--;
	mutex_unlock(&dev->stats_lock);
	dma_fence_end_signalling(cookie);
}

void count(struct device *dev)
{
	mutex_lock(&dev->stats_lock);
	dev->jobs++;
	mutex_unlock(&dev->stats_lock);
	dma_fence_wait(dev->last, false);
}

// Dropped around the wait.
void good_dropped(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->idle_lock);
	dev->idle = 1;
	mutex_unlock(&dev->idle_lock);
	dma_fence_end_signalling(cookie);
}

void wait_idle(struct device *dev)
{
	mutex_lock(&dev->idle_lock);
	while (!dev->idle) {
		mutex_unlock(&dev->idle_lock);
		dma_fence_wait(dev->last, false);
		mutex_lock(&dev->idle_lock);
	}
	mutex_unlock(&dev->idle_lock);
}

// The same lock, but taken and dropped outside the section.
void good_outside(struct device *dev)
{
	bool cookie;

	mutex_lock(&dev->queue_lock);
	dev->jobs++;
	mutex_unlock(&dev->queue_lock);
	cookie = dma_fence_begin_signalling();
	dma_fence_signal(dev->last);
	dma_fence_end_signalling(cookie);
	mutex_lock(&dev->queue_lock);
	mutex_unlock(&dev->queue_lock);
}

// Taken before the section and dropped inside: whoever waits for it waits outside of the section.
void good_taken_before(struct device *dev)
{
	bool cookie;

	mutex_lock(&dev->queue_lock);
	cookie = dma_fence_begin_signalling();
	dev->jobs--;
	mutex_unlock(&dev->queue_lock);
	dma_fence_signal(dev->last);
	dma_fence_end_signalling(cookie);
}

// A trylock waits for nobody.
void good_trylock(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	if (mutex_trylock(&dev->queue_lock)) {
		dev->jobs--;
		mutex_unlock(&dev->queue_lock);
	}
	dma_fence_end_signalling(cookie);
}

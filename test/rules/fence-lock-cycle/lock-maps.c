// RUN: %check %s
// What code tells lockdep itself counts: a map stands for a lock of its own, the map in a lock for that lock.
#include <linux/dma-fence.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>

static struct lockdep_map wake_map, quiet_map, iterator_map;

struct device {
	struct mutex lock, other;
	struct lockdep_map power_map;
	struct dma_fence *fence;
};

void bad(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	lock_map_acquire(&wake_map); // expect: fence-lock-cycle root=bad holder=hold_map
	lock_map_release(&wake_map);
	lock_map_acquire(&dev->power_map); // expect: fence-lock-cycle root=bad holder=hold_field
	lock_map_release(&dev->power_map);
	might_lock(&dev->lock); // expect: fence-lock-cycle root=bad holder=hold_mutex
	dma_fence_end_signalling(cookie);
}

void good(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	lock_map_acquire_try(&wake_map); // waits for nobody
	lock_map_release(&wake_map);
	lock_map_acquire_read(&dev->power_map); // may come again, and so waits for nobody
	lock_map_release(&dev->power_map);
	lock_map_acquire(&quiet_map); // nobody waits with it
	lock_map_release(&quiet_map);
	might_lock(&dev->other); // another mutex
	dma_fence_end_signalling(cookie);
}

void hold_map(struct device *dev)
{
	lock_map_acquire(&wake_map);
	dma_fence_wait(dev->fence, true);
	lock_map_release(&wake_map);
}

void hold_field(struct device *dev)
{
	lock_map_acquire(&dev->power_map);
	dma_fence_wait(dev->fence, true);
	lock_map_release(&dev->power_map);
}

void hold_mutex(struct device *dev)
{
	mutex_lock(&dev->lock);
	dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->lock);
}

// Who holds it without having waited for it makes others wait all the same, and releases what is its own.
void hold_iterator(struct device *dev)
{
	lock_map_acquire_try(&iterator_map);
	dma_fence_wait(dev->fence, true);
	lock_map_release(&iterator_map);
}

void bad_iterator(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	lock_map_acquire(&iterator_map); // expect: fence-lock-cycle root=bad_iterator holder=hold_iterator
	lock_map_release(&iterator_map);
	dma_fence_end_signalling(cookie);
}

void hold_nothing(struct device *dev)
{
	lock_map_acquire(&quiet_map);
	lock_map_release(&quiet_map);
	might_lock(&dev->other);
	dma_fence_wait(dev->fence, true);
}

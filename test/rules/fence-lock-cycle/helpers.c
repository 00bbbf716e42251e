// RUN: %check %s
// Helpers that take, hold, return with or drop a lock, on either side.
#include <linux/dma-fence.h>
#include <linux/mutex.h>

struct dev {
	struct mutex by_param, by_object, returned_held, released, relocked, returned_free, passed_on;
	struct mutex quiet;
	struct dma_fence *fence;
	int state;
};

static void lock_param(struct mutex *lock)
{
	mutex_lock(lock); // expect: fence-lock-cycle root=section lock=dev::by_param via=section
}

static void unlock_param(struct mutex *lock)
{
	mutex_unlock(lock);
}

static void dev_lock(struct dev *dev)
{
	mutex_lock(&dev->by_object); // expect: fence-lock-cycle root=section lock=dev::by_object holder=hold_by_object
}

static void dev_unlock(struct dev *dev)
{
	mutex_unlock(&dev->by_object);
}

static void lock_deep(struct mutex *lock)
{
	mutex_lock(lock); // expect: fence-lock-cycle root=section_deep lock=dev::passed_on holder=hold_passed_on
}

static void lock_passed_on(struct mutex *lock)
{
	lock_deep(lock);
}

void section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	lock_param(&dev->by_param);
	unlock_param(&dev->by_param);
	dev_lock(dev);
	dev_unlock(dev);
	mutex_lock(&dev->returned_held); // expect: fence-lock-cycle holder=hold_returned
	mutex_unlock(&dev->returned_held);
	mutex_lock(&dev->released);
	mutex_unlock(&dev->released);
	mutex_lock(&dev->relocked);
	mutex_unlock(&dev->relocked);
	mutex_lock(&dev->returned_free);
	mutex_unlock(&dev->returned_free);
	dma_fence_end_signalling(cookie);
}

void section_deep(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	lock_passed_on(&dev->passed_on);
	unlock_param(&dev->passed_on);
	dma_fence_end_signalling(cookie);
}

// The same helper with another lock: each caller takes what it passes.
void good_other_lock(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	lock_param(&dev->quiet);
	unlock_param(&dev->quiet);
	dma_fence_end_signalling(cookie);
}

void hold_by_param(struct dev *dev)
{
	lock_param(&dev->by_param);
	dma_fence_wait(dev->fence, true);
	unlock_param(&dev->by_param);
}

void hold_by_object(struct dev *dev)
{
	dev_lock(dev);
	dma_fence_wait(dev->fence, true);
	dev_unlock(dev);
}

void hold_passed_on(struct dev *dev)
{
	lock_passed_on(&dev->passed_on);
	dma_fence_wait(dev->fence, true);
	unlock_param(&dev->passed_on);
}

// Returns with the lock held if it succeeds.
static int begin(struct dev *dev)
{
	mutex_lock(&dev->returned_held);
	if (!dev->state) {
		mutex_unlock(&dev->returned_held);
		return -EBUSY;
	}
	return 0;
}

static void wait_for_it(struct dev *dev)
{
	dma_fence_wait(dev->fence, true);
}

int hold_returned(struct dev *dev)
{
	int ret = begin(dev);

	if (ret)
		return ret;
	wait_for_it(dev);
	mutex_unlock(&dev->returned_held);
	return 0;
}

// Drops the caller's lock for good.
static void drop(struct dev *dev)
{
	mutex_unlock(&dev->released);
}

void good_released(struct dev *dev)
{
	mutex_lock(&dev->released);
	dev->state++;
	drop(dev);
	dma_fence_wait(dev->fence, true);
}

// Drops it only while it waits.
static void wait_unlocked(struct dev *dev)
{
	mutex_unlock(&dev->relocked);
	dma_fence_wait(dev->fence, true);
	mutex_lock(&dev->relocked);
}

void good_relocked(struct dev *dev)
{
	mutex_lock(&dev->relocked);
	wait_unlocked(dev);
	mutex_unlock(&dev->relocked);
}

static int begin_free(struct dev *dev)
{
	mutex_lock(&dev->returned_free);
	dev->state++;
	mutex_unlock(&dev->returned_free);
	return 0;
}

void good_returned_free(struct dev *dev)
{
	begin_free(dev);
	dma_fence_wait(dev->fence, true);
}

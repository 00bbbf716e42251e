// RUN: %check %s
// Locks that are dropped at the end of a scope.
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>

struct dev {
	struct mutex guarded, inner_scope, scoped, returned, attribute, mixed;
	struct rw_semaphore sem, free_sem;
	struct mutex free_inner_scope, free_scoped, free_after_return, free_tried, free_attribute;
	struct dma_fence *fence;
	int state;
};

void section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->guarded); // expect: fence-lock-cycle holder=hold_guarded
	mutex_unlock(&dev->guarded);
	mutex_lock(&dev->inner_scope); // expect: fence-lock-cycle holder=hold_inner_scope
	mutex_unlock(&dev->inner_scope);
	mutex_lock(&dev->scoped); // expect: fence-lock-cycle holder=hold_scoped
	mutex_unlock(&dev->scoped);
	mutex_lock(&dev->returned); // expect: fence-lock-cycle holder=hold_returned
	mutex_unlock(&dev->returned);
	mutex_lock(&dev->attribute); // expect: fence-lock-cycle holder=hold_attribute
	mutex_unlock(&dev->attribute);
	down_read(&dev->sem); // expect: fence-lock-cycle holder=hold_sem
	up_read(&dev->sem);
	dma_fence_end_signalling(cookie);
}

// The guard's own constructor is where the lock is taken.
DEFINE_GUARD(dev, struct mutex *, mutex_lock(_T), mutex_unlock(_T)) // expect: fence-lock-cycle root=guarded_section sink=mutex_lock lock=dev::mixed in=class_dev_ctor

void guarded_section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	{
		guard(dev)(&dev->mixed);
		dev->state++;
	}
	dma_fence_end_signalling(cookie);
}

void good_section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->free_inner_scope);
	mutex_unlock(&dev->free_inner_scope);
	mutex_lock(&dev->free_scoped);
	mutex_unlock(&dev->free_scoped);
	mutex_lock(&dev->free_after_return);
	mutex_unlock(&dev->free_after_return);
	mutex_lock(&dev->free_tried);
	mutex_unlock(&dev->free_tried);
	mutex_lock(&dev->free_attribute);
	mutex_unlock(&dev->free_attribute);
	down_read(&dev->free_sem);
	up_read(&dev->free_sem);
	dma_fence_end_signalling(cookie);
}

void hold_guarded(struct dev *dev)
{
	guard(mutex)(&dev->guarded);
	dma_fence_wait(dev->fence, true);
}

void hold_inner_scope(struct dev *dev)
{
	if (dev->state) {
		guard(mutex)(&dev->inner_scope);
		dma_fence_wait(dev->fence, true);
	}
}

void hold_scoped(struct dev *dev)
{
	scoped_guard(mutex, &dev->scoped)
		dma_fence_wait(dev->fence, true);
}

long hold_returned(struct dev *dev)
{
	guard(mutex)(&dev->returned);
	return dma_fence_wait(dev->fence, true);
}

static void unlock(struct mutex **lock)
{
	mutex_unlock(*lock);
}

void hold_attribute(struct dev *dev)
{
	struct mutex *lock __cleanup(unlock) = &dev->attribute;

	mutex_lock(lock);
	dma_fence_wait(dev->fence, true);
}

void hold_sem(struct dev *dev)
{
	guard(rwsem_write)(&dev->sem);
	dma_fence_wait(dev->fence, true);
}

void hold_mixed(struct dev *dev)
{
	mutex_lock(&dev->mixed);
	dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->mixed);
}

// After the scope.
void good_inner_scope(struct dev *dev)
{
	{
		guard(mutex)(&dev->free_inner_scope);
		dev->state++;
	}
	dma_fence_wait(dev->fence, true);
}

void good_scoped(struct dev *dev)
{
	scoped_guard(mutex, &dev->free_scoped)
		dev->state++;
	dma_fence_wait(dev->fence, true);
}

static int state_of(struct dev *dev)
{
	guard(mutex)(&dev->free_after_return);
	return dev->state;
}

void good_after_return(struct dev *dev)
{
	if (state_of(dev))
		dma_fence_wait(dev->fence, true);
}

void good_tried(struct dev *dev)
{
	scoped_guard(mutex_try, &dev->free_tried) {
		dev->state++;
	}
	dma_fence_wait(dev->fence, true);
}

void good_attribute(struct dev *dev)
{
	{
		struct mutex *lock __cleanup(unlock) = &dev->free_attribute;

		mutex_lock(lock);
		dev->state++;
	}
	dma_fence_wait(dev->fence, true);
}

void good_sem(struct dev *dev)
{
	scoped_guard(rwsem_read, &dev->free_sem)
		dev->state++;
	dma_fence_wait(dev->fence, true);
}

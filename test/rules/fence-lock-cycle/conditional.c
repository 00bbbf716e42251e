// RUN: %check %s
// A lock that may not have been acquired: the returned value tells on which way it is held.
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>

struct dev {
	struct mutex try_held, try_not_held, try_negated, try_kept;
	struct mutex intr_held, intr_not_held, intr_kept, intr_negative;
	struct semaphore slot_held, slot_not_held;
	struct mutex by_helper, not_by_helper;
	struct dma_fence *fence;
};

void section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->try_held); // expect: fence-lock-cycle holder=hold_try
	mutex_unlock(&dev->try_held);
	mutex_lock(&dev->try_not_held);
	mutex_unlock(&dev->try_not_held);
	mutex_lock(&dev->try_negated); // expect: fence-lock-cycle holder=hold_try_negated
	mutex_unlock(&dev->try_negated);
	mutex_lock(&dev->try_kept); // expect: fence-lock-cycle holder=hold_try_kept
	mutex_unlock(&dev->try_kept);
	mutex_lock(&dev->intr_held); // expect: fence-lock-cycle holder=hold_intr
	mutex_unlock(&dev->intr_held);
	mutex_lock(&dev->intr_not_held);
	mutex_unlock(&dev->intr_not_held);
	mutex_lock(&dev->intr_kept); // expect: fence-lock-cycle holder=hold_intr_kept
	mutex_unlock(&dev->intr_kept);
	mutex_lock(&dev->intr_negative);
	mutex_unlock(&dev->intr_negative);
	down(&dev->slot_held); // expect: fence-lock-cycle holder=hold_slot
	up(&dev->slot_held);
	down(&dev->slot_not_held);
	up(&dev->slot_not_held);
	mutex_lock(&dev->by_helper); // expect: fence-lock-cycle holder=hold_by_helper
	mutex_unlock(&dev->by_helper);
	mutex_lock(&dev->not_by_helper);
	mutex_unlock(&dev->not_by_helper);
	dma_fence_end_signalling(cookie);
}

void hold_try(struct dev *dev)
{
	if (mutex_trylock(&dev->try_held)) {
		dma_fence_wait(dev->fence, true);
		mutex_unlock(&dev->try_held);
	}
}

void without_try(struct dev *dev)
{
	if (!mutex_trylock(&dev->try_not_held)) {
		dma_fence_wait(dev->fence, true);
		return;
	}
	mutex_unlock(&dev->try_not_held);
}

int hold_try_negated(struct dev *dev)
{
	if (!mutex_trylock(&dev->try_negated))
		return -EBUSY;
	dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->try_negated);
	return 0;
}

int hold_try_kept(struct dev *dev)
{
	int locked = mutex_trylock(&dev->try_kept);

	if (!locked)
		return -EBUSY;
	dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->try_kept);
	return 0;
}

int hold_intr(struct dev *dev)
{
	int ret = mutex_lock_interruptible(&dev->intr_held);

	if (ret)
		return ret;
	dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->intr_held);
	return 0;
}

int without_intr(struct dev *dev)
{
	if (mutex_lock_interruptible(&dev->intr_not_held)) {
		dma_fence_wait(dev->fence, true);
		return -EBUSY;
	}
	mutex_unlock(&dev->intr_not_held);
	return 0;
}

int hold_intr_kept(struct dev *dev, bool interruptible)
{
	int ret = 0;

	if (interruptible)
		ret = mutex_lock_interruptible(&dev->intr_kept);
	else
		mutex_lock(&dev->intr_kept);
	if (ret)
		return ret;
	dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->intr_kept);
	return 0;
}

int without_intr_negative(struct dev *dev)
{
	int ret = mutex_lock_interruptible(&dev->intr_negative);

	if (ret < 0)
		goto wait;
	mutex_unlock(&dev->intr_negative);
wait:
	dma_fence_wait(dev->fence, true);
	return ret;
}

void hold_slot(struct dev *dev)
{
	if (down_trylock(&dev->slot_held) == 0) {
		dma_fence_wait(dev->fence, true);
		up(&dev->slot_held);
	}
}

void without_slot(struct dev *dev)
{
	if (down_trylock(&dev->slot_not_held)) {
		dma_fence_wait(dev->fence, true);
		return;
	}
	up(&dev->slot_not_held);
}

static bool take(struct mutex *lock)
{
	if (!mutex_trylock(lock))
		return false;
	return true;
}

void hold_by_helper(struct dev *dev)
{
	if (take(&dev->by_helper)) {
		dma_fence_wait(dev->fence, true);
		mutex_unlock(&dev->by_helper);
	}
}

void without_helper(struct dev *dev)
{
	if (!take(&dev->not_by_helper)) {
		dma_fence_wait(dev->fence, true);
		return;
	}
	mutex_unlock(&dev->not_by_helper);
}

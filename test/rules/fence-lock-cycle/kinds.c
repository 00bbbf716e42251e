// RUN: %check %s
// Every lock that is waited for asleep, on either side, whichever way it is taken.
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/spinlock.h>

struct dev {
	struct mutex killable, interruptible;
	struct rw_semaphore readers, writers, both, downgraded;
	struct semaphore slots;
	spinlock_t ring;
	struct dma_fence *fence;
};

void section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	if (mutex_lock_killable(&dev->killable)) // expect: fence-lock-cycle sink=mutex_lock_killable lock=dev::killable confidence=certain
		goto out;
	mutex_unlock(&dev->killable);
	if (!mutex_lock_interruptible(&dev->interruptible)) // expect: fence-lock-cycle sink=mutex_lock_interruptible confidence=certain
		mutex_unlock(&dev->interruptible);
	down_read(&dev->readers); // expect: fence-lock-cycle lock=dev::readers holder=hold_readers confidence=certain
	up_read(&dev->readers);
	down_write(&dev->writers); // expect: fence-lock-cycle lock=dev::writers confidence=certain
	up_write(&dev->writers);
	down_write(&dev->both); // expect: fence-lock-cycle lock=dev::both confidence=certain
	up_write(&dev->both);
	down_read(&dev->downgraded); // expect: fence-lock-cycle lock=dev::downgraded confidence=certain
	up_read(&dev->downgraded);
	down(&dev->slots); // expect: fence-lock-cycle lock=dev::slots sink=down confidence=certain
	up(&dev->slots);
out:
	dma_fence_end_signalling(cookie);
}

int hold(struct dev *dev)
{
	mutex_lock(&dev->killable);
	dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->killable);

	if (mutex_lock_interruptible(&dev->interruptible))
		return -EBUSY;
	dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->interruptible);

	if (down_write_killable(&dev->writers))
		return -EBUSY;
	dma_fence_wait(dev->fence, true);
	up_write(&dev->writers);

	if (down_read_trylock(&dev->both)) {
		dma_fence_wait(dev->fence, true);
		up_read(&dev->both);
	}
	return 0;
}

void hold_readers(struct dev *dev)
{
	down_read(&dev->readers);
	dma_fence_wait(dev->fence, true);
	up_read(&dev->readers);
}

void hold_downgraded(struct dev *dev)
{
	down_write(&dev->downgraded);
	downgrade_write(&dev->downgraded);
	dma_fence_wait(dev->fence, true);
	up_read(&dev->downgraded);
}

void hold_slot(struct dev *dev)
{
	if (down_interruptible(&dev->slots))
		return;
	dma_fence_wait(dev->fence, true);
	up(&dev->slots);
}

// A spinlock is not waited for asleep: fences are not waited for under it.
void good_spinlock(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	spin_lock(&dev->ring);
	spin_unlock(&dev->ring);
	dma_fence_end_signalling(cookie);
}

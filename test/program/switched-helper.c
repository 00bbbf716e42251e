// RUN: %check %s
// Helpers that are told by an enumerator what to do: which case it is, the caller knows.
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/slab.h>

enum mode { NONE, TRY, BLOCK, HURRY };

struct dev {
	struct mutex blocked, tried, none;
	struct rw_semaphore read, skipped;
	struct dma_fence *fence;
};

static int lock(struct mutex *lock, enum mode mode)
{
	switch (mode) {
	case NONE:
		return 0;
	case TRY:
		return mutex_trylock(lock) ? 0 : -EBUSY;
	default:
		return mutex_lock_interruptible(lock);
	}
}

static void unlock(struct mutex *lock, enum mode mode)
{
	switch (mode) {
	case NONE:
		break;
	case TRY:
	case BLOCK:
	case HURRY:
		mutex_unlock(lock);
	}
}

void hold(struct dev *dev)
{
	if (lock(&dev->blocked, BLOCK))
		return;
	dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->blocked);
	if (lock(&dev->tried, TRY))
		return;
	dma_fence_wait(dev->fence, true);
	unlock(&dev->tried, TRY);
	lock(&dev->none, NONE);
	dma_fence_wait(dev->fence, true);
	unlock(&dev->none, NONE);
}

static void get(struct rw_semaphore *sem, enum mode mode)
{
	switch (mode) {
	case BLOCK:
		down_read(sem);
		break;
	default:
		break;
	}
}

void hold_read(struct dev *dev)
{
	get(&dev->read, BLOCK);
	get(&dev->skipped, NONE);
	dma_fence_wait(dev->fence, true);
	up_read(&dev->read);
}

void section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->blocked); // expect: fence-lock-cycle root=section lock=dev::blocked holder=hold
	mutex_unlock(&dev->blocked);
	mutex_lock(&dev->tried); // expect: fence-lock-cycle root=section lock=dev::tried holder=hold
	mutex_unlock(&dev->tried);
	mutex_lock(&dev->none);
	mutex_unlock(&dev->none);
	down_write(&dev->read); // expect: fence-lock-cycle root=section lock=dev::read holder=hold_read
	up_write(&dev->read);
	down_write(&dev->skipped);
	up_write(&dev->skipped);
	dma_fence_end_signalling(cookie);
}

// Asked twice, the answer is the same.
void good_section(enum mode mode)
{
	bool cookie = false;

	switch (mode) {
	case HURRY:
		cookie = dma_fence_begin_signalling();
		break;
	default:
		break;
	}
	switch (mode) {
	case HURRY:
		dma_fence_end_signalling(cookie);
		break;
	default:
		kmalloc(8, GFP_KERNEL);
	}
}

void bad_section(enum mode mode)
{
	bool cookie = false;

	switch (mode) {
	case HURRY:
		cookie = dma_fence_begin_signalling();
		break;
	default:
		break;
	}
	switch (mode) {
	case HURRY:
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_section
		dma_fence_end_signalling(cookie);
		break;
	default:
		break;
	}
}

void bad_not_ended(enum mode mode)
{
	bool cookie = false;

	switch (mode) {
	case BLOCK:
	case HURRY:
		cookie = dma_fence_begin_signalling();
		break;
	default:
		break;
	}
	if (mode == HURRY)
		dma_fence_end_signalling(cookie);
} // expect: fence-section-balance

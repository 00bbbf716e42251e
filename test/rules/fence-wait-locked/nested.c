// RUN: %check %s
// A wait for a fence may be nested in a section, but not with a lock held that was taken after the section began.
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/semaphore.h>
#include <linux/spinlock.h>

struct dev {
	struct mutex lock, outer, dropped, tried, nested_a, nested_b, relocked, polled;
	struct rw_semaphore sem;
	struct semaphore slots;
	spinlock_t ring;
	struct dma_fence *previous;
	struct dma_resv *resv;
};

void bad(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->lock); // expect: fence-wait-locked root=bad kind=annotated confidence=certain sink=mutex_lock lock=dev::lock holder=bad until=dma_fence_wait says="held across a wait for a fence"
	dma_fence_wait(dev->previous, false);
	mutex_unlock(&dev->lock);
	dma_fence_end_signalling(cookie);
}

void bad_sems(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	down_read(&dev->sem); // expect: fence-wait-locked root=bad_sems lock=dev::sem
	dma_fence_wait_timeout(dev->previous, false, 100);
	up_read(&dev->sem);
	down(&dev->slots); // expect: fence-wait-locked root=bad_sems lock=dev::slots
	dma_resv_wait_timeout(dev->resv, DMA_RESV_USAGE_KERNEL, false, 100);
	up(&dev->slots);
	dma_fence_end_signalling(cookie);
}

// A trylock does not wait for its holder, but it makes others wait for this thread.
void bad_trylock(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	if (mutex_trylock(&dev->tried)) { // expect: fence-wait-locked root=bad_trylock lock=dev::tried
		dma_fence_wait(dev->previous, false);
		mutex_unlock(&dev->tried);
	}
	dma_fence_end_signalling(cookie);
}

// Both locks are in between.
void bad_two(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->nested_a); // expect: fence-wait-locked root=bad_two lock=dev::nested_a
	mutex_lock(&dev->nested_b); // expect: fence-wait-locked root=bad_two lock=dev::nested_b
	dma_fence_wait(dev->previous, false);
	mutex_unlock(&dev->nested_b);
	mutex_unlock(&dev->nested_a);
	dma_fence_end_signalling(cookie);
}

void good_nested(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	dma_fence_wait(dev->previous, false);
	dma_fence_end_signalling(cookie);
}

void good_dropped(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->dropped);
	mutex_unlock(&dev->dropped);
	dma_fence_wait(dev->previous, false);
	mutex_lock(&dev->dropped);
	mutex_unlock(&dev->dropped);
	dma_fence_end_signalling(cookie);
}

void good_relocked(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->relocked);
	while (dev->previous) {
		mutex_unlock(&dev->relocked);
		dma_fence_wait(dev->previous, false);
		mutex_lock(&dev->relocked);
	}
	mutex_unlock(&dev->relocked);
	dma_fence_end_signalling(cookie);
}

// Taken before the section: whoever waits for it has not begun one.
void good_before(struct dev *dev)
{
	bool cookie;

	mutex_lock(&dev->outer);
	cookie = dma_fence_begin_signalling();
	dma_fence_wait(dev->previous, false);
	dma_fence_end_signalling(cookie);
	mutex_unlock(&dev->outer);
}

void good_outside(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	dma_fence_signal(dev->previous);
	dma_fence_end_signalling(cookie);
	mutex_lock(&dev->outer);
	dma_fence_wait(dev->previous, false);
	mutex_unlock(&dev->outer);
}

// A poll does not wait.
void good_poll(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->polled);
	dma_fence_wait_timeout(dev->previous, false, 0);
	dma_resv_wait_timeout(dev->resv, DMA_RESV_USAGE_KERNEL, false, 0);
	if (dma_fence_is_signaled(dev->previous))
		dma_fence_signal(dev->previous);
	mutex_unlock(&dev->polled);
	dma_fence_end_signalling(cookie);
}

// What dma_resv locks are for.
void good_resv(struct dev *dev)
{
	dma_resv_lock(dev->resv, NULL);
	dma_fence_wait(dev->previous, true);
	dma_resv_unlock(dev->resv);
}

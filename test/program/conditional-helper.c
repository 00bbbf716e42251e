// RUN: %check %s
// Helpers that begin and end something if their caller wants it: what he passes tells, known or not.
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/slab.h>

enum mode { NONE, BLOCK };

struct dev {
	struct mutex never, perhaps, always, waited, asked, kept, looked, cleared;
	struct dma_fence *fence;
	bool busy;
};

bool is_busy(struct dev *dev);

static bool begin_if(bool want)
{
	return want ? dma_fence_begin_signalling() : false;
}

static void end_if(bool want, bool cookie)
{
	if (want)
		dma_fence_end_signalling(cookie);
}

void good_known(void)
{
	bool cookie = begin_if(true);

	end_if(true, cookie);
	kmalloc(8, GFP_KERNEL);
}

void good_none(void)
{
	bool cookie = begin_if(false);

	kmalloc(8, GFP_KERNEL);
	end_if(false, cookie);
}

void good_passed_on(bool want)
{
	bool cookie = begin_if(want);

	end_if(want, cookie);
	kmalloc(8, GFP_KERNEL);
}

void good_otherwise(bool want)
{
	bool cookie = begin_if(want);

	if (!want)
		kmalloc(8, GFP_KERNEL);
	end_if(want, cookie);
}

void bad_known(void)
{
	bool cookie = begin_if(true);

	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_known
	end_if(true, cookie);
}

void bad_passed_on(bool want)
{
	bool cookie = begin_if(want);

	if (want)
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_passed_on
	end_if(want, cookie);
}

void bad_not_ended(void)
{
	bool cookie = begin_if(true);

	end_if(false, cookie);
} // expect: fence-section-balance

void bad_other_condition(bool want, bool other)
{
	bool cookie = begin_if(want);

	end_if(other, cookie);
} // expect: fence-section-balance

static void lock(struct mutex *lock, enum mode mode)
{
	if (mode == BLOCK)
		mutex_lock(lock);
}

static void unlock(struct mutex *lock, enum mode mode)
{
	if (mode == BLOCK)
		mutex_unlock(lock);
}

void holders(struct dev *dev, enum mode mode)
{
	lock(&dev->never, NONE);
	dma_fence_wait(dev->fence, true);
	unlock(&dev->never, NONE);
	lock(&dev->perhaps, mode);
	unlock(&dev->perhaps, mode);
	dma_fence_wait(dev->fence, true);
	lock(&dev->always, BLOCK);
	unlock(&dev->always, BLOCK);
	dma_fence_wait(dev->fence, true);
	lock(&dev->waited, BLOCK);
	dma_fence_wait(dev->fence, true);
	unlock(&dev->waited, BLOCK);
}

static void lock_if(struct mutex *lock, bool want)
{
	if (want)
		mutex_lock(lock);
}

static void unlock_if(struct mutex *lock, bool want)
{
	if (want)
		mutex_unlock(lock);
}

// That the second answer is the first one, nobody knows.
void ask_again(struct dev *dev)
{
	bool busy = is_busy(dev);

	lock_if(&dev->asked, is_busy(dev));
	unlock_if(&dev->asked, is_busy(dev));
	lock_if(&dev->asked, dev->busy);
	unlock_if(&dev->asked, dev->busy);
	lock_if(&dev->asked, busy);
	unlock_if(&dev->asked, busy);
	dma_fence_wait(dev->fence, true);
	lock_if(&dev->kept, busy);
	dma_fence_wait(dev->fence, true);
	unlock_if(&dev->kept, busy);
}

void section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->never);
	mutex_unlock(&dev->never);
	mutex_lock(&dev->perhaps);
	mutex_unlock(&dev->perhaps);
	mutex_lock(&dev->always);
	mutex_unlock(&dev->always);
	mutex_lock(&dev->waited); // expect: fence-lock-cycle root=section lock=dev::waited holder=holders
	mutex_unlock(&dev->waited);
	mutex_lock(&dev->asked);
	mutex_unlock(&dev->asked);
	mutex_lock(&dev->kept); // expect: fence-lock-cycle root=section lock=dev::kept holder=ask_again
	mutex_unlock(&dev->kept);
	dma_fence_end_signalling(cookie);
}

static inline bool is_idle(const struct dev *dev)
{
	return !dev->busy;
}

static inline bool test_and_clear(struct dev *dev)
{
	bool busy = dev->busy;

	dev->busy = false;
	return busy;
}

// What only looks at something has one answer; what changes it, another each time.
void look(struct dev *dev)
{
	if (is_idle(dev))
		mutex_lock(&dev->looked);
	if (is_idle(dev))
		mutex_unlock(&dev->looked);
	dma_fence_wait(dev->fence, true);
	if (test_and_clear(dev))
		mutex_lock(&dev->cleared);
	if (test_and_clear(dev))
		mutex_unlock(&dev->cleared);
	dma_fence_wait(dev->fence, true);
}

void section_of_those(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->looked);
	mutex_unlock(&dev->looked);
	mutex_lock(&dev->cleared); // expect: fence-lock-cycle root=section_of_those lock=dev::cleared holder=look
	mutex_unlock(&dev->cleared);
	dma_fence_end_signalling(cookie);
}

// RUN: %check %s
// A flag that has been raised on the way answers those who ask for it.
#include <drm/drm_drv.h>
#include <linux/atomic.h>
#include <linux/dma-fence.h>
#include <linux/slab.h>

enum { RESTART = 1, NOTIFY = 2 };

struct domain {
	atomic_t in_reset, stopping, users;
};

struct dev {
	struct domain *domain;
	struct drm_device drm;
	bool complete;
};

static void lock_domain(struct domain *domain)
{
	atomic_set(&domain->in_reset, 1);
}

static void unlock_domain(struct domain *domain)
{
	atomic_set(&domain->in_reset, 0);
}

static inline bool in_reset(struct dev *dev)
{
	return atomic_read(&dev->domain->in_reset);
}

static void restart(struct dev *dev, int flags)
{
	if (flags & RESTART)
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_before_and_after
	kfree(dev);
}

static void switch_mode(struct dev *dev)
{
	int flags = 0;

	if (dev->complete && !in_reset(dev))
		flags |= RESTART;
	restart(dev, flags);
	if (in_reset(dev))
		kmalloc(16, GFP_KERNEL); // expect: fence-reclaim root=bad_in_reset; fence-reclaim root=bad_before_and_after
}

void bad_in_reset(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	lock_domain(dev->domain);
	switch_mode(dev);
	unlock_domain(dev->domain);
	dma_fence_end_signalling(cookie);
}

void bad_before_and_after(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	switch_mode(dev);
	dma_fence_end_signalling(cookie);
}

static void ask(struct dev *dev)
{
	if (!in_reset(dev))
		kmalloc(24, GFP_KERNEL); // expect: fence-reclaim root=bad_only_sometimes
}

void bad_only_sometimes(struct dev *dev, bool lock)
{
	bool cookie = dma_fence_begin_signalling();

	if (lock)
		lock_domain(dev->domain);
	ask(dev);
	dma_fence_end_signalling(cookie);
}

static void ask_again(struct dev *dev)
{
	if (!in_reset(dev))
		kmalloc(32, GFP_KERNEL); // expect: fence-reclaim root=bad_lowered
}

static void lower_and_ask(struct dev *dev)
{
	unlock_domain(dev->domain);
	ask_again(dev);
}

void bad_lowered(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	lock_domain(dev->domain);
	lower_and_ask(dev);
	dma_fence_end_signalling(cookie);
}

// Whoever raises a flag and lowers it again has done nothing to his caller's.
static void reset_inside(struct dev *dev)
{
	lock_domain(dev->domain);
	unlock_domain(dev->domain);
}

static void ask_after(struct dev *dev)
{
	if (!in_reset(dev))
		kmalloc(36, GFP_KERNEL);
}

void good_nested(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	lock_domain(dev->domain);
	reset_inside(dev);
	ask_after(dev);
	dma_fence_end_signalling(cookie);
}

static void ask_counter(struct dev *dev)
{
	if (!atomic_read(&dev->domain->users))
		kmalloc(44, GFP_KERNEL); // expect: fence-reclaim root=bad_counter
}

void bad_counter(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	atomic_set(&dev->domain->users, 1);
	ask_counter(dev);
	atomic_dec(&dev->domain->users);
	dma_fence_end_signalling(cookie);
}

static void ask_other(struct dev *dev)
{
	if (!atomic_read(&dev->domain->stopping))
		kmalloc(40, GFP_KERNEL); // expect: fence-reclaim root=bad_other_flag
}

void bad_other_flag(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	lock_domain(dev->domain);
	ask_other(dev);
	dma_fence_end_signalling(cookie);
}

static void finish(struct dev *dev)
{
	if (!drm_dev_is_unplugged(&dev->drm))
		kmalloc(48, GFP_KERNEL);
}

void good_unplugged(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	drm_dev_unplug(&dev->drm);
	finish(dev);
	dma_fence_end_signalling(cookie);
}

void stop(struct dev *dev)
{
	atomic_set(&dev->domain->stopping, 1);
}

// To try to raise a flag does not make it another thing; where it was down, it is up, and where it was up already, it still is.
bool worker(struct dev *dev)
{
	return atomic_cmpxchg(&dev->domain->in_reset, 0, 1) == 0;
}

static void halt(struct dev *dev)
{
	if (!atomic_read(&dev->domain->stopping))
		kmalloc(32, GFP_KERNEL); // expect: fence-reclaim root=bad_tried_from_another
}

void good_tried(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	if (atomic_cmpxchg(&dev->domain->stopping, 0, 1) == 0)
		halt(dev);
	dma_fence_end_signalling(cookie);
}

// From one state to another: it may still be zero.
void bad_tried_from_another(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	if (atomic_cmpxchg(&dev->domain->stopping, 1, 2) == 0)
		halt(dev);
	dma_fence_end_signalling(cookie);
}

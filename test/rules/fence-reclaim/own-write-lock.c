// RUN: %check %s
// A thread that holds a semaphore for writing gets no read lock of it: what is done under a lock that was only tried for is not done.
#include <linux/dma-fence.h>
#include <linux/rwsem.h>
#include <linux/slab.h>

struct domain {
	struct rw_semaphore sem;
};

struct device {
	struct domain *domain;
	struct rw_semaphore other;
};

static void lock_domain(struct domain *domain)
{
	down_write(&domain->sem);
}

static void unlock_domain(struct domain *domain)
{
	up_write(&domain->sem);
}

static void write_register(struct device *dev)
{
	if (!down_read_trylock(&dev->domain->sem))
		return;
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=unlocked; fence-reclaim root=reading; fence-reclaim root=downgraded
	up_read(&dev->domain->sem);
}

static void write_other(struct device *dev)
{
	if (down_read_trylock(&dev->other)) {
		kmalloc(16, GFP_KERNEL); // expect: fence-reclaim root=good
		up_read(&dev->other);
	}
}

void good(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	lock_domain(dev->domain);
	write_register(dev);
	write_other(dev);
	unlock_domain(dev->domain);
	dma_fence_end_signalling(cookie);
}

void unlocked(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	lock_domain(dev->domain);
	unlock_domain(dev->domain);
	write_register(dev);
	dma_fence_end_signalling(cookie);
}

void reading(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	down_read(&dev->domain->sem); // expect: fence-lock-cycle root=reading
	write_register(dev);
	up_read(&dev->domain->sem);
	dma_fence_end_signalling(cookie);
}

void downgraded(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	lock_domain(dev->domain);
	downgrade_write(&dev->domain->sem);
	write_register(dev);
	up_read(&dev->domain->sem);
	dma_fence_end_signalling(cookie);
}

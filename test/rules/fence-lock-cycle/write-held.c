// RUN: %check %s
// Who has a semaphore for writing does not meet a holder who waits only where he has got it for reading.
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/slab.h>

struct domain {
	struct rw_semaphore sem;
};

struct dev {
	struct domain *domain;
	struct mutex lock, bus_lock, log_lock, free_lock;
	struct dma_fence *fence;
};

static struct registry {
	struct mutex lock;
} registry;

static void write_register(struct dev *dev)
{
	if (!down_read_trylock(&dev->domain->sem))
		return;
	dma_fence_wait(dev->fence, false);
	up_read(&dev->domain->sem);
}

void holds(struct dev *dev)
{
	mutex_lock(&dev->lock);
	write_register(dev);
	mutex_unlock(&dev->lock);
}

// A chain of two.
void holds_bus(struct dev *dev)
{
	mutex_lock(&dev->bus_lock);
	holds(dev);
	mutex_unlock(&dev->bus_lock);
}

// Here he waits for something else as well.
void holds_log(struct dev *dev)
{
	mutex_lock(&dev->log_lock);
	write_register(dev);
	kmalloc(8, GFP_KERNEL);
	mutex_unlock(&dev->log_lock);
}

void holds_free(struct dev *dev)
{
	mutex_lock(&dev->free_lock);
	write_register(dev);
	mutex_unlock(&dev->free_lock);
}

// This device is perhaps another one.
void holds_registry(struct dev *dev)
{
	mutex_lock(&registry.lock);
	write_register(dev);
	mutex_unlock(&registry.lock);
}

static void take(struct dev *dev)
{
	mutex_lock(&dev->lock); // expect: fence-lock-cycle root=reset confidence=possible
	mutex_unlock(&dev->lock);
}

void reset(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	down_write(&dev->domain->sem); // expect: fence-lock-cycle root=reset lock=domain::sem holder=write_register
	take(dev);
	mutex_lock(&dev->bus_lock); // expect: fence-lock-cycle root=reset confidence=possible
	mutex_unlock(&dev->bus_lock);
	mutex_lock(&dev->log_lock); // expect: fence-lock-cycle root=reset lock=dev::log_lock holder=holds_log confidence=certain
	mutex_unlock(&dev->log_lock);
	mutex_lock(&registry.lock); // expect: fence-lock-cycle root=reset lock=registry::lock confidence=certain
	mutex_unlock(&registry.lock);
	up_write(&dev->domain->sem);
	mutex_lock(&dev->free_lock); // expect: fence-lock-cycle root=reset lock=dev::free_lock confidence=certain
	mutex_unlock(&dev->free_lock);
	dma_fence_end_signalling(cookie);
}

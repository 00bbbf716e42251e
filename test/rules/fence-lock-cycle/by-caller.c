// RUN: %check %s
// A function that holds its lock across a wait only for other callers than the section.
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct dev {
	struct mutex lock, alloc_lock, never_lock;
	struct dma_fence *fence;
};

static void quiesce(struct dev *dev, bool recover)
{
	mutex_lock(&dev->lock); // expect: fence-lock-cycle root=section lock=dev::lock holder=quiesce
	if (!recover)
		dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->lock);
}

static void log(struct dev *dev, bool sleep)
{
	mutex_lock(&dev->alloc_lock); // expect: fence-lock-cycle root=section lock=dev::alloc_lock holder=log
	if (sleep)
		kmalloc(8, GFP_KERNEL);
	mutex_unlock(&dev->alloc_lock);
}

// Nobody asks it to wait.
static void poke(struct dev *dev, bool wait)
{
	mutex_lock(&dev->never_lock);
	if (wait)
		dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->never_lock);
}

void section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	quiesce(dev, true);
	log(dev, false);
	poke(dev, false);
	dma_fence_end_signalling(cookie);
}

void elsewhere(struct dev *dev)
{
	quiesce(dev, false);
	log(dev, true);
	poke(dev, false);
}

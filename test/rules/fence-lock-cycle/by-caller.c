// RUN: %check %s
// A function that holds its lock across a wait only for other callers than the section.
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct dev {
	struct mutex lock, alloc_lock, never_lock, table_lock, spare_lock;
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

// What it is to allocate with is for the caller to say.
static void insert(struct dev *dev, gfp_t gfp)
{
	mutex_lock(&dev->table_lock); // expect: fence-lock-cycle root=section lock=dev::table_lock holder=insert
	kmalloc(8, gfp);
	mutex_unlock(&dev->table_lock);
}

static void spare(struct dev *dev, gfp_t gfp)
{
	mutex_lock(&dev->spare_lock);
	kmalloc(8, gfp);
	mutex_unlock(&dev->spare_lock);
}

void section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	insert(dev, GFP_NOWAIT);
	spare(dev, GFP_NOWAIT);
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
	insert(dev, GFP_KERNEL);
	spare(dev, GFP_ATOMIC);
}

// RUN: %check %s
// What all callers of a function pass is known where a section begins in it, too, and where it holds a lock, as long as nobody can call it
// through a pointer.
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct dev {
	struct mutex probe, config;
	struct dma_fence *fence;
	void *log;
};

static void good_never(struct dev *dev, bool log)
{
	bool cookie = dma_fence_begin_signalling();

	if (log)
		dev->log = kmalloc(8, GFP_KERNEL);
	dma_fence_end_signalling(cookie);
}

static void bad_sometimes(struct dev *dev, bool log)
{
	bool cookie = dma_fence_begin_signalling();

	if (log)
		dev->log = kmalloc(16, GFP_KERNEL); // expect: fence-reclaim root=bad_sometimes
	dma_fence_end_signalling(cookie);
}

static void bad_stored(struct dev *dev, bool log)
{
	bool cookie = dma_fence_begin_signalling();

	if (log)
		dev->log = kmalloc(24, GFP_KERNEL); // expect: fence-reclaim root=bad_stored
	dma_fence_end_signalling(cookie);
}

void bad_exported(struct dev *dev, bool log)
{
	bool cookie = dma_fence_begin_signalling();

	if (log)
		dev->log = kmalloc(32, GFP_KERNEL); // expect: fence-reclaim root=bad_exported
	dma_fence_end_signalling(cookie);
}

static void hold(struct dev *dev, bool settle)
{
	mutex_lock(&dev->probe);
	if (settle)
		dma_fence_wait(dev->fence, false);
	mutex_unlock(&dev->probe);
}

static void hold_longer(struct dev *dev, bool settle)
{
	mutex_lock(&dev->config);
	if (settle)
		dma_fence_wait(dev->fence, false);
	mutex_unlock(&dev->config);
}

struct hooks {
	void (*hook)(struct dev *dev, bool log);
};
const struct hooks hooks = { .hook = bad_stored };

void section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->probe); // good: nobody waits while he holds it
	mutex_unlock(&dev->probe);
	mutex_lock(&dev->config); // expect: fence-lock-cycle root=section holder=hold_longer
	mutex_unlock(&dev->config);
	dma_fence_end_signalling(cookie);
}

void callers(struct dev *dev)
{
	good_never(dev, false);
	good_never(dev, false);
	bad_sometimes(dev, false);
	bad_sometimes(dev, true);
	bad_stored(dev, false);
	bad_exported(dev, false);
	hold(dev, false);
	hold_longer(dev, false);
	hold_longer(dev, true);
}

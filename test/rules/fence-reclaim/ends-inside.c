// RUN: %check %s
// A helper that ends its caller's section: only what it does before that is done in it.
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct device {
	bool cookie;
	int state;
	struct mutex lock;
	struct dma_fence *fence;
};

static void finish(struct device *dev, bool cookie)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=by_argument; fence-reclaim root=deeper
	dma_fence_end_signalling(cookie);
	kmalloc(16, GFP_KERNEL);
	mutex_lock(&dev->lock);
	mutex_unlock(&dev->lock);
}

void by_argument(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	finish(dev, cookie);
}

static void finish_later(struct device *dev, bool cookie)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=deeper
	finish(dev, cookie);
	kmalloc(16, GFP_KERNEL);
}

void deeper(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	finish_later(dev, cookie);
}

static void finish_field(struct device *dev)
{
	dma_fence_end_signalling(dev->cookie);
	kmalloc(16, GFP_KERNEL);
}

void by_field(struct device *dev)
{
	dev->cookie = dma_fence_begin_signalling();
	finish_field(dev);
}

static void finish_pointer(bool *cookie)
{
	dma_fence_end_signalling(*cookie);
	kmalloc(16, GFP_KERNEL);
}

void by_pointer(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	finish_pointer(&cookie);
}

// Not on every way.
static bool finish_some(struct device *dev, bool cookie)
{
	if (dev->state) {
		dma_fence_end_signalling(cookie);
		kmalloc(16, GFP_KERNEL);
		return true;
	}
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=some_ways
	return false;
}

void some_ways(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	if (!finish_some(dev, cookie))
		dma_fence_end_signalling(cookie);
}

// Only for a while.
static bool pause(bool cookie)
{
	dma_fence_end_signalling(cookie);
	kmalloc(16, GFP_KERNEL);
	cookie = dma_fence_begin_signalling();
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=pause
	return cookie;
}

void paused(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	cookie = pause(cookie);
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=paused
	dma_fence_end_signalling(cookie);
}

// A list of sections, each ended in the loop: after it there is none, though the loop looks as if it need not run.
struct capture {
	struct capture *next;
	bool cookie;
};

static void finish_all(struct capture *capture)
{
	while (capture) {
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=list
		dma_fence_end_signalling(capture->cookie);
		capture = capture->next;
	}
	kmalloc(16, GFP_KERNEL);
}

void list(struct capture *capture)
{
	capture->cookie = dma_fence_begin_signalling();
	finish_all(capture);
}

// What is held across the wait is taken by finish() outside the section.
void hold(struct device *dev)
{
	mutex_lock(&dev->lock);
	dma_fence_wait(dev->fence, false);
	mutex_unlock(&dev->lock);
}

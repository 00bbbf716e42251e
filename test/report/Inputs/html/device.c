#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct device {
	struct mutex queue_lock, bus_lock, own_lock;
	struct dma_fence *last;
};

struct ops {
	void *(*fill)(int size);
};

static void *fill_small(int size)
{
	return kmalloc(size, GFP_KERNEL);
}

static void *fill_large(int size)
{
	return kmalloc(2 * size, GFP_KERNEL);
}

static const struct ops small = { .fill = fill_small };
static const struct ops large = { .fill = fill_large };

void section(struct device *dev, const struct ops *ops)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->queue_lock);
	mutex_unlock(&dev->queue_lock);
	mutex_lock(&dev->own_lock);
	dma_fence_wait(dev->last, false);
	mutex_unlock(&dev->own_lock);
	ops->fill(8);
	dma_fence_end_signalling(cookie);
}

void other_section(const struct ops *ops)
{
	bool cookie = dma_fence_begin_signalling();

	ops->fill(16);
	dma_fence_end_signalling(cookie);
}

const struct ops *choose(bool is_large)
{
	return is_large ? &large : &small;
}

static void scan_bus(struct device *dev)
{
	mutex_lock(&dev->bus_lock);
	mutex_unlock(&dev->bus_lock);
}

void scan(struct device *dev)
{
	mutex_lock(&dev->queue_lock);
	scan_bus(dev);
	mutex_unlock(&dev->queue_lock);
}

void suspend(struct device *dev)
{
	mutex_lock(&dev->bus_lock);
	dma_fence_wait(dev->last, false);
	mutex_unlock(&dev->bus_lock);
}

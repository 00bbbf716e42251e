// RUN: %check %s
// Queueing work is no call; waiting for it is.
#include <linux/dma-fence.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct device {
	struct work_struct queued;
	struct work_struct flushed;
	struct work_struct cancelled;
	struct delayed_work delayed;
	struct workqueue_struct *wq;
};

static void queued_fn(struct work_struct *work)
{
	kmalloc(8, GFP_KERNEL);
}

static void flushed_fn(struct work_struct *work)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_flush edge=work
}

static void cancelled_fn(struct work_struct *work)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_cancel
}

static void delayed_fn(struct work_struct *work)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_cancel_delayed
}

void device_init(struct device *dev)
{
	INIT_WORK(&dev->queued, queued_fn);
	INIT_WORK(&dev->flushed, flushed_fn);
	INIT_WORK(&dev->cancelled, cancelled_fn);
	INIT_DELAYED_WORK(&dev->delayed, delayed_fn);
}

void good_queue(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	schedule_work(&dev->queued);
	queue_work(dev->wq, &dev->flushed);
	queue_delayed_work(dev->wq, &dev->delayed, 1);
	cancel_work(&dev->cancelled);
	dma_fence_end_signalling(cookie);
	flush_work(&dev->flushed);
}

void bad_flush(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	flush_work(&dev->flushed);
	dma_fence_end_signalling(cookie);
}

void bad_cancel(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	cancel_work_sync(&dev->cancelled);
	dma_fence_end_signalling(cookie);
}

void bad_cancel_delayed(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	cancel_delayed_work_sync(&dev->delayed);
	dma_fence_end_signalling(cookie);
}

static void flush_one(struct work_struct *work)
{
	flush_work(work);
}

static void third_fn(struct work_struct *work)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_flush_in_helper
}

struct other {
	struct work_struct third;
};

void other_init(struct other *other)
{
	INIT_WORK(&other->third, third_fn);
}

void bad_flush_in_helper(struct other *other)
{
	bool cookie = dma_fence_begin_signalling();

	flush_one(&other->third);
	dma_fence_end_signalling(cookie);
}

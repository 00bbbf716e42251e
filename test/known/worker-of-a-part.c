// RUN: %check %s
// XFAIL: *
// A false positive: the work that is waited for is in a part of an object, and its function calls what that part was given; but which
// object the part is in is not known any more in the work's function, so that the functions of other objects' parts are called, too.
#include <linux/dma-fence.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct notify {
	struct work_struct work;
	void (*func)(struct notify *notify);
};

struct channel {
	struct notify notify;
	struct dma_fence *fence;
};

struct connector {
	struct notify notify;
};

static void notify_work(struct work_struct *work)
{
	struct notify *notify = container_of(work, struct notify, work);

	notify->func(notify);
}

static void notify_init(struct notify *notify, void (*func)(struct notify *notify))
{
	INIT_WORK(&notify->work, notify_work);
	notify->func = func;
}

static void notify_put(struct notify *notify)
{
	flush_work(&notify->work);
}

static void channel_event(struct notify *notify)
{
}

static void connector_event(struct notify *notify)
{
	kmalloc(8, GFP_KERNEL);
}

void init(struct channel *channel, struct connector *connector)
{
	notify_init(&channel->notify, channel_event);
	notify_init(&connector->notify, connector_event);
}

void good(struct channel *channel)
{
	bool cookie = dma_fence_begin_signalling();

	notify_put(&channel->notify);
	dma_fence_end_signalling(cookie);
}

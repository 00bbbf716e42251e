// RUN: %check %s
// A work that is waited for is in a part of an object, and its function calls what that part was given: which object the part is in is
// known in the work's function, too.
#include <linux/dma-fence.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct notify {
	int number;
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

struct link {
	struct delayed_work work; // at the very beginning
	void (*train)(struct link *link);
};

struct port {
	struct link link;
};

struct encoder {
	struct link link;
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
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad
}

static void link_work(struct work_struct *work)
{
	struct link *link = container_of(work, struct link, work.work);

	link->train(link);
}

static void link_init(struct link *link, void (*train)(struct link *link))
{
	INIT_DELAYED_WORK(&link->work, link_work);
	link->train = train;
}

static void port_train(struct link *link)
{
	struct port *port = container_of(link, struct port, link);

	if (port)
		kmalloc(16, GFP_KERNEL); // expect: fence-reclaim root=bad_link
}

static void encoder_train(struct link *link)
{
}

void init(struct channel *channel, struct connector *connector, struct port *port, struct encoder *encoder)
{
	link_init(&port->link, port_train);
	link_init(&encoder->link, encoder_train);
	notify_init(&channel->notify, channel_event);
	notify_init(&connector->notify, connector_event);
}

void good(struct channel *channel)
{
	bool cookie = dma_fence_begin_signalling();

	notify_put(&channel->notify);
	dma_fence_end_signalling(cookie);
}

void bad(struct connector *connector)
{
	bool cookie = dma_fence_begin_signalling();

	notify_put(&connector->notify);
	dma_fence_end_signalling(cookie);
}

void good_link(struct encoder *encoder)
{
	bool cookie = dma_fence_begin_signalling();

	cancel_delayed_work_sync(&encoder->link.work);
	dma_fence_end_signalling(cookie);
}

void bad_link(struct port *port)
{
	bool cookie = dma_fence_begin_signalling();

	cancel_delayed_work_sync(&port->link.work);
	dma_fence_end_signalling(cookie);
}

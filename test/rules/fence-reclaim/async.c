// RUN: %check %s
// What is only armed or registered in a section runs later: timers, RCU callbacks, interrupt handlers.
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct rcu_head {
	void (*func)(struct rcu_head *head);
};
struct timer_list {
	void (*function)(struct timer_list *timer);
};

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
int mod_timer(struct timer_list *timer, unsigned long expires);
int request_threaded_irq(unsigned int irq, int (*handler)(int irq, void *data), int (*thread)(int irq, void *data),
			 unsigned long flags, const char *name, void *data);
#define timer_setup(timer, fn, flags) ((timer)->function = (fn))

struct device {
	struct rcu_head rcu;
	struct timer_list timer;
};

static void rcu_fn(struct rcu_head *head)
{
	kmalloc(8, GFP_KERNEL);
}

static void timer_fn(struct timer_list *timer)
{
	kmalloc(8, GFP_KERNEL);
}

static int irq_thread(int irq, void *data)
{
	return kmalloc(8, GFP_KERNEL) != NULL;
}

int device_init(struct device *dev)
{
	timer_setup(&dev->timer, timer_fn, 0);
	return request_threaded_irq(1, NULL, irq_thread, 0, "dev", dev);
}

void good(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mod_timer(&dev->timer, 100);
	call_rcu(&dev->rcu, rcu_fn);
	dma_fence_end_signalling(cookie);
}

// RUN: %check %s
// A function that may begin many sections, or not: more ways than are told apart. What is ended afterwards may be any of them.
#include <linux/dma-fence.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct capture {
	struct capture *next;
	bool held, cookie, other_cookie;
};

bool hold(struct capture *c);
bool hold_other(struct capture *c);

static struct capture *capture(struct capture *next)
{
	struct capture *c = kmalloc(sizeof(*c), GFP_NOWAIT);

	if (!c)
		return next;
	if (hold(c))
		c->cookie = dma_fence_begin_signalling();
	else if (hold_other(c))
		c->other_cookie = dma_fence_begin_signalling();
	else
		return next;
	c->next = next;
	return c;
}

static struct capture *capture_all(void)
{
	struct capture *c = capture(0);

	c = capture(c);
	c = capture(c);
	c = capture(c);
	return c;
}

static void give_back(struct capture *c)
{
	while (c) {
		if (c->held)
			dma_fence_end_signalling(c->cookie);
		else
			dma_fence_end_signalling(c->other_cookie);
		c = c->next;
	}
}

static void work_fn(struct work_struct *work)
{
	give_back(capture_all());
}

void init(struct work_struct *work)
{
	INIT_WORK(work, work_fn);
}

// RUN: %check %s
// Many sections at once, each cookie in its own object: opened in one loop, ended in another. Nobody can count them.
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct capture {
	struct capture *next;
	bool cookie;
};

bool hold(void *what);

static bool try_open(void *what, bool *cookie)
{
	bool held = hold(what);

	if (held)
		*cookie = dma_fence_begin_signalling();
	return held;
}

static struct capture *add(struct capture *next, void *what, gfp_t gfp)
{
	struct capture *c = kmalloc(sizeof(*c), gfp); // expect: fence-reclaim root=good_capture confidence=certain

	if (!c)
		return next;
	if (!try_open(what, &c->cookie)) {
		kfree(c);
		return next;
	}
	c->next = next;
	return c;
}

static void finish(struct capture *list)
{
	while (list) {
		struct capture *this = list;

		dma_fence_end_signalling(this->cookie);
		list = this->next;
		kfree(this);
	}
}

// The balance is good. That the second turn allocates while the first one's section is open is not.
void good_capture(void **what, int n)
{
	struct capture *list = 0;

	for (int i = 0; i < n; i++)
		list = add(list, what[i], GFP_KERNEL);
	finish(list);
}

void good_around(void **what, int n)
{
	good_capture(what, n);
	kmalloc(8, GFP_KERNEL);
}

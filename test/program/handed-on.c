// RUN: %check %s
// A helper puts a callback into the object that it is given; which one goes where, its callers tell.
#include <linux/dma-fence.h>
#include <linux/kref.h>
#include <linux/slab.h>

struct base {
	struct kref ref;
	void (*release)(struct kref *ref);
};

struct screen {
	struct base base;
};

struct plug {
	struct base base;
};

static void base_add(struct base *base, void (*release)(struct kref *ref))
{
	base->release = release;
}

static void base_init(struct base *base, void (*release)(struct kref *ref))
{
	base_add(base, release);
}

static void base_put(struct base *base)
{
	kref_put(&base->ref, base->release);
}

static void screen_release(struct kref *ref)
{
	kfree(container_of(ref, struct screen, base.ref));
}

static void plug_release(struct kref *ref)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_plug confidence=likely
	kfree(container_of(ref, struct plug, base.ref));
}

void screen_init(struct screen *screen)
{
	base_init(&screen->base, screen_release);
}

void plug_init(struct plug *plug)
{
	base_init(&plug->base, plug_release);
}

void good_screen(struct screen *screen)
{
	bool cookie = dma_fence_begin_signalling();

	base_put(&screen->base);
	dma_fence_end_signalling(cookie);
}

void bad_plug(struct plug *plug)
{
	bool cookie = dma_fence_begin_signalling();

	base_put(&plug->base);
	dma_fence_end_signalling(cookie);
}

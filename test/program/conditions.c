// RUN: %check %s
// A way of many calls, each of which is under conditions that nobody looks at together: hops and conditions are at most 24. Returning
// early is no condition, with or without an unlock.
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct dev {
	bool a, b, c, d, e, f, broken;
};

void done(struct dev *dev);

static void believable(struct dev *dev)
{
	if (dev->a || dev->b)
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=section confidence=certain
	done(dev);
	done(dev);
}

static void unbelievable(struct dev *dev)
{
	if (dev->a)
		if (dev->b)
			kmalloc(16, GFP_KERNEL); // expect: fence-reclaim root=section confidence=possible
	done(dev);
	done(dev);
}

static void early(struct dev *dev)
{
	if (dev->broken)
		return;
	if (!dev->a || !dev->b || !dev->c || !dev->d || !dev->e || !dev->f)
		goto out;
	kmalloc(24, GFP_KERNEL); // expect: fence-reclaim root=section confidence=certain
out:
	done(dev);
}

static void all(struct dev *dev)
{
	believable(dev);
	unbelievable(dev);
	early(dev);
}

// Three steps of five conditions each, ...
#define STEP(NAME, NEXT)                                                                                               \
	static void NAME(struct dev *dev)                                                                              \
	{                                                                                                              \
		if (dev->a)                                                                                            \
			if (dev->b)                                                                                    \
				if (dev->c)                                                                            \
					if (dev->d)                                                                    \
						if (dev->e)                                                            \
							NEXT(dev);                                                     \
		done(dev);                                                                                             \
		done(dev);                                                                                             \
	}

STEP(third, all)
STEP(second, third)
STEP(first, second)

void section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	// ... and two here: 17, and six hops to the allocations, so 23. `dev->a || dev->b` is either, so none; `a` and then `b` are two.
	if (dev->f)
		if (!dev->broken)
			first(dev);
	done(dev);
	done(dev);
	dma_fence_end_signalling(cookie);
}

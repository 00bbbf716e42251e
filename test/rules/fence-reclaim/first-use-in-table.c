// RUN: %check %s
// Who calls a function through a table uses it, too: if that is the section alone, the first use is there.
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct dev;
struct gen {
	void (*snapshot)(struct dev *dev);
	void (*fill)(struct dev *dev);
};
struct dev {
	const struct gen *gen;
	void *dump, *pages;
};

static void snapshot(struct dev *dev)
{
	if (dev->dump)
		return;
	dev->dump = kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=section confidence=certain
}

static void fill(struct dev *dev)
{
	if (dev->pages)
		return;
	dev->pages = kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=section confidence=possible
}

const struct gen gen = {snapshot, fill};

void section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	dev->gen->snapshot(dev);
	dev->gen->fill(dev);
	dma_fence_end_signalling(cookie);
}

void pin(struct dev *dev)
{
	dev->gen->fill(dev);
}

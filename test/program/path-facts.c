// RUN: %check %s
// What every way to a call has found out is known to the callee, too.
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct page_table {
	int level;
};

struct device {
	struct page_table *spare;
	int mode;
};

enum { WHEN_IDLE, AT_ONCE };

struct page_table *lookup(struct device *dev);

static void map(struct device *dev, struct page_table *pt)
{
	if (!pt)
		dev->spare = kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_not_asked; fence-reclaim root=bad_asked_on_one_way; fence-reclaim root=bad_asked_about_another; fence-reclaim root=bad_stored_since
}

void good_returned_early(struct device *dev)
{
	struct page_table *pt = lookup(dev);
	bool cookie;

	if (!pt)
		return;
	cookie = dma_fence_begin_signalling();
	map(dev, pt);
	dma_fence_end_signalling(cookie);
}

void good_field(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	if (dev->spare && dev->mode == AT_ONCE)
		map(dev, dev->spare);
	dma_fence_end_signalling(cookie);
}

static struct page_table *found_or_made(struct device *dev)
{
	struct page_table *pt = lookup(dev);

	if (pt)
		return pt;
	return dev->spare ?: (struct page_table *)-12L;
}

void good_never_null(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();
	struct page_table *pt = found_or_made(dev);

	map(dev, pt);
	dma_fence_end_signalling(cookie);
}

void bad_not_asked(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	map(dev, dev->spare);
	dma_fence_end_signalling(cookie);
}

void bad_asked_on_one_way(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	if (dev->mode == WHEN_IDLE && !dev->spare)
		dev->mode = AT_ONCE;
	map(dev, dev->spare);
	dma_fence_end_signalling(cookie);
}

void bad_asked_about_another(struct device *dev, struct device *other)
{
	bool cookie = dma_fence_begin_signalling();

	if (other->spare)
		map(dev, dev->spare);
	dma_fence_end_signalling(cookie);
}

void bad_stored_since(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	if (dev->spare) {
		dev->spare = lookup(dev);
		map(dev, dev->spare);
	}
	dma_fence_end_signalling(cookie);
}

// A constant that the argument was compared with.
static void wait_for(struct device *dev, int mode)
{
	if (mode == WHEN_IDLE)
		kmalloc(16, GFP_KERNEL); // expect: fence-reclaim root=bad_other_mode
}

void good_mode(struct device *dev, int mode)
{
	bool cookie = dma_fence_begin_signalling();

	if (mode == AT_ONCE)
		wait_for(dev, mode);
	dma_fence_end_signalling(cookie);
}

void bad_other_mode(struct device *dev, int mode)
{
	bool cookie = dma_fence_begin_signalling();

	if (mode != AT_ONCE)
		wait_for(dev, mode);
	dma_fence_end_signalling(cookie);
}

// What was found out before the section begins holds in it.
void good_mask(struct device *dev, bool fenced)
{
	bool cookie = false;

	if (fenced)
		cookie = dma_fence_begin_signalling();
	dev->spare = kmalloc(24, fenced ? GFP_NOWAIT : GFP_KERNEL);
	if (fenced)
		dma_fence_end_signalling(cookie);
}

void bad_mask(struct device *dev, bool fenced)
{
	bool cookie = false;

	if (fenced)
		cookie = dma_fence_begin_signalling();
	dev->spare = kmalloc(32, fenced ? GFP_KERNEL : GFP_NOWAIT); // expect: fence-reclaim root=bad_mask
	if (fenced)
		dma_fence_end_signalling(cookie);
}

// In a loop, each turn has an answer of its own.
static void grow(struct device *dev, struct page_table *pt)
{
	if (!pt)
		dev->spare = kmalloc(40, GFP_KERNEL); // expect: fence-reclaim root=bad_next
}

void bad_next(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();
	struct page_table *pt = lookup(dev);

	while (pt) {
		pt = lookup(dev);
		grow(dev, pt);
	}
	dma_fence_end_signalling(cookie);
}

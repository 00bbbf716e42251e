// RUN: %check %s
// Rings of one type are parts of different objects, and each part has its own table: who calls through a pointer to one of them does
// not enter the functions of the other's.
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct ring;

struct ring_funcs {
	void (*begin_use)(struct ring *ring);
};

struct ring {
	const struct ring_funcs *funcs;
};

struct device {
	int number;
	struct ring compute[4];
	struct ring kiq;
	struct ring *any;
};

static void compute_begin(struct ring *ring)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad; fence-reclaim root=unknown confidence=likely
}

static void kiq_begin(struct ring *ring)
{
	kmalloc(16, GFP_NOWAIT);
}

static const struct ring_funcs compute_funcs = { .begin_use = compute_begin };
static const struct ring_funcs kiq_funcs = { .begin_use = kiq_begin };

void init(struct device *dev)
{
	for (int i = 0; i < 4; i++)
		dev->compute[i].funcs = &compute_funcs;
	dev->kiq.funcs = &kiq_funcs;
}

static void ring_alloc(struct ring *ring)
{
	ring->funcs->begin_use(ring);
}

void good(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	ring_alloc(&dev->kiq);
	dma_fence_end_signalling(cookie);
}

void bad(struct device *dev, int i)
{
	bool cookie = dma_fence_begin_signalling();

	ring_alloc(&dev->compute[i]);
	dma_fence_end_signalling(cookie);
}

void unknown(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	ring_alloc(dev->any);
	dma_fence_end_signalling(cookie);
}

// RUN: %check %s
// Tables that say of what kind they are: all functions that a call enters for some kind are called, on some device, and are no guesses, if
// it is understood which kinds those are. There are more tables here than may be guessed from.
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/slab.h>

enum kind { COMMON, GFX, DISPLAY, VIDEO };

struct dev;
struct funcs {
	void (*suspend)(struct dev *dev);
	void (*resume)(struct dev *dev);
	void (*reset)(struct dev *dev);
	void (*start)(struct dev *dev);
	void (*gate)(struct dev *dev);
	void (*stop)(struct dev *dev);
	void (*check)(struct dev *dev);
};

struct version {
	const enum kind kind;
	unsigned int major;
	const struct funcs *funcs;
};

struct block {
	bool valid;
	const struct version *version;
};

struct dev {
	struct block blocks[16];
	unsigned int num, family;
	struct mutex lock;
};

#define TABLE(N, KIND)                                                                                                 \
	static void nothing_##N(struct dev *dev)                                                                       \
	{                                                                                                              \
	}                                                                                                              \
	static const struct funcs funcs_##N = {                                                                        \
		.suspend = nothing_##N,                                                                                \
		.resume = nothing_##N,                                                                                 \
		.reset = nothing_##N,                                                                                  \
		.start = nothing_##N,                                                                                  \
		.gate = nothing_##N,                                                                                   \
		.stop = nothing_##N,                                                                                   \
		.check = nothing_##N,                                                                                  \
	};                                                                                                             \
	const struct version version_##N = { .kind = KIND, .major = N, .funcs = &funcs_##N };

TABLE(1, COMMON)
TABLE(2, COMMON)
TABLE(3, COMMON)
TABLE(4, COMMON)
TABLE(5, VIDEO)
TABLE(6, VIDEO)
TABLE(7, VIDEO)
TABLE(8, VIDEO)
TABLE(9, VIDEO)
TABLE(10, GFX)
TABLE(11, GFX)
TABLE(12, GFX)

static void gfx_suspend(struct dev *dev)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=each confidence=likely
	// Who holds it may have another kind of device.
	mutex_lock(&dev->lock); // expect: fence-lock-cycle root=each confidence=possible
	mutex_unlock(&dev->lock);
}

void settle(struct dev *dev, struct dma_fence *fence)
{
	mutex_lock(&dev->lock);
	dma_fence_wait(fence, true);
	mutex_unlock(&dev->lock);
}

static void gfx_resume(struct dev *dev)
{
	kmalloc(16, GFP_KERNEL); // expect: fence-reclaim root=asked confidence=possible
}

static void gfx_reset(struct dev *dev)
{
	kmalloc(24, GFP_KERNEL); // expect: fence-reclaim root=ordered confidence=possible
}

static void gfx_start(struct dev *dev)
{
	kmalloc(32, GFP_KERNEL); // expect: fence-reclaim root=by_parameter confidence=likely
}

static void gfx_gate(struct dev *dev)
{
	kmalloc(40, GFP_KERNEL); // expect: fence-reclaim root=by_switch confidence=likely
}

static void gfx_stop(struct dev *dev)
{
	kmalloc(48, GFP_KERNEL); // expect: fence-reclaim root=of_family confidence=possible
}

static void gfx_check(struct dev *dev)
{
	kmalloc(56, GFP_KERNEL); // expect: fence-reclaim root=by_number confidence=possible
}

static const struct funcs gfx_funcs = {
	.suspend = gfx_suspend,
	.resume = gfx_resume,
	.reset = gfx_reset,
	.start = gfx_start,
	.gate = gfx_gate,
	.stop = gfx_stop,
	.check = gfx_check,
};
const struct version gfx_version = { .kind = GFX, .major = 13, .funcs = &gfx_funcs };

static void display_resume(struct dev *dev)
{
	kmalloc(64, GFP_KERNEL); // expect: fence-reclaim root=asked confidence=likely
}

static void display_start(struct dev *dev)
{
	kmalloc(72, GFP_KERNEL); // expect: fence-reclaim root=by_parameter confidence=possible
}

static void display_gate(struct dev *dev)
{
	kmalloc(80, GFP_KERNEL); // expect: fence-reclaim root=by_switch confidence=possible
}

TABLE(14, DISPLAY)

static const struct funcs display_funcs = {
	.resume = display_resume,
	.start = display_start,
	.gate = display_gate,
};
const struct version display_version = { .kind = DISPLAY, .major = 15, .funcs = &display_funcs };

void each(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	for (unsigned int i = 0; i < dev->num; i++)
		if (dev->blocks[i].valid)
			dev->blocks[i].version->funcs->suspend(dev);
	dma_fence_end_signalling(cookie);
}

void asked(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	for (unsigned int i = 0; i < dev->num; i++) {
		if (dev->blocks[i].version->kind == GFX ||
		    !(dev->num > 20 || dev->blocks[i].version->kind == VIDEO || dev->blocks[i].version->kind == DISPLAY))
			continue;
		dev->blocks[i].version->funcs->resume(dev);
	}
	dma_fence_end_signalling(cookie);
}

// Nobody knows what is in the list.
void ordered(struct dev *dev, const enum kind *order)
{
	bool cookie = dma_fence_begin_signalling();

	for (unsigned int i = 0; i < dev->num; i++) {
		struct block *block = &dev->blocks[i];

		if (block->version->kind != order[i] || !block->valid)
			continue;
		block->version->funcs->reset(dev);
	}
	dma_fence_end_signalling(cookie);
}

static void start(struct dev *dev, enum kind kind)
{
	for (unsigned int i = 0; i < dev->num; i++)
		if (dev->blocks[i].version->kind == kind)
			dev->blocks[i].version->funcs->start(dev);
}

void by_parameter(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	start(dev, GFX);
	dma_fence_end_signalling(cookie);
}

void by_switch(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	for (unsigned int i = 0; i < dev->num; i++)
		switch (dev->blocks[i].version->kind) {
		case COMMON:
		case DISPLAY:
			break;
		default:
			dev->blocks[i].version->funcs->gate(dev);
		}
	dma_fence_end_signalling(cookie);
}

// A second fact about the device.
void of_family(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	if (dev->family == 6)
		for (unsigned int i = 0; i < dev->num; i++)
			dev->blocks[i].version->funcs->stop(dev);
	dma_fence_end_signalling(cookie);
}

// Something else about the table that is not understood.
void by_number(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	for (unsigned int i = 0; i < dev->num; i++)
		if (dev->blocks[i].version->major > 6)
			dev->blocks[i].version->funcs->check(dev);
	dma_fence_end_signalling(cookie);
}

// RUN: %check %s
// A mask that a constant table holds.
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct pool_type {
	const char *name;
	gfp_t gfp;
};

struct quick_type {
	const char *name;
	gfp_t gfp;
};

static const struct pool_type slow = { .name = "slow", .gfp = GFP_KERNEL };
static const struct quick_type quick = { "quick", GFP_NOWAIT };

void bad(const struct pool_type *type)
{
	bool cookie = dma_fence_begin_signalling();

	kmalloc(8, type->gfp); // expect: fence-reclaim
	dma_fence_end_signalling(cookie);
}

void good(const struct quick_type *type)
{
	bool cookie = dma_fence_begin_signalling();

	kmalloc(8, type->gfp);
	dma_fence_end_signalling(cookie);
}

const void *types[] = { &slow, &quick };

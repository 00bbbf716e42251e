// RUN: %check %s
// A mask that is kept in a field with one known value.
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct pool {
	gfp_t gfp;
};

struct nowait_pool {
	gfp_t gfp;
};

void pool_init(struct pool *pool)
{
	pool->gfp = GFP_KERNEL | __GFP_ZERO;
}

void bad(struct pool *pool)
{
	bool cookie = dma_fence_begin_signalling();

	kmalloc(8, pool->gfp); // expect: fence-reclaim root=bad
	dma_fence_end_signalling(cookie);
}

void nowait_init(struct nowait_pool *pool)
{
	pool->gfp = GFP_NOWAIT;
}

void good(struct nowait_pool *pool)
{
	bool cookie = dma_fence_begin_signalling();

	kmalloc(8, pool->gfp);
	dma_fence_end_signalling(cookie);
}

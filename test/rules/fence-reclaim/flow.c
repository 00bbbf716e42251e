// RUN: %check %s
// Masks on their way through locals, parameters, selections and fields.
#include <linux/dma-fence.h>
#include <linux/slab.h>

void local_masks(void)
{
	bool cookie = dma_fence_begin_signalling();
	gfp_t gfp = GFP_KERNEL;

	kmalloc(8, gfp); // expect: fence-reclaim confidence=certain
	gfp &= ~__GFP_DIRECT_RECLAIM;
	kmalloc(8, gfp);
	gfp |= __GFP_RECLAIM;
	kmalloc(8, gfp); // expect: fence-reclaim confidence=certain
	gfp = GFP_NOWAIT;
	kmalloc(8, gfp);
	dma_fence_end_signalling(cookie);
}

static void *take(gfp_t gfp)
{
	return kmalloc(8, gfp); // expect: fence-reclaim root=bad_parameter confidence=certain via=take
}

void bad_parameter(void)
{
	bool cookie = dma_fence_begin_signalling();

	take(GFP_KERNEL);
	dma_fence_end_signalling(cookie);
}

void good_parameter(void)
{
	bool cookie = dma_fence_begin_signalling();

	take(GFP_ATOMIC);
	take(GFP_KERNEL & ~__GFP_DIRECT_RECLAIM);
	dma_fence_end_signalling(cookie);
}

static void *inner(size_t size, gfp_t gfp)
{
	return kmalloc(size, gfp | __GFP_NOWARN); // expect: fence-reclaim root=bad_two_deep confidence=certain via=outer
}

static void *outer(gfp_t gfp)
{
	return inner(8, gfp | __GFP_ZERO);
}

void bad_two_deep(void)
{
	bool cookie = dma_fence_begin_signalling();

	outer(GFP_NOFS);
	dma_fence_end_signalling(cookie);
}

void good_two_deep(void)
{
	bool cookie = dma_fence_begin_signalling();

	outer(GFP_NOWAIT);
	dma_fence_end_signalling(cookie);
}

static void *by_flag(bool atomic)
{
	return kmalloc(8, atomic ? GFP_ATOMIC : GFP_KERNEL); // expect: fence-reclaim root=bad_flag confidence=certain
}

void bad_flag(void)
{
	bool cookie = dma_fence_begin_signalling();

	by_flag(false);
	dma_fence_end_signalling(cookie);
}

void good_flag(void)
{
	bool cookie = dma_fence_begin_signalling();

	by_flag(true);
	dma_fence_end_signalling(cookie);
}

static gfp_t mask_for(bool atomic)
{
	if (atomic)
		return GFP_ATOMIC;
	return GFP_KERNEL;
}

static void *by_returned_mask(bool atomic)
{
	return kmalloc(8, mask_for(atomic)); // expect: fence-reclaim root=bad_returned
}

void bad_returned(void)
{
	bool cookie = dma_fence_begin_signalling();

	by_returned_mask(false);
	dma_fence_end_signalling(cookie);
}

void good_returned(void)
{
	bool cookie = dma_fence_begin_signalling();

	by_returned_mask(true);
	dma_fence_end_signalling(cookie);
}

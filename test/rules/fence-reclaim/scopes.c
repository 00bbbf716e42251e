// RUN: %check %s
// memalloc scopes change what every allocation in them means.
#include <linux/dma-fence.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

static void *helper(void)
{
	return kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_noio
}

void good_noreclaim(void)
{
	bool cookie = dma_fence_begin_signalling();
	unsigned int flags = memalloc_noreclaim_save();

	kmalloc(8, GFP_KERNEL);
	helper();
	memalloc_noreclaim_restore(flags);
	dma_fence_end_signalling(cookie);
}

void bad_after_scope(void)
{
	bool cookie = dma_fence_begin_signalling();
	unsigned int flags = memalloc_noreclaim_save();

	memalloc_noreclaim_restore(flags);
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_after_scope
	dma_fence_end_signalling(cookie);
}

// These scopes only take bits away; mmu notifiers are still reached.
void bad_nofs(void)
{
	bool cookie = dma_fence_begin_signalling();
	unsigned int flags = memalloc_nofs_save();

	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_nofs
	memalloc_nofs_restore(flags);
	dma_fence_end_signalling(cookie);
}

void bad_noio(void)
{
	bool cookie = dma_fence_begin_signalling();
	unsigned int flags = memalloc_noio_save();

	helper();
	memalloc_noio_restore(flags);
	dma_fence_end_signalling(cookie);
}

// The scope was open before the section, and nests.
void good_outer_scope(void)
{
	unsigned int outer = memalloc_noreclaim_save();
	bool cookie = dma_fence_begin_signalling();
	unsigned int inner = memalloc_noreclaim_save();

	kmalloc(8, GFP_KERNEL);
	memalloc_noreclaim_restore(inner);
	kmalloc(8, GFP_KERNEL);
	dma_fence_end_signalling(cookie);
	memalloc_noreclaim_restore(outer);
}

// RUN: %check %s
// flags: -DMOCK_NO_MMU_NOTIFIER
// Without CONFIG_MMU_NOTIFIER only reclaim that may enter file systems reaches code that waits for fences.
#include <linux/dma-fence.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

void bad(void)
{
	bool cookie = dma_fence_begin_signalling();

	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	dma_fence_end_signalling(cookie);
}

void good(void)
{
	bool cookie = dma_fence_begin_signalling();
	unsigned int flags;

	kmalloc(8, GFP_NOFS);
	kmalloc(8, GFP_NOIO);
	flags = memalloc_nofs_save();
	kmalloc(8, GFP_KERNEL);
	memalloc_nofs_restore(flags);
	dma_fence_end_signalling(cookie);
}

// RUN: %check %s
// A file may include itself to have its code twice, under two names.
#ifndef AGAIN
#include <linux/dma-fence.h>
#include <linux/slab.h>
#define F slow
#define MASK GFP_KERNEL
#else
#define F fast
#define MASK GFP_ATOMIC
#endif

void *F(void)
{
	bool cookie = dma_fence_begin_signalling();
	void *p = kmalloc(8, MASK); // expect: fence-reclaim root=slow confidence=certain

	dma_fence_end_signalling(cookie);
	return p;
}

#undef F
#undef MASK
#ifndef AGAIN
#define AGAIN
#include "includes-itself.c"
#endif

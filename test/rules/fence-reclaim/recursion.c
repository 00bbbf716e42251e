// RUN: %check %s
// Recursion ends, and finds what is in it.
#include <linux/dma-fence.h>
#include <linux/slab.h>

static void odd(int n);

static void even(int n)
{
	if (n)
		odd(n - 1);
}

static void odd(int n)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=start
	if (n)
		even(n - 1);
}

static void harmless(int n)
{
	kmalloc(8, GFP_NOWAIT);
	if (n)
		harmless(n - 1);
}

void start(int n)
{
	bool cookie = dma_fence_begin_signalling();

	even(n);
	harmless(n);
	dma_fence_end_signalling(cookie);
}

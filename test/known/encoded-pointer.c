// RUN: %check %s
// XFAIL: *
// A miss: a function pointer that travels through untyped memory. The call is left open (and counted as such).
#include <linux/dma-fence.h>
#include <linux/slab.h>

static void grow(void)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad
}

static unsigned long slots[2] = { 0, 1 };

void setup(void)
{
	slots[1] = (unsigned long)grow ^ 1;
}

void bad(void)
{
	bool cookie = dma_fence_begin_signalling();

	((void (*)(void))(slots[1] ^ 1))();
	dma_fence_end_signalling(cookie);
}

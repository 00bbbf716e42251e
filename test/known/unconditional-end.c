// RUN: %check %s
// XFAIL: *
// A miss: the begin is conditional, the end is not. It looks like a condition that was not understood, and those are let pass.
#include <linux/dma-fence.h>

void bad_conditional_begin(bool annotate)
{
	bool cookie = false;

	if (annotate)
		cookie = dma_fence_begin_signalling();
	dma_fence_end_signalling(cookie); // expect: fence-section-balance
}

// RUN: %check %s
// First without, then with reclaim, in one loop: the second round counts.
#include <linux/dma-fence.h>
#include <linux/slab.h>

static void *grow(gfp_t first, gfp_t second)
{
	gfp_t gfp = first;
	void *p;

retry:
	p = kmalloc(8, gfp); // expect: fence-reclaim root=bad_retry
	if (!p && gfp == first) {
		gfp = second;
		goto retry;
	}
	return p;
}

void bad_retry(void)
{
	bool cookie = dma_fence_begin_signalling();

	grow(GFP_NOWAIT, GFP_KERNEL);
	dma_fence_end_signalling(cookie);
}

void good_retry(void)
{
	bool cookie = dma_fence_begin_signalling();

	grow(GFP_NOWAIT, GFP_ATOMIC);
	dma_fence_end_signalling(cookie);
}

// The allocation moves out of the section before it is tried again.
void good_retry_outside(void)
{
	void *p = NULL;
	bool cookie;

again:
	cookie = dma_fence_begin_signalling();
	if (!p)
		p = kmalloc(8, GFP_NOWAIT);
	dma_fence_end_signalling(cookie);
	if (!p) {
		p = kmalloc(8, GFP_KERNEL);
		goto again;
	}
}

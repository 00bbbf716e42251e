// RUN: %check %s
// What is done only when an assertion has failed is possible at best, under any name the driver gives the assertion.
#include <linux/dma-fence.h>
#include <linux/slab.h>

void warn(void);
#define unlikely(x) __builtin_expect(!!(x), 0)
#define WARN_ON(condition) ({ int ret = !!(condition); if (unlikely(ret)) warn(); unlikely(ret); })
#define my_WARN_ON(dev, condition) WARN_ON(condition)

bool broken(void);

void bad_only_when_broken(void)
{
	bool cookie = dma_fence_begin_signalling();

	if (WARN_ON(broken()))
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_only_when_broken confidence=possible
	if (my_WARN_ON(0, broken()))
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_only_when_broken confidence=possible
	if (!WARN_ON(broken()))
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_only_when_broken confidence=certain
	dma_fence_end_signalling(cookie);
}

void bad_after_a_check(void)
{
	bool cookie = dma_fence_begin_signalling();

	if (WARN_ON(broken()))
		goto out;
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_after_a_check confidence=certain
out:
	dma_fence_end_signalling(cookie);
}

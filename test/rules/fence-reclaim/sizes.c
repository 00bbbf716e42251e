// RUN: %check %s
// Sizes that are computed with a check for overflow.
#include <linux/dma-fence.h>
#include <linux/slab.h>

static inline bool must_check_overflow(bool overflow)
{
	return overflow;
}

#define check_add_overflow(a, b, d) must_check_overflow(__builtin_add_overflow(a, b, d))
#define check_mul_overflow(a, b, d) must_check_overflow(__builtin_mul_overflow(a, b, d))

static int send(u32 size)
{
	char stack[128];
	void *args = stack;
	u32 all;

	if (check_add_overflow(sizeof(long), size, &all))
		return -ENOMEM;
	if (all > sizeof(stack))
		args = kmalloc(all, GFP_KERNEL); // expect: fence-reclaim root=bad_large
	return args ? 0 : -ENOMEM;
}

void good_small(void)
{
	bool cookie = dma_fence_begin_signalling();

	send(0);
	send(120);
	dma_fence_end_signalling(cookie);
}

void bad_large(void)
{
	bool cookie = dma_fence_begin_signalling();

	send(121);
	dma_fence_end_signalling(cookie);
}

static void send_many(u32 n)
{
	u32 size;

	if (check_mul_overflow(n, 16u, &size))
		return;
	if (size > 64)
		kmalloc(size, GFP_KERNEL); // expect: fence-reclaim root=bad_many
}

void good_few(void)
{
	bool cookie = dma_fence_begin_signalling();

	send_many(2);
	send_many(0);
	dma_fence_end_signalling(cookie);
}

void bad_many(void)
{
	bool cookie = dma_fence_begin_signalling();

	send_many(5);
	dma_fence_end_signalling(cookie);
}

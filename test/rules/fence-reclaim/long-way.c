// RUN: %check %s
// A way of more than twelve hops is only possible: nobody can say that all their conditions hold at once. With a guess among them it is
// so after eight.
#include <linux/dma-fence.h>
#include <linux/slab.h>

bool ready(int step);

static void step_14(void)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_long confidence=possible; fence-reclaim root=bad_guess confidence=possible
}

static void step_13(void)
{
	if (ready(13))
		step_14();
}

static void step_12(void)
{
	if (ready(12))
		step_13();
}

static void step_11(void)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_long confidence=certain; fence-reclaim root=bad_guess confidence=possible
	if (ready(11))
		step_12();
}

static void step_10(void)
{
	if (ready(10))
		step_11();
}

static void step_9(void)
{
	if (ready(9))
		step_10();
}

static void step_8(void)
{
	if (ready(8))
		step_9();
}

static void step_7(void)
{
	if (ready(7))
		step_8();
}

static void step_6(void)
{
	if (ready(6))
		step_7();
}

static void step_5(void)
{
	if (ready(5))
		step_6();
}

static void step_4(void)
{
	if (ready(4))
		step_5();
}

static void step_3(void)
{
	if (ready(3))
		step_4();
}

static void step_2(void)
{
	if (ready(2))
		step_3();
}

static void step_1(void)
{
	if (ready(1))
		step_2();
}

void bad_long(void)
{
	bool cookie = dma_fence_begin_signalling();

	step_1();
	dma_fence_end_signalling(cookie);
}

struct ops {
	void (*go)(void);
};

static void far(void)
{
	kmalloc(16, GFP_KERNEL); // expect: fence-reclaim root=bad_guess confidence=likely
	step_4();
}

static void near(void)
{
}

const struct ops ops_far = { .go = far };
const struct ops ops_near = { .go = near };

void bad_guess(const struct ops *ops)
{
	bool cookie = dma_fence_begin_signalling();

	ops->go();
	dma_fence_end_signalling(cookie);
}

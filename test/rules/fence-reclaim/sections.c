// RUN: %check %s
// Where a section is open, statement by statement.
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct device {
	bool cookie;
	int rings;
};

void between_two_sections(void)
{
	bool cookie;

	kmalloc(8, GFP_KERNEL);
	cookie = dma_fence_begin_signalling();
	kmalloc(8, GFP_ATOMIC);
	dma_fence_end_signalling(cookie);

	kmalloc(8, GFP_KERNEL);

	cookie = dma_fence_begin_signalling();
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	dma_fence_end_signalling(cookie);
	kmalloc(8, GFP_KERNEL);
}

void in_a_member(struct device *dev)
{
	dev->cookie = dma_fence_begin_signalling();
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	dma_fence_end_signalling(dev->cookie);
	kmalloc(8, GFP_KERNEL);
}

static void begin(bool *cookie)
{
	*cookie = dma_fence_begin_signalling();
}

static void end(bool *cookie)
{
	dma_fence_end_signalling(*cookie);
}

void out_parameter(void)
{
	bool cookie;

	kmalloc(8, GFP_KERNEL);
	begin(&cookie);
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	end(&cookie);
	kmalloc(8, GFP_KERNEL);
}

static bool begin_and_return(void)
{
	return dma_fence_begin_signalling();
}

void returned(void)
{
	bool cookie = begin_and_return();

	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	dma_fence_end_signalling(cookie);
	kmalloc(8, GFP_KERNEL);
}

void conditional(bool annotate)
{
	bool cookie;

	if (annotate)
		cookie = dma_fence_begin_signalling();
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	if (annotate)
		dma_fence_end_signalling(cookie);
	kmalloc(8, GFP_KERNEL);
}

void in_a_loop(struct device *dev)
{
	int i;

	for (i = 0; i < dev->rings; i++) {
		bool cookie;

		kmalloc(8, GFP_KERNEL);
		cookie = dma_fence_begin_signalling();
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
		dma_fence_end_signalling(cookie);
		kmalloc(8, GFP_KERNEL);
	}
}

void around_a_loop(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();
	int i;

	for (i = 0; i < dev->rings; i++)
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	dma_fence_end_signalling(cookie);
}

// The inner end leaves the outer section open.
void nested(void)
{
	bool outer = dma_fence_begin_signalling();
	bool inner = dma_fence_begin_signalling();

	dma_fence_end_signalling(inner);
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	dma_fence_end_signalling(outer);
	kmalloc(8, GFP_KERNEL);
}

static void small_section(void)
{
	bool cookie = dma_fence_begin_signalling();

	dma_fence_end_signalling(cookie);
}

void nested_in_a_helper(void)
{
	bool cookie = dma_fence_begin_signalling();

	small_section();
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=nested_in_a_helper
	dma_fence_end_signalling(cookie);
}

// One function opens the section, another one closes it.
static void reset_begin(struct device *dev)
{
	dev->cookie = dma_fence_begin_signalling();
}

static void reset_end(struct device *dev)
{
	dma_fence_end_signalling(dev->cookie);
}

void opened_elsewhere(struct device *dev)
{
	kmalloc(8, GFP_KERNEL);
	reset_begin(dev);
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	reset_end(dev);
	kmalloc(8, GFP_KERNEL);
}

// Nothing in this thread signals: the section is checked all the same, as is everything it calls.
static void deep3(void)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=deep via=deep1 via=deep2
}

static void deep2(void)
{
	deep3();
}

static void deep1(void)
{
	deep2();
}

void deep(void)
{
	bool cookie = dma_fence_begin_signalling();

	deep1();
	dma_fence_end_signalling(cookie);
	deep1();
}

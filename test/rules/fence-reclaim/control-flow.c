// RUN: %check %s
// Sections through the less common statements of C.
#include <linux/dma-fence.h>
#include <linux/slab.h>

int ready(void);

// A static key: both ways are open.
static inline bool static_key(void)
{
	asm goto("nop" : : : : enabled);
	return false;
enabled:
	return true;
}

void asm_goto(void)
{
	bool cookie = dma_fence_begin_signalling();

	if (static_key())
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	dma_fence_end_signalling(cookie);
}

void statement_expression(void)
{
	bool cookie = dma_fence_begin_signalling();
	void *p = ({
		void *q = NULL;

		if (ready())
			q = kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
		q;
	});

	dma_fence_end_signalling(cookie);
	kfree(p);
}

void switch_closes(int kind)
{
	bool cookie = dma_fence_begin_signalling();

	switch (kind) {
	case 0:
		dma_fence_end_signalling(cookie);
		kmalloc(8, GFP_KERNEL);
		return;
	case 1 ... 3:
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
		break;
	}
	dma_fence_end_signalling(cookie);
}

void do_while(void)
{
	bool cookie;

	do {
		cookie = dma_fence_begin_signalling();
		dma_fence_end_signalling(cookie);
	} while (kmalloc(8, GFP_KERNEL));
}

void short_circuit(void)
{
	bool cookie = dma_fence_begin_signalling();
	bool done = ready() || kmalloc(8, GFP_KERNEL); // expect: fence-reclaim

	dma_fence_end_signalling(cookie);
	ready();
	(void)done;
}

void backwards(void)
{
	bool cookie;

	goto begin;
work:
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	dma_fence_end_signalling(cookie);
	return;
begin:
	kmalloc(8, GFP_KERNEL);
	cookie = dma_fence_begin_signalling();
	goto work;
}

void computed(int n)
{
	static void *const labels[] = { &&plain, &&in_section };
	bool cookie;

	goto *labels[n];
plain:
	kmalloc(8, GFP_KERNEL);
	return;
in_section:
	cookie = dma_fence_begin_signalling();
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	dma_fence_end_signalling(cookie);
}

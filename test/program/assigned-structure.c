// RUN: %check %s
// A structure is assigned as a whole after its fields were set one by one.
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct op_ctx {
	bool no_wait;
};

static void alloc(struct op_ctx *ctx)
{
	if (!ctx->no_wait)
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad
}

void bad(const struct op_ctx *from)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx ctx = { .no_wait = true };

	ctx = *from;
	alloc(&ctx);
	dma_fence_end_signalling(cookie);
}

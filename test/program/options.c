// RUN: %check %s
// What a caller says in a structure on its stack, those he gives it to find there.
#include <linux/dma-fence.h>
#include <linux/slab.h>

void *memset(void *to, int c, unsigned long size);
void *memcpy(void *to, const void *from, unsigned long size);

enum { CLEARED = 1, CPU_ACCESS = 2, NO_CPU_ACCESS = 4 };

struct op_ctx {
	bool no_wait, resized;
	unsigned int flags;
	gfp_t gfp;
	int used;
};

static void alloc(struct op_ctx *ctx)
{
	if (!ctx->no_wait)
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_waits; fence-reclaim root=bad_either; fence-reclaim root=bad_unsaid; fence-reclaim root=bad_overwritten; fence-reclaim root=bad_handed
}

static void validate(struct op_ctx *ctx)
{
	alloc(ctx);
}

void good(void)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx ctx = { .no_wait = true };

	validate(&ctx);
	dma_fence_end_signalling(cookie);
}

void bad_waits(void)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx ctx = { .no_wait = false };

	validate(&ctx);
	dma_fence_end_signalling(cookie);
}

void bad_either(bool atomic)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx ctx = { .no_wait = true };

	if (!atomic)
		ctx.no_wait = false;
	validate(&ctx);
	dma_fence_end_signalling(cookie);
}

void good_both(bool atomic)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx ctx;

	if (atomic)
		ctx.no_wait = 1;
	else
		ctx.no_wait = true;
	validate(&ctx);
	dma_fence_end_signalling(cookie);
}

// On one of the ways it is not said: what is not named in the braces is zero.
void bad_unsaid(bool atomic)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx ctx = { .flags = CLEARED };

	if (atomic)
		ctx.no_wait = true;
	validate(&ctx);
	dma_fence_end_signalling(cookie);
}

void bad_overwritten(void)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx ctx = { .no_wait = true };

	memset(&ctx, 0, sizeof(ctx));
	validate(&ctx);
	dma_fence_end_signalling(cookie);
}

static void hand_on(bool no_wait)
{
	struct op_ctx ctx = { .no_wait = no_wait };

	validate(&ctx);
}

void good_handed(void)
{
	bool cookie = dma_fence_begin_signalling();

	hand_on(true);
	dma_fence_end_signalling(cookie);
}

void bad_handed(void)
{
	bool cookie = dma_fence_begin_signalling();

	hand_on(false);
	dma_fence_end_signalling(cookie);
}

// Flags are added to.
static void create(struct op_ctx *ctx)
{
	if (ctx->flags & CLEARED)
		kmalloc(16, GFP_KERNEL); // expect: fence-reclaim root=bad_flags
	kmalloc(24, ctx->gfp); // expect: fence-reclaim root=bad_flags
}

void good_flags(bool cpu)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx ctx;

	memset(&ctx, 0, sizeof(ctx));
	ctx.gfp = GFP_NOWAIT;
	ctx.flags = 8;
	if (cpu)
		ctx.flags |= CPU_ACCESS;
	else
		ctx.flags |= NO_CPU_ACCESS;
	create(&ctx);
	dma_fence_end_signalling(cookie);
}

void bad_flags(bool cpu)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx ctx = { .flags = 8, .gfp = GFP_KERNEL };

	if (cpu)
		ctx.flags |= CLEARED;
	create(&ctx);
	dma_fence_end_signalling(cookie);
}

// What is written through a pointer as well is no option.
static void grow(struct op_ctx *ctx)
{
	ctx->resized = true;
}

static void shrink(struct op_ctx *ctx)
{
	if (ctx->resized)
		kmalloc(32, GFP_KERNEL); // expect: fence-reclaim root=bad_written
}

void bad_written(void)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx ctx = { .resized = false };

	grow(&ctx);
	shrink(&ctx);
	dma_fence_end_signalling(cookie);
}

// Its address is given away.
void count(int *used);

static void finish(struct op_ctx *ctx)
{
	if (ctx->used)
		kmalloc(40, GFP_KERNEL); // expect: fence-reclaim root=bad_counted
}

void bad_counted(void)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx ctx = { .used = 0 };

	count(&ctx.used);
	finish(&ctx);
	dma_fence_end_signalling(cookie);
}

// What is not named in the braces is zero.
static void grow_table(struct op_ctx *ctx)
{
	if (ctx->flags & CLEARED)
		kmalloc(48, GFP_KERNEL); // expect: fence-reclaim root=bad_named; fence-reclaim root=bad_dropped; fence-reclaim root=bad_part
}

void good_zero(void)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx ctx = { .no_wait = true };

	grow_table(&ctx);
	dma_fence_end_signalling(cookie);
}

void good_memset(bool cpu)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx ctx;

	memset(&ctx, 0, sizeof(ctx));
	if (cpu)
		ctx.flags |= CPU_ACCESS;
	grow_table(&ctx);
	dma_fence_end_signalling(cookie);
}

void bad_named(void)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx ctx = { .no_wait = true, .flags = CLEARED };

	grow_table(&ctx);
	dma_fence_end_signalling(cookie);
}

// Only a part of it is filled with zeros.
void bad_part(void)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx ctx;

	memset(&ctx, 0, sizeof(ctx.no_wait));
	grow_table(&ctx);
	dma_fence_end_signalling(cookie);
}

// A structure is assigned as a whole.
void good_taken(void)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx from = { .no_wait = true }, ctx = { .no_wait = false };

	ctx = from;
	from.no_wait = false;
	validate(&ctx);
	dma_fence_end_signalling(cookie);
}

void good_anew(void)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx ctx = { .flags = CLEARED };

	ctx = (struct op_ctx){ .no_wait = true };
	grow_table(&ctx);
	validate(&ctx);
	dma_fence_end_signalling(cookie);
}

void bad_dropped(const struct op_ctx *from)
{
	bool cookie = dma_fence_begin_signalling();
	struct op_ctx ctx = { .flags = 8 };

	ctx = *from;
	grow_table(&ctx);
	dma_fence_end_signalling(cookie);
}

// Somebody may fill it through a pointer.
struct view {
	bool cached;
};

static void fill(struct view *v, const struct view *from)
{
	*v = *from;
}

static void look(struct view *v)
{
	if (v->cached)
		kmalloc(56, GFP_KERNEL); // expect: fence-reclaim root=bad_filled
}

void bad_filled(const struct view *from)
{
	bool cookie = dma_fence_begin_signalling();
	struct view v = { .cached = false };

	fill(&v, from);
	look(&v);
	dma_fence_end_signalling(cookie);
}

struct span {
	bool cached;
};

static void clear(struct span *s, const struct span *from)
{
	memcpy(s, from, sizeof(*s));
}

static void measure(struct span *s)
{
	if (s->cached)
		kmalloc(64, GFP_KERNEL); // expect: fence-reclaim root=bad_bytes
}

void bad_bytes(const struct span *from)
{
	bool cookie = dma_fence_begin_signalling();
	struct span s = { .cached = false };

	clear(&s, from);
	measure(&s);
	dma_fence_end_signalling(cookie);
}

// What is written to a part of a local is written to nobody else's options.
struct token {
	bool spent;
};

struct request {
	struct op_ctx ctx;
	struct token tokens[2];
};

static void redeem(struct token *t)
{
	if (t->spent)
		kmalloc(72, GFP_KERNEL); // expect: fence-reclaim root=bad_spent; fence-reclaim root=bad_part_of
}

void good_unspent(void)
{
	bool cookie = dma_fence_begin_signalling();
	struct token t = { .spent = false };

	redeem(&t);
	dma_fence_end_signalling(cookie);
}

void bad_spent(bool how)
{
	bool cookie = dma_fence_begin_signalling();
	struct request r;
	struct token t = { .spent = how };

	r.tokens[0].spent = true;
	r.tokens[1] = (struct token){ .spent = false };
	redeem(&t);
	dma_fence_end_signalling(cookie);
}

void bad_part_of(void)
{
	bool cookie = dma_fence_begin_signalling();
	struct request r = { .ctx = { .no_wait = true }, .tokens = { { .spent = true }, { .spent = false } } };

	redeem(&r.tokens[0]);
	dma_fence_end_signalling(cookie);
}

// What is written to one member of a union is in the others, too.
struct handle {
	union {
		unsigned int index;
		unsigned int raw;
	};
	bool kept;
};

static void drop(struct handle *h)
{
	if (h->raw)
		kmalloc(80, GFP_KERNEL); // expect: fence-reclaim root=bad_union
}

void never(void)
{
	struct handle h;

	h.raw = 0;
	drop(&h);
}

void bad_union(void)
{
	bool cookie = dma_fence_begin_signalling();
	struct handle h = { .index = 1 };

	drop(&h);
	dma_fence_end_signalling(cookie);
}

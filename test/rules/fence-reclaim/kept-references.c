// RUN: %check %s
// Whoever holds a reference is not there when the last one goes: in the same function, for what a callee drops, and by a helper that takes it.
#include <linux/dma-fence.h>
#include <linux/kref.h>
#include <linux/slab.h>

struct pool {
	struct kref ref;
};

struct buffer {
	struct kref ref;
	struct pool *pool;
};

static void pool_release(struct kref *ref)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad confidence=likely
}

static void kept_release(struct kref *ref)
{
	kmalloc(16, GFP_KERNEL); // expect: fence-reclaim root=kept confidence=possible
}

static void deep_release(struct kref *ref)
{
	kmalloc(32, GFP_KERNEL); // expect: fence-reclaim root=deep confidence=possible
}

static void other_release(struct kref *ref)
{
	kmalloc(64, GFP_KERNEL); // expect: fence-reclaim root=other confidence=likely
}

static void late_release(struct kref *ref)
{
	kmalloc(128, GFP_KERNEL); // expect: fence-reclaim root=late confidence=likely
}

static inline struct pool *pool_get(struct pool *pool)
{
	if (pool)
		kref_get(&pool->ref);
	return pool;
}

static void drop(struct buffer *buffer)
{
	kref_put(&buffer->pool->ref, deep_release);
}

void bad(struct buffer *buffer)
{
	bool cookie = dma_fence_begin_signalling();

	kref_put(&buffer->pool->ref, pool_release);
	dma_fence_end_signalling(cookie);
}

void kept(struct buffer *buffer)
{
	bool cookie = dma_fence_begin_signalling();
	struct pool *pool = buffer->pool;

	kref_get(&pool->ref);
	kref_put(&pool->ref, kept_release);
	dma_fence_end_signalling(cookie);
}

void deep(struct buffer *buffer)
{
	bool cookie = dma_fence_begin_signalling();

	pool_get(buffer->pool);
	drop(buffer);
	dma_fence_end_signalling(cookie);
}

// Another pool's, ...
void other(struct buffer *buffer, struct pool *pool)
{
	bool cookie = dma_fence_begin_signalling();

	pool_get(pool);
	kref_put(&buffer->pool->ref, other_release);
	dma_fence_end_signalling(cookie);
}

// ... only sometimes.
void late(struct buffer *buffer, bool some)
{
	bool cookie = dma_fence_begin_signalling();

	if (some)
		pool_get(buffer->pool);
	kref_put(&buffer->pool->ref, late_release);
	dma_fence_end_signalling(cookie);
}

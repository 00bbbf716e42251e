// RUN: %check %s
// A lock that is held across a reclaiming allocation closes the cycle, too. There are many of them, so there is one finding per lock.
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

struct table {
	struct mutex lock, nowait_lock, scope_lock, both_lock;
	struct dma_fence *fence;
};

static void look_up(struct table *table)
{
	mutex_lock(&table->lock); // expect: fence-lock-cycle confidence=certain others=2 holder=grow until=kmalloc says="across an allocation that may enter direct reclaim"
	mutex_unlock(&table->lock);
}

void first(struct table *table)
{
	bool cookie = dma_fence_begin_signalling();

	look_up(table);
	dma_fence_end_signalling(cookie);
}

void second(struct table *table)
{
	bool cookie = dma_fence_begin_signalling();

	look_up(table);
	dma_fence_end_signalling(cookie);
}

void third(struct table *table)
{
	bool cookie = dma_fence_begin_signalling();

	look_up(table);
	dma_fence_end_signalling(cookie);
}

void *grow(struct table *table)
{
	void *p;

	mutex_lock(&table->lock);
	p = kmalloc(64, GFP_KERNEL);
	mutex_unlock(&table->lock);
	return p;
}

// A wait says more than an allocation.
void prefers_the_wait(struct table *table)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&table->both_lock); // expect: fence-lock-cycle holder=wait_with_both until=dma_fence_wait others=0
	mutex_unlock(&table->both_lock);
	dma_fence_end_signalling(cookie);
}

void *grow_with_both(struct table *table)
{
	void *p;

	mutex_lock(&table->both_lock);
	p = kmalloc(64, GFP_KERNEL);
	mutex_unlock(&table->both_lock);
	return p;
}

void wait_with_both(struct table *table)
{
	mutex_lock(&table->both_lock);
	dma_fence_wait(table->fence, true);
	mutex_unlock(&table->both_lock);
}

// Neither of these enters reclaim.
void good(struct table *table)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&table->nowait_lock);
	mutex_unlock(&table->nowait_lock);
	mutex_lock(&table->scope_lock);
	mutex_unlock(&table->scope_lock);
	dma_fence_end_signalling(cookie);
}

void *grow_nowait(struct table *table)
{
	void *p;

	mutex_lock(&table->nowait_lock);
	p = kmalloc(64, GFP_NOWAIT);
	mutex_unlock(&table->nowait_lock);
	return p;
}

void *grow_in_scope(struct table *table)
{
	unsigned int flags = memalloc_noreclaim_save();
	void *p;

	mutex_lock(&table->scope_lock);
	p = kmalloc(64, GFP_KERNEL);
	mutex_unlock(&table->scope_lock);
	memalloc_noreclaim_restore(flags);
	return p;
}

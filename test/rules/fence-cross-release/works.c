// RUN: %check --rules=fence-cross-release %s
// A lock that is taken in a section, and held across a wait for work that takes it.
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

struct gpu {
	struct mutex lock, other;
	struct work_struct reset, idle, tries;
	struct delayed_work tick;
	struct workqueue_struct *wq;
};

static struct gpu *gpu;

static void take(struct gpu *g)
{
	mutex_lock(&g->lock);
	mutex_unlock(&g->lock);
}

static void reset(struct work_struct *work)
{
	take(gpu);
}

static void tick(struct work_struct *work)
{
	take(gpu);
}

static void idle(struct work_struct *work)
{
	mutex_lock(&gpu->other);
	mutex_unlock(&gpu->other);
}

static void tries(struct work_struct *work)
{
	if (mutex_trylock(&gpu->lock))
		mutex_unlock(&gpu->lock);
}

static void stop(struct gpu *g)
{
	cancel_delayed_work_sync(&g->tick);
}

void bad(struct gpu *g)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&g->lock); // expect: fence-cross-release root=bad confidence=certain says=reset
	flush_work(&g->reset);
	mutex_unlock(&g->lock);
	dma_fence_end_signalling(cookie);
}

static void locked_stop(struct gpu *g)
{
	mutex_lock(&g->lock); // expect: fence-cross-release root=bad_deep says=tick
	stop(g);
	mutex_unlock(&g->lock);
}

void bad_deep(struct gpu *g)
{
	bool cookie = dma_fence_begin_signalling();

	locked_stop(g);
	dma_fence_end_signalling(cookie);
}

// Work that takes another lock, or only tries, or is only queued; and a wait after the lock's release.
void good(struct gpu *g)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&g->lock);
	flush_work(&g->idle);
	flush_work(&g->tries);
	cancel_work(&g->reset);
	queue_work(g->wq, &g->reset);
	mutex_unlock(&g->lock);
	flush_work(&g->reset);
	dma_fence_end_signalling(cookie);
}

// Called with the lock held, which it drops for the wait.
static void good_drop(struct gpu *g)
{
	mutex_unlock(&g->lock);
	flush_work(&g->reset);
	mutex_lock(&g->lock);
}

void good_caller(struct gpu *g)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&g->lock);
	good_drop(g);
	mutex_unlock(&g->lock);
	dma_fence_end_signalling(cookie);
}

// No fence depends on this: see fence-cross-release-anywhere.
void outside(struct gpu *g)
{
	mutex_lock(&g->lock);
	flush_work(&g->reset);
	mutex_unlock(&g->lock);
}

void probe(struct gpu *g)
{
	gpu = g;
	INIT_WORK(&g->reset, reset);
	INIT_WORK(&g->idle, idle);
	INIT_WORK(&g->tries, tries);
	INIT_DELAYED_WORK(&g->tick, tick);
}

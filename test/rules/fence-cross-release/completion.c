// RUN: %check %s --rules=fence-cross-release,fence-reclaim
// Who waits for a completion waits for what is done before it is completed.
#include <linux/completion.h>
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct gpu {
	struct mutex lock, stats;
	struct completion idle, ready, alone;
	struct work_struct work;
	int irqs;
};

static DEFINE_MUTEX(config);
static struct completion configured;

// The worker needs the lock before it completes.
static void bad_worker(struct gpu *gpu)
{
	mutex_lock(&gpu->lock);
	gpu->irqs = 0;
	mutex_unlock(&gpu->lock);
	complete(&gpu->idle);
}

void bad_section(struct gpu *gpu)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&gpu->lock); // expect: fence-cross-release root=bad_section says=bad_worker confidence=certain
	wait_for_completion(&gpu->idle);
	mutex_unlock(&gpu->lock);
	dma_fence_end_signalling(cookie);
}

// It completes first, and only then needs the lock and memory.
static void good_worker(struct gpu *gpu)
{
	complete(&gpu->ready);
	mutex_lock(&gpu->lock);
	kmalloc(8, GFP_KERNEL);
	mutex_unlock(&gpu->lock);
}

void good_section(struct gpu *gpu)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&gpu->lock);
	wait_for_completion(&gpu->ready);
	mutex_unlock(&gpu->lock);
	dma_fence_end_signalling(cookie);
}

// A wait that ends by itself.
void good_timeout(struct gpu *gpu)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&gpu->lock);
	wait_for_completion_timeout(&gpu->idle, 10);
	mutex_unlock(&gpu->lock);
	dma_fence_end_signalling(cookie);
}

// Another lock.
void good_other_lock(struct gpu *gpu)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&gpu->stats);
	wait_for_completion(&gpu->idle);
	mutex_unlock(&gpu->stats);
	dma_fence_end_signalling(cookie);
}

// The worker's memory counts as the section's, on the way to the completion only.
static void loader(void)
{
	mutex_lock(&config);
	kmalloc(16, GFP_KERNEL); // expect: fence-reclaim root=bad_global edge=completion
	mutex_unlock(&config);
	complete_all(&configured);
	kmalloc(24, GFP_KERNEL);
}

void bad_global(void)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&config); // expect: fence-cross-release root=bad_global says=loader
	wait_for_completion(&configured);
	mutex_unlock(&config);
	dma_fence_end_signalling(cookie);
}

// Nobody is seen to complete it: nothing is known.
void good_unknown(struct gpu *gpu)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&gpu->lock);
	wait_for_completion(&gpu->alone);
	mutex_unlock(&gpu->lock);
	dma_fence_end_signalling(cookie);
}

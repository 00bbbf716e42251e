// RUN: %check --rules=fence-page-fault %s
// What resolves faults takes memory; no fence of a job may wait for it.
#include <linux/completion.h>
#include <linux/dma-fence.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct iommu_domain {
	void (*iopf_handler)(struct dma_fence *job);
};

struct pf_queue {
	struct work_struct worker;
	struct completion idle;
	struct dma_fence *job, *copy;
};

static void *bring_in(void)
{
	return kmalloc(8, GFP_KERNEL);
}

static void finish(struct dma_fence *job)
{
	dma_fence_signal(job); // expect: fence-page-fault root=bad_handler says=kmalloc confidence=certain; fence-page-fault root=bad_worker
}

static void bad_handler(struct dma_fence *job)
{
	bring_in();
	finish(job);
}

// The fence does not wait for what comes after it.
static void good_handler(struct dma_fence *job)
{
	dma_fence_signal(job);
	bring_in();
}

// No memory, no fault.
static void good_plain(struct dma_fence *job)
{
	dma_fence_signal(job);
}

// Memory without reclaim.
static void good_nowait(struct dma_fence *job)
{
	kmalloc(8, GFP_NOWAIT);
	dma_fence_signal(job);
}

// The repair's own fence.
static void flush(struct dma_fence *fence)
{
	bring_in();
	dma_fence_signal(fence);
}

static void good_own(struct dma_fence *job)
{
	struct dma_fence fence;

	flush(&fence);
}

// A look at a fence may complete it, but nobody counts on that.
static void good_look(struct dma_fence *job)
{
	bring_in();
	dma_fence_is_signaled(job);
}

static const struct iommu_domain e = { .iopf_handler = good_own };
static const struct iommu_domain f = { .iopf_handler = good_look };
static const struct iommu_domain a = { .iopf_handler = bad_handler };
static const struct iommu_domain b = { .iopf_handler = good_handler };
static const struct iommu_domain c = { .iopf_handler = good_plain };
static const struct iommu_domain d = { .iopf_handler = good_nowait };

static void bad_worker(struct work_struct *work)
{
	struct pf_queue *q = container_of(work, struct pf_queue, worker);

	bring_in();
	complete(&q->idle);
	finish(q->job);
}

static void init(struct pf_queue *q)
{
	INIT_WORK(&q->worker, bad_worker);
}

// A completion is as good as a flush.
void bad_wait(struct pf_queue *q)
{
	bool cookie = dma_fence_begin_signalling();

	wait_for_completion(&q->idle); // expect: fence-page-fault root=bad_wait says=bad_worker
	dma_fence_end_signalling(cookie);
}

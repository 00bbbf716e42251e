// RUN: %check --rules=fence-page-fault %s
// A section must not wait for the worker that resolves faults.
#include <drm/gpu_scheduler.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct gt {
	struct pf_queue {
		struct work_struct worker;
		struct workqueue_struct *wq;
	} faults;
	struct work_struct other, domain_work;
};

struct iommu_domain {
	void (*iopf_handler)(struct work_struct *work);
};

struct gt *the_gt;

static void resolve(struct work_struct *work)
{
	kfree(kmalloc(8, GFP_KERNEL));
}

static void other(struct work_struct *work)
{
}

static void handler(struct work_struct *work)
{
}

static const struct iommu_domain domain = { .iopf_handler = handler };

static void stop_faults(struct gt *gt)
{
	flush_work(&gt->faults.worker); // expect: fence-page-fault root=bad_section kind=annotated says=resolves; fence-page-fault root=timedout kind=contract
}

void bad_section(struct gt *gt)
{
	bool cookie = dma_fence_begin_signalling();

	stop_faults(gt);
	dma_fence_end_signalling(cookie);
}

void bad_by_function(struct gt *gt)
{
	bool cookie = dma_fence_begin_signalling();

	cancel_work_sync(&gt->domain_work); // expect: fence-page-fault root=bad_by_function edge=domain_work
	dma_fence_end_signalling(cookie);
}

static enum drm_gpu_sched_stat timedout(struct drm_sched_job *job)
{
	stop_faults(the_gt);
	return DRM_GPU_SCHED_STAT_NOMINAL;
}

static const struct drm_sched_backend_ops ops = { .timedout_job = timedout };

void good_other_work(struct gt *gt)
{
	bool cookie = dma_fence_begin_signalling();

	flush_work(&gt->other);
	dma_fence_end_signalling(cookie);
}

void good_only_queued(struct gt *gt)
{
	bool cookie = dma_fence_begin_signalling();

	queue_work(gt->faults.wq, &gt->faults.worker);
	cancel_work(&gt->faults.worker);
	dma_fence_end_signalling(cookie);
}

void good_outside(struct gt *gt)
{
	bool cookie = dma_fence_begin_signalling();

	dma_fence_end_signalling(cookie);
	stop_faults(gt);
}

const void *init(struct gt *gt, struct drm_gpu_scheduler *sched)
{
	INIT_WORK(&gt->faults.worker, resolve);
	INIT_WORK(&gt->other, other);
	INIT_WORK(&gt->domain_work, handler);
	drm_sched_init(sched, &ops);
	return &domain;
}

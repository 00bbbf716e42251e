// RUN: %check %s
// The scheduler keeps a job that ran only if it has a fence of the hardware: one that never has is not run again.
#include <drm/gpu_scheduler.h>
#include <linux/dma-fence.h>
#include <linux/slab.h>

void drm_sched_resubmit_jobs(struct drm_gpu_scheduler *sched)
{
	sched->ops->run_job(0);
}

static struct dma_fence *cpu_run_job(struct drm_sched_job *job)
{
	if (!job)
		return 0;
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=cpu_run_job
	return 0;
}

static struct dma_fence *gpu_run_job(struct drm_sched_job *job)
{
	return kmalloc(16, GFP_KERNEL); // expect: fence-reclaim root=gpu_run_job; fence-reclaim root=reset_section
}

static const struct drm_sched_backend_ops cpu_ops = { .run_job = cpu_run_job };
static const struct drm_sched_backend_ops gpu_ops = { .run_job = gpu_run_job };

void probe(struct drm_gpu_scheduler *cpu, struct drm_gpu_scheduler *gpu)
{
	cpu->ops = &cpu_ops;
	gpu->ops = &gpu_ops;
}

void reset_section(struct drm_gpu_scheduler *sched)
{
	bool cookie = dma_fence_begin_signalling();

	drm_sched_resubmit_jobs(sched);
	dma_fence_end_signalling(cookie);
}

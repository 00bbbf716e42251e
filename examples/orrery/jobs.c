#include "orrery.h"
#include <linux/slab.h>

/* Right: a fence callback that only queues work and wakes people up. */
static void orrery_job_done(struct dma_fence *fence, struct dma_fence_cb *cb)
{
	struct orrery_job *job = container_of(cb, struct orrery_job, done);

	beacon_timeline_advance(&job->dev->timeline);
}

/* Called when userspace submits; nobody waits for the job yet, so it may sleep. */
int orrery_job_init(struct orrery_job *job, struct orrery_device *dev)
{
	job->dev = dev;
	job->ring = &dev->render;
	job->fence = beacon_fence_create(&dev->timeline);
	if (!job->fence)
		return -ENOMEM;
	return dma_fence_add_callback(job->fence, &job->done, orrery_job_done);
}

static struct dma_fence *orrery_run_job(struct drm_sched_job *base)
{
	struct orrery_job *job = container_of(base, struct orrery_job, base);
	int error;

	orrery_power_get(job->dev);
	error = job->ring->ops->emit(job->ring, job);
	return error ? ERR_PTR(error) : job->fence;
}

static void orrery_free_job(struct drm_sched_job *base)
{
	kfree(container_of(base, struct orrery_job, base));
}

const struct drm_sched_backend_ops orrery_sched_ops = {
	.run_job = orrery_run_job,
	.timedout_job = orrery_timedout_job,
	.free_job = orrery_free_job,
};

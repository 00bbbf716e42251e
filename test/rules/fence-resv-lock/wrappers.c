// RUN: %check %s
// The lock under somebody's wrappers, and on contract paths.
#include <drm/gpu_scheduler.h>
#include <linux/dma-resv.h>

struct object {
	struct dma_resv *resv;
};

static int object_lock(struct object *obj, bool interruptible)
{
	if (interruptible)
		return dma_resv_lock_interruptible(obj->resv, NULL); // expect: fence-resv-lock root=bad_wrapper
	return dma_resv_lock(obj->resv, NULL); // expect: fence-resv-lock root=bad_wrapper_plain; fence-resv-lock root=timedout
}

static int object_lock_or_try(struct object *obj, bool may_sleep)
{
	if (!may_sleep)
		return dma_resv_trylock(obj->resv) ? 0 : -EBUSY;
	return dma_resv_lock(obj->resv, NULL);
}

void bad_wrapper(struct object *obj)
{
	bool cookie = dma_fence_begin_signalling();

	if (!object_lock(obj, true))
		dma_resv_unlock(obj->resv);
	dma_fence_end_signalling(cookie);
}

void bad_wrapper_plain(struct object *obj)
{
	bool cookie = dma_fence_begin_signalling();

	object_lock(obj, false);
	dma_resv_unlock(obj->resv);
	dma_fence_end_signalling(cookie);
}

void good_wrapper(struct object *obj)
{
	bool cookie = dma_fence_begin_signalling();

	if (!object_lock_or_try(obj, false))
		dma_resv_unlock(obj->resv);
	dma_fence_end_signalling(cookie);
}

struct job {
	struct drm_sched_job base;
	struct object *bo;
};

// A core dump for a hung job.
static void dump(struct job *job)
{
	object_lock(job->bo, false);
	dma_resv_unlock(job->bo->resv);
}

static enum drm_gpu_sched_stat timedout(struct drm_sched_job *base)
{
	dump(container_of(base, struct job, base));
	return DRM_GPU_SCHED_STAT_NOMINAL;
}

const struct drm_sched_backend_ops ops = { .timedout_job = timedout };

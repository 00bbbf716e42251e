// RUN: %check %s
// The lock in a helper, the wait in another one; sections by contract; guards.
#include <drm/gpu_scheduler.h>
#include <linux/cleanup.h>
#include <linux/dma-fence.h>
#include <linux/mutex.h>

struct gpu {
	struct mutex lock, helper_lock, param_lock, guard_lock, scope_lock, free_lock, failed_lock, other_lock;
	struct dma_fence *previous;
	int state;
};

struct job {
	struct drm_sched_job base;
	struct gpu *gpu;
};

static void wait_idle(struct gpu *gpu)
{
	dma_fence_wait(gpu->previous, false);
}

static void gpu_lock(struct gpu *gpu)
{
	mutex_lock(&gpu->helper_lock);
}

static void gpu_unlock(struct gpu *gpu)
{
	mutex_unlock(&gpu->helper_lock);
}

static void lock_it(struct mutex *lock)
{
	mutex_lock(lock);
}

DEFINE_GUARD(gpu, struct mutex *, mutex_lock(_T), mutex_unlock(_T))

static struct dma_fence *run_job(struct drm_sched_job *base)
{
	struct gpu *gpu = container_of(base, struct job, base)->gpu;

	mutex_lock(&gpu->lock); // expect: fence-wait-locked root=run_job kind=contract confidence=certain lock=gpu::lock until=dma_fence_wait
	wait_idle(gpu);
	mutex_unlock(&gpu->lock);

	gpu_lock(gpu); // expect: fence-wait-locked root=run_job sink=gpu_lock lock=gpu::helper_lock
	wait_idle(gpu);
	gpu_unlock(gpu);

	lock_it(&gpu->param_lock); // expect: fence-wait-locked root=run_job sink=lock_it lock=gpu::param_lock
	wait_idle(gpu);
	mutex_unlock(&gpu->param_lock);
	return base->s_fence;
}

static enum drm_gpu_sched_stat timedout_job(struct drm_sched_job *base)
{
	struct gpu *gpu = container_of(base, struct job, base)->gpu;

	scoped_guard(gpu, &gpu->scope_lock) // expect: fence-wait-locked root=timedout_job lock=gpu::scope_lock
		wait_idle(gpu);
	scoped_guard(gpu, &gpu->free_lock)
		gpu->state++;
	wait_idle(gpu);
	{
		guard(gpu)(&gpu->guard_lock); // expect: fence-wait-locked root=timedout_job lock=gpu::guard_lock
		wait_idle(gpu);
	}
	if (mutex_lock_interruptible(&gpu->failed_lock)) {
		wait_idle(gpu);
		return DRM_GPU_SCHED_STAT_NOMINAL;
	}
	mutex_unlock(&gpu->failed_lock);
	return DRM_GPU_SCHED_STAT_NOMINAL;
}

static const struct drm_sched_backend_ops ops = {
	.run_job = run_job,
	.timedout_job = timedout_job,
};

// In no section.
void good(struct gpu *gpu)
{
	mutex_lock(&gpu->other_lock);
	wait_idle(gpu);
	mutex_unlock(&gpu->other_lock);
}

int gpu_init(struct drm_gpu_scheduler *sched)
{
	return drm_sched_init(sched, &ops);
}

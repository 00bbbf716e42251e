// RUN: %check %s
// Ways of several hops on both sides: through tables, workers and callbacks.
#include <drm/gpu_scheduler.h>
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

struct gpu;

struct gpu_funcs {
	void (*submit)(struct gpu *gpu);
	void (*idle)(struct gpu *gpu);
};

struct gpu {
	const struct gpu_funcs *funcs;
	struct mutex lock, flushed_lock, queued_lock;
	struct work_struct recover_work, flushed_work, queued_work;
	struct dma_resv *resv;
	struct dma_fence *fence;
	struct drm_gpu_scheduler sched;
};

struct job {
	struct drm_sched_job base;
	struct gpu *gpu;
};

static void gpu_submit(struct gpu *gpu)
{
}

static void gpu_idle(struct gpu *gpu)
{
	dma_fence_wait(gpu->fence, false);
}

static const struct gpu_funcs funcs = { .submit = gpu_submit, .idle = gpu_idle };

static struct dma_fence *run_job(struct drm_sched_job *base)
{
	struct gpu *gpu = container_of(base, struct job, base)->gpu;

	mutex_lock(&gpu->lock); // expect: fence-lock-cycle root=run_job kind=contract confidence=certain holder=recover_worker until=dma_fence_wait lock=gpu::lock
	gpu->funcs->submit(gpu);
	mutex_unlock(&gpu->lock);
	mutex_lock(&gpu->flushed_lock); // expect: fence-lock-cycle root=run_job confidence=certain holder=flusher until=dma_resv_lock
	mutex_unlock(&gpu->flushed_lock);
	mutex_lock(&gpu->queued_lock);
	mutex_unlock(&gpu->queued_lock);
	return base->s_fence;
}

static const struct drm_sched_backend_ops sched_ops = { .run_job = run_job };

// The worker is nobody's section: it may hold what it likes and wait.
static void recover_worker(struct work_struct *work)
{
	struct gpu *gpu = container_of(work, struct gpu, recover_work);

	mutex_lock(&gpu->lock);
	gpu->funcs->idle(gpu);
	mutex_unlock(&gpu->lock);
}

static void flushed_worker(struct work_struct *work)
{
	struct gpu *gpu = container_of(work, struct gpu, flushed_work);

	dma_resv_lock(gpu->resv, NULL);
	dma_resv_unlock(gpu->resv);
}

static void queued_worker(struct work_struct *work)
{
	struct gpu *gpu = container_of(work, struct gpu, queued_work);

	dma_fence_wait(gpu->fence, false);
}

// Waits for what the worker does.
void flusher(struct gpu *gpu)
{
	mutex_lock(&gpu->flushed_lock);
	flush_work(&gpu->flushed_work);
	mutex_unlock(&gpu->flushed_lock);
}

// Only asks for it.
void queuer(struct gpu *gpu)
{
	mutex_lock(&gpu->queued_lock);
	schedule_work(&gpu->queued_work);
	mutex_unlock(&gpu->queued_lock);
}

int gpu_init(struct gpu *gpu)
{
	gpu->funcs = &funcs;
	INIT_WORK(&gpu->recover_work, recover_worker);
	INIT_WORK(&gpu->flushed_work, flushed_worker);
	INIT_WORK(&gpu->queued_work, queued_worker);
	return drm_sched_init(&gpu->sched, &sched_ops);
}

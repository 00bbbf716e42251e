// RUN: %check --rules=fence-missing-section %s
// What a section queues, or code that is critical by contract, fences depend on as well.
#include <drm/gpu_scheduler.h>
#include <linux/workqueue.h>

struct device {
	struct dma_fence *fence;
	struct work_struct evict, reset, last;
	struct kref ref;
};

static void evict(struct work_struct *work) // expect: fence-missing-section root=evict says='enable'
{
	dma_fence_signal(container_of(work, struct device, evict)->fence);
}

static void reset(struct work_struct *work) // expect: fence-missing-section root=reset says='annotated'
{
	dma_fence_signal(container_of(work, struct device, reset)->fence);
}

static void gone(struct kref *ref)
{
	dma_fence_signal(container_of(ref, struct device, ref)->fence);
}

// The signal comes only with the last reference.
static void last(struct work_struct *work)
{
	kref_put(&container_of(work, struct device, last)->ref, gone);
}

struct device *the_device;

static bool enable(struct dma_fence *fence)
{
	schedule_work(&the_device->evict);
	return true;
}

static const struct dma_fence_ops fence_ops = { .enable_signaling = enable };

// Runs in a worker of the scheduler, which is where the section would be.
static struct dma_fence *run(struct drm_sched_job *job)
{
	schedule_work(&the_device->last);
	dma_fence_signal(job->s_fence);
	return NULL;
}

static const struct drm_sched_backend_ops ops = { .run_job = run };

void annotated(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	schedule_work(&dev->reset);
	dma_fence_end_signalling(cookie);
}

void init(struct device *dev, struct dma_fence *fence, spinlock_t *lock, struct drm_gpu_scheduler *sched)
{
	INIT_WORK(&dev->evict, evict);
	INIT_WORK(&dev->reset, reset);
	INIT_WORK(&dev->last, last);
	dma_fence_init(fence, &fence_ops, lock, 1, 1);
	drm_sched_init(sched, &ops);
}

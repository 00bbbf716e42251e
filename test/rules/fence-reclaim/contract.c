// RUN: %check %s
// Code that is critical because an API says so.
#include <drm/gpu_scheduler.h>
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct waiter {
	struct dma_fence_cb cb;
};

static struct dma_fence *prepare(struct drm_sched_job *job, struct drm_sched_entity *entity)
{
	return kzalloc(8, GFP_KERNEL); // expect: fence-reclaim root=prepare kind=contract confidence=certain
}

static struct dma_fence *run(struct drm_sched_job *job)
{
	kfree(job->s_fence);
	return kzalloc(8, GFP_KERNEL); // expect: fence-reclaim root=run kind=contract confidence=certain
}

static enum drm_gpu_sched_stat timedout(struct drm_sched_job *job)
{
	kzalloc(8, GFP_KERNEL); // expect: fence-reclaim root=timedout kind=contract confidence=certain
	return DRM_GPU_SCHED_STAT_NOMINAL;
}

static void free_job(struct drm_sched_job *job)
{
	kzalloc(8, GFP_KERNEL); // expect: fence-reclaim root=free_job kind=contract confidence=certain
}

static const struct drm_sched_backend_ops bad_ops = {
	.prepare_job = prepare,
	.run_job = run,
	.timedout_job = timedout,
	.free_job = free_job,
};

static struct dma_fence *run_atomic(struct drm_sched_job *job)
{
	return kzalloc(8, GFP_ATOMIC);
}

static const struct drm_sched_backend_ops good_ops = {
	.run_job = run_atomic,
};

static void by_registration(struct dma_fence *fence, struct dma_fence_cb *cb)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=by_registration kind=contract
}

static void by_assignment(struct dma_fence *fence, struct dma_fence_cb *cb)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=by_assignment kind=contract
}

static void frees_only(struct dma_fence *fence, struct dma_fence_cb *cb)
{
	kfree(container_of(cb, struct waiter, cb));
}

int subscribe(struct dma_fence *fence, struct waiter *a, struct waiter *b)
{
	a->cb.func = by_assignment;
	dma_fence_add_callback(fence, &b->cb, frees_only);
	return dma_fence_add_callback(fence, &b->cb, by_registration);
}

static bool arm_irq(struct dma_fence *fence)
{
	return kmalloc(8, GFP_NOIO); // expect: fence-reclaim root=arm_irq kind=contract
}

static void release(struct dma_fence *fence)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=release kind=contract confidence=certain
}

static const struct dma_fence_ops fence_ops = {
	.enable_signaling = arm_irq,
	.release = release,
};

int use(struct drm_gpu_scheduler *a, struct drm_gpu_scheduler *b, struct dma_fence *fence, spinlock_t *lock)
{
	dma_fence_init(fence, &fence_ops, lock, 1, 1);
	return drm_sched_init(a, &bad_ops) + drm_sched_init(b, &good_ops);
}

static bool peeks(struct dma_fence *fence)
{
	return kmalloc(8, GFP_KERNEL) != NULL; // expect: fence-reclaim root=peeks kind=contract confidence=certain
}

static const struct dma_fence_ops bad_fence_ops = {
	.signaled = peeks,
};

static bool looks(struct dma_fence *fence)
{
	return fence->seqno != 0;
}

static void frees(struct dma_fence *fence)
{
	kfree(fence);
}

static const struct dma_fence_ops good_fence_ops = {
	.signaled = looks,
	.release = frees,
};

// A worker that i915's fences are made for.
struct dma_fence_work {
	struct dma_fence dma;
};

struct dma_fence_work_ops {
	const char *name;
	void (*work)(struct dma_fence_work *f);
	void (*release)(struct dma_fence_work *f);
};

static void works(struct dma_fence_work *f)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=works kind=contract confidence=certain
}

static void cleans_up(struct dma_fence_work *f)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=cleans_up kind=contract confidence=certain
}

static const struct dma_fence_work_ops bad_work_ops = {
	.work = works,
	.release = cleans_up,
};

static void works_with_what_it_has(struct dma_fence_work *f)
{
	kfree(f);
}

static const struct dma_fence_work_ops good_work_ops = {
	.work = works_with_what_it_has,
};

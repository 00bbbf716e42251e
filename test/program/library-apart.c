// RUN: %check %s
// A driver without the libraries that it uses: of what they call, and do, the model tells. Where they are in the program, their code does.
#include <drm/gpu_scheduler.h>
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct drm_gem_object;
struct drm_gem_object_funcs {
	void (*free)(struct drm_gem_object *object);
};
struct drm_gem_object {
	struct kref refcount;
	const struct drm_gem_object_funcs *funcs;
};
void drm_gem_object_free(struct kref *kref);
static inline void drm_gem_object_put(struct drm_gem_object *object)
{
	kref_put(&object->refcount, drm_gem_object_free);
}

struct drm_modeset_lock {
	struct ww_mutex mutex;
};
struct drm_modeset_acquire_ctx;
int drm_modeset_lock(struct drm_modeset_lock *lock, struct drm_modeset_acquire_ctx *ctx);
void drm_modeset_unlock(struct drm_modeset_lock *lock);

struct drm_exec;
void drm_exec_init(struct drm_exec *exec, unsigned int flags, unsigned int nr);
void drm_sched_resubmit_jobs(struct drm_gpu_scheduler *sched);

struct drm_gpuvm;
struct drm_gpuva_op;
struct drm_gpuvm_ops {
	int (*sm_step_map)(struct drm_gpuva_op *op, void *priv);
	int (*sm_step_remap)(struct drm_gpuva_op *op, void *priv);
	int (*sm_step_unmap)(struct drm_gpuva_op *op, void *priv);
};
int drm_gpuvm_sm_unmap(struct drm_gpuvm *vm, void *priv, unsigned long addr, unsigned long range);

struct percpu_rw_semaphore {
	int readers;
};
void percpu_down_write(struct percpu_rw_semaphore *sem);
void percpu_up_write(struct percpu_rw_semaphore *sem);

struct gpu {
	struct drm_gpu_scheduler *sched;
	struct drm_gpuvm *vm;
	struct drm_modeset_lock overlay;
	struct percpu_rw_semaphore hang;
	struct mutex stopping;
	struct drm_exec *exec;
	struct drm_gem_object *buffer;
	struct dma_fence *fence;
	void *table;
} the_gpu;

static void buffer_free(struct drm_gem_object *object)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=hung confidence=likely; fence-reclaim root=job_free confidence=likely
}
static const struct drm_gem_object_funcs funcs = { .free = buffer_free };

static int step_map(struct drm_gpuva_op *op, void *priv)
{
	kmalloc(16, GFP_KERNEL); // good: to take a mapping away makes no new one
	return 0;
}
static int step_unmap(struct drm_gpuva_op *op, void *priv)
{
	kmalloc(24, GFP_KERNEL); // expect: fence-reclaim root=run confidence=likely; fence-reclaim root=hung confidence=likely
	return 0;
}
static const struct drm_gpuvm_ops vm_ops = { .sm_step_map = step_map, .sm_step_unmap = step_unmap };

struct dma_fence *run(struct drm_sched_job *job)
{
	drm_gpuvm_sm_unmap(the_gpu.vm, NULL, 0, 4096);
	kmalloc(32, GFP_KERNEL); // expect: fence-reclaim root=run; fence-reclaim root=hung confidence=likely
	return the_gpu.fence;
}

static void job_free(struct drm_sched_job *job)
{
	drm_gem_object_put(the_gpu.buffer);
}

enum drm_gpu_sched_stat hung(struct drm_sched_job *job)
{
	mutex_lock(&the_gpu.stopping); // expect: fence-wait-locked root=hung lock=gpu::stopping
	drm_sched_stop(the_gpu.sched, job);
	mutex_unlock(&the_gpu.stopping);
	drm_exec_init(the_gpu.exec, 0, 0); // expect: fence-reclaim root=hung
	drm_modeset_lock(&the_gpu.overlay, NULL); // expect: fence-lock-cycle root=hung lock=crtc_ww_class_mutex
	drm_modeset_unlock(&the_gpu.overlay);
	percpu_down_write(&the_gpu.hang); // expect: fence-lock-cycle root=hung lock=gpu::hang
	percpu_up_write(&the_gpu.hang);
	drm_sched_resubmit_jobs(the_gpu.sched);
	return DRM_GPU_SCHED_STAT_NOMINAL;
}

static const struct drm_sched_backend_ops ops = { .run_job = run, .timedout_job = hung, .free_job = job_free };

int gpu_init(void)
{
	return drm_sched_init(the_gpu.sched, &ops);
}

void set_table(struct drm_modeset_acquire_ctx *ctx)
{
	if (drm_modeset_lock(&the_gpu.overlay, ctx))
		return;
	the_gpu.table = kmalloc(48, GFP_KERNEL);
	drm_modeset_unlock(&the_gpu.overlay);
}

void settle(void)
{
	percpu_down_write(&the_gpu.hang);
	dma_fence_wait(the_gpu.fence, false);
	percpu_up_write(&the_gpu.hang);
}

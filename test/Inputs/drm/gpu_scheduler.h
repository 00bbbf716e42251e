/* Mock: the GPU scheduler. */
#ifndef MOCK_GPU_SCHEDULER_H
#define MOCK_GPU_SCHEDULER_H

#include <linux/dma-fence.h>

struct drm_gpu_scheduler;

struct drm_sched_entity {
	struct drm_gpu_scheduler *sched;
};

struct drm_sched_job {
	struct drm_gpu_scheduler *sched;
	struct dma_fence *s_fence;
};

enum drm_gpu_sched_stat {
	DRM_GPU_SCHED_STAT_NOMINAL = 1,
	DRM_GPU_SCHED_STAT_ENODEV,
};

struct drm_sched_backend_ops {
	struct dma_fence *(*prepare_job)(struct drm_sched_job *job,
					 struct drm_sched_entity *entity);
	struct dma_fence *(*run_job)(struct drm_sched_job *job);
	enum drm_gpu_sched_stat (*timedout_job)(struct drm_sched_job *job);
	void (*free_job)(struct drm_sched_job *job);
};

struct drm_gpu_scheduler {
	const struct drm_sched_backend_ops *ops;
};

struct workqueue_struct;

struct drm_sched_init_args {
	const struct drm_sched_backend_ops *ops;
	struct workqueue_struct *submit_wq;
};

int drm_sched_init(struct drm_gpu_scheduler *sched,
		   const struct drm_sched_backend_ops *ops);
void drm_sched_stop(struct drm_gpu_scheduler *sched, struct drm_sched_job *bad);
void drm_sched_start(struct drm_gpu_scheduler *sched);

#endif

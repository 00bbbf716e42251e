#ifndef EXAMPLE_GPU_SCHEDULER_H
#define EXAMPLE_GPU_SCHEDULER_H

#include <linux/dma-fence.h>

struct drm_sched_job {
	struct dma_fence *s_fence;
};

enum drm_gpu_sched_stat {
	DRM_GPU_SCHED_STAT_NOMINAL = 1,
	DRM_GPU_SCHED_STAT_ENODEV,
};

struct drm_sched_backend_ops {
	struct dma_fence *(*run_job)(struct drm_sched_job *job);
	enum drm_gpu_sched_stat (*timedout_job)(struct drm_sched_job *job);
	void (*free_job)(struct drm_sched_job *job);
};

#endif

#include "orrery.h"

enum { RESET_STATUS = 2, RESET_DONE = 1, RESET_TRIES = 100 };

static bool wait_for_idle(struct orrery_device *dev)
{
	int i;

	for (i = 0; i < RESET_TRIES; i++) {
		if (readl(&dev->render.regs[RESET_STATUS]) == RESET_DONE)
			return true;
		usleep_range(10, 20); /* a section may sleep */
	}
	return false;
}

int orrery_reset(struct orrery_device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	dev->render.ops->stop(&dev->render);
	dev->copy.ops->stop(&dev->copy);
	beacon_timeline_stop(&dev->timeline);
	if (!wait_for_idle(dev))
		return -EIO; /* Wrong: the section stays open. */
	beacon_timeline_advance(&dev->timeline);
	dma_fence_end_signalling(cookie);
	return 0;
}

static void reset_worker(struct work_struct *work)
{
	orrery_reset(container_of(work, struct orrery_device, reset));
}

void orrery_reset_init(struct orrery_device *dev)
{
	INIT_WORK(&dev->reset, reset_worker);
}

/* Right: who cannot have the lock at once does without the dump. */
static u64 dump_if_free(struct orrery_buffer *buffer)
{
	u64 address = 0;

	if (dma_resv_trylock(&buffer->resv)) {
		address = buffer->address;
		dma_resv_unlock(&buffer->resv);
	}
	return address;
}

/* Wrong: the holder of the lock may be waiting for the very fence of this job. */
static u64 dump(struct orrery_buffer *buffer)
{
	u64 address;

	dma_resv_lock(&buffer->resv, NULL);
	address = buffer->address;
	dma_resv_unlock(&buffer->resv);
	return address;
}

enum drm_gpu_sched_stat orrery_timedout_job(struct drm_sched_job *base)
{
	struct orrery_job *job = container_of(base, struct orrery_job, base);

	if (!dump_if_free(job->buffer))
		dump(job->buffer);
	schedule_work(&job->dev->reset);
	return DRM_GPU_SCHED_STAT_NOMINAL;
}

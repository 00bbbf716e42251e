// RUN: %check %s
// Wait/wound mutexes: their class decides, not the field. The dma_resv's is fence-resv-lock's business.
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>

struct drm_modeset_lock {
	struct ww_mutex mutex;
};

struct pool {
	struct ww_mutex lock; // of a class that the model does not know: the field tells
};

void section(struct drm_modeset_lock *modeset, struct pool *pool, struct dma_resv *resv)
{
	bool cookie = dma_fence_begin_signalling();

	ww_mutex_lock(&modeset->mutex, NULL); // expect: fence-lock-cycle lock=crtc_ww_class_mutex holder=hold_modeset
	ww_mutex_unlock(&modeset->mutex);
	ww_mutex_lock(&pool->lock, NULL); // expect: fence-lock-cycle lock=pool::lock holder=hold_pool
	ww_mutex_unlock(&pool->lock);
	dma_resv_lock(resv, NULL); // expect: fence-resv-lock
	dma_resv_unlock(resv);
	ww_mutex_lock(&resv->lock, NULL); // expect: fence-resv-lock
	ww_mutex_unlock(&resv->lock);
	dma_fence_end_signalling(cookie);
}

void hold_modeset(struct drm_modeset_lock *modeset, struct dma_fence *fence)
{
	if (ww_mutex_lock(&modeset->mutex, NULL))
		return;
	dma_fence_wait(fence, true);
	ww_mutex_unlock(&modeset->mutex);
}

void hold_pool(struct pool *pool, struct dma_fence *fence)
{
	if (ww_mutex_lock_interruptible(&pool->lock, NULL))
		return;
	dma_fence_wait(fence, true);
	ww_mutex_unlock(&pool->lock);
}

// Legal, and the reason for fence-resv-lock.
void good_resv(struct dma_resv *resv, struct dma_fence *fence)
{
	dma_resv_lock(resv, NULL);
	dma_fence_wait(fence, true);
	dma_resv_unlock(resv);
}

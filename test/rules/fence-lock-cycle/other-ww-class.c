// RUN: %check %s
// Two classes of wait/wound mutexes, of which only one is held across a wait.
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>

struct drm_modeset_lock {
	struct ww_mutex mutex;
};

struct pool {
	struct ww_mutex lock;
};

void good_modeset(struct drm_modeset_lock *modeset)
{
	bool cookie = dma_fence_begin_signalling();

	ww_mutex_lock(&modeset->mutex, NULL);
	ww_mutex_unlock(&modeset->mutex);
	dma_fence_end_signalling(cookie);
}

void hold_pool(struct pool *pool, struct dma_resv *resv, struct dma_fence *fence)
{
	ww_mutex_lock(&pool->lock, NULL);
	dma_fence_wait(fence, true);
	ww_mutex_unlock(&pool->lock);
	dma_resv_lock(resv, NULL);
	dma_fence_wait(fence, true);
	dma_resv_unlock(resv);
}

// RUN: %check %s
// A wait/wound mutex of another class is another lock.
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>

struct drm_modeset_lock {
	struct ww_mutex mutex;
};

static int lock_any(struct ww_mutex *lock)
{
	return ww_mutex_lock(lock, NULL); // expect: fence-resv-lock root=bad_passed_on
}

void good_modeset(struct drm_modeset_lock *modeset)
{
	bool cookie = dma_fence_begin_signalling();

	ww_mutex_lock(&modeset->mutex, NULL);
	ww_mutex_unlock(&modeset->mutex);
	lock_any(&modeset->mutex);
	ww_mutex_unlock(&modeset->mutex);
	dma_fence_end_signalling(cookie);
}

void bad_passed_on(struct dma_resv *resv)
{
	bool cookie = dma_fence_begin_signalling();

	lock_any(&resv->lock);
	ww_mutex_unlock(&resv->lock);
	dma_fence_end_signalling(cookie);
}

// RUN: %check %s
// Every way to wait for a dma_resv lock, and the one that does not wait.
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>

void bad(struct dma_resv *resv, struct ww_acquire_ctx *ctx)
{
	bool cookie = dma_fence_begin_signalling();

	dma_resv_lock(resv, NULL); // expect: fence-resv-lock root=bad confidence=certain sink=dma_resv_lock
	dma_resv_unlock(resv);
	if (dma_resv_lock_interruptible(resv, ctx)) // expect: fence-resv-lock sink=dma_resv_lock_interruptible
		goto out;
	dma_resv_unlock(resv);
	ww_mutex_lock(&resv->lock, ctx); // expect: fence-resv-lock
	ww_mutex_unlock(&resv->lock);
out:
	dma_fence_end_signalling(cookie);
}

// A trylock does not wait, so it adds no dependency.
void good_trylock(struct dma_resv *resv)
{
	bool cookie = dma_fence_begin_signalling();

	if (dma_resv_trylock(resv))
		dma_resv_unlock(resv);
	if (ww_mutex_trylock(&resv->lock, NULL))
		ww_mutex_unlock(&resv->lock);
	dma_fence_end_signalling(cookie);
}

// To hold the lock when the section begins is fine; to drop and take it again is not.
void bad_relock(struct dma_resv *resv)
{
	bool cookie;

	dma_resv_lock(resv, NULL);
	cookie = dma_fence_begin_signalling();
	dma_resv_unlock(resv);
	dma_resv_lock(resv, NULL); // expect: fence-resv-lock root=bad_relock
	dma_fence_end_signalling(cookie);
	dma_resv_unlock(resv);
}

void good_around(struct dma_resv *resv)
{
	bool cookie;

	dma_resv_lock(resv, NULL);
	cookie = dma_fence_begin_signalling();
	dma_resv_unlock(resv);
	dma_fence_end_signalling(cookie);
	dma_resv_lock(resv, NULL);
	dma_resv_unlock(resv);
}

// Waiting for a fence under the lock is what the lock is for.
void good_wait_locked(struct dma_resv *resv, struct dma_fence *fence)
{
	dma_resv_lock(resv, NULL);
	dma_fence_wait(fence, true);
	dma_resv_unlock(resv);
}

struct device {
	struct mutex lock;
	spinlock_t ring_lock;
};

// Other locks are another rule's business.
void good_other_locks(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->lock);
	mutex_unlock(&dev->lock);
	spin_lock(&dev->ring_lock);
	spin_unlock(&dev->ring_lock);
	dma_fence_end_signalling(cookie);
}

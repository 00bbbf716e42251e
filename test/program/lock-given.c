// RUN: %check %s
// Helpers that hold a lock they were given while they wait: whose it is, their callers say.
#include <linux/dma-fence.h>
#include <linux/mutex.h>

struct dev {
	struct mutex waited, deep, quick, upgraded, let_go;
	struct dma_fence *fence;
};

static void settle(struct mutex *lock, struct dma_fence *fence)
{
	mutex_lock(lock); // expect: fence-wait-locked root=section lock=dev::upgraded
	dma_fence_wait(fence, true);
	mutex_unlock(lock);
}

static void settle_deep(struct mutex *lock, struct dma_fence *fence)
{
	settle(lock, fence);
}

static void poke(struct mutex *lock)
{
	mutex_lock(lock);
	mutex_unlock(lock);
}

static void poke_and_wait(struct mutex *lock, struct dma_fence *fence)
{
	mutex_lock(lock);
	mutex_unlock(lock);
	dma_fence_wait(fence, true);
}

void holders(struct dev *dev)
{
	settle(&dev->waited, dev->fence);
	settle_deep(&dev->deep, dev->fence);
	poke(&dev->quick);
	poke_and_wait(&dev->let_go, dev->fence);
}

void section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->waited); // expect: fence-lock-cycle root=section lock=dev::waited holder=settle
	mutex_unlock(&dev->waited);
	mutex_lock(&dev->deep); // expect: fence-lock-cycle root=section lock=dev::deep holder=settle
	mutex_unlock(&dev->deep);
	mutex_lock(&dev->quick);
	mutex_unlock(&dev->quick);
	mutex_lock(&dev->let_go);
	mutex_unlock(&dev->let_go);
	settle(&dev->upgraded, dev->fence);
	dma_fence_end_signalling(cookie);
}

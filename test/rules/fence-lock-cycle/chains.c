// RUN: %check %s
// A lock that is held while another one is acquired, whose holders wait.
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct dev {
	struct mutex outer, inner;
	struct mutex resv_outer, resv_inner;
	struct mutex alloc_outer, alloc_inner;
	struct mutex quiet_outer, quiet_inner;
	struct mutex reversed_outer, reversed_inner;
	struct mutex try_outer, try_inner;
	struct dma_fence *fence;
	struct dma_resv *resv;
};

void section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->outer); // expect: fence-lock-cycle lock=dev::outer lock=dev::inner holder=nest holder=wait_inner until=dma_fence_wait confidence=certain says="while dev::inner is acquired, which is held across a wait for a fence"
	mutex_unlock(&dev->outer);
	mutex_lock(&dev->resv_outer); // expect: fence-lock-cycle holder=nest_resv holder=lock_inner says="while dev::resv_inner is acquired, which is held while a dma_resv lock is acquired"
	mutex_unlock(&dev->resv_outer);
	mutex_lock(&dev->alloc_outer); // expect: fence-lock-cycle lock=dev::alloc_outer lock=dev::alloc_inner holder=nest_alloc holder=alloc_inner confidence=certain says="while dev::alloc_inner is acquired, which is held across an allocation that may enter direct reclaim"
	mutex_unlock(&dev->alloc_outer);
	mutex_lock(&dev->quiet_outer);
	mutex_unlock(&dev->quiet_outer);
	mutex_lock(&dev->reversed_inner);
	mutex_unlock(&dev->reversed_inner);
	mutex_lock(&dev->try_outer);
	mutex_unlock(&dev->try_outer);
	dma_fence_end_signalling(cookie);
}

void nest(struct dev *dev)
{
	mutex_lock(&dev->outer);
	mutex_lock(&dev->inner);
	mutex_unlock(&dev->inner);
	mutex_unlock(&dev->outer);
}

void wait_inner(struct dev *dev)
{
	mutex_lock(&dev->inner);
	dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->inner);
}

void nest_resv(struct dev *dev)
{
	mutex_lock(&dev->resv_outer);
	mutex_lock(&dev->resv_inner);
	mutex_unlock(&dev->resv_inner);
	mutex_unlock(&dev->resv_outer);
}

void lock_inner(struct dev *dev)
{
	mutex_lock(&dev->resv_inner);
	dma_resv_lock(dev->resv, NULL);
	dma_resv_unlock(dev->resv);
	mutex_unlock(&dev->resv_inner);
}

// Nobody waits with the inner lock held.
void nest_quiet(struct dev *dev)
{
	mutex_lock(&dev->quiet_outer);
	mutex_lock(&dev->quiet_inner);
	mutex_unlock(&dev->quiet_inner);
	mutex_unlock(&dev->quiet_outer);
}

void use_inner(struct dev *dev)
{
	mutex_lock(&dev->quiet_inner);
	mutex_unlock(&dev->quiet_inner);
	dma_fence_wait(dev->fence, true);
}

// Somebody waits with the outer lock held, but only the inner one is taken in the section.
void nest_reversed(struct dev *dev)
{
	mutex_lock(&dev->reversed_outer);
	mutex_lock(&dev->reversed_inner);
	mutex_unlock(&dev->reversed_inner);
	dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->reversed_outer);
}

// Only tries the inner lock.
void nest_try(struct dev *dev)
{
	mutex_lock(&dev->try_outer);
	if (mutex_trylock(&dev->try_inner))
		mutex_unlock(&dev->try_inner);
	mutex_unlock(&dev->try_outer);
}

void wait_try(struct dev *dev)
{
	mutex_lock(&dev->try_inner);
	dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->try_inner);
}

void nest_alloc(struct dev *dev)
{
	mutex_lock(&dev->alloc_outer);
	mutex_lock(&dev->alloc_inner);
	mutex_unlock(&dev->alloc_inner);
	mutex_unlock(&dev->alloc_outer);
}

void alloc_inner(struct dev *dev)
{
	mutex_lock(&dev->alloc_inner);
	kmalloc(8, GFP_KERNEL);
	mutex_unlock(&dev->alloc_inner);
}

void alloc_without_reclaim(struct dev *dev)
{
	mutex_lock(&dev->quiet_inner);
	kmalloc(8, GFP_NOWAIT);
	mutex_unlock(&dev->quiet_inner);
}

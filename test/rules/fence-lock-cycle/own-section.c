// RUN: %check %s
// A lock that nobody but the section itself holds across a wait is fence-wait-locked's business.
#include <linux/dma-fence.h>
#include <linux/mutex.h>

struct dev {
	struct mutex own, shared;
	struct dma_fence *previous;
};

void only_here(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->own); // expect: fence-wait-locked root=only_here
	dma_fence_wait(dev->previous, false);
	mutex_unlock(&dev->own);
	dma_fence_end_signalling(cookie);
}

// Another section that takes it does wait for the first one, which waits with it held.
void first(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->shared); // expect: fence-wait-locked root=first
	dma_fence_wait(dev->previous, false);
	mutex_unlock(&dev->shared);
	dma_fence_end_signalling(cookie);
}

void second(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->shared); // expect: fence-lock-cycle root=second holder=first
	mutex_unlock(&dev->shared);
	dma_fence_end_signalling(cookie);
}

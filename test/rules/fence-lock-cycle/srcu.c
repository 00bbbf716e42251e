// RUN: %check %s
// Who synchronizes waits for readers; if these wait for a fence, it is as if they held a lock. Readers wait for nobody.
#include <linux/dma-fence.h>
#include <linux/srcu.h>

struct srcu_struct device_srcu, quiet_srcu;

struct dev {
	struct srcu_struct reset;
	bool gone;
};

static bool enter(struct dev *dev, int *idx)
{
	*idx = srcu_read_lock(&device_srcu);
	if (dev->gone) {
		srcu_read_unlock(&device_srcu, *idx);
		return false;
	}
	return true;
}

static void leave(int idx)
{
	srcu_read_unlock(&device_srcu, idx);
}

void wait_inside(struct dev *dev, struct dma_fence *fence)
{
	int idx;

	if (!enter(dev, &idx))
		return;
	dma_fence_wait(fence, false);
	leave(idx);
}

void wait_after(struct dev *dev, struct dma_fence *fence)
{
	int idx = srcu_read_lock(&dev->reset);

	srcu_read_unlock(&dev->reset, idx);
	dma_fence_wait(fence, false);
}

void bad_synchronize(void)
{
	bool cookie = dma_fence_begin_signalling();

	synchronize_srcu(&device_srcu); // expect: fence-lock-cycle lock=device_srcu holder=wait_inside until=dma_fence_wait
	dma_fence_end_signalling(cookie);
}

void good_read(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();
	int idx;

	if (enter(dev, &idx))
		leave(idx);
	dma_fence_end_signalling(cookie);
}

void good_synchronize(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	synchronize_srcu(&dev->reset);
	synchronize_srcu(&quiet_srcu);
	dma_fence_end_signalling(cookie);
}


// RUN: %check %s
// Early returns, goto chains and loops: what is held where.
#include <linux/dma-fence.h>
#include <linux/mutex.h>

struct dev {
	struct mutex unwound, wrong_order, early, early_free, loop, loop_free, switched, two_a, two_b;
	struct dma_fence *fence;
	int state, jobs;
};

void section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->unwound);
	mutex_unlock(&dev->unwound);
	mutex_lock(&dev->wrong_order); // expect: fence-lock-cycle holder=hold_unwound_wrong
	mutex_unlock(&dev->wrong_order);
	mutex_lock(&dev->early); // expect: fence-lock-cycle holder=hold_early
	mutex_unlock(&dev->early);
	mutex_lock(&dev->early_free);
	mutex_unlock(&dev->early_free);
	mutex_lock(&dev->loop); // expect: fence-lock-cycle holder=hold_loop
	mutex_unlock(&dev->loop);
	mutex_lock(&dev->loop_free);
	mutex_unlock(&dev->loop_free);
	mutex_lock(&dev->switched); // expect: fence-lock-cycle holder=hold_switched
	mutex_unlock(&dev->switched);
	mutex_lock(&dev->two_a); // expect: fence-lock-cycle says="while dev::two_b is acquired, which is held across a wait for a fence"
	mutex_unlock(&dev->two_a);
	mutex_lock(&dev->two_b); // expect: fence-lock-cycle holder=hold_two says="held elsewhere across a wait for a fence"
	mutex_unlock(&dev->two_b);
	dma_fence_end_signalling(cookie);
}

int good_unwound(struct dev *dev)
{
	int ret = -EBUSY;

	mutex_lock(&dev->unwound);
	if (dev->state)
		goto unlock;
	dev->jobs++;
	mutex_unlock(&dev->unwound);
	ret = 0;
	goto wait;
unlock:
	mutex_unlock(&dev->unwound);
wait:
	dma_fence_wait(dev->fence, true);
	return ret;
}

int hold_unwound_wrong(struct dev *dev)
{
	int ret = -EBUSY;

	mutex_lock(&dev->wrong_order);
	if (dev->state)
		goto wait;
	dev->jobs++;
	mutex_unlock(&dev->wrong_order);
	return 0;
wait:
	dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->wrong_order);
	return ret;
}

int hold_early(struct dev *dev)
{
	mutex_lock(&dev->early);
	if (dev->state) {
		dma_fence_wait(dev->fence, true);
		mutex_unlock(&dev->early);
		return 0;
	}
	mutex_unlock(&dev->early);
	return -EBUSY;
}

int good_early(struct dev *dev)
{
	mutex_lock(&dev->early_free);
	if (!dev->state) {
		mutex_unlock(&dev->early_free);
		return -EBUSY;
	}
	mutex_unlock(&dev->early_free);
	dma_fence_wait(dev->fence, true);
	return 0;
}

void hold_loop(struct dev *dev)
{
	int i;

	mutex_lock(&dev->loop);
	for (i = 0; i < dev->jobs; i++)
		dma_fence_wait(dev->fence + i, true);
	mutex_unlock(&dev->loop);
}

void good_loop(struct dev *dev)
{
	int i;

	for (i = 0; i < dev->jobs; i++) {
		mutex_lock(&dev->loop_free);
		dev->state++;
		mutex_unlock(&dev->loop_free);
		dma_fence_wait(dev->fence + i, true);
	}
}

void hold_switched(struct dev *dev)
{
	mutex_lock(&dev->switched);
	switch (dev->state) {
	case 0:
		break;
	case 1:
		mutex_unlock(&dev->switched);
		return;
	default:
		dma_fence_wait(dev->fence, true);
	}
	mutex_unlock(&dev->switched);
}

// Not released in the order in which they were taken: only one is held across the wait, and the other one across that one.
void hold_two(struct dev *dev)
{
	mutex_lock(&dev->two_a);
	mutex_lock(&dev->two_b);
	mutex_unlock(&dev->two_a);
	dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->two_b);
}

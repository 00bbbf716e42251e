// RUN: %check %s
// Both halves must be believed at once: together they have no more than twelve hops, or the finding is only possible.
#include <linux/dma-fence.h>
#include <linux/mutex.h>

struct dev {
	struct mutex far, near;
	struct dma_fence *fence;
};

bool ready(int step);

static void take(struct dev *dev)
{
	mutex_lock(&dev->far); // expect: fence-lock-cycle root=section confidence=possible holder=hold_far
	mutex_unlock(&dev->far);
	mutex_lock(&dev->near); // expect: fence-lock-cycle root=section confidence=certain holder=hold_near
	mutex_unlock(&dev->near);
}

static void take_6(struct dev *dev)
{
	if (ready(6))
		take(dev);
}

static void take_5(struct dev *dev)
{
	if (ready(5))
		take_6(dev);
}

static void take_4(struct dev *dev)
{
	if (ready(4))
		take_5(dev);
}

static void take_3(struct dev *dev)
{
	if (ready(3))
		take_4(dev);
}

static void take_2(struct dev *dev)
{
	if (ready(2))
		take_3(dev);
}

static void take_1(struct dev *dev)
{
	if (ready(1))
		take_2(dev);
}

void section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	take_1(dev);
	dma_fence_end_signalling(cookie);
}

static void wait_6(struct dev *dev)
{
	if (ready(6))
		dma_fence_wait(dev->fence, false);
}

static void wait_5(struct dev *dev)
{
	if (ready(5))
		wait_6(dev);
}

static void wait_4(struct dev *dev)
{
	if (ready(4))
		wait_5(dev);
}

static void wait_3(struct dev *dev)
{
	if (ready(3))
		wait_4(dev);
}

static void wait_2(struct dev *dev)
{
	if (ready(2))
		wait_3(dev);
}

static void wait_1(struct dev *dev)
{
	if (ready(1))
		wait_2(dev);
}

void hold_far(struct dev *dev)
{
	mutex_lock(&dev->far);
	wait_1(dev);
	mutex_unlock(&dev->far);
}

// The shorter way is chosen, though it is not the first one.
void also_hold_near(struct dev *dev)
{
	mutex_lock(&dev->near);
	wait_1(dev);
	mutex_unlock(&dev->near);
}

void hold_near(struct dev *dev)
{
	mutex_lock(&dev->near);
	wait_4(dev);
	mutex_unlock(&dev->near);
}


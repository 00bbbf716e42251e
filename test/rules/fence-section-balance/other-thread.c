// RUN: %check %s
// A section belongs to a thread: its cookie is of no use in another one.
#include <linux/dma-fence.h>
#include <linux/workqueue.h>

struct device {
	struct work_struct work;
	bool cookie;
};

static void work_fn(struct work_struct *work)
{
	struct device *dev = container_of(work, struct device, work);

	dma_fence_end_signalling(dev->cookie); // expect: fence-section-balance
}

void device_init(struct device *dev)
{
	INIT_WORK(&dev->work, work_fn);
}

void bad_hand_over(struct device *dev)
{
	dev->cookie = dma_fence_begin_signalling();
	schedule_work(&dev->work);
}

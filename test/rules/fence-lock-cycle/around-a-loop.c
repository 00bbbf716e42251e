// RUN: %check %s
// A lock that is taken and released under one condition, around a loop that does not ask it.
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/uaccess.h>

struct dev {
	struct mutex pm, poll;
	int busy;
};

void step(struct dev *dev, int at);

long debugfs_read(struct dev *dev, char __user *to, char *data, unsigned long *pos, unsigned long size)
{
	bool locked = *pos & 4;
	unsigned long n = size;

	if (locked)
		mutex_lock(&dev->pm);
	while (n) {
		step(dev, *pos);
		*pos += 4;
		n -= 4;
	}
	if (locked)
		mutex_unlock(&dev->pm);
	return copy_to_user(to, data, size);
}

/* Here the condition changes. */
long poll_read(struct dev *dev, char __user *to, char *data)
{
	if (dev->busy)
		mutex_lock(&dev->poll);
	while (dev->busy)
		step(dev, 0);
	if (dev->busy)
		mutex_unlock(&dev->poll);
	return copy_to_user(to, data, 8);
}

void good_released(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->pm);
	mutex_unlock(&dev->pm);
	dma_fence_end_signalling(cookie);
}

void bad_not_released(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->poll); // expect: fence-lock-cycle lock=dev::poll holder=poll_read until=copy_to_user
	mutex_unlock(&dev->poll);
	dma_fence_end_signalling(cookie);
}

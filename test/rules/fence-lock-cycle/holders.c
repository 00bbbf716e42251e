// RUN: %check %s
// Who of several holders is shown, and who else is named.
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct seq_file;
int single_open(void *file, int (*show)(struct seq_file *, void *), void *data);
int simple_attr_open(void *inode, void *file, int (*get)(void *, unsigned long long *),
		     int (*set)(void *, unsigned long long), const char *format);

struct dev {
	struct mutex lock, only_lock, stats_lock;
	struct dma_fence *fence;
	struct dev *next;
};

static void idle(struct dev *dev)
{
	dma_fence_wait(dev->fence, false);
}

// A file in debugfs: the shortest way, but it hardly ever runs.
static int reset_set(void *data, unsigned long long value)
{
	struct dev *dev = data;

	mutex_lock(&dev->lock);
	dma_fence_wait(dev->fence, false);
	mutex_unlock(&dev->lock);
	return 0;
}

int reset_open(void *inode, void *file)
{
	return simple_attr_open(inode, file, 0, reset_set, "%llu\n");
}

void recover(struct dev *dev)
{
	mutex_lock(&dev->lock);
	idle(dev);
	mutex_unlock(&dev->lock);
}

static void idle_all(struct dev *dev)
{
	for (; dev; dev = dev->next)
		idle(dev);
}

void suspend(struct dev *dev)
{
	mutex_lock(&dev->lock);
	idle_all(dev);
	mutex_unlock(&dev->lock);
}

// These are no deadlocks of the same kind, or none at all: nobody has to mend them for this one.
void allocate(struct dev *dev)
{
	mutex_lock(&dev->lock);
	kfree(kmalloc(8, GFP_KERNEL));
	mutex_unlock(&dev->lock);
}

void count(struct dev *dev)
{
	mutex_lock(&dev->lock);
	mutex_unlock(&dev->lock);
	idle(dev);
}

void bad(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->lock); // expect: fence-lock-cycle root=bad holder=recover too=suspend,reset_set not-too=recover,allocate,count
	mutex_unlock(&dev->lock);
	dma_fence_signal(dev->fence);
	dma_fence_end_signalling(cookie);
}

// Nobody but a file of debugfs: a deadlock all the same.
static int show(struct seq_file *m, void *data)
{
	struct dev *dev = data;

	mutex_lock(&dev->only_lock);
	dma_fence_wait(dev->fence, false);
	mutex_unlock(&dev->only_lock);
	return 0;
}

int show_open(void *file, void *data)
{
	return single_open(file, show, data);
}

void bad_file(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->only_lock); // expect: fence-lock-cycle root=bad_file confidence=certain holder=show not-too=show
	mutex_unlock(&dev->only_lock);
	dma_fence_signal(dev->fence);
	dma_fence_end_signalling(cookie);
}

// A file that waits for nothing.
static int show_stats(struct seq_file *m, void *data)
{
	struct dev *dev = data;

	mutex_lock(&dev->stats_lock);
	mutex_unlock(&dev->stats_lock);
	return 0;
}

int stats_open(void *file, void *data)
{
	return single_open(file, show_stats, data);
}

void good(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->stats_lock);
	mutex_unlock(&dev->stats_lock);
	dma_fence_signal(dev->fence);
	dma_fence_end_signalling(cookie);
}

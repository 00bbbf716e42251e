// RUN: %check --rules=fence-missing-section %s
// Interrupt handlers, and the work they queue. Nothing is critical because it signals.
#include <linux/dma-fence.h>
#include <linux/workqueue.h>

typedef int irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(int irq, void *data);
struct file;
struct file_operations {
	long (*unlocked_ioctl)(struct file *file, unsigned int cmd, unsigned long arg);
};
struct shrinker {
	unsigned long (*scan_objects)(struct shrinker *shrinker, void *sc);
};

int request_threaded_irq(unsigned int irq, irq_handler_t handler, irq_handler_t thread, unsigned long flags, const char *name, void *data);
int dma_fence_signal_locked(struct dma_fence *fence);
bool done(void);

bool dma_fence_is_signaled(struct dma_fence *fence)
{
	if (fence->ops->signaled && fence->ops->signaled(fence)) {
		dma_fence_signal(fence);
		return true;
	}
	return false;
}

struct device {
	struct dma_fence *job, *other;
	struct work_struct finish, tidy, never, own, far;
	struct workqueue_struct *wq;
};

static void complete_job(struct device *dev)
{
	dma_fence_signal(dev->job);
}

static irqreturn_t bad_irq(int irq, void *data) // expect: fence-missing-section root=bad_irq via=complete_job confidence=certain says=begin
{
	struct device *dev = data;

	if (!done())
		return 0;
	complete_job(dev);
	queue_work(dev->wq, &dev->finish);
	return 1;
}

static irqreturn_t bad_thread(int irq, void *data) // expect: fence-missing-section root=bad_thread says=interrupt
{
	struct device *dev = data;
	bool cookie = dma_fence_begin_signalling();

	complete_job(dev);
	dma_fence_end_signalling(cookie);
	dma_fence_signal_locked(dev->other);
	return 1;
}

static irqreturn_t good_irq(int irq, void *data)
{
	struct device *dev = data;
	bool cookie = dma_fence_begin_signalling();

	complete_job(dev);
	queue_work(dev->wq, &dev->own);
	dma_fence_end_signalling(cookie);
	return 1;
}

static irqreturn_t good_looks(int irq, void *data)
{
	struct device *dev = data;

	return dma_fence_is_signaled(dev->job);
}

static void finish(struct work_struct *work) // expect: fence-missing-section root=finish says='bad_irq'
{
	struct device *dev = container_of(work, struct device, finish);

	complete_job(dev);
	queue_work(dev->wq, &dev->far);
}

static void own(struct work_struct *work)
{
	struct device *dev = container_of(work, struct device, own);
	bool cookie = dma_fence_begin_signalling();

	complete_job(dev);
	dma_fence_end_signalling(cookie);
}

// Only userspace asks for it.
static void tidy(struct work_struct *work)
{
	complete_job(container_of(work, struct device, tidy));
}

static void e(struct device *dev)
{
	complete_job(dev);
}

static void d(struct device *dev)
{
	e(dev);
}

static void c(struct device *dev)
{
	d(dev);
}

static void b(struct device *dev)
{
	c(dev);
}

// Far from its signal: a worker for something else.
static void far(struct work_struct *work)
{
	b(container_of(work, struct device, far));
}

static long good_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct device *dev = (struct device *)arg;

	complete_job(dev);
	queue_work(dev->wq, &dev->tidy);
	return dma_fence_wait(dev->job, true);
}

static unsigned long good_shrinker(struct shrinker *shrinker, void *sc)
{
	complete_job(sc);
	return 0;
}

static const struct file_operations fops = { .unlocked_ioctl = good_ioctl };
struct shrinker shrinker = { .scan_objects = good_shrinker };

const void *probe(struct device *dev)
{
	INIT_WORK(&dev->finish, finish);
	INIT_WORK(&dev->tidy, tidy);
	INIT_WORK(&dev->own, own);
	INIT_WORK(&dev->far, far);
	request_threaded_irq(1, bad_irq, bad_thread, 0, "bad", dev);
	request_threaded_irq(2, good_irq, 0, 0, "good", dev);
	request_threaded_irq(3, good_looks, 0, 0, "looks", dev);
	return &fops;
}

// RUN: %check --rules=fence-wait-atomic %s
// Functions that are called where nothing may sleep.
#include <drm/gpu_scheduler.h>
#include <linux/dma-fence.h>
#include <linux/interrupt.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

struct device {
	spinlock_t lock;
	struct dma_fence *fence;
	struct dma_fence_cb cb;
	struct timer_list timer;
	struct work_struct work;
};

static struct device *dev;

static void wait(void)
{
	dma_fence_wait(dev->fence, false); // expect: fence-wait-atomic root=bad_handler confidence=certain; fence-wait-atomic root=bad_timer; fence-wait-atomic root=bad_callback; fence-wait-atomic root=bad_drops_a_lock_of_its_own; fence-wait-atomic root=bad_release; fence-wait-atomic root=bad_signaled
}

static irqreturn_t bad_handler(int irq, void *data)
{
	wait();
	return 0;
}

static irqreturn_t bad_drops_a_lock_of_its_own(int irq, void *data)
{
	spin_lock(&dev->lock);
	spin_unlock(&dev->lock);
	wait();
	return 0;
}

static irqreturn_t good_handler(int irq, void *data)
{
	dma_fence_signal(dev->fence);
	schedule_work(&dev->work);
	return 1;
}

static irqreturn_t good_thread(int irq, void *data)
{
	wait();
	return 0;
}

static void bad_timer(struct timer_list *timer)
{
	wait();
}

static void good_work(struct work_struct *work)
{
	wait();
}

static void bad_callback(struct dma_fence *fence, struct dma_fence_cb *cb)
{
	bool cookie = dma_fence_begin_signalling();

	wait();
	dma_fence_end_signalling(cookie);
}

static bool bad_enable(struct dma_fence *fence)
{
	return dma_fence_wait_timeout(dev->fence, true, 1); // expect: fence-wait-atomic root=bad_enable
}

// A scheduler's thread may sleep.
static struct dma_fence *good_run(struct drm_sched_job *job)
{
	wait();
	return 0;
}

static const struct dma_fence_ops fence_ops = {
	.enable_signaling = bad_enable,
};

static const struct drm_sched_backend_ops sched_ops = {
	.run_job = good_run,
};

// Which of several functions a pointer holds where nothing may sleep is no chance.
struct ring {
	void (*begin_use)(struct ring *ring);
};

static void wakes_first(struct ring *ring)
{
	wait();
}

static void drains_first(struct ring *ring)
{
	wait();
}

static const struct ring rings[] = { { .begin_use = wakes_first }, { .begin_use = drains_first } };

void good_guess(struct ring *ring)
{
	spin_lock(&dev->lock);
	ring->begin_use(ring);
	spin_unlock(&dev->lock);
}

int probe(struct drm_gpu_scheduler *sched)
{
	INIT_WORK(&dev->work, good_work);
	timer_setup(&dev->timer, bad_timer, 0);
	dma_fence_init(dev->fence, &fence_ops, &dev->lock, 1, 1);
	dma_fence_add_callback(dev->fence, &dev->cb, bad_callback);
	request_threaded_irq(1, bad_handler, good_thread, 0, "a", dev);
	request_threaded_irq(2, bad_drops_a_lock_of_its_own, 0, 0, "b", dev);
	request_threaded_irq(3, good_handler, 0, 0, "c", dev);
	return drm_sched_init(sched, &sched_ops);
}

static void bad_release(struct dma_fence *fence)
{
	wait();
}

static bool bad_signaled(struct dma_fence *fence)
{
	wait();
	return true;
}

static const struct dma_fence_ops waiting_fence_ops = {
	.release = bad_release,
	.signaled = bad_signaled,
};

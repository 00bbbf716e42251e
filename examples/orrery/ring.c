#include "orrery.h"
#include <linux/slab.h>

enum { RING_TAIL, RING_CONTROL };
enum { RING_SIZE = 1024, RING_STOP = 0 };

static void ring_write(struct orrery_ring *ring, u64 value)
{
	ring->commands[ring->tail++ % RING_SIZE] = (u32)value;
	writel(ring->tail, &ring->regs[RING_TAIL]);
}

static void ring_stop(struct orrery_ring *ring)
{
	writel(RING_STOP, &ring->regs[RING_CONTROL]);
}

/* Right: the space for commands was reserved when the ring was made. */
static int render_emit(struct orrery_ring *ring, struct orrery_job *job)
{
	ring_write(ring, job->buffer->address);
	return 0;
}

/* Wrong: this runs in run_job, on which other drivers' fences wait by now. */
static int copy_emit(struct orrery_ring *ring, struct orrery_job *job)
{
	u64 *descriptor = kmalloc(sizeof(*descriptor), GFP_KERNEL);

	if (!descriptor)
		return -ENOMEM;
	*descriptor = job->buffer->address;
	ring_write(ring, (u64)descriptor);
	return 0;
}

static const struct orrery_ring_ops render_ops = {
	.emit = render_emit,
	.stop = ring_stop,
};

static const struct orrery_ring_ops copy_ops = {
	.emit = copy_emit,
	.stop = ring_stop,
};

static void ring_init(struct orrery_ring *ring, volatile u32 *regs,
		      const struct orrery_ring_ops *ops)
{
	ring->regs = regs;
	ring->ops = ops;
	ring->commands = kmalloc(RING_SIZE * sizeof(u32), GFP_KERNEL);
}

void orrery_rings_init(struct orrery_device *dev, volatile u32 *regs)
{
	ring_init(&dev->render, regs, &render_ops);
	ring_init(&dev->copy, regs + 16, &copy_ops);
}

/* Half of a deadlock: this runs in run_job and waits for whoever powers off. */
void orrery_power_get(struct orrery_device *dev)
{
	mutex_lock(&dev->power_lock);
	dev->users++;
	mutex_unlock(&dev->power_lock);
}

/* The other half: it waits for a job with the lock held that run_job needs. */
void orrery_power_off(struct orrery_device *dev, struct dma_fence *last)
{
	mutex_lock(&dev->power_lock);
	if (!dma_fence_wait(last, false))
		dev->users = 0;
	mutex_unlock(&dev->power_lock);
}

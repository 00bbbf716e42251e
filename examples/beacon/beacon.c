#include "beacon.h"
#include <linux/slab.h>

struct beacon_fence {
	struct dma_fence base;
	struct beacon_timeline *timeline;
};

static const char *beacon_name(struct dma_fence *fence)
{
	return "beacon";
}

/* Right: nothing to prepare, so nothing can block. */
static bool beacon_enable_signaling(struct dma_fence *fence)
{
	return true;
}

static void beacon_release(struct dma_fence *fence)
{
	kfree(container_of(fence, struct beacon_fence, base));
}

static const struct dma_fence_ops beacon_fence_ops = {
	.get_driver_name = beacon_name,
	.enable_signaling = beacon_enable_signaling,
	.release = beacon_release,
};

struct dma_fence *beacon_fence_create(struct beacon_timeline *timeline)
{
	struct beacon_fence *fence = kzalloc(sizeof(*fence), GFP_KERNEL);

	if (!fence)
		return NULL;
	fence->timeline = timeline;
	dma_fence_init(&fence->base, &beacon_fence_ops, NULL, timeline->context,
		       ++timeline->seqno);
	return &fence->base;
}
EXPORT_SYMBOL_GPL(beacon_fence_create);

/* May be called from a fence callback: the history is written by a worker that nobody waits for. */
void beacon_timeline_advance(struct beacon_timeline *timeline)
{
	timeline->seqno++;
	schedule_work(&timeline->trace);
}
EXPORT_SYMBOL_GPL(beacon_timeline_advance);

static void beacon_trace(struct work_struct *work)
{
	struct beacon_timeline *timeline =
		container_of(work, struct beacon_timeline, trace);

	timeline->history = kmalloc(4096, GFP_KERNEL);
}

/* Wrong: beacon_timeline_stop() waits for this worker, and drivers call that while they reset. */
static void beacon_expire(struct work_struct *work)
{
	struct beacon_timeline *timeline =
		container_of(work, struct beacon_timeline, expire);

	if (!timeline->history)
		timeline->history = kmalloc(4096, GFP_KERNEL);
}

void beacon_timeline_init(struct beacon_timeline *timeline, u64 context)
{
	timeline->context = context;
	INIT_WORK(&timeline->trace, beacon_trace);
	INIT_WORK(&timeline->expire, beacon_expire);
}
EXPORT_SYMBOL_GPL(beacon_timeline_init);

void beacon_timeline_stop(struct beacon_timeline *timeline)
{
	cancel_work_sync(&timeline->expire);
}
EXPORT_SYMBOL_GPL(beacon_timeline_stop);

/* beacon: fences on a software timeline, for drivers whose hardware has none. */
#ifndef BEACON_H
#define BEACON_H

#include <linux/dma-fence.h>
#include <linux/workqueue.h>

struct beacon_timeline {
	u64 context, seqno;
	struct work_struct trace; /* writes the timeline's history down */
	struct work_struct expire; /* signals what is overdue */
	void *history;
};

void beacon_timeline_init(struct beacon_timeline *timeline, u64 context);
struct dma_fence *beacon_fence_create(struct beacon_timeline *timeline);
void beacon_timeline_advance(struct beacon_timeline *timeline);
void beacon_timeline_stop(struct beacon_timeline *timeline);

#endif

// RUN: %check %s
// The lists of an object that the thread has just made have no entries: what is done for them is possible only.
#include <linux/dma-fence.h>
#include <linux/list.h>
#include <linux/slab.h>

struct job {
	struct list_head list;
};

struct queue {
	struct list_head jobs, idle;
	struct job *first;
};

void queue_init(struct queue *queue)
{
	INIT_LIST_HEAD(&queue->jobs);
	INIT_LIST_HEAD(&queue->idle);
}

void queue_stop(struct queue *queue)
{
	struct job *job;

	list_for_each_entry(job, &queue->jobs, list)
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=good confidence=possible
}

void good(void)
{
	bool cookie = dma_fence_begin_signalling();
	struct queue *queue = kzalloc(sizeof(*queue), GFP_NOWAIT);

	queue_init(queue);
	queue_stop(queue);
	dma_fence_end_signalling(cookie);
}

// In the function that has made it, too, and whichever way the list is tested.
void good_here(void)
{
	bool cookie = dma_fence_begin_signalling();
	struct queue *queue = kzalloc(sizeof(*queue), GFP_NOWAIT);

	queue_init(queue);
	if (!list_empty(&queue->idle))
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim confidence=possible
	if (list_empty(&queue->idle))
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim confidence=certain
	dma_fence_end_signalling(cookie);
}

void queue_drain(struct queue *queue)
{
	while (!list_empty(&queue->jobs))
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_old confidence=certain
}

// An object that was there before.
void bad_old(struct queue *queue)
{
	bool cookie = dma_fence_begin_signalling();

	queue_drain(queue);
	dma_fence_end_signalling(cookie);
}

struct queue *queue_find(int id);

void queue_flush(struct queue *queue)
{
	struct job *job;

	list_for_each_entry(job, &queue->jobs, list)
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_found confidence=certain
}

void bad_found(int id)
{
	bool cookie = dma_fence_begin_signalling();
	struct queue *queue = queue_find(id);

	queue_flush(queue);
	dma_fence_end_signalling(cookie);
}

// Either of the two.
void queue_clear(struct queue *queue)
{
	while (!list_empty(&queue->jobs))
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_either confidence=certain
}

void bad_either(struct queue *queue, int more)
{
	bool cookie = dma_fence_begin_signalling();

	if (more)
		queue = kzalloc(sizeof(*queue), GFP_NOWAIT);
	queue_clear(queue);
	dma_fence_end_signalling(cookie);
}

// It has entries by now.
void queue_fill(struct queue *queue, struct job *job)
{
	list_add(&job->list, &queue->jobs);
}

void queue_end(struct queue *queue)
{
	struct job *job;

	list_for_each_entry(job, &queue->jobs, list)
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_filled confidence=certain
}

void bad_filled(struct job *job)
{
	bool cookie = dma_fence_begin_signalling();
	struct queue *queue = kzalloc(sizeof(*queue), GFP_NOWAIT);

	queue_init(queue);
	queue_fill(queue, job);
	queue_end(queue);
	dma_fence_end_signalling(cookie);
}

void bad_filled_here(struct job *job)
{
	bool cookie = dma_fence_begin_signalling();
	struct queue *queue = kzalloc(sizeof(*queue), GFP_NOWAIT);

	queue_init(queue);
	list_add(&job->list, &queue->idle);
	while (!list_empty(&queue->idle))
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim confidence=certain
	dma_fence_end_signalling(cookie);
}

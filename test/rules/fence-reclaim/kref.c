// RUN: %check %s
// A release function runs only when the last reference goes: a path, but not a certain one.
#include <linux/dma-fence.h>
#include <linux/kref.h>
#include <linux/slab.h>

struct job {
	struct kref ref;
};

static void job_release(struct kref *ref)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=last_put confidence=likely
}

static void job_free(struct kref *ref)
{
	kfree(container_of(ref, struct job, ref));
}

void last_put(struct job *job)
{
	bool cookie = dma_fence_begin_signalling();

	kref_put(&job->ref, job_release);
	dma_fence_end_signalling(cookie);
}

void good_put(struct job *job)
{
	bool cookie = dma_fence_begin_signalling();

	kref_put(&job->ref, job_free);
	dma_fence_end_signalling(cookie);
}

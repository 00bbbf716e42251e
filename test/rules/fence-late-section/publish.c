// RUN: %check --rules=fence-late-section %s
// From the moment that others see the fence, to the section, the hand-over or the signal.
#include <drm/gpu_scheduler.h>
#include <linux/dma-resv.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

struct drm_syncobj;
struct file;
struct sync_file {
	struct file *file;
};
struct job {
	struct drm_sched_job base;
	struct dma_fence *fence;
	struct dma_resv *resv, *other;
	struct drm_syncobj *out;
	struct sync_file *sync;
	void *memory;
	bool wanted;
};

void dma_resv_add_fence(struct dma_resv *obj, struct dma_fence *fence, int usage);
void drm_syncobj_replace_fence(struct drm_syncobj *syncobj, struct dma_fence *fence);
void drm_sched_entity_push_job(struct drm_sched_job *job);
void fd_install(unsigned int fd, struct file *file);
bool busy(void);

void bad_before_push(struct job *job)
{
	dma_resv_add_fence(job->resv, job->fence, 1);
	job->memory = kmalloc(8, GFP_KERNEL); // expect: fence-late-section root=bad_before_push kind=published confidence=certain
	drm_sched_entity_push_job(&job->base);
	kfree(kmalloc(8, GFP_KERNEL));
}

void bad_before_begin(struct job *job)
{
	bool cookie;

	drm_syncobj_replace_fence(job->out, job->fence);
	dma_resv_lock(job->other, NULL); // expect: fence-late-section root=bad_before_begin sink=dma_resv_lock
	dma_resv_unlock(job->other);
	cookie = dma_fence_begin_signalling();
	kmalloc(8, GFP_KERNEL); // the section's own rules
	dma_fence_end_signalling(cookie);
	kmalloc(8, GFP_KERNEL);
}

void bad_before_signal(struct job *job, void __user *to)
{
	fd_install(3, job->sync->file);
	if (copy_to_user(to, job, 4)) // expect: fence-late-section confidence=certain
		return;
	dma_fence_signal(job->fence);
}

static void publish(struct job *job)
{
	if (job->wanted)
		dma_resv_add_fence(job->resv, job->fence, 1);
}

static void prepare(struct job *job)
{
	job->memory = kzalloc(8, GFP_KERNEL); // expect: fence-late-section root=bad_helpers via=bad_helpers in=prepare
}

static void push(struct job *job)
{
	drm_sched_entity_push_job(&job->base);
}

void bad_helpers(struct job *job)
{
	publish(job);
	prepare(job);
	push(job);
}

void possible_nothing_follows(struct job *job)
{
	dma_resv_add_fence(job->resv, job->fence, 1);
	kmalloc(8, GFP_KERNEL); // expect: fence-late-section confidence=possible
}

void good_order(struct job *job)
{
	job->memory = kmalloc(8, GFP_KERNEL);
	dma_resv_lock(job->resv, NULL);
	dma_resv_add_fence(job->resv, job->fence, 1);
	dma_resv_unlock(job->resv);
	kfree(kmalloc(8, GFP_NOWAIT));
	drm_sched_entity_push_job(&job->base);
	kmalloc(8, GFP_KERNEL);
}

void good_in_section(struct job *job)
{
	bool cookie = dma_fence_begin_signalling();

	dma_resv_add_fence(job->resv, job->fence, 1);
	kmalloc(8, GFP_NOWAIT);
	drm_sched_entity_push_job(&job->base);
	dma_fence_end_signalling(cookie);
}

void good_begins_at_once(struct job *job)
{
	bool cookie;

	dma_resv_add_fence(job->resv, job->fence, 1);
	cookie = dma_fence_begin_signalling();
	dma_fence_end_signalling(cookie);
	kmalloc(8, GFP_KERNEL);
}

void good_no_fence(struct job *job)
{
	drm_syncobj_replace_fence(job->out, NULL);
	kmalloc(8, GFP_KERNEL);
	drm_sched_entity_push_job(&job->base);
}

void good_other_file(struct job *job, struct file *file)
{
	fd_install(3, file);
	kmalloc(8, GFP_KERNEL);
	drm_sched_entity_push_job(&job->base);
}

// A copy's fence, which the hardware signals; the job is another object.
static void copy(struct dma_resv *resv, struct dma_fence *fence)
{
	dma_resv_add_fence(resv, fence, 1);
}

void good_other_job(struct job *job, struct dma_resv *resv, struct dma_fence *fence)
{
	copy(resv, fence);
	kmalloc(8, GFP_KERNEL);
	drm_sched_entity_push_job(&job->base);
}

void good_other_way(struct job *job)
{
	if (busy()) {
		kmalloc(8, GFP_KERNEL);
		return;
	}
	dma_resv_add_fence(job->resv, job->fence, 1);
	drm_sched_entity_push_job(&job->base);
}

// RUN: %check %s
// User access in helpers, behind tables and on contract paths.
#include <drm/gpu_scheduler.h>
#include <linux/dma-fence.h>
#include <linux/uaccess.h>

struct relocations {
	const char __user *from;
	int (*apply)(struct relocations *relocs);
};

static int apply_slow(struct relocations *relocs)
{
	int value;

	return get_user(value, (const int __user *)relocs->from); // expect: fence-user-fault root=bad edge=relocations::apply
}

void relocations_init(struct relocations *relocs)
{
	relocs->apply = apply_slow;
}

void bad(struct relocations *relocs)
{
	bool cookie = dma_fence_begin_signalling();

	relocs->apply(relocs);
	dma_fence_end_signalling(cookie);
}

struct job {
	struct drm_sched_job base;
	void *commands;
	const void __user *from;
};

static struct dma_fence *run(struct drm_sched_job *base)
{
	struct job *job = container_of(base, struct job, base);

	if (copy_from_user(job->commands, job->from, 8)) // expect: fence-user-fault root=run kind=contract
		return ERR_PTR(-EFAULT);
	return NULL;
}

const struct drm_sched_backend_ops ops = { .run_job = run };

#include "orrery.h"
#include <linux/slab.h>
#include <linux/uaccess.h>

struct orrery_submit {
	u64 address;
	u64 __user *seqno;
};

static struct orrery_job *submit_job(struct orrery_device *dev,
				     const void __user *from,
				     struct orrery_submit *args)
{
	struct orrery_job *job;

	if (copy_from_user(args, from, sizeof(*args)))
		return NULL;
	job = kzalloc(sizeof(*job), GFP_KERNEL);
	if (job && orrery_job_init(job, dev)) {
		kfree(job);
		return NULL;
	}
	return job;
}

/* Wrong: the section begins before userspace has got its answer. */
int orrery_ioctl_flush(struct orrery_device *dev, const void __user *from)
{
	struct orrery_submit args;
	struct orrery_job *job = submit_job(dev, from, &args);
	bool cookie;
	int error;

	if (!job)
		return -EINVAL;
	cookie = dma_fence_begin_signalling();
	error = put_user(job->fence->seqno, args.seqno);
	dma_fence_signal(job->fence);
	dma_fence_end_signalling(cookie);
	return error;
}

/* Right: first everything that may fault, then the section. */
int orrery_ioctl_signal(struct orrery_device *dev, const void __user *from)
{
	struct orrery_submit args;
	struct orrery_job *job = submit_job(dev, from, &args);
	bool cookie;

	if (!job)
		return -EINVAL;
	if (put_user(job->fence->seqno, args.seqno))
		return -EFAULT;
	cookie = dma_fence_begin_signalling();
	dma_fence_signal(job->fence);
	dma_fence_end_signalling(cookie);
	return 0;
}

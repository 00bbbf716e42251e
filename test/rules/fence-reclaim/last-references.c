// RUN: %check %s
// One dropped reference may be the last one, and take a second object with it; that this one takes a third is only possible.
#include <linux/dma-fence.h>
#include <linux/kref.h>
#include <linux/slab.h>

bool refcount_dec_and_test(int *count);

struct pool {
	struct kref ref;
};

struct vm {
	struct kref ref;
	struct pool *pool;
};

struct job {
	struct kref ref;
	struct vm *vm;
	int users;
};

static void pool_release(struct kref *ref)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_put confidence=possible
}

static void vm_release(struct kref *ref)
{
	struct vm *vm = container_of(ref, struct vm, ref);

	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_put confidence=likely
	kref_put(&vm->pool->ref, pool_release);
}

static void job_release(struct kref *ref)
{
	struct job *job = container_of(ref, struct job, ref);

	kzalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_put confidence=likely
	kref_put(&job->vm->ref, vm_release);
}

void bad_put(struct job *job)
{
	bool cookie = dma_fence_begin_signalling();

	kref_put(&job->ref, job_release);
	dma_fence_end_signalling(cookie);
}

static void last_user(struct job *job)
{
	kmalloc(16, GFP_KERNEL); // expect: fence-reclaim root=bad_count confidence=likely
}

void bad_count(struct job *job)
{
	bool cookie = dma_fence_begin_signalling();

	if (refcount_dec_and_test(&job->users))
		last_user(job);
	dma_fence_end_signalling(cookie);
}

// RUN: %check %s
// A page fault's handler runs with mmap_lock held: it does not acquire it, and so code that seems to is not for its
// objects.
#include <linux/dma-fence.h>
#include <linux/mm.h>
#include <linux/mutex.h>

struct bo;

struct bo_ops {
	int (*get_pages)(struct bo *bo);
};

struct bo {
	struct mutex lock, pinned;
	const struct bo_ops *ops;
	struct page **pages;
};

int user_get_pages(struct bo *bo)
{
	return pin_user_pages_fast(0, 1, 0, bo->pages);
}

int own_get_pages(struct bo *bo)
{
	return 0;
}

const struct bo_ops user_ops = { .get_pages = user_get_pages };
const struct bo_ops own_ops = { .get_pages = own_get_pages };

struct bo *bo_of(struct vm_fault *vmf);

unsigned int bo_fault(struct vm_fault *vmf)
{
	struct bo *bo = bo_of(vmf);

	mutex_lock(&bo->lock);
	bo->ops->get_pages(bo);
	mutex_unlock(&bo->lock);
	return 0;
}

const struct vm_operations_struct vm_ops = { .fault = bo_fault };

int bo_pin(struct bo *bo)
{
	int ret;

	mutex_lock(&bo->pinned);
	ret = bo->ops->get_pages(bo);
	mutex_unlock(&bo->pinned);
	return ret;
}

void section(struct bo *bo)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&bo->lock);
	mutex_unlock(&bo->lock);
	mutex_lock(&bo->pinned); // expect: fence-lock-cycle lock=bo::pinned holder=bo_pin confidence=likely
	mutex_unlock(&bo->pinned);
	dma_fence_end_signalling(cookie);
}

// What the handler waits for itself is another matter.
struct dev {
	struct mutex lock;
	struct dma_fence *fence;
};

struct dev *dev_of(struct vm_fault *vmf);

unsigned int dev_fault(struct vm_fault *vmf)
{
	struct dev *dev = dev_of(vmf);

	mutex_lock(&dev->lock);
	dma_fence_wait(dev->fence, true);
	mutex_unlock(&dev->lock);
	return 0;
}

const struct vm_operations_struct dev_vm_ops = { .fault = dev_fault };

void bad(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->lock); // expect: fence-lock-cycle lock=dev::lock holder=dev_fault confidence=certain
	mutex_unlock(&dev->lock);
	dma_fence_end_signalling(cookie);
}

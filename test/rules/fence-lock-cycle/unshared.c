// RUN: %check %s
// The lock of an object that nobody else finds yet has no other half.
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct ctx {
	struct mutex lock;
};
struct early {
	struct mutex lock;
};
struct dev {
	struct ctx *ctx;
	struct early *early;
};

int create(struct dev *dev)
{
	struct ctx *ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);

	mutex_lock(&ctx->lock);
	kmalloc(8, GFP_KERNEL);
	mutex_unlock(&ctx->lock);
	dev->ctx = ctx;
	return 0;
}

// Here it is found before that.
int create_early(struct dev *dev)
{
	struct early *early = kzalloc(sizeof(*early), GFP_KERNEL);

	dev->early = early;
	mutex_lock(&early->lock);
	kmalloc(8, GFP_KERNEL);
	mutex_unlock(&early->lock);
	return 0;
}

void section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->ctx->lock);
	mutex_unlock(&dev->ctx->lock);
	mutex_lock(&dev->early->lock); // expect: fence-lock-cycle root=section lock=early::lock holder=create_early
	mutex_unlock(&dev->early->lock);
	dma_fence_end_signalling(cookie);
}

#ifndef EXAMPLE_DMA_FENCE_H
#define EXAMPLE_DMA_FENCE_H

#include <linux/kernel.h>

struct dma_fence;
struct dma_fence_cb;
typedef void (*dma_fence_func_t)(struct dma_fence *fence,
				 struct dma_fence_cb *cb);

struct dma_fence_cb {
	dma_fence_func_t func;
};

struct dma_fence_ops {
	const char *(*get_driver_name)(struct dma_fence *fence);
	bool (*enable_signaling)(struct dma_fence *fence);
	void (*release)(struct dma_fence *fence);
};

struct dma_fence {
	const struct dma_fence_ops *ops;
	u64 context, seqno;
};

bool dma_fence_begin_signalling(void);
void dma_fence_end_signalling(bool cookie);
void dma_fence_init(struct dma_fence *fence, const struct dma_fence_ops *ops,
		    void *lock, u64 context, u64 seqno);
int dma_fence_signal(struct dma_fence *fence);
long dma_fence_wait(struct dma_fence *fence, bool interruptible);
int dma_fence_add_callback(struct dma_fence *fence, struct dma_fence_cb *cb,
			   dma_fence_func_t func);

#endif

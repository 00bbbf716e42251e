#ifndef EXAMPLE_DMA_RESV_H
#define EXAMPLE_DMA_RESV_H

#include <linux/kernel.h>

struct ww_acquire_ctx;

struct dma_resv {
	int lock;
};

int dma_resv_lock(struct dma_resv *resv, struct ww_acquire_ctx *ctx);
bool dma_resv_trylock(struct dma_resv *resv);
void dma_resv_unlock(struct dma_resv *resv);

#endif

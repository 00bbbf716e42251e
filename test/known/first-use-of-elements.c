// RUN: %check %s
// XFAIL: *
// A false positive: each element of an array is loaded when it is first used, and that was when the device was opened. Which element is
// asked for is not known, and of a table of pages, say, each may be new to whoever asks.
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct gpu {
	void *firmware[2];
};

static int load(struct gpu *gpu)
{
	for (int i = 0; i < 2; i++) {
		if (gpu->firmware[i])
			continue;
		gpu->firmware[i] = kmalloc(8, GFP_KERNEL);
		if (!gpu->firmware[i])
			return -1;
	}
	return 0;
}

int open_device(struct gpu *gpu)
{
	return load(gpu);
}

void good(struct gpu *gpu)
{
	bool cookie = dma_fence_begin_signalling();

	load(gpu);
	dma_fence_end_signalling(cookie);
}

// RUN: %check %s
// A mask that nobody knows is a finding of its own, with less confidence.
#include <linux/dma-fence.h>
#include <linux/slab.h>

gfp_t read_mask_from_firmware(void);

void unknown_parameter(gfp_t gfp)
{
	bool cookie = dma_fence_begin_signalling();

	kmalloc(8, gfp); // expect: fence-reclaim confidence=possible
	// Whatever it is, it cannot reclaim directly.
	kmalloc(8, gfp & ~__GFP_DIRECT_RECLAIM);
	kmalloc(8, gfp & __GFP_ZERO);
	// Whatever it is, it can.
	kmalloc(8, gfp | GFP_KERNEL); // expect: fence-reclaim
	dma_fence_end_signalling(cookie);
}

void unknown_result(void)
{
	bool cookie = dma_fence_begin_signalling();

	kmalloc(8, read_mask_from_firmware()); // expect: fence-reclaim confidence=possible
	dma_fence_end_signalling(cookie);
}

// Either mask can arrive: not certain, but one of them is wrong.
void one_of_two(bool atomic)
{
	bool cookie = dma_fence_begin_signalling();

	kmalloc(8, atomic ? GFP_ATOMIC : GFP_KERNEL); // expect: fence-reclaim
	kmalloc(8, atomic ? GFP_ATOMIC : GFP_NOWAIT);
	dma_fence_end_signalling(cookie);
}

// RUN: %check %s
// Who waits for mmu notifiers waits for what they wait for, which may be a fence: lockdep is told so when the kernel starts.
#include <linux/dma-fence.h>
#include <linux/mmu_notifier.h>

unsigned long mmu_interval_read_begin(struct mmu_interval_notifier *mni);
void mmu_interval_notifier_remove(struct mmu_interval_notifier *mni);

void bad_begin(struct mmu_interval_notifier *mni)
{
	bool cookie = dma_fence_begin_signalling();

	mmu_interval_read_begin(mni); // expect: fence-lock-cycle
	dma_fence_end_signalling(cookie);
}

void bad_remove(struct mmu_interval_notifier *mni)
{
	bool cookie = dma_fence_begin_signalling();

	mmu_interval_notifier_remove(mni); // expect: fence-lock-cycle
	dma_fence_end_signalling(cookie);
}

void good(struct mmu_interval_notifier *mni)
{
	bool cookie;

	mmu_interval_read_begin(mni);
	cookie = dma_fence_begin_signalling();
	dma_fence_end_signalling(cookie);
	mmu_interval_notifier_remove(mni);
}

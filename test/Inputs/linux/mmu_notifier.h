/* Mock: mmu notifiers. */
#ifndef MOCK_MMU_NOTIFIER_H
#define MOCK_MMU_NOTIFIER_H

#include <linux/types.h>

struct mm_struct;
struct mmu_notifier;
struct mmu_interval_notifier;
struct mmu_notifier_range;

struct mmu_notifier_ops {
	void (*release)(struct mmu_notifier *mn, struct mm_struct *mm);
	int (*invalidate_range_start)(struct mmu_notifier *mn,
				      const struct mmu_notifier_range *range);
	void (*invalidate_range_end)(struct mmu_notifier *mn,
				     const struct mmu_notifier_range *range);
};

struct mmu_notifier {
	const struct mmu_notifier_ops *ops;
};

struct mmu_interval_notifier_ops {
	bool (*invalidate)(struct mmu_interval_notifier *mni,
			   const struct mmu_notifier_range *range,
			   unsigned long cur_seq);
};

struct mmu_interval_notifier {
	const struct mmu_interval_notifier_ops *ops;
};

#endif

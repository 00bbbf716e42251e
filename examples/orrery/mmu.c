#include "orrery.h"
#include <linux/slab.h>

static u64 *new_table(bool may_sleep)
{
	return kzalloc(4096, may_sleep ? GFP_KERNEL : GFP_ATOMIC);
}

int orrery_vm_map(struct orrery_vm *vm, u64 address, u64 page, bool may_sleep)
{
	u64 **table = &vm->tables[address >> 21 & 511];

	if (!*table)
		*table = new_table(may_sleep);
	if (!*table)
		return -ENOMEM;
	(*table)[address >> 12 & 511] = page;
	return 0;
}

/* Wrong: jobs wait for this repair, so it may not sleep. */
int orrery_vm_repair(struct orrery_vm *vm, u64 address, u64 page)
{
	bool cookie = dma_fence_begin_signalling();
	int error = orrery_vm_map(vm, address, page, true);

	dma_fence_end_signalling(cookie);
	return error;
}

/* Right: tries without sleeping, leaves the section to sleep, and tries again. */
int orrery_vm_repair_careful(struct orrery_vm *vm, u64 address, u64 page)
{
	bool cookie = dma_fence_begin_signalling();
	int error = orrery_vm_map(vm, address, page, false);

	dma_fence_end_signalling(cookie);
	if (error)
		error = orrery_vm_map(vm, address, page, true);
	return error;
}

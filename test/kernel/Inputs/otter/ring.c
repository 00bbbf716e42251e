#include <linux/slab.h>
#include "otter.h"

int otter_ring_emit(struct otter_ring *ring, u32 command)
{
	u32 *payload = kmalloc(64, GFP_KERNEL);

	if (!payload)
		return -ENOMEM;
	*payload = command;
	ring->words[ring->used++] = *payload;
	kfree(payload);
	return 0;
}

/* A made-up device: it has a ring, and a fence per command. */
#ifndef OTTER_H
#define OTTER_H

#include <linux/dma-fence.h>

struct otter_ring {
	u32 *words;
	unsigned int used;
};

/* Puts a command with a payload of its own on the ring. */
int otter_ring_emit(struct otter_ring *ring, u32 command);

#endif

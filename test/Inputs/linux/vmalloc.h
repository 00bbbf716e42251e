/* Mock: allocators without a mask. */
#ifndef MOCK_VMALLOC_H
#define MOCK_VMALLOC_H

#include <linux/gfp.h>

void *vmalloc_noprof(unsigned long size);
#define vmalloc(size) vmalloc_noprof(size)
void *vmap(struct page **pages, unsigned int count, unsigned long flags,
	   unsigned long prot);
void vfree(const void *addr);

#endif

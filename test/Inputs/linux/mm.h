/* Mock: address spaces and page faults. */
#ifndef MOCK_MM_H
#define MOCK_MM_H

#include <linux/types.h>

struct mm_struct;
struct vm_area_struct;
struct page;
struct pt_regs;

void mmap_read_lock(struct mm_struct *mm);
bool mmap_read_trylock(struct mm_struct *mm);
void mmap_read_unlock(struct mm_struct *mm);
void mmap_write_lock(struct mm_struct *mm);
void mmap_write_unlock(struct mm_struct *mm);

unsigned int handle_mm_fault(struct vm_area_struct *vma, unsigned long address,
			     unsigned int flags, struct pt_regs *regs);
int get_user_pages_fast(unsigned long start, int count, unsigned int flags,
			struct page **pages);
int pin_user_pages_fast(unsigned long start, int count, unsigned int flags,
			struct page **pages);

struct vm_fault {
	struct vm_area_struct *vma;
};

struct vm_operations_struct {
	unsigned int (*fault)(struct vm_fault *vmf);
	unsigned int (*page_mkwrite)(struct vm_fault *vmf);
};

struct hmm_range;
int hmm_range_fault(struct hmm_range *range);

#endif

// RUN: %check %s
// Everything that may fault on userspace, functions and macros.
#include <linux/dma-fence.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

int bad_copies(void *to, const char __user *from)
{
	bool cookie = dma_fence_begin_signalling();
	int value;

	copy_from_user(to, from, 8); // expect: fence-user-fault root=bad_copies kind=annotated confidence=certain sink=copy_from_user
	copy_to_user((void __user *)from, to, 8); // expect: fence-user-fault sink=copy_to_user
	strncpy_from_user(to, from, 8); // expect: fence-user-fault
	clear_user((void __user *)from, 8); // expect: fence-user-fault
	fault_in_readable(from, 8); // expect: fence-user-fault
	get_user(value, (const int __user *)from); // expect: fence-user-fault sink=get_user
	put_user(value, (int __user *)from); // expect: fence-user-fault sink=put_user
	dma_fence_end_signalling(cookie);
	return value;
}

void bad_mm(struct mm_struct *mm, struct vm_area_struct *vma, struct page **pages, struct hmm_range *range)
{
	bool cookie = dma_fence_begin_signalling();

	mmap_read_lock(mm); // expect: fence-user-fault
	mmap_read_unlock(mm);
	mmap_write_lock(mm); // expect: fence-user-fault
	mmap_write_unlock(mm);
	handle_mm_fault(vma, 0, 0, NULL); // expect: fence-user-fault
	get_user_pages_fast(0, 1, 0, pages); // expect: fence-user-fault
	pin_user_pages_fast(0, 1, 0, pages); // expect: fence-user-fault
	hmm_range_fault(range); // expect: fence-user-fault
	dma_fence_end_signalling(cookie);
}

// What a macro's arguments do is done, too.
static const int __user *next(const int __user *from)
{
	fault_in_readable((const char __user *)from, 8); // expect: fence-user-fault root=bad_argument
	return from + 1;
}

int bad_argument(const int __user *from)
{
	bool cookie = dma_fence_begin_signalling();
	int value;

	get_user(value, next(from)); // expect: fence-user-fault root=bad_argument sink=get_user
	dma_fence_end_signalling(cookie);
	return value;
}

void good_forms(void *to, const void __user *from, struct mm_struct *mm)
{
	bool cookie = dma_fence_begin_signalling();

	__copy_from_user_inatomic(to, from, 8);
	copy_from_user_nofault(to, from, 8);
	if (mmap_read_trylock(mm))
		mmap_read_unlock(mm);
	dma_fence_end_signalling(cookie);
}

void good_outside(void *to, const void __user *from)
{
	bool cookie;

	copy_from_user(to, from, 8);
	cookie = dma_fence_begin_signalling();
	dma_fence_end_signalling(cookie);
	copy_from_user(to, from, 8);
}

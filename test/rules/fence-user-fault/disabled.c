// RUN: %check %s
// With page faults disabled user access fails instead of faulting.
#include <linux/dma-fence.h>
#include <linux/uaccess.h>

static unsigned long fetch(void *to, const void __user *from)
{
	return copy_from_user(to, from, 8); // expect: fence-user-fault root=bad_after
}

void good(void *to, const void __user *from)
{
	bool cookie = dma_fence_begin_signalling();
	int value;

	pagefault_disable();
	copy_from_user(to, from, 8);
	get_user(value, (const int __user *)from);
	fetch(to, from);
	pagefault_enable();
	dma_fence_end_signalling(cookie);
}

void bad_after(void *to, const void __user *from)
{
	bool cookie = dma_fence_begin_signalling();

	pagefault_disable();
	fetch(to, from);
	pagefault_enable();
	fetch(to, from);
	dma_fence_end_signalling(cookie);
}

// Disabled on one way only.
void bad_sometimes(void *to, const void __user *from, bool atomic)
{
	bool cookie = dma_fence_begin_signalling();

	if (atomic)
		pagefault_disable();
	copy_from_user(to, from, 8); // expect: fence-user-fault root=bad_sometimes
	if (atomic)
		pagefault_enable();
	dma_fence_end_signalling(cookie);
}

void good_nested(void *to, const void __user *from)
{
	bool cookie = dma_fence_begin_signalling();

	pagefault_disable();
	pagefault_disable();
	copy_from_user(to, from, 8);
	pagefault_enable();
	copy_from_user(to, from, 8);
	pagefault_enable();
	dma_fence_end_signalling(cookie);
}

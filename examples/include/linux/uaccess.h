#ifndef EXAMPLE_UACCESS_H
#define EXAMPLE_UACCESS_H

#include <linux/kernel.h>

unsigned long copy_from_user(void *to, const void __user *from,
			     unsigned long size);

#define put_user(value, ptr)                                                   \
	({                                                                     \
		int __error;                                                   \
		__asm__ volatile("" : "=r"(__error) : "r"(value), "r"(ptr));   \
		__error;                                                       \
	})

#endif

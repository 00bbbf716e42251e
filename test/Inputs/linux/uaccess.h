/* Mock: access to userspace. get_user and put_user are macros around inline
 * assembly, so there is no call that a call graph could see. */
#ifndef MOCK_UACCESS_H
#define MOCK_UACCESS_H

#include <linux/types.h>

unsigned long _copy_from_user(void *to, const void __user *from,
			      unsigned long n);
unsigned long _copy_to_user(void __user *to, const void *from,
			    unsigned long n);
unsigned long __copy_from_user_inatomic(void *to, const void __user *from,
					unsigned long n);
long copy_from_user_nofault(void *to, const void __user *from, size_t n);
long strncpy_from_user(char *to, const char __user *from, long count);
unsigned long clear_user(void __user *to, unsigned long n);
size_t fault_in_readable(const char __user *from, size_t size);
void pagefault_disable(void);
void pagefault_enable(void);
void might_fault(void);

static inline unsigned long copy_from_user(void *to, const void __user *from,
					   unsigned long n)
{
	return _copy_from_user(to, from, n);
}

static inline unsigned long copy_to_user(void __user *to, const void *from,
					 unsigned long n)
{
	return _copy_to_user(to, from, n);
}

#define get_user(x, ptr)                                                       \
	({                                                                     \
		int __err;                                                     \
		unsigned long __val;                                           \
		might_fault();                                                 \
		__asm__ volatile("" : "=r"(__err), "=r"(__val) : "r"(ptr));    \
		(x) = (__typeof__(*(ptr)))__val;                               \
		__err;                                                         \
	})
#define put_user(x, ptr)                                                       \
	({                                                                     \
		int __err;                                                     \
		__typeof__(*(ptr)) __val = (x);                                \
		__asm__ volatile("" : "=r"(__err) : "r"(__val), "r"(ptr));     \
		__err;                                                         \
	})

#endif

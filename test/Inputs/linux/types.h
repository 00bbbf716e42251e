/* Mock: the few basic types and helpers that the other mocks need. */
#ifndef MOCK_TYPES_H
#define MOCK_TYPES_H

#include <stdbool.h>
#include <stddef.h>

typedef unsigned int u32;
typedef unsigned long u64;
typedef unsigned int gfp_t;

#define __user
#define BIT(nr) (1UL << (nr))
#define READ_ONCE(x) (*(const volatile __typeof__(x) *)&(x))
#define container_of(ptr, type, member)                                        \
	((type *)((char *)(ptr)-offsetof(type, member)))

/* Options are 0 or 1 in the tests. */
#define IS_ENABLED(option) (option)

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline bool IS_ERR(const void *ptr)
{
	return (unsigned long)ptr >= (unsigned long)-4095L;
}

enum { ENOMEM = 12, EFAULT = 14, EBUSY = 16, EINVAL = 22 };

#endif

/* What the example needs of the kernel's basics; a mock, like all headers in this folder. */
#ifndef EXAMPLE_KERNEL_H
#define EXAMPLE_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

typedef unsigned int u32;
typedef unsigned long u64;

#define __user
#define EIO 5
#define ENOMEM 12
#define EFAULT 14
#define EINVAL 22
#define EXPORT_SYMBOL_GPL(symbol) extern __typeof__(symbol) symbol

#define container_of(ptr, type, member)                                        \
	((type *)((char *)(ptr)-offsetof(type, member)))

static inline void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline u32 readl(const volatile u32 *reg)
{
	return *reg;
}

static inline void writel(u32 value, volatile u32 *reg)
{
	*reg = value;
}

void usleep_range(unsigned long min, unsigned long max);

#endif

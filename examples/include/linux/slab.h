#ifndef EXAMPLE_SLAB_H
#define EXAMPLE_SLAB_H

#include <linux/kernel.h>

#define CONFIG_MMU_NOTIFIER 1

typedef unsigned int gfp_t;

enum {
	___GFP_HIGH_BIT,
	___GFP_IO_BIT,
	___GFP_FS_BIT,
	___GFP_ZERO_BIT,
	___GFP_DIRECT_RECLAIM_BIT,
	___GFP_KSWAPD_RECLAIM_BIT,
	___GFP_NOLOCKDEP_BIT,
};

#define ___GFP_HIGH (1U << ___GFP_HIGH_BIT)
#define ___GFP_IO (1U << ___GFP_IO_BIT)
#define ___GFP_FS (1U << ___GFP_FS_BIT)
#define ___GFP_ZERO (1U << ___GFP_ZERO_BIT)
#define ___GFP_DIRECT_RECLAIM (1U << ___GFP_DIRECT_RECLAIM_BIT)
#define ___GFP_KSWAPD_RECLAIM (1U << ___GFP_KSWAPD_RECLAIM_BIT)
#define ___GFP_NOLOCKDEP (1U << ___GFP_NOLOCKDEP_BIT)

#define GFP_ATOMIC ((gfp_t)(___GFP_HIGH | ___GFP_KSWAPD_RECLAIM))
#define GFP_NOWAIT ((gfp_t)___GFP_KSWAPD_RECLAIM)
#define GFP_KERNEL                                                             \
	((gfp_t)(___GFP_DIRECT_RECLAIM | ___GFP_KSWAPD_RECLAIM | ___GFP_IO |   \
		 ___GFP_FS))

void *kmalloc_noprof(size_t size, gfp_t gfp);
void *kzalloc_noprof(size_t size, gfp_t gfp);
void kfree(const void *ptr);

#define kmalloc(size, gfp) kmalloc_noprof(size, gfp)
#define kzalloc(size, gfp) kzalloc_noprof(size, gfp)

#endif

/* Mock: allocation masks as since 6.10, where the bits are an enum. */
#ifndef MOCK_GFP_H
#define MOCK_GFP_H

#include <linux/types.h>

#ifndef MOCK_NO_MMU_NOTIFIER
#define CONFIG_MMU_NOTIFIER 1
#endif

enum {
	___GFP_DMA_BIT,
	___GFP_HIGH_BIT,
	___GFP_IO_BIT,
	___GFP_FS_BIT,
	___GFP_ZERO_BIT,
	___GFP_DIRECT_RECLAIM_BIT,
	___GFP_KSWAPD_RECLAIM_BIT,
	___GFP_NOWARN_BIT,
	___GFP_NORETRY_BIT,
	___GFP_NOFAIL_BIT,
	___GFP_MEMALLOC_BIT,
	___GFP_NOLOCKDEP_BIT,
};

#define ___GFP_HIGH BIT(___GFP_HIGH_BIT)
#define ___GFP_IO BIT(___GFP_IO_BIT)
#define ___GFP_FS BIT(___GFP_FS_BIT)
#define ___GFP_ZERO BIT(___GFP_ZERO_BIT)
#define ___GFP_DIRECT_RECLAIM BIT(___GFP_DIRECT_RECLAIM_BIT)
#define ___GFP_KSWAPD_RECLAIM BIT(___GFP_KSWAPD_RECLAIM_BIT)
#define ___GFP_NOWARN BIT(___GFP_NOWARN_BIT)
#define ___GFP_NORETRY BIT(___GFP_NORETRY_BIT)
#define ___GFP_NOFAIL BIT(___GFP_NOFAIL_BIT)
#define ___GFP_MEMALLOC BIT(___GFP_MEMALLOC_BIT)
#define ___GFP_NOLOCKDEP BIT(___GFP_NOLOCKDEP_BIT)

#define __GFP_HIGH ((gfp_t)___GFP_HIGH)
#define __GFP_IO ((gfp_t)___GFP_IO)
#define __GFP_FS ((gfp_t)___GFP_FS)
#define __GFP_ZERO ((gfp_t)___GFP_ZERO)
#define __GFP_DIRECT_RECLAIM ((gfp_t)___GFP_DIRECT_RECLAIM)
#define __GFP_KSWAPD_RECLAIM ((gfp_t)___GFP_KSWAPD_RECLAIM)
#define __GFP_RECLAIM ((gfp_t)(___GFP_DIRECT_RECLAIM | ___GFP_KSWAPD_RECLAIM))
#define __GFP_NOWARN ((gfp_t)___GFP_NOWARN)
#define __GFP_NORETRY ((gfp_t)___GFP_NORETRY)
#define __GFP_NOFAIL ((gfp_t)___GFP_NOFAIL)
#define __GFP_MEMALLOC ((gfp_t)___GFP_MEMALLOC)
#define __GFP_NOLOCKDEP ((gfp_t)___GFP_NOLOCKDEP)

#define GFP_ATOMIC (__GFP_HIGH | __GFP_KSWAPD_RECLAIM)
#define GFP_KERNEL (__GFP_RECLAIM | __GFP_IO | __GFP_FS)
#define GFP_NOWAIT (__GFP_KSWAPD_RECLAIM | __GFP_NOWARN)
#define GFP_NOIO (__GFP_RECLAIM)
#define GFP_NOFS (__GFP_RECLAIM | __GFP_IO)

struct page;
struct page *alloc_pages_noprof(gfp_t gfp, unsigned int order);
#define alloc_pages(gfp, order) alloc_pages_noprof(gfp, order)
#define alloc_page(gfp) alloc_pages(gfp, 0)

#endif

// RUN: %check %s
// The same mask analysis in C++: overloads, default arguments, methods, constexpr, templates.
extern "C" {
#include <linux/dma-fence.h>
#include <linux/slab.h>
}

namespace drv {

constexpr gfp_t Sleepy = GFP_KERNEL | __GFP_ZERO;
constexpr gfp_t Quick = GFP_NOWAIT;

class Pool {
public:
	void *take(gfp_t Gfp = GFP_KERNEL)
	{
		return kmalloc(8, Gfp); // expect: fence-reclaim root=drv::bad_default; fence-reclaim root=drv::bad_constexpr
	}
};

void bad_default(Pool &P)
{
	bool Cookie = dma_fence_begin_signalling();

	P.take();
	dma_fence_end_signalling(Cookie);
}

void bad_constexpr(Pool &P)
{
	bool Cookie = dma_fence_begin_signalling();

	P.take(Sleepy);
	dma_fence_end_signalling(Cookie);
}

void good_constexpr(Pool &P)
{
	bool Cookie = dma_fence_begin_signalling();

	P.take(Quick);
	P.take(GFP_ATOMIC);
	dma_fence_end_signalling(Cookie);
}

static void fill(int) { kmalloc(8, GFP_NOWAIT); }
static void fill(long) { kmalloc(8, GFP_KERNEL); } // expect: fence-reclaim root=drv::overloads

void overloads()
{
	bool Cookie = dma_fence_begin_signalling();

	fill(1);
	fill(1L);
	dma_fence_end_signalling(Cookie);
}

template <bool Atomic> void *grab()
{
	if constexpr (Atomic)
		return kmalloc(8, GFP_ATOMIC);
	else
		return kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=drv::bad_template
}

void good_template()
{
	bool Cookie = dma_fence_begin_signalling();

	grab<true>();
	dma_fence_end_signalling(Cookie);
}

void bad_template()
{
	bool Cookie = dma_fence_begin_signalling();

	grab<false>();
	dma_fence_end_signalling(Cookie);
}

} // namespace drv

// RUN: %check %s
// C++: the lock in a guard object, the section in another.
extern "C" {
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
}

struct Section {
	bool Cookie = dma_fence_begin_signalling();
	~Section() { dma_fence_end_signalling(Cookie); }
};

struct ResvGuard {
	dma_resv *Resv;
	explicit ResvGuard(dma_resv *R) : Resv(R)
	{
		dma_resv_lock(R, nullptr); // expect: fence-resv-lock
	}
	~ResvGuard() { dma_resv_unlock(Resv); }
};

void bad(dma_resv *R)
{
	Section S;
	ResvGuard G(R);
}

void good(dma_resv *R)
{
	ResvGuard G(R);
	Section S;
}

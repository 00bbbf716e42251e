// RUN: %check %s
// Sections that end with a scope.
#include <linux/cleanup.h>
#include <linux/dma-fence.h>
#include <linux/slab.h>

static void section_end(bool *cookie)
{
	dma_fence_end_signalling(*cookie);
}

void attribute(bool busy)
{
	kmalloc(8, GFP_KERNEL);
	{
		bool cookie __cleanup(section_end) = dma_fence_begin_signalling();

		if (busy)
			return;
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	}
	kmalloc(8, GFP_KERNEL);
}

struct device {
	bool cookie;
};

DEFINE_GUARD(signalling, struct device *, _T->cookie = dma_fence_begin_signalling(), dma_fence_end_signalling(_T->cookie))

void guarded(struct device *dev, bool busy)
{
	kmalloc(8, GFP_KERNEL);
	{
		guard(signalling)(dev);

		if (busy)
			return;
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	}
	kmalloc(8, GFP_KERNEL);
}

// RUN: %check %s
// C++: the section in one object, the lock in another.
extern "C" {
#include <linux/dma-fence.h>
#include <linux/mutex.h>
}

struct Section {
	bool Cookie = dma_fence_begin_signalling();
	~Section() { dma_fence_end_signalling(Cookie); }
};

struct Lock {
	mutex *Raw;
	explicit Lock(mutex *M) : Raw(M) { mutex_lock(M); }
	~Lock() { mutex_unlock(Raw); }
	Lock(const Lock &) = delete;
};

struct device {
	mutex queue, stats, outer;
	dma_fence *previous;
	int jobs;
};

void bad(device *dev)
{
	Section S;
	Lock L(&dev->queue); // expect: fence-wait-locked root=bad lock=device::queue

	dma_fence_wait(dev->previous, false);
}

void good_dropped(device *dev)
{
	Section S;

	{
		Lock L(&dev->stats);
		dev->jobs++;
	}
	dma_fence_wait(dev->previous, false);
}

void good_before(device *dev)
{
	Lock L(&dev->outer);
	Section S;

	dma_fence_wait(dev->previous, false);
}

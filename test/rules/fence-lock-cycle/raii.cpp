// RUN: %check %s
// C++: locks and sections in guard objects.
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
	explicit Lock(mutex *M) : Raw(M)
	{
		mutex_lock(M); // expect: fence-lock-cycle root=signals lock=device::queue holder=waits
	}
	~Lock() { mutex_unlock(Raw); }
	Lock(const Lock &) = delete;
};

struct device {
	mutex queue, stats;
	dma_fence *last;
	int jobs;
};

void signals(device *dev)
{
	Section S;
	Lock L(&dev->queue);

	dev->jobs--;
}

void waits(device *dev)
{
	Lock L(&dev->queue);

	dma_fence_wait(dev->last, true);
}

void good_signals(device *dev)
{
	Section S;
	Lock L(&dev->stats);

	dev->jobs--;
}

void good_waits(device *dev)
{
	{
		Lock L(&dev->stats);
		dev->jobs++;
	}
	dma_fence_wait(dev->last, true);
}

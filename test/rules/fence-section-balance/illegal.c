// RUN: %check %s
// Every illegal form, each found once.
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct device {
	bool cookie;
	bool busy;
	int rings;
};

bool ready(struct device *dev);

int bad_early_return(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	if (!ready(dev))
		return -EBUSY; // expect: fence-section-balance root=bad_early_return
	dma_fence_end_signalling(cookie);
	return 0;
}

int bad_goto_past_end(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();
	int ret = 0;

	if (!ready(dev)) {
		ret = -EBUSY;
		goto out;
	}
	dma_fence_end_signalling(cookie);
out:
	return ret; // expect: fence-section-balance root=bad_goto_past_end
}

void bad_end_without_begin(struct device *dev)
{
	bool cookie = false;

	ready(dev);
	dma_fence_end_signalling(cookie); // expect: fence-section-balance
}

void bad_double_end(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	dma_fence_end_signalling(cookie);
	ready(dev);
	dma_fence_end_signalling(cookie); // expect: fence-section-balance
}

void bad_double_end_on_error(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	if (!ready(dev))
		dma_fence_end_signalling(cookie);
	dev->rings++;
	dma_fence_end_signalling(cookie); // expect: fence-section-balance
}

void bad_discarded(struct device *dev)
{
	dma_fence_begin_signalling(); // expect: fence-section-balance
	ready(dev);
}

void bad_overwritten(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	ready(dev);
	cookie = dma_fence_begin_signalling(); // expect: fence-section-balance
	dma_fence_end_signalling(cookie);
}

void bad_crossed(struct device *dev)
{
	bool outer = dma_fence_begin_signalling();
	bool inner = dma_fence_begin_signalling();

	ready(dev);
	dma_fence_end_signalling(outer); // expect: fence-section-balance
	dma_fence_end_signalling(inner);
}

void bad_conditional_end(struct device *dev, bool annotate)
{
	bool cookie = dma_fence_begin_signalling();

	ready(dev);
	if (annotate)
		dma_fence_end_signalling(cookie);
} // expect: fence-section-balance root=bad_conditional_end

// Opened again in each round.
void bad_loop(struct device *dev)
{
	bool cookie;
	int i;

	for (i = 0; i < dev->rings; i++)
		cookie = dma_fence_begin_signalling(); // expect: fence-section-balance
	dma_fence_end_signalling(cookie); // expect: fence-section-balance says=never
}

int bad_continue(struct device *dev)
{
	int i;

	for (i = 0; i < dev->rings; i++) {
		bool cookie = dma_fence_begin_signalling(); // expect: fence-section-balance

		if (!ready(dev))
			continue;
		dma_fence_end_signalling(cookie);
	}
	return 0;
}

static int try_hold(struct device *dev, bool *cookie)
{
	if (dev->busy)
		return -EBUSY;
	*cookie = dma_fence_begin_signalling();
	return 0;
}

int bad_hold_leaks(struct device *dev)
{
	bool cookie;

	if (try_hold(dev, &cookie))
		return -EBUSY;
	if (!ready(dev))
		return -EINVAL; // expect: fence-section-balance
	dma_fence_end_signalling(cookie);
	return 0;
}

void bad_out_of_scope(struct device *dev)
{
	for (bool once = true, cookie = dma_fence_begin_signalling(); once;
	     dma_fence_end_signalling(cookie), once = false)
		if (!ready(dev))
			break;
} // expect: fence-section-balance

void bad_changed_between(struct device *dev)
{
	bool cookie;

	if (dev->busy)
		cookie = dma_fence_begin_signalling();
	dev->busy = false;
	if (dev->busy)
		dma_fence_end_signalling(cookie);
} // expect: fence-section-balance

void bad_conditional_begin(bool annotate)
{
	bool cookie = false;

	if (annotate)
		cookie = dma_fence_begin_signalling();
	dma_fence_end_signalling(cookie); // expect: fence-section-balance
}

// The cookie of who is in an interrupt, whose end does nothing.
void good_conditional_begin(bool annotate)
{
	bool cookie = true;

	if (annotate)
		cookie = dma_fence_begin_signalling();
	dma_fence_end_signalling(cookie);
}

void bad_jump_past_begin(struct device *dev)
{
	bool cookie;

	if (!ready(dev))
		goto out;
	cookie = dma_fence_begin_signalling();
	if (ready(dev))
		goto out;
	dev->busy = true;
out:
	dma_fence_end_signalling(cookie); // expect: fence-section-balance
}

// That of a section which somebody else began, and this may begin anew.
void good_begun_elsewhere(struct device *dev, bool cookie)
{
	if (!ready(dev)) {
		dma_fence_end_signalling(cookie);
		cookie = dma_fence_begin_signalling();
	}
	dma_fence_end_signalling(cookie);
}

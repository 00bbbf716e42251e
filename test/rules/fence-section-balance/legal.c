// RUN: %check %s
// Every legal way to open and close sections. Nothing here may be reported.
#include <linux/cleanup.h>
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct device {
	bool cookie;
	bool busy;
	int rings;
};

bool ready(struct device *dev);

void good_plain(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	ready(dev);
	dma_fence_end_signalling(cookie);
}

int good_return_after_end(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	if (!ready(dev)) {
		dma_fence_end_signalling(cookie);
		return -EBUSY;
	}
	dma_fence_end_signalling(cookie);
	return 0;
}

int good_goto(struct device *dev)
{
	bool cookie;
	int ret = 0;

	if (dev->busy)
		return -EBUSY;
	cookie = dma_fence_begin_signalling();
	if (!ready(dev)) {
		ret = -EINVAL;
		goto out;
	}
	dev->rings++;
out:
	dma_fence_end_signalling(cookie);
	return ret;
}

void good_nested(struct device *dev)
{
	bool outer = dma_fence_begin_signalling();
	bool inner = dma_fence_begin_signalling();

	ready(dev);
	dma_fence_end_signalling(inner);
	dma_fence_end_signalling(outer);
}

void good_same_variable_twice(struct device *dev)
{
	bool cookie;

	cookie = dma_fence_begin_signalling();
	dma_fence_end_signalling(cookie);
	ready(dev);
	cookie = dma_fence_begin_signalling();
	dma_fence_end_signalling(cookie);
}

void good_loop(struct device *dev)
{
	int i;

	for (i = 0; i < dev->rings; i++) {
		bool cookie = dma_fence_begin_signalling();

		if (!ready(dev)) {
			dma_fence_end_signalling(cookie);
			continue;
		}
		dma_fence_end_signalling(cookie);
	}
}

void good_conditional(struct device *dev, bool annotate)
{
	bool cookie = false;

	if (annotate)
		cookie = dma_fence_begin_signalling();
	ready(dev);
	if (annotate)
		dma_fence_end_signalling(cookie);
}

void good_conditional_field(struct device *dev)
{
	const bool busy = dev->busy;
	bool cookie;

	if (busy)
		cookie = dma_fence_begin_signalling();
	if (busy)
		dma_fence_end_signalling(cookie);
}

static bool begin(void)
{
	return dma_fence_begin_signalling();
}

void good_returned_cookie(void)
{
	bool cookie = begin();

	dma_fence_end_signalling(cookie);
}

static void hold(bool *cookie)
{
	*cookie = dma_fence_begin_signalling();
}

static void unhold(bool cookie)
{
	dma_fence_end_signalling(cookie);
}

void good_out_parameter(struct device *dev)
{
	bool cookie;

	hold(&cookie);
	ready(dev);
	unhold(cookie);
}

// A hold that may fail opens the section only if it succeeds.
static int try_hold(struct device *dev, bool *cookie)
{
	if (dev->busy)
		return -EBUSY;
	*cookie = dma_fence_begin_signalling();
	return 0;
}

int good_try(struct device *dev)
{
	bool cookie;

	if (try_hold(dev, &cookie))
		return -EBUSY;
	unhold(cookie);
	return 0;
}

int good_try_ret(struct device *dev)
{
	bool cookie;
	int ret;

	ret = try_hold(dev, &cookie);
	if (ret)
		return ret;
	ready(dev);
	unhold(cookie);
	return ret;
}

// Opened by one function, closed by another, the cookie in between in an object.
void device_begin(struct device *dev)
{
	dev->cookie = dma_fence_begin_signalling();
}

void device_end(struct device *dev)
{
	dma_fence_end_signalling(dev->cookie);
}

void good_pair(struct device *dev)
{
	device_begin(dev);
	ready(dev);
	device_end(dev);
}

static void section_end(bool *cookie)
{
	dma_fence_end_signalling(*cookie);
}

int good_cleanup(struct device *dev)
{
	bool cookie __cleanup(section_end) = dma_fence_begin_signalling();

	if (!ready(dev))
		return -EBUSY;
	return 0;
}

DEFINE_GUARD(signalling, struct device *, _T->cookie = dma_fence_begin_signalling(), dma_fence_end_signalling(_T->cookie))

int good_guard(struct device *dev)
{
	guard(signalling)(dev);
	if (!ready(dev))
		return -EBUSY;
	return 0;
}

void good_switch(struct device *dev, int kind)
{
	bool cookie = dma_fence_begin_signalling();

	switch (kind) {
	case 0:
		ready(dev);
		break;
	case 1:
		dma_fence_end_signalling(cookie);
		return;
	default:
		break;
	}
	dma_fence_end_signalling(cookie);
}

void die(void) __attribute__((noreturn));

// A path that never comes back needs no end.
void good_noreturn(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();

	if (!ready(dev))
		die();
	dma_fence_end_signalling(cookie);
}

// A cookie may be copied.
void good_copy(struct device *dev)
{
	bool cookie = dma_fence_begin_signalling();
	bool kept = cookie;

	ready(dev);
	dma_fence_end_signalling(kept);
}

// A number tells how far it got.
void good_phase(struct device *dev)
{
	bool cookie = false;
	int phase = 0;

	if (dev->busy) {
		cookie = dma_fence_begin_signalling();
		phase = 1;
	}
	ready(dev);
	if (phase == 1)
		dma_fence_end_signalling(cookie);
}

// `== 1` and then only whether.
void good_spelled_out(struct device *dev)
{
	bool cookie = false;

	if (dev->rings == 1)
		cookie = dma_fence_begin_signalling();
	ready(dev);
	if (dev->rings && dev->rings == 1)
		dma_fence_end_signalling(cookie);
}

static inline bool is_critical(const struct device *dev)
{
	return dev->rings > 2;
}

// The same question twice has one answer.
void good_asked_twice(struct device *dev)
{
	bool cookie = false;

	if (is_critical(dev))
		cookie = dma_fence_begin_signalling();
	ready(dev);
	if (is_critical(dev))
		dma_fence_end_signalling(cookie);
}

void good_asked_in_a_loop(struct device *dev)
{
	while (ready(dev)) {
		bool cookie = false;

		if (!is_critical(dev))
			cookie = dma_fence_begin_signalling();
		ready(dev);
		if (!is_critical(dev))
			dma_fence_end_signalling(cookie);
	}
}

#define in_section()                                                                                                   \
	for (bool once = true, cookie = dma_fence_begin_signalling(); once;                                            \
	     dma_fence_end_signalling(cookie), once = false)

// A loop for the sake of its scope.
void good_once(struct device *dev)
{
	in_section()
		ready(dev);
	in_section() {
		if (!ready(dev))
			continue;
		ready(dev);
	}
	for (int i = 0; i != dev->rings; i++)
		in_section()
			ready(dev);
}

void good_until_done(struct device *dev)
{
	bool done = false;

	while (!done) {
		bool cookie = dma_fence_begin_signalling();

		ready(dev);
		dma_fence_end_signalling(cookie);
		done = true;
	}
}

// RUN: %check %s
// Functions that a pointer may hold: one of three on one side is likely, one of three on both sides is possible; one of nine is likely in
// the section, being the only guess, and not followed on the other side.
#include <linux/dma-fence.h>
#include <linux/mutex.h>

struct dev;

struct few_ops {
	void (*wait)(struct dev *dev);
	void (*lock)(struct dev *dev);
};

struct many_ops {
	void (*wait)(struct dev *dev);
	void (*lock)(struct dev *dev);
};

struct dev {
	const struct few_ops *few;
	const struct many_ops *many;
	struct mutex plain, few_lock, many_lock, waits_many;
	struct dma_fence *fence;
};

static void few_wait_0(struct dev *dev)
{
	dma_fence_wait(dev->fence, false);
}

static void few_lock_0(struct dev *dev)
{
	mutex_lock(&dev->few_lock); // expect: fence-lock-cycle root=section confidence=possible holder=hold
	mutex_unlock(&dev->few_lock);
}

static void many_wait_0(struct dev *dev)
{
	dma_fence_wait(dev->fence, false);
}

static void many_lock_0(struct dev *dev)
{
	mutex_lock(&dev->many_lock); // expect: fence-lock-cycle root=section confidence=likely holder=hold
	mutex_unlock(&dev->many_lock);
}

static void few_wait_1(struct dev *dev)
{
}

static void few_lock_1(struct dev *dev)
{
}

static void few_wait_2(struct dev *dev)
{
}

static void few_lock_2(struct dev *dev)
{
}

static const struct few_ops few_0 = { .wait = few_wait_0, .lock = few_lock_0 };
static const struct few_ops few_1 = { .wait = few_wait_1, .lock = few_lock_1 };
static const struct few_ops few_2 = { .wait = few_wait_2, .lock = few_lock_2 };

const struct few_ops *choose_few(int n)
{
	switch (n) {
	case 1:
		return &few_1;
	case 2:
		return &few_2;
	default:
		return &few_0;
	}
}

static void many_wait_1(struct dev *dev)
{
}

static void many_lock_1(struct dev *dev)
{
}

static void many_wait_2(struct dev *dev)
{
}

static void many_lock_2(struct dev *dev)
{
}

static void many_wait_3(struct dev *dev)
{
}

static void many_lock_3(struct dev *dev)
{
}

static void many_wait_4(struct dev *dev)
{
}

static void many_lock_4(struct dev *dev)
{
}

static void many_wait_5(struct dev *dev)
{
}

static void many_lock_5(struct dev *dev)
{
}

static void many_wait_6(struct dev *dev)
{
}

static void many_lock_6(struct dev *dev)
{
}

static void many_wait_7(struct dev *dev)
{
}

static void many_lock_7(struct dev *dev)
{
}

static void many_wait_8(struct dev *dev)
{
}

static void many_lock_8(struct dev *dev)
{
}

static const struct many_ops many_0 = { .wait = many_wait_0, .lock = many_lock_0 };
static const struct many_ops many_1 = { .wait = many_wait_1, .lock = many_lock_1 };
static const struct many_ops many_2 = { .wait = many_wait_2, .lock = many_lock_2 };
static const struct many_ops many_3 = { .wait = many_wait_3, .lock = many_lock_3 };
static const struct many_ops many_4 = { .wait = many_wait_4, .lock = many_lock_4 };
static const struct many_ops many_5 = { .wait = many_wait_5, .lock = many_lock_5 };
static const struct many_ops many_6 = { .wait = many_wait_6, .lock = many_lock_6 };
static const struct many_ops many_7 = { .wait = many_wait_7, .lock = many_lock_7 };
static const struct many_ops many_8 = { .wait = many_wait_8, .lock = many_lock_8 };

const struct many_ops *choose_many(int n)
{
	switch (n) {
	case 1:
		return &many_1;
	case 2:
		return &many_2;
	case 3:
		return &many_3;
	case 4:
		return &many_4;
	case 5:
		return &many_5;
	case 6:
		return &many_6;
	case 7:
		return &many_7;
	case 8:
		return &many_8;
	default:
		return &many_0;
	}
}

void section(struct dev *dev)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&dev->plain); // expect: fence-lock-cycle root=section confidence=likely holder=hold
	mutex_unlock(&dev->plain);
	dev->few->lock(dev);
	dev->many->lock(dev);
	mutex_lock(&dev->waits_many);
	mutex_unlock(&dev->waits_many);
	dma_fence_end_signalling(cookie);
}

void hold(struct dev *dev)
{
	mutex_lock(&dev->plain);
	dev->few->wait(dev);
	mutex_unlock(&dev->plain);
	mutex_lock(&dev->few_lock);
	dev->few->wait(dev);
	mutex_unlock(&dev->few_lock);
	mutex_lock(&dev->many_lock);
	dma_fence_wait(dev->fence, false);
	mutex_unlock(&dev->many_lock);
	mutex_lock(&dev->waits_many);
	dev->many->wait(dev);
	mutex_unlock(&dev->waits_many);
}

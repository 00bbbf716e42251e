// RUN: %check --rules=fence-opportunistic-section %s
// roots: 13
// Sections that nothing but opportunistic code runs, and sections that it shares with others.
#include <drm/drm_ioctl.h>
#include <linux/dma-fence.h>
#include <linux/interrupt.h>
#include <linux/shrinker.h>
#include <linux/workqueue.h>

struct ring {
	struct dma_fence *last;
	struct work_struct work;
};

static struct ring *ring;

void dma_resv_add_fence(void *resv, struct dma_fence *fence, int usage);

static void bad_retire(struct ring *r)
{
	bool cookie = dma_fence_begin_signalling(); // expect: fence-opportunistic-section root=bad_scan via=bad_sweep others=0

	dma_fence_signal(r->last);
	dma_fence_end_signalling(cookie);
}

static void bad_sweep(struct ring *r)
{
	bad_retire(r);
}

static unsigned long bad_scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	bad_sweep(ring);
	return 0;
}

static bool bad_signaled(struct dma_fence *fence)
{
	bool cookie = dma_fence_begin_signalling(); // expect: fence-opportunistic-section root=bad_signaled confidence=certain

	dma_fence_signal(ring->last);
	dma_fence_end_signalling(cookie);
	return true;
}

static int bad_wait_ioctl(struct drm_device *dev, void *data, struct drm_file *file)
{
	bool cookie;

	dma_fence_wait(ring->last, true);
	cookie = dma_fence_begin_signalling(); // expect: fence-opportunistic-section root=bad_wait_ioctl
	dma_fence_signal(ring->last);
	dma_fence_end_signalling(cookie);
	return 0;
}

// An ioctl that makes a fence public: its tail is what the fence depends on.
static int good_submit_ioctl(struct drm_device *dev, void *data, struct drm_file *file)
{
	bool cookie;

	dma_fence_wait(ring->last, true);
	cookie = dma_fence_begin_signalling();
	dma_resv_add_fence(dev, ring->last, 0);
	dma_fence_end_signalling(cookie);
	return 0;
}

// One ioctl that does many things: what it does for the other command waits for nothing.
static int good_push(struct ring *r)
{
	bool cookie = dma_fence_begin_signalling();

	dma_fence_signal(r->last);
	dma_fence_end_signalling(cookie);
	return 0;
}

static int bad_wait(struct ring *r)
{
	bool cookie = dma_fence_begin_signalling(); // expect: fence-opportunistic-section root=many_ioctl

	dma_fence_signal(r->last);
	dma_fence_end_signalling(cookie);
	return dma_fence_wait(r->last, true);
}

static void bad_retire_in_passing(struct ring *r)
{
	bool cookie = dma_fence_begin_signalling(); // expect: fence-opportunistic-section root=many_ioctl

	dma_fence_signal(r->last);
	dma_fence_end_signalling(cookie);
}

static int many_ioctl(struct drm_device *dev, void *data, struct drm_file *file)
{
	switch (*(int *)data) {
	case 0:
		return good_push(ring);
	case 1:
		return bad_wait(ring);
	case 2:
		bad_retire_in_passing(ring);
		return dma_fence_wait(ring->last, true);
	}
	return -EINVAL;
}

// An ioctl that waits for nothing.
static int good_other_ioctl(struct drm_device *dev, void *data, struct drm_file *file)
{
	bool cookie = dma_fence_begin_signalling();

	dma_fence_end_signalling(cookie);
	return 0;
}

// The interrupt's thread runs this, too: that is what the fence depends on.
static void good_shared(struct ring *r)
{
	bool cookie = dma_fence_begin_signalling();

	dma_fence_signal(r->last);
	dma_fence_end_signalling(cookie);
}

static irqreturn_t good_thread(int irq, void *data)
{
	good_shared(data);
	return 1;
}

// So does whoever gets to it through a pointer.
static void good_work(struct work_struct *work)
{
	bool cookie = dma_fence_begin_signalling();

	dma_fence_signal(ring->last);
	dma_fence_end_signalling(cookie);
}

// Nobody here calls it: its callers are elsewhere.
void good_exported(struct ring *r)
{
	bool cookie = dma_fence_begin_signalling();

	dma_fence_signal(r->last);
	dma_fence_end_signalling(cookie);
}

void good_handed_on(void *arg)
{
	bool cookie = dma_fence_begin_signalling();

	dma_fence_end_signalling(cookie);
}

void call_later(void (*function)(void *));

// Opportunistic completion itself is fine.
static unsigned long good_count(struct shrinker *shrinker, struct shrink_control *sc)
{
	good_shared(ring);
	good_work(&ring->work);
	good_handed_on(ring);
	dma_fence_signal(ring->last);
	return 1;
}

static const struct dma_fence_ops ops = {
	.signaled = bad_signaled,
};

const struct drm_ioctl_desc ioctls[] = {
	{ .func = bad_wait_ioctl },
	{ .func = good_submit_ioctl },
	{ .func = good_other_ioctl },
	{ .func = many_ioctl },
};

int probe(spinlock_t *lock)
{
	struct shrinker *a = shrinker_alloc(0, "a");

	a->scan_objects = bad_scan;
	a->count_objects = good_count;
	INIT_WORK(&ring->work, good_work);
	call_later(good_handed_on);
	dma_fence_init(ring->last, &ops, lock, 1, 1);
	return request_threaded_irq(1, 0, good_thread, 0, "a", ring);
}

// RUN: %check --rules=fence-reclaim-wait %s
// roots: 0
// No module here drives a GPU: whatever memory reclaim waits for must not wait for a fence.
#include <linux/dma-fence.h>
#include <linux/mmu_notifier.h>
#include <linux/shrinker.h>
#include <linux/workqueue.h>

struct buffer {
	struct dma_fence *fence;
	struct work_struct work;
};

static struct buffer only;

static void finish(struct buffer *b)
{
	dma_fence_wait(b->fence, false); // expect: fence-reclaim-wait root=bad_scan via=bad_scan confidence=certain; fence-reclaim-wait root=bad_invalidate
}

static unsigned long bad_scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	finish(&only);
	return 0;
}

static unsigned long bad_count(struct shrinker *shrinker, struct shrink_control *sc)
{
	return dma_fence_wait_timeout(only.fence, false, 10); // expect: fence-reclaim-wait root=bad_count
}

static bool bad_invalidate(struct mmu_interval_notifier *mni, const struct mmu_notifier_range *range, unsigned long seq)
{
	finish(&only);
	return true;
}

static void work(struct work_struct *work)
{
	dma_fence_wait(only.fence, false); // expect: fence-reclaim-wait root=bad_start edge="work buffer::work"
}

static int bad_start(struct mmu_notifier *mn, const struct mmu_notifier_range *range)
{
	flush_work(&only.work);
	return 0;
}

// A look at the fence, work that is only queued, and a wait when memory is not what it is about.
static unsigned long good_scan(struct shrinker *shrinker, struct shrink_control *sc)
{
	if (dma_fence_wait_timeout(only.fence, false, 0) <= 0)
		return 0;
	dma_fence_signal(only.fence);
	schedule_work(&only.work);
	return 1;
}

static void good_release(struct mmu_notifier *mn, struct mm_struct *mm)
{
	finish(&only);
}

int good_ioctl(void)
{
	finish(&only);
	return 0;
}

static const struct mmu_interval_notifier_ops interval_ops = {
	.invalidate = bad_invalidate,
};

static const struct mmu_notifier_ops notifier_ops = {
	.release = good_release,
	.invalidate_range_start = bad_start,
};

int init(struct mmu_notifier *mn, struct mmu_interval_notifier *mni)
{
	struct shrinker *a = shrinker_alloc(0, "a"), *b = shrinker_alloc(0, "b");

	INIT_WORK(&only.work, work);
	mn->ops = &notifier_ops;
	mni->ops = &interval_ops;
	a->scan_objects = bad_scan;
	a->count_objects = bad_count;
	b->scan_objects = good_scan;
	shrinker_register(a);
	shrinker_register(b);
	return 0;
}

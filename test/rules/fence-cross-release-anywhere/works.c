// RUN: %check --rules=fence-cross-release-anywhere %s
// roots: 0
// Off unless asked for: the same outside of sections.
#include <linux/mutex.h>
#include <linux/workqueue.h>

struct device {
	struct mutex lock;
	struct work_struct work;
};

static struct device *device;

static void work(struct work_struct *work)
{
	mutex_lock(&device->lock);
	mutex_unlock(&device->lock);
}

static void flush(struct device *d)
{
	flush_work(&d->work); // expect: fence-cross-release-anywhere root=bad via=flush confidence=certain
}

void bad(struct device *d)
{
	mutex_lock(&d->lock);
	flush(d);
	mutex_unlock(&d->lock);
}

void good(struct device *d)
{
	mutex_lock(&d->lock);
	cancel_work(&d->work);
	mutex_unlock(&d->lock);
	flush(d);
}

static void good_drop(struct device *d)
{
	mutex_unlock(&d->lock);
	flush(d);
	mutex_lock(&d->lock);
}

void good_caller(struct device *d)
{
	mutex_lock(&d->lock);
	good_drop(d);
	mutex_unlock(&d->lock);
}

void probe(struct device *d)
{
	device = d;
	INIT_WORK(&d->work, work);
}

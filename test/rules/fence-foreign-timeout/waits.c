// RUN: %check --rules=fence-foreign-timeout %s
// roots: 0
// A fixed timeout, and a fence that another driver made.
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>

#define HZ 250
#define MAX_SCHEDULE_TIMEOUT ((long)(~0UL >> 1))

struct file;
struct dma_buf {
	struct dma_resv *resv;
};
struct dma_buf_attachment {
	struct dma_buf *dmabuf;
};
struct gem_object {
	struct dma_buf_attachment *attach;
	struct dma_resv *resv;
};
struct job {
	struct dma_fence *done;
	long timeout;
};

struct dma_fence *sync_file_get_fence(int fd);
int drm_syncobj_find_fence(struct file *file, u32 handle, u64 point, u64 flags, struct dma_fence **fence);
struct dma_buf *dma_buf_get(int fd);
unsigned long __msecs_to_jiffies(unsigned int m);
bool first(void);

static inline unsigned long msecs_to_jiffies(unsigned int m)
{
	if ((int)m < 0)
		return (~0UL >> 2) - 1;
	return __msecs_to_jiffies(m);
}

static inline struct dma_fence *get(struct dma_fence *fence)
{
	if (fence)
		dma_fence_get(fence);
	return fence;
}

void bad_sync_file(int fd)
{
	dma_fence_wait_timeout(sync_file_get_fence(fd), true, 10 * HZ); // expect: fence-foreign-timeout confidence=certain says=sync_file_get_fence
}

void bad_syncobj(struct file *file)
{
	struct dma_fence *fence;

	if (!drm_syncobj_find_fence(file, 1, 0, 0, &fence))
		dma_fence_wait_timeout(get(fence), true, msecs_to_jiffies(500)); // expect: fence-foreign-timeout sink=dma_fence_wait_timeout
}

void bad_one_of_two(int fd, bool nonblock)
{
	long timeout = nonblock ? 0 : msecs_to_jiffies(5000);

	dma_resv_wait_timeout(dma_buf_get(fd)->resv, 0, true, timeout); // expect: fence-foreign-timeout says=dma_buf_get
}

void bad_imported(struct gem_object *obj)
{
	dma_resv_wait_timeout(obj->attach->dmabuf->resv, 0, true, HZ); // expect: fence-foreign-timeout says=dma_buf_attachment::dmabuf
}

static long scaled(unsigned int factor)
{
	return msecs_to_jiffies(factor) + 1;
}

void bad_through_helper(int fd)
{
	dma_fence_wait_timeout(sync_file_get_fence(fd), true, scaled(100)); // expect: fence-foreign-timeout
}

void bad_loop(int fd)
{
	struct dma_fence *fence = sync_file_get_fence(fd);
	long left = HZ;

	while (left > 0 && first())
		left = dma_fence_wait_timeout(fence, true, left); // expect: fence-foreign-timeout
}

void good_forever(int fd)
{
	dma_fence_wait_timeout(sync_file_get_fence(fd), true, MAX_SCHEDULE_TIMEOUT);
	dma_fence_wait(sync_file_get_fence(fd), true);
}

void good_look(int fd)
{
	dma_fence_wait_timeout(sync_file_get_fence(fd), true, 0);
}

void good_of_the_user(int fd, unsigned int ms)
{
	dma_fence_wait_timeout(sync_file_get_fence(fd), true, msecs_to_jiffies(ms));
}

void good_from_memory(int fd, struct job *job)
{
	dma_fence_wait_timeout(sync_file_get_fence(fd), true, job->timeout);
}

void good_own_fence(struct job *job, struct gem_object *obj)
{
	dma_fence_wait_timeout(job->done, false, HZ);
	dma_resv_wait_timeout(obj->resv, 0, false, HZ);
}

void good_other_argument(struct file *file, struct job *job)
{
	struct dma_fence *fence = job->done;

	drm_syncobj_find_fence(file, 1, 0, 0, &job->done);
	dma_fence_wait_timeout(fence, true, HZ);
}

void good_dead(int fd)
{
	if (0)
		dma_fence_wait_timeout(sync_file_get_fence(fd), true, HZ);
}

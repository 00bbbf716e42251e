// RUN: %check %s
// What is made when it is first needed, and kept, was mostly made before a section needs it: if code outside asks for it as well, and
// if the object is not one that this thread has just made.
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct bo {
	void **pages;
	void *vaddr;
	int pages_users, active, started;
	bool ready;
};

struct job {
	struct bo *bo;
	void *fence;
};

struct bo *bo_alloc(void);
void power_up(struct bo *bo);

static void get_pages(struct bo *bo)
{
	if (!bo->pages)
		bo->pages = kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=mostly_made confidence=possible
}

static void *get_vaddr(struct bo *bo)
{
	if (bo->vaddr)
		return bo->vaddr;
	get_pages(bo);
	bo->vaddr = kzalloc(8, GFP_KERNEL); // expect: fence-reclaim root=mostly_made confidence=possible
	return bo->vaddr;
}

static void make_vaddr(void **vaddr)
{
	*vaddr = kzalloc(16, GFP_KERNEL); // expect: fence-reclaim root=mostly_made confidence=possible
}

static void get_by_address(struct bo *bo)
{
	if (!bo->vaddr)
		make_vaddr(&bo->vaddr);
}

static void *vaddr_of(struct bo *bo, bool *known)
{
	*known = true;
	return bo->vaddr;
}

static void get_by_getter(struct bo *bo)
{
	bool known;

	if (vaddr_of(bo, &known))
		return;
	bo->vaddr = kzalloc(20, GFP_KERNEL); // expect: fence-reclaim root=mostly_made confidence=possible
}

static void get_counted(struct bo *bo)
{
	if (bo->pages_users++ > 0)
		return;
	bo->pages = kmalloc(24, GFP_KERNEL); // expect: fence-reclaim root=mostly_made confidence=possible
}

static void start(struct bo *bo)
{
	kmalloc(32, GFP_KERNEL); // expect: fence-reclaim root=mostly_made confidence=possible
	bo->started = 1;
}

static void start_once(struct bo *bo)
{
	if (!bo->started)
		start(bo);
}

void ioctl_pin(struct bo *bo)
{
	get_pages(bo);
	get_vaddr(bo);
	get_by_address(bo);
	get_by_getter(bo);
	get_counted(bo);
	start_once(bo);
}

void mostly_made(struct job *job)
{
	bool cookie = dma_fence_begin_signalling();

	get_pages(job->bo);
	get_vaddr(job->bo);
	get_by_address(job->bo);
	get_by_getter(job->bo);
	get_counted(job->bo);
	start_once(job->bo);
	dma_fence_end_signalling(cookie);
}

// A new object has nothing yet.
static inline struct bo *to_bo(void **pages)
{
	return container_of(pages, struct bo, pages);
}

static void fill(struct bo *bo)
{
	if (!bo->pages)
		bo->pages = kmalloc(40, GFP_KERNEL); // expect: fence-reclaim root=bad_new confidence=certain
}

void ioctl_fill(struct bo *bo)
{
	fill(bo);
}

void bad_new(struct job *job)
{
	bool cookie = dma_fence_begin_signalling();
	struct bo *bo = bo_alloc();

	fill(to_bo(&bo->pages));
	dma_fence_end_signalling(cookie);
}

// Nobody but the section makes it.
static void new_fence(struct job *job)
{
	if (!job->fence)
		job->fence = kmalloc(48, GFP_KERNEL); // expect: fence-reclaim root=bad_own confidence=certain
}

void bad_own(struct job *job)
{
	bool cookie = dma_fence_begin_signalling();

	new_fence(job);
	dma_fence_end_signalling(cookie);
}

// A state that comes and goes.
static void set_ready(struct bo *bo)
{
	if (!bo->ready) {
		kmalloc(56, GFP_KERNEL); // expect: fence-reclaim root=bad_state confidence=certain
		bo->ready = true;
	}
}

static void set_active(struct bo *bo)
{
	if (bo->active++ == 0)
		kmalloc(64, GFP_KERNEL); // expect: fence-reclaim root=bad_state confidence=certain
}

void ioctl_state(struct bo *bo)
{
	set_ready(bo);
	set_active(bo);
	bo->ready = false;
	bo->active--;
}

void bad_state(struct job *job)
{
	bool cookie = dma_fence_begin_signalling();

	set_ready(job->bo);
	set_active(job->bo);
	dma_fence_end_signalling(cookie);
}

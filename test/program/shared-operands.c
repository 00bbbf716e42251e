// RUN: %check %s
// Forty values, each of which may be made of the one before twice: as a tree they would be a million million.
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
#include <linux/mutex.h>

struct store {
	int size;
	void *pages;
	struct mutex lock;
	struct dma_resv *resv;
};

int get(void);

#define STEP(I)                                                                                                        \
	if (mask & (1ull << (I)))                                                                                      \
		x = x * (2 * (I) + 3);
#define STEPS(I) STEP(I) STEP(I + 1) STEP(I + 2) STEP(I + 3) STEP(I + 4) STEP(I + 5) STEP(I + 6) STEP(I + 7)

static void resize(struct store *s, unsigned long long mask)
{
	int x = s->size;

	STEPS(0)
	STEPS(8)
	STEPS(16)
	STEPS(24)
	STEPS(32)
	if (x)
		mutex_lock(&s->lock);
	while (x != get())
		s->size++;
	if (x)
		mutex_unlock(&s->lock);
	s->size = x;
	if (!s->pages)
		s->pages = (void *)(long)x;
	dma_resv_lock(s->resv, 0); // expect: fence-resv-lock
}

void job(struct store *s, unsigned long long mask)
{
	bool cookie = dma_fence_begin_signalling();

	resize(s, mask);
	dma_fence_end_signalling(cookie);
}

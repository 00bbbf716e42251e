/* Mock: reference counts. */
#ifndef MOCK_KREF_H
#define MOCK_KREF_H

#include <linux/types.h>

struct kref {
	int refcount;
};

bool refcount_dec_and_test(int *count);
void refcount_inc(int *count);

static inline void kref_get(struct kref *kref)
{
	refcount_inc(&kref->refcount);
}

static inline int kref_put(struct kref *kref,
			   void (*release)(struct kref *kref))
{
	bool last = refcount_dec_and_test(&kref->refcount);

	if (last)
		release(kref);
	return last;
}

#endif

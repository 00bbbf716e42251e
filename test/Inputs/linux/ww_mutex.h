/* Mock: wait/wound mutexes. */
#ifndef MOCK_WW_MUTEX_H
#define MOCK_WW_MUTEX_H

#include <linux/mutex.h>

struct ww_class {
	const char *name;
};

struct ww_acquire_ctx {
	unsigned int acquired;
};

struct ww_mutex {
	struct mutex base;
};

int ww_mutex_lock(struct ww_mutex *lock, struct ww_acquire_ctx *ctx);
int ww_mutex_lock_interruptible(struct ww_mutex *lock,
				struct ww_acquire_ctx *ctx);
int ww_mutex_trylock(struct ww_mutex *lock, struct ww_acquire_ctx *ctx);
void ww_mutex_unlock(struct ww_mutex *lock);

#endif

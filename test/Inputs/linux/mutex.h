/* Mock: mutexes. */
#ifndef MOCK_MUTEX_H
#define MOCK_MUTEX_H

#include <linux/cleanup.h>
#include <linux/lockdep.h>
#include <linux/types.h>

struct mutex {
	int owner;
	struct lockdep_map dep_map;
};

#define DEFINE_MUTEX(name) struct mutex name = { 0 }

void mutex_lock(struct mutex *lock);
int mutex_lock_interruptible(struct mutex *lock);
int mutex_lock_killable(struct mutex *lock);
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);

DEFINE_GUARD(mutex, struct mutex *, mutex_lock(_T), mutex_unlock(_T))
DEFINE_GUARD_COND(mutex_try, mutex, mutex_trylock(_T))

#endif

/* Mock: sleeping locks. */
#ifndef MOCK_MUTEX_H
#define MOCK_MUTEX_H

#include <linux/types.h>

struct mutex {
	int owner;
};

void mutex_lock(struct mutex *lock);
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);

#endif

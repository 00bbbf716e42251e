/* Mock: counting semaphores. */
#ifndef MOCK_SEMAPHORE_H
#define MOCK_SEMAPHORE_H

#include <linux/types.h>

struct semaphore {
	unsigned int count;
};

void down(struct semaphore *sem);
int down_interruptible(struct semaphore *sem);
int down_trylock(struct semaphore *sem);
void up(struct semaphore *sem);

#endif

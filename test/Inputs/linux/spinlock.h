/* Mock: spinlocks. */
#ifndef MOCK_SPINLOCK_H
#define MOCK_SPINLOCK_H

typedef struct spinlock {
	int owner;
} spinlock_t;

void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);

#endif

/* Mock: reader/writer semaphores. */
#ifndef MOCK_RWSEM_H
#define MOCK_RWSEM_H

#include <linux/cleanup.h>
#include <linux/types.h>

struct rw_semaphore {
	long count;
};

#define DECLARE_RWSEM(name) struct rw_semaphore name = { 0 }

void down_read(struct rw_semaphore *sem);
int down_read_interruptible(struct rw_semaphore *sem);
int down_read_trylock(struct rw_semaphore *sem);
void up_read(struct rw_semaphore *sem);
void down_write(struct rw_semaphore *sem);
int down_write_killable(struct rw_semaphore *sem);
int down_write_trylock(struct rw_semaphore *sem);
void up_write(struct rw_semaphore *sem);
void downgrade_write(struct rw_semaphore *sem);

DEFINE_GUARD(rwsem_read, struct rw_semaphore *, down_read(_T), up_read(_T))
DEFINE_GUARD(rwsem_write, struct rw_semaphore *, down_write(_T), up_write(_T))

#endif

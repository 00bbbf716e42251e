/* Mock: what code tells lockdep itself. */
#ifndef MOCK_LOCKDEP_H
#define MOCK_LOCKDEP_H

struct lockdep_map {
	const char *name;
};

void lock_acquire(struct lockdep_map *map, unsigned int subclass, int trylock, int read, int check, struct lockdep_map *nest, unsigned long ip);
void lock_release(struct lockdep_map *map, unsigned long ip);

#define lock_map_acquire(map) lock_acquire(map, 0, 0, 0, 1, 0, 0)
#define lock_map_acquire_try(map) lock_acquire(map, 0, 1, 0, 1, 0, 0)
#define lock_map_acquire_read(map) lock_acquire(map, 0, 0, 2, 1, 0, 0)
#define lock_map_release(map) lock_release(map, 0)
#define might_lock(lock)                                                       \
	do {                                                                   \
		lock_map_acquire(&(lock)->dep_map);                            \
		lock_map_release(&(lock)->dep_map);                            \
	} while (0)

#endif

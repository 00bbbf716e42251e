/* Mock: atomic counters. */
#ifndef MOCK_ATOMIC_H
#define MOCK_ATOMIC_H

typedef struct {
	int counter;
} atomic_t;

int atomic_cmpxchg(atomic_t *v, int old, int new);
void atomic_set(atomic_t *v, int i);
int atomic_read(const atomic_t *v);
void atomic_dec(atomic_t *v);

#endif

// RUN: %check %s
// A lock class is a place in the types: which object it is in does not matter, which field it is does.
#include <linux/dma-fence.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>

struct ring {
	struct mutex lock;
};

struct queue {
	struct mutex lock; // the same name in another structure: another class
	struct ring ring;
};

struct engine {
	struct ring rings[4];
	struct mutex locks[4];
	struct queue *queue;
};

struct idle {
	struct mutex lock;
};

// Structures without a name lend their members to the record around them: two locks all the same.
struct board {
	struct {
		struct mutex lock;
	} power, reset, banks[2];
};

void hold_board(struct board *board, struct dma_fence *fence)
{
	mutex_lock(&board->reset.lock);
	dma_fence_wait(fence, false);
	mutex_unlock(&board->reset.lock);
	mutex_lock(&board->banks[1].lock);
	dma_fence_wait(fence, false);
	mutex_unlock(&board->banks[1].lock);
}

void use_board(struct board *board, int n)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&board->power.lock); // nobody waits with it
	mutex_unlock(&board->power.lock);
	mutex_lock(&board->reset.lock); // expect: fence-lock-cycle lock=board::reset.lock holder=hold_board
	mutex_unlock(&board->reset.lock);
	mutex_lock(&board->banks[n].lock); // expect: fence-lock-cycle lock=board::banks.lock holder=hold_board
	mutex_unlock(&board->banks[n].lock);
	dma_fence_end_signalling(cookie);
}

static DEFINE_MUTEX(registry_lock);
static DECLARE_RWSEM(registry_sem);
static struct mutex bank_locks[8];
static struct engine engine;

void section(struct ring *ring, struct queue *queue, struct engine *e, struct idle *idle, int n)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&ring->lock); // expect: fence-lock-cycle lock=ring::lock holder=hold_ring
	mutex_unlock(&ring->lock);
	mutex_lock(&registry_lock); // expect: fence-lock-cycle lock=registry_lock holder=hold_global
	mutex_unlock(&registry_lock);
	down_read(&registry_sem); // expect: fence-lock-cycle lock=registry_sem holder=hold_global_sem
	up_read(&registry_sem);
	mutex_lock(&bank_locks[n]); // expect: fence-lock-cycle lock=bank_locks holder=hold_bank
	mutex_unlock(&bank_locks[n]);
	mutex_lock(&e->locks[n]); // expect: fence-lock-cycle lock=engine::locks holder=hold_engine
	mutex_unlock(&e->locks[n]);
	// Held by hold_idle under the same name in another structure, and across nothing in this one.
	mutex_lock(&idle->lock);
	mutex_unlock(&idle->lock);
	mutex_lock(&queue->lock);
	mutex_unlock(&queue->lock);
	dma_fence_end_signalling(cookie);
}

// One finding per class and root: other places of the same class add nothing.
void embedded(struct queue *queue, struct engine *e)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&queue->ring.lock); // expect: fence-lock-cycle root=embedded lock=ring::lock
	mutex_unlock(&queue->ring.lock);
	mutex_lock(&e->rings[2].lock);
	mutex_unlock(&e->rings[2].lock);
	dma_fence_end_signalling(cookie);
}

void in_array(struct engine *e)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&e->rings[2].lock); // expect: fence-lock-cycle root=in_array lock=ring::lock
	mutex_unlock(&e->rings[2].lock);
	dma_fence_end_signalling(cookie);
}

void in_global(void)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&engine.rings[0].lock); // expect: fence-lock-cycle root=in_global lock=ring::lock
	mutex_unlock(&engine.rings[0].lock);
	dma_fence_end_signalling(cookie);
}

void by_pointer(struct ring *ring)
{
	struct mutex *lock = &ring->lock;
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(lock); // expect: fence-lock-cycle root=by_pointer lock=ring::lock
	mutex_unlock(lock);
	dma_fence_end_signalling(cookie);
}

void hold_ring(struct queue *queue, struct dma_fence *fence)
{
	struct ring *ring = &queue->ring;

	mutex_lock(&ring->lock);
	dma_fence_wait(fence, true);
	mutex_unlock(&ring->lock);
}

void hold_global(struct dma_fence *fence)
{
	mutex_lock(&registry_lock);
	dma_fence_wait(fence, true);
	mutex_unlock(&registry_lock);
}

void hold_global_sem(struct dma_fence *fence)
{
	down_write(&registry_sem);
	dma_fence_wait(fence, true);
	up_write(&registry_sem);
}

void hold_bank(struct dma_fence *fence)
{
	mutex_lock(&bank_locks[0]);
	dma_fence_wait(fence, true);
	mutex_unlock(&bank_locks[0]);
}

void hold_engine(struct engine *e, struct dma_fence *fence)
{
	struct mutex *lock = &e->locks[1];

	mutex_lock(lock);
	dma_fence_wait(fence, true);
	mutex_unlock(lock);
}

// A lock in a static local: signalled and waited in one function, by two threads.
void turn(bool signal, struct dma_fence *fence)
{
	static DEFINE_MUTEX(turn_lock);

	if (signal) {
		bool cookie = dma_fence_begin_signalling();

		mutex_lock(&turn_lock); // expect: fence-lock-cycle root=turn lock=turn.turn_lock holder=turn
		mutex_unlock(&turn_lock);
		dma_fence_end_signalling(cookie);
		return;
	}
	mutex_lock(&turn_lock);
	dma_fence_wait(fence, true);
	mutex_unlock(&turn_lock);
}

// The same name in another function is another lock.
void other_turn(void)
{
	static DEFINE_MUTEX(turn_lock);
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&turn_lock);
	mutex_unlock(&turn_lock);
	dma_fence_end_signalling(cookie);
}

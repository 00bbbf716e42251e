// RUN: %check --rules=fence-wait-atomic %s
// roots: 0
// Spinlocks, interrupts and preemption: nothing sleeps from where they are taken or turned off to where that ends.
#include <linux/cleanup.h>
#include <linux/dma-fence.h>
#include <linux/spinlock.h>

struct ring {
	spinlock_t lock, other;
	struct dma_fence *last;
	bool busy;
};

static void idle(struct ring *r)
{
	dma_fence_wait(r->last, false); // expect: fence-wait-atomic root=bad_spin via=idle confidence=certain says=sleeps; fence-wait-atomic root=bad_wrapped; fence-wait-atomic root=bad_guard; fence-wait-atomic root=bad_helper_waits
}

void bad_spin(struct ring *r)
{
	spin_lock(&r->lock);
	idle(r);
	spin_unlock(&r->lock);
}

void bad_irqsave(struct ring *r)
{
	unsigned long flags;

	spin_lock_irqsave(&r->lock, flags);
	dma_fence_wait_timeout(r->last, false, 10); // expect: fence-wait-atomic root=bad_irqsave
	spin_unlock_irqrestore(&r->lock, flags);
}

void bad_irqs(struct ring *r)
{
	unsigned long flags;

	local_irq_save(flags);
	dma_fence_wait(r->last, false); // expect: fence-wait-atomic root=bad_irqs
	local_irq_restore(flags);
}

void bad_preemption(struct ring *r)
{
	preempt_disable();
	dma_fence_wait(r->last, false); // expect: fence-wait-atomic root=bad_preemption
	preempt_enable();
}

void bad_try(struct ring *r)
{
	if (!spin_trylock(&r->lock))
		return;
	dma_fence_wait(r->last, false); // expect: fence-wait-atomic root=bad_try
	spin_unlock(&r->lock);
}

// The inner lock's end is not the end.
void bad_inner(struct ring *r)
{
	spin_lock(&r->lock);
	spin_lock(&r->other);
	spin_unlock(&r->other);
	dma_fence_wait(r->last, false); // expect: fence-wait-atomic root=bad_inner
	spin_unlock(&r->lock);
}

static void ring_lock(struct ring *r)
{
	spin_lock(&r->lock);
	r->busy = true;
}

static void ring_unlock(struct ring *r)
{
	r->busy = false;
	spin_unlock(&r->lock);
}

void bad_wrapped(struct ring *r)
{
	ring_lock(r);
	idle(r);
	ring_unlock(r);
}

DEFINE_GUARD(ring, struct ring *, ring_lock(_T), ring_unlock(_T))

void bad_guard(struct ring *r)
{
	guard(ring)(r);
	idle(r);
}

static inline void unlock_if_any(spinlock_t **lock)
{
	if (*lock)
		spin_unlock(*lock);
}

void good_guard_has_ended(struct ring *r)
{
	{
		spinlock_t *held __cleanup(unlock_if_any) = &r->lock;

		spin_lock(held);
		r->busy = true;
	}
	idle(r);
}

// Releases its caller's lock, but only after the wait.
static void wait_then_unlock(struct ring *r)
{
	idle(r);
	spin_unlock(&r->lock);
}

void bad_helper_waits(struct ring *r)
{
	spin_lock(&r->lock);
	wait_then_unlock(r);
}

void good_before_and_after(struct ring *r)
{
	unsigned long flags;

	idle(r);
	spin_lock_irqsave(&r->lock, flags);
	r->last = 0;
	spin_unlock_irqrestore(&r->lock, flags);
	idle(r);
}

void good_early_return(struct ring *r)
{
	spin_lock(&r->lock);
	if (r->busy) {
		spin_unlock(&r->lock);
		idle(r);
		return;
	}
	r->busy = true;
	spin_unlock(&r->lock);
	idle(r);
}

void good_poll(struct ring *r)
{
	spin_lock(&r->lock);
	if (dma_fence_wait_timeout(r->last, false, 0) > 0)
		dma_fence_signal(r->last);
	spin_unlock(&r->lock);
}

void good_not_locked(struct ring *r)
{
	if (spin_trylock(&r->lock)) {
		r->busy = false;
		spin_unlock(&r->lock);
	} else {
		idle(r);
	}
	idle(r);
}

void good_try_irqsave(struct ring *r)
{
	unsigned long flags;

	if (!spin_trylock_irqsave(&r->lock, flags))
		return idle(r);
	r->busy = false;
	spin_unlock_irqrestore(&r->lock, flags);
	idle(r);
}

// Irqs and the lock are turned off by one way and on by another.
void good_by_parts(struct ring *r)
{
	unsigned long flags;

	spin_lock_irqsave(&r->lock, flags);
	spin_unlock(&r->lock);
	local_irq_restore(flags);
	idle(r);
	local_irq_save(flags);
	spin_lock(&r->lock);
	spin_unlock_irqrestore(&r->lock, flags);
	idle(r);
}

// Called with the lock held, which it drops to wait.
static void good_drop_and_wait(struct ring *r)
{
	spin_unlock(&r->lock);
	idle(r);
	spin_lock(&r->lock);
}

void good_caller(struct ring *r)
{
	spin_lock(&r->lock);
	while (r->busy)
		good_drop_and_wait(r);
	spin_unlock(&r->lock);
}

int strcmp(const char *a, const char *b);

// The same question twice: no answer is known, and none is made up.
void good_conditional(struct ring *r, const char *name)
{
	if (strcmp(name, "a"))
		spin_lock(&r->lock);
	r->busy = true;
	if (strcmp(name, "a"))
		spin_unlock(&r->lock);
	idle(r);
}

struct handler {
	void (*call)(struct ring *r);
};

static void quick(struct ring *r)
{
	r->busy = false;
}

static const struct handler now = { quick }, later = { idle };

// Of several functions, those that sleep are not for here.
void good_handlers(struct ring *r, const struct handler *h)
{
	spin_lock(&r->lock);
	h->call(r);
	spin_unlock(&r->lock);
}

const struct handler *handlers[] = { &now, &later };

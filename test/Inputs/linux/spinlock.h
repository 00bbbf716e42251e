/* Mock: spinlocks, and what else forbids sleep. */
#ifndef MOCK_SPINLOCK_H
#define MOCK_SPINLOCK_H

typedef struct spinlock {
	int owner;
} spinlock_t;

void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);

unsigned long _raw_spin_lock_irqsave(spinlock_t *lock);
void _raw_spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags);
int _raw_spin_trylock(spinlock_t *lock);
unsigned long arch_local_irq_save(void);
void arch_local_irq_restore(unsigned long flags);
void preempt_count_add(int value);
void preempt_count_sub(int value);

#define spin_lock_irqsave(lock, flags)                                         \
	do {                                                                   \
		flags = _raw_spin_lock_irqsave(lock);                          \
	} while (0)

static inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	_raw_spin_unlock_irqrestore(lock, flags);
}

#define __cond_lock(x, c) ((c) ? ({ (void)(x); 1; }) : 0)
#define spin_trylock(lock) __cond_lock(lock, _raw_spin_trylock(lock))
#define spin_trylock_irqsave(lock, flags)                                      \
	({                                                                     \
		flags = arch_local_irq_save();                                 \
		spin_trylock(lock) ? 1 : ({                                    \
			arch_local_irq_restore(flags);                         \
			0;                                                     \
		});                                                            \
	})
#define local_irq_save(flags) ((flags) = arch_local_irq_save())
#define local_irq_restore(flags) arch_local_irq_restore(flags)
#define preempt_disable() preempt_count_add(1)
#define preempt_enable() preempt_count_sub(1)

#endif

/* Mock: what runs in interrupts. */
#ifndef MOCK_INTERRUPT_H
#define MOCK_INTERRUPT_H

typedef int irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(int irq, void *data);

int request_threaded_irq(unsigned int irq, irq_handler_t handler,
			 irq_handler_t thread, unsigned long flags,
			 const char *name, void *data);

struct timer_list {
	void (*function)(struct timer_list *timer);
};

#define timer_setup(timer, callback, flags) ((timer)->function = (callback))

#endif

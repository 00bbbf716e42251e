/* Mock: workers. INIT_WORK is an assignment, as in the kernel. */
#ifndef MOCK_WORKQUEUE_H
#define MOCK_WORKQUEUE_H

#include <linux/types.h>

struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

struct work_struct {
	unsigned long data;
	work_func_t func;
};

struct delayed_work {
	struct work_struct work;
	unsigned long timer;
};

struct workqueue_struct;
extern struct workqueue_struct *system_wq;

#define INIT_WORK(_work, _func)                                                \
	do {                                                                   \
		(_work)->data = 0;                                             \
		(_work)->func = (_func);                                       \
	} while (0)
#define INIT_DELAYED_WORK(_work, _func)                                        \
	do {                                                                   \
		INIT_WORK(&(_work)->work, (_func));                            \
		(_work)->timer = 0;                                            \
	} while (0)

bool queue_work_on(int cpu, struct workqueue_struct *wq,
		   struct work_struct *work);
bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq,
			   struct delayed_work *work, unsigned long delay);
bool flush_work(struct work_struct *work);
bool cancel_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
bool flush_delayed_work(struct delayed_work *work);
bool cancel_delayed_work_sync(struct delayed_work *work);

static inline bool queue_work(struct workqueue_struct *wq,
			      struct work_struct *work)
{
	return queue_work_on(0, wq, work);
}

static inline bool schedule_work(struct work_struct *work)
{
	return queue_work(system_wq, work);
}

static inline bool queue_delayed_work(struct workqueue_struct *wq,
				      struct delayed_work *work,
				      unsigned long delay)
{
	return queue_delayed_work_on(0, wq, work, delay);
}

#endif

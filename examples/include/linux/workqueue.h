#ifndef EXAMPLE_WORKQUEUE_H
#define EXAMPLE_WORKQUEUE_H

#include <linux/kernel.h>

struct work_struct {
	void (*func)(struct work_struct *work);
};

#define INIT_WORK(_work, _func) ((_work)->func = (_func))

bool schedule_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);

#endif

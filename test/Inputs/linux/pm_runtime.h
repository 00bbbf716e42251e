/* Mock: runtime power management. */
#ifndef MOCK_PM_RUNTIME_H
#define MOCK_PM_RUNTIME_H

struct device {
	void *driver_data;
};

struct dev_pm_ops {
	int (*runtime_suspend)(struct device *dev);
	int (*runtime_resume)(struct device *dev);
	int (*runtime_idle)(struct device *dev);
};

int __pm_runtime_resume(struct device *dev, int flags);
int __pm_runtime_suspend(struct device *dev, int flags);

int pm_runtime_get(struct device *dev);
int pm_runtime_get_sync(struct device *dev);
int pm_runtime_resume_and_get(struct device *dev);
int pm_runtime_put_sync(struct device *dev);
int pm_runtime_put_autosuspend(struct device *dev);

#endif

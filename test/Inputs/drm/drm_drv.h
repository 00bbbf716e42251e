/* Mock: DRM devices. */
#ifndef MOCK_DRM_DRV_H
#define MOCK_DRM_DRV_H

#include <linux/types.h>

struct drm_driver;
struct drm_device {
	bool unplugged;
};
struct drm_gem_object {
	struct drm_device *dev;
};

struct drm_device *drm_dev_alloc(const struct drm_driver *driver, void *parent);
int drm_dev_register(struct drm_device *dev, unsigned long flags);
void drm_dev_unplug(struct drm_device *dev);

static inline bool drm_dev_enter(struct drm_device *dev, int *idx)
{
	*idx = 0;
	if (dev->unplugged)
		return false;
	return true;
}

static inline bool drm_dev_is_unplugged(struct drm_device *dev)
{
	int idx;

	return !drm_dev_enter(dev, &idx);
}

int drm_gem_object_init(struct drm_device *dev, struct drm_gem_object *obj,
			unsigned long size);

#endif

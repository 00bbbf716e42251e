/* Mock: DRM devices. */
#ifndef MOCK_DRM_DRV_H
#define MOCK_DRM_DRV_H

struct drm_driver;
struct drm_device;
struct drm_gem_object {
	struct drm_device *dev;
};

struct drm_device *drm_dev_alloc(const struct drm_driver *driver, void *parent);
int drm_dev_register(struct drm_device *dev, unsigned long flags);
int drm_gem_object_init(struct drm_device *dev, struct drm_gem_object *obj,
			unsigned long size);

#endif

/* Mock: ioctls. */
#ifndef MOCK_DRM_IOCTL_H
#define MOCK_DRM_IOCTL_H

struct drm_device;
struct drm_file;

typedef int drm_ioctl_t(struct drm_device *dev, void *data,
			struct drm_file *file);

struct drm_ioctl_desc {
	unsigned int cmd;
	drm_ioctl_t *func;
	const char *name;
};

#endif

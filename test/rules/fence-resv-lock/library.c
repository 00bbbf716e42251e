// RUN: %check %s
// Entry points of the buffer libraries take the lock inside. Their bodies are followed if the program has them; here it has not, as with
// --scope=paths or a driver outside the kernel's tree.
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>

struct dma_buf;
struct dma_buf_attachment;
struct drm_exec;
struct drm_gem_object;
struct iosys_map;

int dma_buf_vmap_unlocked(struct dma_buf *buf, struct iosys_map *map);
void *dma_buf_map_attachment_unlocked(struct dma_buf_attachment *attach, int direction);
int drm_exec_lock_obj(struct drm_exec *exec, struct drm_gem_object *obj);
int drm_gem_lock_reservations(struct drm_gem_object **objs, int count, struct ww_acquire_ctx *ctx);
int drm_gem_vmap_unlocked(struct drm_gem_object *obj, struct iosys_map *map);

void bad(struct dma_buf *buf, struct dma_buf_attachment *attach, struct drm_exec *exec, struct drm_gem_object *obj,
	 struct iosys_map *map, struct ww_acquire_ctx *ctx)
{
	bool cookie = dma_fence_begin_signalling();

	dma_buf_vmap_unlocked(buf, map); // expect: fence-resv-lock
	dma_buf_map_attachment_unlocked(attach, 0); // expect: fence-resv-lock
	drm_exec_lock_obj(exec, obj); // expect: fence-resv-lock
	drm_gem_lock_reservations(&obj, 1, ctx); // expect: fence-resv-lock
	drm_gem_vmap_unlocked(obj, map); // expect: fence-resv-lock
	dma_fence_end_signalling(cookie);
}

void good(struct dma_buf *buf, struct iosys_map *map)
{
	bool cookie;

	dma_buf_vmap_unlocked(buf, map);
	cookie = dma_fence_begin_signalling();
	dma_fence_end_signalling(cookie);
}

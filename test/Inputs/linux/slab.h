/* Mock: allocators as since 6.10, where each name is a macro over *_noprof. */
#ifndef MOCK_SLAB_H
#define MOCK_SLAB_H

#include <linux/gfp.h>

struct kmem_cache;

void *__kmalloc_noprof(size_t size, gfp_t flags);
void *kmem_cache_alloc_noprof(struct kmem_cache *cache, gfp_t flags);
void *kvmalloc_node_noprof(size_t size, gfp_t flags, int node);
void *krealloc_noprof(const void *ptr, size_t size, gfp_t flags);
void kfree(const void *ptr);
void kvfree(const void *ptr);
void kmem_cache_free(struct kmem_cache *cache, void *ptr);

static inline void *kmalloc_noprof(size_t size, gfp_t flags)
{
	return __kmalloc_noprof(size, flags);
}

static inline void *kmalloc_array_noprof(size_t n, size_t size, gfp_t flags)
{
	return kmalloc_noprof(n * size, flags);
}

static inline void *kzalloc_noprof(size_t size, gfp_t flags)
{
	return kmalloc_noprof(size, flags | __GFP_ZERO);
}

/* The profiling tag, reduced to what it means for the AST. */
#define alloc_hooks(call) ({ __typeof__(call) __res = call; __res; })

#define kmalloc(...) alloc_hooks(kmalloc_noprof(__VA_ARGS__))
#define kzalloc(...) alloc_hooks(kzalloc_noprof(__VA_ARGS__))
#define kmalloc_array(...) alloc_hooks(kmalloc_array_noprof(__VA_ARGS__))
#define kcalloc(n, size, flags) kmalloc_array(n, size, (flags) | __GFP_ZERO)
#define krealloc(...) alloc_hooks(krealloc_noprof(__VA_ARGS__))
#define kmem_cache_alloc(...) alloc_hooks(kmem_cache_alloc_noprof(__VA_ARGS__))
#define kmem_cache_zalloc(cache, flags)                                        \
	kmem_cache_alloc(cache, (flags) | __GFP_ZERO)
#define kvmalloc(size, flags)                                                  \
	alloc_hooks(kvmalloc_node_noprof(size, flags, -1))

#endif

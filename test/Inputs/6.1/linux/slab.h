/* Mock: allocators as up to 6.9, plain functions and inlines. */
#ifndef MOCK_SLAB_H
#define MOCK_SLAB_H

#include <linux/gfp.h>

struct kmem_cache;

void *__kmalloc(size_t size, gfp_t flags);
void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags);
void kfree(const void *ptr);

static inline void *kmalloc(size_t size, gfp_t flags)
{
	return __kmalloc(size, flags);
}

static inline void *kzalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags | __GFP_ZERO);
}

static inline void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t flags)
{
	return kmem_cache_alloc(cache, flags | __GFP_ZERO);
}

#endif

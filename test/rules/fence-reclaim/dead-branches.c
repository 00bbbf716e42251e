// RUN: %check %s
// Code that this configuration, or this caller's constants, rule out.
#include <linux/dma-fence.h>
#include <linux/slab.h>

#define CONFIG_DRV_DEBUG 0
#define CONFIG_DRV_TRACE 1
#define DRV_ASYNC 0x4

void good_constant_conditions(void)
{
	bool cookie = dma_fence_begin_signalling();

	if (0)
		kmalloc(8, GFP_KERNEL);
	if (IS_ENABLED(CONFIG_DRV_DEBUG))
		kmalloc(8, GFP_KERNEL);
	if (IS_ENABLED(CONFIG_DRV_TRACE))
		kmalloc(8, GFP_ATOMIC);
	else
		kmalloc(8, GFP_KERNEL);
	while (IS_ENABLED(CONFIG_DRV_DEBUG))
		kmalloc(8, GFP_KERNEL);
	if (IS_ENABLED(CONFIG_DRV_DEBUG) && kmalloc(8, GFP_KERNEL))
		return;
	dma_fence_end_signalling(cookie);
}

void bad_constant_conditions(void)
{
	bool cookie = dma_fence_begin_signalling();

	if (1)
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	if (IS_ENABLED(CONFIG_DRV_TRACE))
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	dma_fence_end_signalling(cookie);
}

static void flush_rings(int flags)
{
	if (flags & DRV_ASYNC)
		return;
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_flags confidence=certain
}

static void idle(int flags)
{
	flush_rings(flags);
}

void good_flags(void)
{
	bool cookie = dma_fence_begin_signalling();

	idle(DRV_ASYNC | 1);
	dma_fence_end_signalling(cookie);
}

void bad_flags(void)
{
	bool cookie = dma_fence_begin_signalling();

	idle(1);
	dma_fence_end_signalling(cookie);
}

enum mode { MODE_FAST, MODE_SLOW, MODE_DEBUG };

static void by_mode(enum mode mode)
{
	switch (mode) {
	case MODE_FAST:
		kmalloc(8, GFP_NOWAIT);
		break;
	case MODE_SLOW:
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_mode
		break;
	default:
		kmalloc(8, GFP_NOIO);
	}
}

void good_mode(void)
{
	bool cookie = dma_fence_begin_signalling();

	by_mode(MODE_FAST);
	dma_fence_end_signalling(cookie);
}

void bad_mode(void)
{
	bool cookie = dma_fence_begin_signalling();

	by_mode(MODE_SLOW);
	dma_fence_end_signalling(cookie);
}

// A null pointer is a constant too.
static void report(void *log)
{
	if (log)
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_log
}

void good_log(void)
{
	bool cookie = dma_fence_begin_signalling();

	report(NULL);
	dma_fence_end_signalling(cookie);
}

void bad_log(void *log)
{
	bool cookie = dma_fence_begin_signalling();

	report(log);
	dma_fence_end_signalling(cookie);
}

// RUN: %check %s
// Modes are set with console_lock held, which locks buffers; whoever only tries for it does not wait.
#include <linux/dma-fence.h>
#include <linux/slab.h>

void console_lock(void);
int console_trylock(void);
void console_unlock(void);

void bad(void)
{
	bool cookie = dma_fence_begin_signalling();

	console_lock(); // expect: fence-lock-cycle
	console_unlock();
	dma_fence_end_signalling(cookie);
}

void good_try(void)
{
	bool cookie = dma_fence_begin_signalling();

	if (console_trylock())
		console_unlock();
	dma_fence_end_signalling(cookie);
}

void good_before(void)
{
	bool cookie;

	console_lock();
	console_unlock();
	cookie = dma_fence_begin_signalling();
	dma_fence_end_signalling(cookie);
}

// RUN: %check %s
// What the holder waits for: a fence, or a lock under which fences are waited for. A poll is no wait.
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/uaccess.h>

struct vm {
	struct mutex fence_lock, timeout_lock, all_lock, resv_lock, read_lock, write_lock, user_lock, macro_lock;
	struct mutex poll_lock, poll_all_lock, try_lock, nofault_lock, other_lock;
	struct dma_fence *fence;
	struct dma_resv *resv;
};

void section(struct vm *vm)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&vm->fence_lock); // expect: fence-lock-cycle holder=hold_fence confidence=certain until=dma_fence_wait
	mutex_unlock(&vm->fence_lock);
	mutex_lock(&vm->timeout_lock); // expect: fence-lock-cycle holder=hold_timeout confidence=certain
	mutex_unlock(&vm->timeout_lock);
	mutex_lock(&vm->all_lock); // expect: fence-lock-cycle holder=hold_all confidence=certain until=dma_resv_wait_timeout
	mutex_unlock(&vm->all_lock);
	mutex_lock(&vm->resv_lock); // expect: fence-lock-cycle holder=hold_resv confidence=certain says="while a dma_resv lock is acquired"
	mutex_unlock(&vm->resv_lock);
	mutex_lock(&vm->read_lock); // expect: fence-lock-cycle holder=hold_read confidence=certain says="while mmap_lock is acquired or userspace memory is faulted in"
	mutex_unlock(&vm->read_lock);
	mutex_lock(&vm->write_lock); // expect: fence-lock-cycle holder=hold_write confidence=certain until=mmap_write_lock
	mutex_unlock(&vm->write_lock);
	mutex_lock(&vm->user_lock); // expect: fence-lock-cycle holder=hold_user confidence=certain until=copy_from_user
	mutex_unlock(&vm->user_lock);
	mutex_lock(&vm->macro_lock); // expect: fence-lock-cycle holder=hold_macro confidence=certain until=get_user
	mutex_unlock(&vm->macro_lock);
	dma_fence_end_signalling(cookie);
}

void hold_fence(struct vm *vm)
{
	mutex_lock(&vm->fence_lock);
	dma_fence_wait(vm->fence, true);
	mutex_unlock(&vm->fence_lock);
}

void hold_timeout(struct vm *vm)
{
	mutex_lock(&vm->timeout_lock);
	dma_fence_wait_timeout(vm->fence, true, 100);
	mutex_unlock(&vm->timeout_lock);
}

void hold_all(struct vm *vm)
{
	mutex_lock(&vm->all_lock);
	dma_resv_wait_timeout(vm->resv, DMA_RESV_USAGE_WRITE, true, 100);
	mutex_unlock(&vm->all_lock);
}

void hold_resv(struct vm *vm)
{
	mutex_lock(&vm->resv_lock);
	dma_resv_lock(vm->resv, NULL);
	dma_resv_unlock(vm->resv);
	mutex_unlock(&vm->resv_lock);
}

void hold_read(struct vm *vm, struct mm_struct *mm)
{
	mutex_lock(&vm->read_lock);
	mmap_read_lock(mm);
	mmap_read_unlock(mm);
	mutex_unlock(&vm->read_lock);
}

void hold_write(struct vm *vm, struct mm_struct *mm)
{
	mutex_lock(&vm->write_lock);
	mmap_write_lock(mm);
	mmap_write_unlock(mm);
	mutex_unlock(&vm->write_lock);
}

unsigned long hold_user(struct vm *vm, void *to, const void __user *from)
{
	unsigned long left;

	mutex_lock(&vm->user_lock);
	left = copy_from_user(to, from, 8);
	mutex_unlock(&vm->user_lock);
	return left;
}

int hold_macro(struct vm *vm, const int __user *from)
{
	int value = 0;

	mutex_lock(&vm->macro_lock);
	get_user(value, from);
	mutex_unlock(&vm->macro_lock);
	return value;
}

// None of these waits.
void good_section(struct vm *vm)
{
	bool cookie = dma_fence_begin_signalling();

	mutex_lock(&vm->poll_lock);
	mutex_unlock(&vm->poll_lock);
	mutex_lock(&vm->poll_all_lock);
	mutex_unlock(&vm->poll_all_lock);
	mutex_lock(&vm->try_lock);
	mutex_unlock(&vm->try_lock);
	mutex_lock(&vm->nofault_lock);
	mutex_unlock(&vm->nofault_lock);
	mutex_lock(&vm->other_lock);
	mutex_unlock(&vm->other_lock);
	dma_fence_end_signalling(cookie);
}

void hold_poll(struct vm *vm)
{
	mutex_lock(&vm->poll_lock);
	dma_fence_wait_timeout(vm->fence, false, 0);
	mutex_unlock(&vm->poll_lock);
}

void hold_poll_all(struct vm *vm)
{
	mutex_lock(&vm->poll_all_lock);
	dma_resv_wait_timeout(vm->resv, DMA_RESV_USAGE_KERNEL, false, 0);
	mutex_unlock(&vm->poll_all_lock);
}

void hold_try(struct vm *vm, struct mm_struct *mm)
{
	mutex_lock(&vm->try_lock);
	if (dma_resv_trylock(vm->resv))
		dma_resv_unlock(vm->resv);
	if (mmap_read_trylock(mm))
		mmap_read_unlock(mm);
	mutex_unlock(&vm->try_lock);
}

unsigned long hold_nofault(struct vm *vm, void *to, const void __user *from)
{
	unsigned long left;

	mutex_lock(&vm->nofault_lock);
	pagefault_disable();
	left = copy_from_user(to, from, 8);
	pagefault_enable();
	mutex_unlock(&vm->nofault_lock);
	return left;
}

// The dma_resv lock is held across the wait, which is what it is for, and the mutex was dropped before.
void hold_other(struct vm *vm)
{
	dma_resv_lock(vm->resv, NULL);
	mutex_lock(&vm->other_lock);
	mutex_unlock(&vm->other_lock);
	dma_fence_wait(vm->fence, true);
	dma_resv_unlock(vm->resv);
}

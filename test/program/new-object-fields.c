// RUN: %check %s
// What was never set in an object that the thread has just made is not set where it is torn down.
#include <linux/dma-fence.h>
#include <linux/slab.h>

void *memcpy(void *to, const void *from, unsigned long size);

struct user {
	int number;
};

struct vm;

struct vm_funcs {
	void (*open)(struct vm *vm);
};

struct vm {
	struct user *user, *owner, *helper, *late, *idle;
	const struct vm_funcs *funcs;
};

static struct user *user_get(struct vm *vm)
{
	return vm->helper;
}

void vm_attach(struct vm *vm, struct user *user)
{
	vm->user = user;
	vm->helper = user;
}

static void vm_init(struct vm *vm, struct user *owner)
{
	vm->owner = owner;
}

static void vm_fini(struct vm *vm)
{
	if (vm->user)
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=good confidence=possible; fence-reclaim root=bad_attached; fence-reclaim root=bad_old; fence-reclaim root=bad_copied; fence-reclaim root=bad_opened
	if (vm->owner)
		kmalloc(16, GFP_KERNEL); // expect: fence-reclaim root=good; fence-reclaim root=bad_attached; fence-reclaim root=bad_old; fence-reclaim root=bad_copied; fence-reclaim root=bad_opened confidence=possible
	if (!user_get(vm))
		return;
	kmalloc(24, GFP_KERNEL); // expect: fence-reclaim root=good confidence=possible; fence-reclaim root=bad_attached; fence-reclaim root=bad_old; fence-reclaim root=bad_copied; fence-reclaim root=bad_opened
}

void good(struct user *owner)
{
	bool cookie = dma_fence_begin_signalling();
	struct vm *vm = kzalloc(sizeof(*vm), GFP_NOWAIT);

	vm_init(vm, owner);
	vm_fini(vm);
	dma_fence_end_signalling(cookie);
}

void bad_attached(struct user *user)
{
	bool cookie = dma_fence_begin_signalling();
	struct vm *vm = kzalloc(sizeof(*vm), GFP_NOWAIT);

	vm_init(vm, user);
	vm_attach(vm, user);
	vm_fini(vm);
	dma_fence_end_signalling(cookie);
}

void bad_old(struct vm *vm)
{
	bool cookie = dma_fence_begin_signalling();

	vm_fini(vm);
	dma_fence_end_signalling(cookie);
}

void bad_copied(struct vm *from)
{
	bool cookie = dma_fence_begin_signalling();
	struct vm *vm = kzalloc(sizeof(*vm), GFP_NOWAIT);

	memcpy(vm, from, sizeof(*vm));
	vm_fini(vm);
	dma_fence_end_signalling(cookie);
}

// Whoever is called through a pointer may set it, too.
static void user_open(struct vm *vm)
{
	vm_attach(vm, kmalloc(sizeof(struct user), GFP_NOWAIT));
}

const struct vm_funcs user_funcs = { .open = user_open };

static void vm_open(struct vm *vm, const struct vm_funcs *funcs)
{
	vm->funcs = funcs;
	funcs->open(vm);
}

void bad_opened(const struct vm_funcs *funcs)
{
	bool cookie = dma_fence_begin_signalling();
	struct vm *vm = kzalloc(sizeof(*vm), GFP_NOWAIT);

	vm_open(vm, funcs);
	vm_fini(vm);
	dma_fence_end_signalling(cookie);
}

// It is set by the function that asks, before it asks.
static void vm_start(struct vm *vm, struct user *user)
{
	vm->late = user;
	if (vm->late)
		kmalloc(32, GFP_KERNEL); // expect: fence-reclaim root=bad_asker
}

void bad_asker(struct user *user)
{
	bool cookie = dma_fence_begin_signalling();
	struct vm *vm = kzalloc(sizeof(*vm), GFP_NOWAIT);

	vm_start(vm, user);
	dma_fence_end_signalling(cookie);
}

// The structure is assigned as a whole.
static void vm_like(struct vm *vm, const struct vm *from)
{
	*vm = *from;
}

static void vm_stop(struct vm *vm)
{
	if (vm->idle)
		kmalloc(48, GFP_KERNEL); // expect: fence-reclaim root=bad_assigned; fence-reclaim root=good_cleared confidence=possible
}

void vm_hurry(struct vm *vm, struct user *user)
{
	vm->idle = user;
}

void bad_assigned(struct vm *from)
{
	bool cookie = dma_fence_begin_signalling();
	struct vm *vm = kzalloc(sizeof(*vm), GFP_NOWAIT);

	vm_like(vm, from);
	vm_stop(vm);
	dma_fence_end_signalling(cookie);
}

void good_cleared(void)
{
	bool cookie = dma_fence_begin_signalling();
	struct vm *vm = kmalloc(sizeof(*vm), GFP_NOWAIT);

	*vm = (struct vm){ .funcs = 0 };
	vm_stop(vm);
	dma_fence_end_signalling(cookie);
}

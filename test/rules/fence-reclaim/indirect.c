// RUN: %check %s
// Calls through pointers, by struct type and field.
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct ring;

struct ring_ops {
	void (*kick)(struct ring *ring);
	void (*stop)(struct ring *ring);
};

struct ring {
	const struct ring_ops *ops;
	void (*done)(struct ring *ring);
	void (*hook)(struct ring *ring);
};

// By initialiser.
static void kick(struct ring *ring)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=by_initialiser edge=ring_ops::kick
}

// Another field of the same type: never called in a section.
static void stop(struct ring *ring)
{
	kmalloc(8, GFP_KERNEL);
}

static const struct ring_ops ops = {
	.kick = kick,
	.stop = stop,
};

void by_initialiser(struct ring *ring)
{
	bool cookie = dma_fence_begin_signalling();

	ring->ops->kick(ring);
	dma_fence_end_signalling(cookie);
	ring->ops->stop(ring);
}

// By assignment.
static void done(struct ring *ring)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=by_assignment edge=ring::done
}

void ring_init(struct ring *ring)
{
	ring->ops = &ops;
	ring->done = done;
}

void by_assignment(struct ring *ring)
{
	bool cookie = dma_fence_begin_signalling();

	if (ring->done)
		ring->done(ring);
	dma_fence_end_signalling(cookie);
}

// By a helper that stores its parameter.
static void set_hook(struct ring *ring, void (*hook)(struct ring *ring))
{
	ring->hook = hook;
}

static void hook(struct ring *ring)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=by_helper edge=ring::hook
}

void ring_set_hooks(struct ring *ring)
{
	set_hook(ring, hook);
}

void by_helper(struct ring *ring)
{
	bool cookie = dma_fence_begin_signalling();

	ring->hook(ring);
	dma_fence_end_signalling(cookie);
}

// An array of function pointers.
static void step_a(void)
{
	kmalloc(8, GFP_ATOMIC);
}

static void step_b(void)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=by_array
}

static void (*const steps[])(void) = { step_a, step_b };

void by_array(int n)
{
	bool cookie = dma_fence_begin_signalling();

	steps[n]();
	dma_fence_end_signalling(cookie);
}

// An array of structs.
struct command {
	int id;
	void (*run)(void);
};

static void command_run(void)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=by_struct_array edge=command::run
}

static const struct command commands[] = {
	{ .id = 1, .run = step_a },
	{ .id = 2, .run = command_run },
};

void by_struct_array(int id)
{
	bool cookie = dma_fence_begin_signalling();
	int i;

	for (i = 0; i < 2; i++)
		if (commands[i].id == id)
			commands[i].run();
	dma_fence_end_signalling(cookie);
}

// A pointer passed as an argument: each caller calls what it passes.
static void for_each_ring(struct ring *ring, void (*visit)(struct ring *ring))
{
	visit(ring);
}

static void visit_allocates(struct ring *ring)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=bad_argument
}

static void visit_frees(struct ring *ring)
{
	kfree(ring);
}

void bad_argument(struct ring *ring)
{
	bool cookie = dma_fence_begin_signalling();

	for_each_ring(ring, visit_allocates);
	dma_fence_end_signalling(cookie);
}

void good_argument(struct ring *ring)
{
	bool cookie = dma_fence_begin_signalling();

	for_each_ring(ring, visit_frees);
	dma_fence_end_signalling(cookie);
	for_each_ring(ring, visit_allocates);
}

// A local pointer.
void by_local(struct ring *ring, bool fast)
{
	void (*fn)(void) = fast ? step_a : command_run;
	bool cookie = dma_fence_begin_signalling();

	step_a();
	dma_fence_end_signalling(cookie);
	fn();
}

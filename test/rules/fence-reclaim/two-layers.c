// RUN: %check %s
// The table behind a known table: only the functions of tables that can be there are targets.
#include <linux/dma-fence.h>
#include <linux/slab.h>

struct file;

struct backend_ops {
	void (*submit)(struct file *file);
};

struct engine {
	const struct backend_ops *backend;
};

struct recorder {
	const struct backend_ops *backend;
};

static void engine_submit(struct file *file)
{
	kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=run_engine
}

static void recorder_submit(struct file *file)
{
	kmalloc(8, GFP_KERNEL);
}

static const struct backend_ops engine_backend = { .submit = engine_submit };
static const struct backend_ops recorder_backend = { .submit = recorder_submit };

static const struct engine engine = { .backend = &engine_backend };
static const struct recorder recorder = { .backend = &recorder_backend };

void run_engine(const struct engine *e, struct file *file)
{
	bool cookie = dma_fence_begin_signalling();

	e->backend->submit(file);
	dma_fence_end_signalling(cookie);
}

void run_recorder(const struct recorder *r, struct file *file)
{
	r->backend->submit(file);
}

const void *tables[] = { &engine, &recorder };

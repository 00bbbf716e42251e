// RUN: %check %s
// C++: virtual calls by class hierarchy, RAII sections, references, lambdas.
extern "C" {
#include <linux/dma-fence.h>
#include <linux/slab.h>
}

class Section {
public:
	Section() : Cookie(dma_fence_begin_signalling()) {}
	~Section() { dma_fence_end_signalling(Cookie); }
	Section(const Section &) = delete;

private:
	bool Cookie;
};

struct Engine {
	virtual ~Engine() {}
	virtual void kick() = 0;
	virtual void stop() = 0;
};

struct CopyEngine : Engine {
	void kick() override { kmalloc(8, GFP_KERNEL); } // expect: fence-reclaim root=bad_virtual edge=virtual
	void stop() override { kmalloc(8, GFP_KERNEL); }
};

struct RenderEngine : Engine {
	void kick() override { kmalloc(8, GFP_ATOMIC); }
	void stop() override {}
};

// Nothing derives from it with an allocation.
struct IdleEngine : RenderEngine {
	void stop() override { kmalloc(8, GFP_NOWAIT); }
};

void bad_virtual(Engine &E)
{
	Section S;

	E.kick();
}

void good_virtual(RenderEngine &E)
{
	Section S;

	E.kick();
	E.stop();
}

void raii(Engine &E, bool Busy)
{
	kmalloc(8, GFP_KERNEL);
	{
		Section S;

		if (Busy)
			return;
		kmalloc(8, GFP_KERNEL); // expect: fence-reclaim
	}
	kmalloc(8, GFP_KERNEL);
	E.stop();
}

static void allocates() { kmalloc(8, GFP_KERNEL); } // expect: fence-reclaim in=allocates via=by_reference
static void harmless() { kmalloc(8, GFP_NOWAIT); }

static void call(void (&Fn)()) { Fn(); }

void by_reference()
{
	Section S;

	call(allocates);
}

void good_reference()
{
	{
		Section S;

		call(harmless);
	}
	call(allocates);
}

template <typename F> static void apply(F Fn) { Fn(); }

void by_lambda()
{
	Section S;

	apply([] { kmalloc(8, GFP_KERNEL); }); // expect: fence-reclaim
	apply([] { kmalloc(8, GFP_ATOMIC); });
}

void lambda_outside()
{
	auto Fn = [] { kmalloc(8, GFP_KERNEL); };
	{
		Section S;
	}
	Fn();
}

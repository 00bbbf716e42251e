// RUN: %check %s
// C++: sections as objects.
extern "C" {
#include <linux/dma-fence.h>
}

bool ready();

class Section {
public:
	Section() : Cookie(dma_fence_begin_signalling()) {}
	~Section() { dma_fence_end_signalling(Cookie); }
	Section(const Section &) = delete;

private:
	bool Cookie;
};

int good_raii()
{
	Section S;

	if (!ready())
		return -1;
	{
		Section Inner;
		ready();
	}
	return 0;
}

int good_loop(int N)
{
	for (int I = 0; I < N; I++) {
		Section S;
		if (!ready())
			break;
	}
	return 0;
}

int bad_return(int N)
{
	bool Cookie = dma_fence_begin_signalling();

	if (N)
		return 1; // expect: fence-section-balance root=bad_return
	dma_fence_end_signalling(Cookie);
	return 0;
}

struct Manual {
	bool Cookie;

	void begin() { Cookie = dma_fence_begin_signalling(); }
	void end() { dma_fence_end_signalling(Cookie); }
};

void good_manual(Manual &M)
{
	M.begin();
	ready();
	M.end();
}

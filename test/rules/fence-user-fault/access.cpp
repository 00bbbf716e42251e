// RUN: %check %s
// C++: user access behind a template and a method.
extern "C" {
#include <linux/dma-fence.h>
#include <linux/uaccess.h>
}

struct Section {
	bool Cookie = dma_fence_begin_signalling();
	~Section() { dma_fence_end_signalling(Cookie); }
};

struct NoFault {
	NoFault() { pagefault_disable(); }
	~NoFault() { pagefault_enable(); }
};

template <typename T> struct UserPointer {
	const T __user *From;

	bool read(T &To) const
	{
		return !copy_from_user(&To, From, sizeof(T)); // expect: fence-user-fault root=bad
	}
};

int bad(UserPointer<int> P)
{
	bool Cookie = dma_fence_begin_signalling();
	int Value = 0;

	P.read(Value);
	dma_fence_end_signalling(Cookie);
	return Value;
}

int good(UserPointer<int> P)
{
	int Value = 0;

	P.read(Value);
	Section S;
	NoFault N;
	P.read(Value);
	return Value;
}

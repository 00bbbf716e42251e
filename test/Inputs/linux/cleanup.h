/* Mock: scope-based cleanup. */
#ifndef MOCK_CLEANUP_H
#define MOCK_CLEANUP_H

#define __cleanup(func) __attribute__((__cleanup__(func)))

/* DEFINE_GUARD(name, type, acquire, release): guard(name)(arg) then holds the
 * object until the end of the scope. */
#define DEFINE_GUARD(name, type, acquire, release)                             \
	typedef type class_##name##_t;                                         \
	static inline void class_##name##_dtor(type *p)                        \
	{                                                                      \
		type _T = *p;                                                  \
		release;                                                       \
	}                                                                      \
	static inline type class_##name##_ctor(type _T)                        \
	{                                                                      \
		acquire;                                                       \
		return _T;                                                     \
	}
#define guard(name)                                                            \
	class_##name##_t name##_guard __cleanup(class_##name##_dtor) =         \
		class_##name##_ctor

#endif

/* Mock: scope-based cleanup. */
#ifndef MOCK_CLEANUP_H
#define MOCK_CLEANUP_H

#define __cleanup(func) __attribute__((__cleanup__(func)))

/* DEFINE_GUARD(name, type, acquire, release): guard(name)(arg) then holds the
 * object until the end of the scope, scoped_guard(name, arg) for the statement
 * that follows. As in the kernel a guard that holds nothing is null. */
#define DEFINE_GUARD(name, type, acquire, release)                             \
	typedef type class_##name##_t;                                         \
	static inline void class_##name##_dtor(type *p)                        \
	{                                                                      \
		type _T = *p;                                                  \
		if (_T) {                                                      \
			release;                                               \
		}                                                              \
	}                                                                      \
	static inline type class_##name##_ctor(type _T)                        \
	{                                                                      \
		acquire;                                                       \
		return _T;                                                     \
	}
/* The same release, after an acquisition that may fail. */
#define DEFINE_GUARD_COND(name, base, try_acquire)                             \
	typedef class_##base##_t class_##name##_t;                             \
	static inline void class_##name##_dtor(class_##base##_t *p)            \
	{                                                                      \
		class_##base##_dtor(p);                                        \
	}                                                                      \
	static inline class_##base##_t class_##name##_ctor(class_##base##_t _T) \
	{                                                                      \
		if (_T && !(try_acquire))                                      \
			_T = NULL;                                             \
		return _T;                                                     \
	}
#define guard(name)                                                            \
	class_##name##_t name##_guard __cleanup(class_##name##_dtor) =         \
		class_##name##_ctor
#define scoped_guard(name, arg)                                                \
	for (class_##name##_t name##_scope __cleanup(class_##name##_dtor) =    \
		     class_##name##_ctor(arg),                                 \
		     name##_done = NULL;                                       \
	     name##_scope && !name##_done; name##_done = (void *)1)

#endif

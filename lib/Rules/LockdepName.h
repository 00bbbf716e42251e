//===- LockdepName.h - lock classes as lockdep spells them ------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// lockdep names a class by what the lock's initialisation was given, as it was
// written: `&v3d->reset_lock`. The program names it by the type: it is a field
// of `v3d_dev`. What both agree on is the path of fields.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_RULES_LOCKDEPNAME_H
#define FENCEDEP_LIB_RULES_LOCKDEPNAME_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace fencedep {

struct LockdepName {
  std::string Kind;   ///< "work_completion", ..., or ""
  std::string Object; ///< the variable or record, or the name of a global
  std::string Fields; ///< "perfmon.lock"; "": a global
};

/// Takes apart `&x->a.b`, `&(&x->a)->rlock`, `(work_completion)(&x->w)`.
LockdepName takeApart(llvm::StringRef Name);

/// May \p A and \p B be one class? \p IsRecord: whether a name is that of a
/// type, and no variable's.
bool sameClass(llvm::StringRef A, llvm::StringRef B,
               llvm::function_ref<bool(llvm::StringRef)> IsRecord);

/// The program's "foo::lock" as "&foo->lock"; globals and named classes are as
/// they are.
std::string lockdepName(llvm::StringRef Class);

} // namespace fencedep

#endif // FENCEDEP_LIB_RULES_LOCKDEPNAME_H

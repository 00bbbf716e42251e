//===- Checker.h - a compiler's command that a checker was given ----------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds can call a checker for each unit that they compile. The kernel's
// `make C=1 CHECK=checker` runs
//
//     checker CHECKFLAGS... C_FLAGS... FILE
//
// where CHECKFLAGS are meant for sparse and C_FLAGS for GCC or Clang. There is
// no compiler's name in it and no -o, so this finds out what is compiled and
// where its object will be. What Clang cannot take of the rest is Adjust.h's
// business.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_DRIVER_CHECKER_H
#define FENCEDEP_DRIVER_CHECKER_H

#include "fencedep/Driver/Database.h"

namespace fencedep {

struct CheckedUnit {
  BuildCommand Command;
  /// Absolute. What `-Wp,-MMD,DIR/.NAME.o.d` says, or `-o`; else NAME.o beside
  /// the source.
  std::string Object;
};

/// \p Words: what stands behind the checker's name, its own options taken out.
/// \p Compiler: how the build calls its compiler, which can tell the target;
/// may be several words, or none. Fails if not exactly one source is named.
llvm::Expected<CheckedUnit> checkedUnit(llvm::ArrayRef<std::string> Words,
                                        llvm::StringRef Directory,
                                        llvm::StringRef Compiler);

} // namespace fencedep

#endif // FENCEDEP_DRIVER_CHECKER_H

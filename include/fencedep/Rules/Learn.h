//===- Learn.h - what exported functions do, as a model ---------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A driver is analysed without the units of the kernel's core if a model says
// what the core's functions do. That can be learned from those units once.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_RULES_LEARN_H
#define FENCEDEP_RULES_LEARN_H

#include "fencedep/Rules/Check.h"

namespace fencedep {

struct Learned {
  /// Entries for functions that P.M says nothing of, sorted by name. Each
  /// counts only where the program has no body (Fallback), and names the file
  /// and the way to the effect as its source.
  std::vector<FunctionModel> Functions;
  unsigned Looked = 0; ///< functions that were looked at
};

/// What the exported functions with bodies under Opts.Paths do (all external
/// ones, if no unit exports any). A function gets an entry if something that it
/// does is certain, or if it surely does nothing that matters.
Learned learnModel(const Program &P, const CheckOptions &Opts);

} // namespace fencedep

#endif // FENCEDEP_RULES_LEARN_H

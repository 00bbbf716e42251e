//===- Reach.h - who may get to whom ----------------------------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The coarsest call graph: any call that the program may make, whatever the
// conditions. What it rules out need not be looked at more closely.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_PROGRAM_REACH_H
#define FENCEDEP_PROGRAM_REACH_H

#include "fencedep/Program/Program.h"

namespace fencedep {

class CompletionTable;

/// For each function, can it reach one that acts, by any calls? True too often,
/// never too seldom.
class Reach {
public:
  Reach() = default;
  Reach(const Program &P, const CompletionTable &Completions);

  llvm::BitVector to(llvm::function_ref<bool(const Func &)> Acts) const;
  /// The same for up to 64 kinds of acts at once. \p Acts: by function, which
  /// of them are its own; the result: which of them it reaches.
  std::vector<uint64_t> kinds(llvm::ArrayRef<uint64_t> Acts) const;

private:
  const Program *P = nullptr;
  /// By function, then by slot: who calls it or calls through it.
  std::vector<std::vector<FuncId>> Users;
};

} // namespace fencedep

#endif // FENCEDEP_PROGRAM_REACH_H

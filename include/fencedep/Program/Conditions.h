//===- Conditions.h - what has to hold for a call to be made ----*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How many conditions a call is under in its function. Asked of the few ways
// that lead to something, so counted on demand, once.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_PROGRAM_CONDITIONS_H
#define FENCEDEP_PROGRAM_CONDITIONS_H

#include "fencedep/Program/Program.h"

namespace fencedep {

/// Not for use by several threads; each takes one of its own.
class ConditionTable {
public:
  explicit ConditionTable(const Program &P) : P(P) {}

  /// Of all calls on \p Way together. Early returns do not count.
  unsigned of(llvm::ArrayRef<CallSite> Way);

private:
  const Program &P;
  llvm::DenseMap<CallSite, unsigned> Known;
};

} // namespace fencedep

#endif // FENCEDEP_PROGRAM_CONDITIONS_H

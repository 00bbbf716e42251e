//===- PathFacts.h - what every way to a call has found out -----*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Conditions that surely hold where something is done, because every way there
// has passed them:
//
//     if (!page)
//       return;
//     map(vm, page);    // page is set, whoever calls
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_PROGRAM_PATHFACTS_H
#define FENCEDEP_PROGRAM_PATHFACTS_H

#include "fencedep/Program/Program.h"
#include "llvm/ADT/SmallSet.h"

namespace fencedep {

/// Conditions taken on the way: expression and truth, sorted.
using Facts = llvm::SmallVector<std::pair<ExprId, bool>, 4>;

/// Adds to \p Known what follows for \p F if \p Cond has been found to be
/// \p Truth.
void assume(const Function &F, ExprId Cond, bool Truth, Facts &Known);

/// Adds that \p Id is \p Truth, if there is room.
void addFact(Facts &Known, ExprId Id, bool Truth);

/// Is \p Is true of \p Id, or of something that it is computed from? \p ExprOf
/// tells the expression of an id. Each part is looked at once: as a tree a long
/// computation has no end.
template <typename ExprFn, typename Fn>
bool anyPart(ExprId Id, const ExprFn &ExprOf, const Fn &Is) {
  llvm::SmallVector<ExprId, 8> Work{Id};
  llvm::SmallSet<ExprId, 8> Seen;
  while (!Work.empty()) {
    Id = Work.pop_back_val();
    if (!Seen.insert(Id).second)
      continue;
    if (Is(Id))
      return true;
    operands(ExprOf(Id), [&](ExprId O) { Work.push_back(O); });
  }
  return false;
}

/// Found on demand, once for each function. Not for use by several threads.
class PathFacts {
public:
  /// What is known where \p At happens in \p F, if that may say anything of
  /// \p Of; else nothing.
  Facts at(const Function &F, EventId At, ExprId Of);
  /// All that is known there.
  Facts at(const Function &F, EventId At);

private:
  struct Found {
    llvm::BitVector Asked;   ///< by expression: some condition tells its truth,
                             ///< and it is passed on
    llvm::BitVector Telling; ///< those, and what is computed from them
    bool Any;                ///< is there one?
    std::vector<Facts> Before;    ///< by block; empty: not needed so far
    std::vector<BlockId> BlockOf; ///< by event
  };
  Found &find(const Function &F);
  llvm::DenseMap<const Function *, std::unique_ptr<Found>> Known;
  std::pair<const Function *, Found *> Last = {nullptr, nullptr};
};

} // namespace fencedep

#endif // FENCEDEP_PROGRAM_PATHFACTS_H

//===- Flags.h - what has been said on the way ------------------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Code tells what it calls about the state that it is in by a flag in some
// object:
//
//     atomic_set(&domain->in_reset, 1);
//     reset(domain);                     // asks `if (atomic_read(..))`
//     atomic_set(&domain->in_reset, 0);
//
// A flag is a field that somebody *raises* by storing a constant other than
// zero through a function that the model says so of, and that somebody tests.
// Nothing else happens to it: what is counted up and down is none.
// On a way on which it has been raised and not been lowered since, the test has
// one answer. A lock that is held for writing is such a flag, too: to try to
// read asks for it. Which object it is in is not looked at: a thread that
// raises a flag goes on to work on that object.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_PROGRAM_FLAGS_H
#define FENCEDEP_PROGRAM_FLAGS_H

#include "fencedep/Program/Reach.h"
#include <set>

namespace fencedep {

class FlagTable {
public:
  using Set = uint64_t; ///< of flags; a program has few, the first 64 count

  FlagTable() = default;
  FlagTable(const Program &P, const Reach &Calls);

  /// The flag in \p Field, as a set of one; empty if there is none.
  Set in(SlotId Field) const;
  /// Those that are locks: one thread has them raised, and no other.
  Set locks() const { return OfLocks; }
  /// Flags that \p F, or what it reaches, tests.
  Set tested(FuncId F) const { return Tested.empty() ? 0 : Tested[F]; }
  /// Flags that \p F, or a function that it calls by name, may lower.
  Set lowered(FuncId F) const;
  /// Flags that are raised at each event of \p F if \p Entry are where it
  /// begins. Empty: those, everywhere.
  std::vector<Set> at(const Program &P, FuncId F, Set Entry) const;

private:
  struct Effect {
    Set Raises = 0, Lowers = 0;
  };
  std::set<SlotId> find(const Program &P);
  void dropCounters(const Program &P, llvm::ArrayRef<FuncId> Touching,
                    const std::set<SlotId> &Locks);
  Effect effectOf(const Program &P, const Func &F, const Event &E) const;
  Effect flow(const Program &P, const Func &F, Set Entry,
              std::vector<Set> *ByEvent) const;
  void summarise(const Program &P, std::vector<FuncId> Work);

  llvm::DenseMap<SlotId, unsigned> Flags; ///< numbered
  llvm::BitVector IsFlag;                 ///< by slot: the same, quickly
  Set OfLocks = 0;
  std::vector<Set> Tested; ///< by function
  llvm::BitVector Acting;  ///< functions that may raise or lower some
  /// Of functions that have any: what is raised at every end, and what may have
  /// been lowered on the way.
  llvm::DenseMap<FuncId, Effect> Effects;
};

} // namespace fencedep

#endif // FENCEDEP_PROGRAM_FLAGS_H

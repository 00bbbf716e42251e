//===- Locks.h - which locks are held where -------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A lock class is a place in the types, as in lockdep: the field that holds the
// lock (`struct foo::lock`), a global variable, or a class that the model
// names. A *held region* is what of a function happens between an acquisition
// and the release.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_PROGRAM_LOCKS_H
#define FENCEDEP_PROGRAM_LOCKS_H

#include "fencedep/Program/Graph.h"

namespace fencedep {

using LockClass = Keeper; ///< of kind Field, Global or Named

/// True if the acquired lock's class is known.
inline bool isLockClass(const LockClass &C) {
  return C.K == Keeper::Field || C.K == Keeper::Global || C.K == Keeper::Named;
}

struct HeldRegion {
  FuncId F;
  EventId Opener; ///< the call that acquires the lock, or a helper that does
  LockClass Class;
};

class LockTable {
public:
  /// Looks at every function of \p P that acquires or releases a lock that is
  /// waited for asleep. \p Jobs threads; the result does not depend on it.
  LockTable(const Program &P, unsigned Jobs);

  const RegionTable &regions() const { return Regions; }
  /// Where locks of \p C are held, sorted by function.
  llvm::ArrayRef<HeldRegion> heldRegions(LockClass C) const;
  /// The held regions of \p F.
  llvm::ArrayRef<HeldRegion> heldIn(FuncId F) const;
  /// All classes that are acquired anywhere, sorted.
  std::vector<LockClass> classes() const;

  /// "foo::lock", "global_lock", "reservation_ww_class_mutex".
  std::string name(LockClass C) const;

private:
  const Program &P;
  RegionTable Regions;
  std::map<LockClass, std::vector<HeldRegion>> ByClass;
  llvm::DenseMap<FuncId, std::vector<HeldRegion>> ByFunction;
};

/// The class of the lock that the call \p S acquires in \p N; nothing if it
/// acquires none, only tries to, or the lock cannot be told.
std::optional<LockClass> acquiredClass(Graph &G, const Node &N, const Site &S);

} // namespace fencedep

#endif // FENCEDEP_PROGRAM_LOCKS_H

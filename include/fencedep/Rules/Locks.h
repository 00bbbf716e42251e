//===- Locks.h - the lock graph, for people -------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What rule fence-lock-cycle asks of one lock class at a time, for classes that
// a user names: what is acquired under it, what it is acquired under, and
// whether its holders wait for a fence.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_RULES_LOCKS_H
#define FENCEDEP_RULES_LOCKS_H

#include "fencedep/Rules/Check.h"
#include "llvm/Support/GlobPattern.h"

namespace fencedep {

/// From is held, in Held.Function, while To is acquired, or waited for, at the
/// end of Held.Path.
struct LockEdge {
  std::string From, To;
  Confidence Conf = Confidence::Certain;
  OtherSide Held;
  unsigned Places = 1; ///< how many held regions have such an edge
};

struct LockNode {
  std::string Class;
  unsigned HeldRegions = 0;
  std::vector<LockEdge> Under; ///< this one, while others are held
  std::vector<LockEdge> Above; ///< others, while this one is held
  /// Its holders wait for a fence, or for what stands for one; To is "a fence",
  /// "dma_resv", "mmap_lock" or "reclaim".
  std::optional<LockEdge> Waits;
};

/// The lock classes of \p P whose names match \p Pattern, sorted, with their
/// edges: at least likely ones, the best of each pair of classes.
std::vector<LockNode> lockGraph(const Program &P,
                                const llvm::GlobPattern &Pattern,
                                const CheckOptions &Opts);

} // namespace fencedep

#endif // FENCEDEP_RULES_LOCKS_H

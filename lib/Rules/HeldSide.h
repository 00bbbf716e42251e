//===- HeldSide.h - what the holder of a lock waits for ---------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The other half of a deadlock: a thread that holds a lock and, before it
// releases it, waits for a fence, or for something that stands for one. The
// contract between drivers makes the chain `mmap_lock -> dma_resv -> reclaim ->
// mmu notifier -> fence wait`, so each of its links does.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_RULES_HELDSIDE_H
#define FENCEDEP_LIB_RULES_HELDSIDE_H

#include "Search.h"

namespace fencedep {

/// What is waited for with the lock held, the most direct first.
enum class WaitKind : uint8_t { Wait, Resv, Mmap, Lock, Reclaim, Work };

struct HeldSide {
  WaitKind Kind;
  Rank Way;
  HeldRegion Region;
  OtherSide Told;   ///< for the report
  std::string What; ///< "'dma_fence_wait' waits for a fence"
  LockClass Next;   ///< Kind Lock: the lock that is acquired
};

/// Locks, and which functions may matter to whoever holds one.
struct LockFacts {
  LockFacts(const Program &P, const Reach &R, unsigned Jobs);

  LockTable Table;
  llvm::BitVector MayWait;    ///< reaches a wait for a fence
  llvm::BitVector MayDepend;  ///< or a dma_resv lock, or mmap_lock
  llvm::BitVector MayReclaim; ///< reaches an allocation
  llvm::BitVector MayLock;    ///< reaches the acquisition of some lock
  llvm::BitVector MayFlush;   ///< reaches a wait for work
};

/// Searches from held regions; at least likely ways only.
class HeldSearch {
public:
  HeldSearch(Graph &G, const LockFacts &Facts, const Describer &D);

  /// The best way from \p R to a wait for a fence.
  const std::optional<HeldSide> &wait(const HeldRegion &R);
  /// The best way to a wait, a dma_resv lock or mmap_lock.
  std::optional<HeldSide> dependency(const HeldRegion &R);
  std::optional<HeldSide> reclaim(const HeldRegion &R);
  /// Ways to the acquisitions of other locks, one per class.
  std::vector<HeldSide> locks(const HeldRegion &R);
  /// The best way to a wait for work that acquires the lock itself.
  const std::optional<HeldSide> &ownWork(const HeldRegion &R);

private:
  /// How \p Work gets to the locks that it acquires.
  struct Acquisition {
    Rank Way;
    std::vector<Hop> Path;
  };
  const std::map<LockClass, Acquisition> &acquisitions(NodeId Work);
  bool released(const HeldRegion &R, llvm::ArrayRef<Search::Visit> Way) const;
  std::optional<HeldSide> best(const HeldRegion &R, SinkTable &Sinks,
                               const llvm::BitVector &Within);
  HeldSide side(const HeldRegion &R, const Search &S, NodeId At, const Site &X,
                llvm::StringRef Callee) const;

  Graph &G;
  const LockFacts &Facts;
  const Describer &D;
  SinkTable Waits, Dependencies, Reclaims, Nothing;
  std::map<std::pair<FuncId, EventId>, std::optional<HeldSide>> Known;
  std::map<std::pair<FuncId, EventId>, std::optional<HeldSide>> OwnWork;
  std::map<NodeId, std::map<LockClass, Acquisition>> Acquired;
};

/// The site at which \p N calls what takes the lock; none if it does not live.
std::optional<Site> siteOf(const Node &N, EventId Opener);

} // namespace fencedep

#endif // FENCEDEP_LIB_RULES_HELDSIDE_H

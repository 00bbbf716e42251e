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
#include "fencedep/Support/Parallel.h"
#include "llvm/ADT/STLExtras.h"

namespace fencedep {

/// What is waited for with the lock held, the most direct first.
enum class WaitKind : uint8_t { Wait, Resv, Mmap, Lock, Reclaim, Work };

/// The same for reports.
inline OtherSide::For waitsFor(WaitKind K) {
  switch (K) {
  case WaitKind::Wait:
    return OtherSide::For::Fence;
  case WaitKind::Resv:
    return OtherSide::For::Resv;
  case WaitKind::Mmap:
    return OtherSide::For::Mmap;
  case WaitKind::Lock:
    return OtherSide::For::Lock;
  case WaitKind::Reclaim:
    return OtherSide::For::Reclaim;
  case WaitKind::Work:
    return OtherSide::For::Work;
  }
  llvm_unreachable("not a kind of wait");
}

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
  LockFacts(const Program &P, const Reach &R, LockTable Table);

  LockTable Table;
  llvm::BitVector MayWait;    ///< reaches a wait for a fence
  llvm::BitVector MayDepend;  ///< or a dma_resv lock, or mmap_lock
  llvm::BitVector MayReclaim; ///< reaches an allocation
  llvm::BitVector MayLock;    ///< reaches the acquisition of some lock
  llvm::BitVector MayFlush;   ///< reaches a wait for work
  llvm::BitVector UnderMmap;  ///< is called with mmap_lock held
};

/// Searches from held regions; at least likely ways only.
class HeldSearch {
public:
  HeldSearch(Graph &G, const LockFacts &Facts, const Describer &D);

  /// What another thread holds for writing at the same time.
  FlagTable::Set Elsewhere = 0;

  /// The best way from \p R to a wait for a fence, its function being under
  /// \p C.
  const std::optional<HeldSide> &wait(const HeldRegion &R, ContextId C);
  /// The best way to a wait, a dma_resv lock or mmap_lock.
  std::optional<HeldSide> dependency(const HeldRegion &R,
                                     ContextId C = EmptyContext);
  std::optional<HeldSide> reclaim(const HeldRegion &R,
                                  ContextId C = EmptyContext);
  /// Ways to the acquisitions of other locks, one per class.
  std::vector<HeldSide> locks(const HeldRegion &R);
  /// The best way to a wait for work that acquires the lock itself.
  const std::optional<HeldSide> &ownWork(const HeldRegion &R,
                                         ContextId C = EmptyContext);

private:
  /// How \p Work gets to the locks that it acquires.
  struct Acquisition {
    Rank Way;
    std::vector<Hop> Path;
  };
  const std::map<LockClass, Acquisition> &acquisitions(NodeId Work);
  bool isUnshared(const HeldRegion &R, const Node &Held) const;
  bool released(const HeldRegion &R, llvm::ArrayRef<Search::Visit> Way) const;
  std::optional<HeldSide> best(const HeldRegion &R, SinkTable &Sinks,
                               const llvm::BitVector &Within, ContextId C);
  std::optional<HeldSide> under(const HeldRegion &R, SinkTable &Sinks,
                                const llvm::BitVector &Within, ContextId C);
  HeldSide side(const HeldRegion &R, llvm::ArrayRef<Search::Visit> Way,
                const Site &X) const;

  Graph &G;
  const LockFacts &Facts;
  const Describer &D;
  SinkTable Waits, Dependencies, Reclaims, Nothing;
  using Key = std::tuple<FuncId, EventId, ContextId>;
  std::map<Key, std::optional<HeldSide>> Known, OwnWork;
  std::map<NodeId, std::map<LockClass, Acquisition>> Acquired;
};

/// Of each lock that is surely or likely acquired where \p S came by, the first
/// and so the best way there.
void eachLock(Graph &G, const Search &S,
              llvm::function_ref<void(const Search::Visit &, const Site &,
                                      const LockClass &, Rank)>
                  Each);

/// A finding for each lock that is acquired in a section, and whose holder
/// there waits for what \p Find tells of; \p Held ends the message.
void heldInSection(SectionView &V,
                   llvm::function_ref<const std::optional<HeldSide> &(
                       const HeldRegion &, ContextId)>
                       Find,
                   llvm::function_ref<std::string(const HeldSide &)> Held,
                   llvm::StringRef Why);

/// Runs \p Look (HeldSearch &, const HeldRegion &, Result &) on each of
/// \p Regions, the modules in parallel; one result per module, in a fixed
/// order.
template <typename Result, typename Fn>
std::vector<Result> searchHeld(const LinkedProgram &L, const LockFacts &Facts,
                               const Describer &D, unsigned Jobs,
                               llvm::ArrayRef<HeldRegion> Regions, Fn Look) {
  std::map<ModuleId, std::vector<HeldRegion>> ByModule;
  for (const HeldRegion &R : Regions)
    ByModule[L.P.Funcs[R.F].Module].push_back(R);
  std::vector<std::pair<const std::vector<HeldRegion> *, size_t>> Groups;
  Groups.reserve(ByModule.size());
  for (const auto &[Module, Of] : ByModule)
    Groups.emplace_back(&Of, Groups.size());
  llvm::sort(Groups, [](const auto &A, const auto &B) {
    size_t InA = A.first->size(), InB = B.first->size(); // the longest first
    return std::tie(InB, A.second) < std::tie(InA, B.second);
  });
  std::vector<Result> Results(Groups.size());
  parallelFor(Jobs, Groups.size(), [&](size_t I) {
    Graph G(L);
    G.Eval.InSection = false; // the holder may be anybody
    HeldSearch S(G, Facts, D);
    for (const HeldRegion &R : *Groups[I].first)
      Look(S, R, Results[Groups[I].second]);
  });
  return Results;
}

} // namespace fencedep

#endif // FENCEDEP_LIB_RULES_HELDSIDE_H

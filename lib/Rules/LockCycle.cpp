//===- LockCycle.cpp - fence-lock-cycle -----------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Thread A, in a section, waits for lock L. Thread B holds a lock of the same
// class and waits for the fence that A has to signal, or for something that
// stands for it. First the searches from the sections note which classes are
// acquired there; then only these classes' holders are looked at:
//
//     1. a wait for a fence, a dma_resv lock, mmap_lock     each held region
//     2. another lock, whose holders do one of 1
//     3. an allocation that may enter direct reclaim
//
// 3 closes the same cycle, but through any hot mutex of a driver, so these rank
// last, one per class. Ways that are only possible are not followed, on either
// side.
//
//===----------------------------------------------------------------------===//

#include "HeldSide.h"
#include "fencedep/Support/Parallel.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

void fencedep::noteLocks(SectionView &V) {
  Graph &G = V.G;
  std::set<LockClass> Seen;
  for (const Search::Visit &At : V.S.visits()) {
    if (At.Way.Conf < Confidence::Likely)
      return; // the rest is worse
    const Node &N = G[At.Node];
    for (const Site &X : N.Sites) {
      std::optional<LockClass> Class = acquiredClass(G, N, X);
      if (!Class || X.How.Conf < Confidence::Likely ||
          !Seen.insert(*Class).second)
        continue;
      LockTaken T;
      T.Class = *Class;
      T.F = N.F;
      T.Event = X.Event;
      T.Sofar = V.finding(At.Node, X);
      T.Way = At.Way;
      T.Way.Conf = std::min(At.Way.Conf, X.How.Conf);
      V.Result.Locks.push_back(std::move(T));
    }
  }
}

namespace {

class CycleFinder {
public:
  explicit CycleFinder(CheckContext &C) : C(C), P(C.L.P) {}

  void run() {
    for (const SearchResult &R : C.Results)
      for (const LockTaken &T : R.Locks)
        Wanted.insert(T.Class);
    for (const LockClass &L : Wanted)
      if (isForbidden(L)) // fence-resv-lock has said so
        Done.insert(L);
    findSides();
    for (SearchResult &R : C.Results)
      for (LockTaken &T : R.Locks)
        if (const HeldSide *Side = sideFor(T))
          report(T, *Side);
    for (auto &[Class, F] : Weak)
      C.Findings.push_back(std::move(F));
  }

private:
  using Sides = std::vector<HeldSide>;

  bool isForbidden(const LockClass &L) const {
    return L.K == Keeper::Named &&
           any_of(P.M.ForbiddenLocks, [&](const Model::LockClass &F) {
             return F.Name == P.M.lockClassName(L.A);
           });
  }

  static auto key(const HeldSide &S) {
    return std::make_tuple(2 - static_cast<int>(S.Way.Conf), S.Kind,
                           S.Way.LastRefs, S.Way.Odds, S.Way.Hops, S.Region.F,
                           S.Region.Opener, S.Next);
  }

  /// Runs \p Look on every held region of \p Classes, module by module.
  template <typename Fn>
  std::map<LockClass, Sides> lookAt(const std::set<LockClass> &Classes,
                                    Fn Look) {
    std::map<ModuleId, std::vector<HeldRegion>> ByModule;
    for (const LockClass &L : Classes)
      for (const HeldRegion &R : C.Locks->Table.heldRegions(L))
        ByModule[P.Funcs[R.F].Module].push_back(R);
    std::vector<std::vector<HeldRegion> *> Groups;
    for (auto &[Module, Regions] : ByModule)
      Groups.push_back(&Regions);
    llvm::sort(Groups, [](auto *A, auto *B) { // the largest first
      return std::make_tuple(B->size(), A->front().F) <
             std::make_tuple(A->size(), B->front().F);
    });
    std::vector<std::map<LockClass, Sides>> Found(Groups.size());
    parallelFor(C.Opts.Jobs, Groups.size(), [&](size_t I) {
      Graph G(C.L);
      HeldSearch S(G, *C.Locks, C.D);
      for (const HeldRegion &R : *Groups[I])
        Look(S, R, Found[I][R.Class]);
    });
    std::map<LockClass, Sides> All;
    for (auto &Group : Found)
      for (auto &[Class, S] : Group)
        llvm::move(S, std::back_inserter(All[Class]));
    for (auto &[Class, S] : All)
      llvm::sort(S, [](const HeldSide &A, const HeldSide &B) {
        return key(A) < key(B);
      });
    return All;
  }

  void findSides() {
    auto Direct = [](HeldSearch &S, const HeldRegion &R, Sides &Out) {
      if (auto Side = S.dependency(R))
        Out.push_back(std::move(*Side));
    };
    auto Keep = [&](std::map<LockClass, Sides> Found) {
      for (auto &[Class, S] : Found)
        if (!S.empty())
          Known[Class] = std::move(S);
    };
    auto StillOpen = [&] {
      std::set<LockClass> Rest;
      for (const LockClass &L : Wanted)
        if (!Known.count(L) && !Done.count(L))
          Rest.insert(L);
      return Rest;
    };
    Keep(lookAt(StillOpen(), Direct));
    chains(StillOpen(), Direct);
    Keep(
        lookAt(StillOpen(), [](HeldSearch &S, const HeldRegion &R, Sides &Out) {
          if (!Out.empty() && Out.front().Way.Conf == Confidence::Certain)
            return; // one is enough
          if (auto Side = S.reclaim(R))
            Out.insert(Out.begin(), std::move(*Side));
        }));
  }

  /// Locks that are held while another one is acquired whose holders wait.
  template <typename Fn>
  void chains(const std::set<LockClass> &Open, Fn Direct) {
    std::map<LockClass, Sides> Under =
        lookAt(Open, [](HeldSearch &S, const HeldRegion &R, Sides &Out) {
          llvm::move(S.locks(R), std::back_inserter(Out));
        });
    std::set<LockClass> Next;
    for (const auto &[Class, S] : Under)
      for (const HeldSide &Side : S)
        if (!Known.count(Side.Next) && !isForbidden(Side.Next))
          Next.insert(Side.Next);
    std::map<LockClass, Sides> Further = lookAt(Next, Direct);
    std::map<LockClass, Sides> Chained;
    for (auto &[Class, S] : Under)
      for (HeldSide &Side : S) {
        auto It = Known.find(Side.Next);
        const Sides &Of = It != Known.end() ? It->second : Further[Side.Next];
        if (Of.empty())
          continue;
        Side.Way = Side.Way.with(Of.front().Way);
        Second[{Class, Side.Next}] = Of.front();
        Chained[Class].push_back(std::move(Side));
      }
    for (auto &[Class, S] : Chained) {
      llvm::sort(S, [](const HeldSide &A, const HeldSide &B) {
        return key(A) < key(B);
      });
      Known[Class] = std::move(S);
    }
  }

  /// The best holder that is not the section's own code.
  const HeldSide *sideFor(const LockTaken &T) const {
    auto It = Known.find(T.Class);
    if (It == Known.end())
      return nullptr;
    for (const HeldSide &S : It->second)
      if (S.Region.F != T.F || S.Region.Opener != T.Event)
        return &S;
    return nullptr;
  }

  static const char *phrase(WaitKind K) {
    switch (K) {
    case WaitKind::Wait:
      return "across a wait for a fence";
    case WaitKind::Resv:
      return "while a dma_resv lock is acquired";
    case WaitKind::Mmap:
      return "while mmap_lock is acquired or userspace memory is faulted in";
    case WaitKind::Lock:
      return "while";
    case WaitKind::Reclaim:
    case WaitKind::Work: // fence-cross-release
      return "across an allocation that may enter direct reclaim";
    }
    return "";
  }

  static const char *why(WaitKind K) {
    switch (K) {
    case WaitKind::Wait:
      return "the fence may be the one that this section has to signal, and "
             "the section waits for the lock";
    case WaitKind::Resv:
      return "the holder of a dma_resv lock may wait for the fence that this "
             "section has to signal, and the section waits for the lock";
    case WaitKind::Mmap:
      return "dma_resv locks are taken under mmap_lock, and their holders may "
             "wait for the fence that this section has to signal";
    case WaitKind::Lock:
    case WaitKind::Reclaim:
    case WaitKind::Work:
      return "direct reclaim runs shrinkers and mmu notifiers, which may wait "
             "for the fence that this section has to signal";
    }
    return "";
  }

  void report(LockTaken &T, const HeldSide &Side) {
    Finding X = std::move(T.Sofar);
    std::string Lock = C.Locks->Table.name(T.Class);
    const HeldSide *Last = &Side;
    std::string Held = phrase(Side.Kind);
    X.Others.push_back(Side.Told);
    if (Side.Kind == WaitKind::Lock) {
      Last = &Second.at({T.Class, Side.Next});
      std::string Next = C.Locks->Table.name(Side.Next);
      Held =
          "while " + Next + " is acquired, which is held " + phrase(Last->Kind);
      X.Others.push_back(Last->Told);
    }
    X.Rule = "fence-lock-cycle";
    X.Conf = T.Way.with(Side.Way).Conf;
    X.Message = "'" + X.SinkFunction + "' acquires " + Lock + " " + X.Message +
                ", and it is held elsewhere " + Held;
    X.Reasons.push_back({why(Last->Kind), {}});
    X.RanksLast = Last->Kind == WaitKind::Reclaim;
    std::vector<Hop> Identity = X.Path;
    append_range(Identity, Last->Told.Path);
    X.Fingerprint = fingerprint(X.Rule, X.Root.Function, Lock, Identity);
    if (X.Conf < C.Opts.MinConfidence)
      return;
    if (!X.RanksLast)
      return C.Findings.push_back(std::move(X));
    auto Better = [](const Finding &A, const Finding &B) {
      return std::make_tuple(2 - static_cast<int>(A.Conf), A.Path.size()) <
             std::make_tuple(2 - static_cast<int>(B.Conf), B.Path.size());
    };
    auto [It, New] = Weak.try_emplace(T.Class, X);
    if (New)
      return;
    unsigned Others = It->second.OtherRoots + 1;
    if (Better(X, It->second))
      It->second = std::move(X);
    It->second.OtherRoots = Others;
  }

  CheckContext &C;
  const Program &P;
  std::set<LockClass> Wanted, Done;
  std::map<LockClass, Sides> Known; ///< never empty
  std::map<std::pair<LockClass, LockClass>, HeldSide> Second;
  std::map<LockClass, Finding> Weak; ///< those that rank last, by class
};

} // namespace

void fencedep::checkLockCycle(CheckContext &C) { CycleFinder(C).run(); }

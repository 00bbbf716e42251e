//===- HeldSide.cpp - what the holder of a lock waits for -----------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same search as from a section, with what is allowed there as the sinks.
// Functions that cannot reach any are not entered: most of a program.
//
//===----------------------------------------------------------------------===//

#include "HeldSide.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

static bool isForbiddenLock(const Program &P, const FunctionModel &M) {
  return any_of(P.M.ForbiddenLocks, [&](const Model::LockClass &L) {
    return M.Acquires == L.Name;
  });
}

static bool waitsForWork(const Func &F) {
  return F.Model && (!F.Model->Runs.empty() || F.Model->FlushesQueue);
}

LockFacts::LockFacts(const Program &P, const Reach &R, unsigned Jobs)
    : Table(P, Jobs) {
  MayWait = R.to(waitsForFence);
  MayDepend = R.to([&](const Func &F) {
    return F.Model && (F.Model->WaitsFence || F.Model->Faults ||
                       isForbiddenLock(P, *F.Model) ||
                       (F.Model->AcquiresArg && !F.Model->Try));
  });
  MayReclaim = R.to([](const Func &F) {
    return F.Model ? F.Model->GfpArg || !F.Model->GfpMask.empty()
                   : !F.Body && !F.Decl->TypedParams.empty();
  });
  MayLock = R.to([](const Func &F) {
    return F.Model && !F.Model->Try &&
           (F.Model->AcquiresArg || !F.Model->Acquires.empty());
  });
  MayFlush = R.to(waitsForWork);
}

static constexpr RuleEntry HeldSinks[] = {
    {.Info = {"wait", "", true}, .Match = matchFenceWait},
    {.Info = {"resv", "", true}, .Match = matchResvLock},
    {.Info = {"mmap", "", true}, .Match = matchUserFault},
    {.Info = {"reclaim", "", true}, .Match = matchReclaim},
};

static WaitKind kindOf(const RuleEntry *E) {
  constexpr WaitKind Kinds[] = {WaitKind::Wait, WaitKind::Resv, WaitKind::Mmap,
                                WaitKind::Reclaim};
  return Kinds[E - HeldSinks];
}

HeldSearch::HeldSearch(Graph &G, const LockFacts &Facts, const Describer &D)
    : G(G), Facts(Facts), D(D), Waits(G, {&HeldSinks[0]}),
      Dependencies(G, {&HeldSinks[0], &HeldSinks[1], &HeldSinks[2]}),
      Reclaims(G, {&HeldSinks[3]}), Nothing(G, {}) {}

HeldSide HeldSearch::side(const HeldRegion &R, const Search &S, NodeId At,
                          const Site &X, StringRef Callee) const {
  const Func &F = G.P.Funcs[R.F];
  HeldSide Side;
  Side.Region = R;
  Side.Told.Lock = Facts.Table.name(R.Class);
  Side.Told.Function = F.Name.str();
  Side.Told.Acquired = D.position(F, F.Body->Events[R.Opener].Where);
  Side.Told.Path = hopsOf(G, D, S.way(At));
  Side.Told.Path.push_back(hopOf(G, D, G[At], X.Event, X.How, Callee));
  return Side;
}

std::optional<HeldSide> HeldSearch::best(const HeldRegion &R, SinkTable &Sinks,
                                         const BitVector &Within) {
  Search S(G, Sinks, {Confidence::Likely, &Within});
  S.run(G.region(R.F, R.Opener, Facts.Table.regions()));
  const Search::Hit *Best = nullptr;
  // The surest, then the most direct kind, then the shortest.
  auto Key = [](const Search::Hit &H) {
    return std::make_tuple(2 - static_cast<int>(H.Way.Conf), kindOf(H.At.Rule),
                           H.Way.LastRefs, H.Way.Odds, H.Way.Hops);
  };
  for (const auto &[Place, H] : S.hits())
    if (!Best || Key(H) < Key(*Best))
      Best = &H;
  if (!Best)
    return std::nullopt;
  const Node &N = G[Best->Node];
  const Func &F = G.P.Funcs[N.F];
  SiteView View{G, N, Best->At.S, F, F.Body->Events[Best->At.S.Event]};
  HeldSide Side = side(R, S, Best->Node, Best->At.S, View.api());
  Side.Kind = kindOf(Best->At.Rule);
  Side.Way = Best->Way;
  Side.What = Best->At.V.What;
  return Side;
}

const std::optional<HeldSide> &HeldSearch::wait(const HeldRegion &R) {
  auto [It, New] = Known.try_emplace({R.F, R.Opener});
  if (New && Facts.MayWait.test(R.F))
    It->second = best(R, Waits, Facts.MayWait);
  return It->second;
}

std::optional<HeldSide> HeldSearch::dependency(const HeldRegion &R) {
  if (!Facts.MayDepend.test(R.F))
    return std::nullopt;
  return best(R, Dependencies, Facts.MayDepend);
}

std::optional<HeldSide> HeldSearch::reclaim(const HeldRegion &R) {
  if (!Facts.MayReclaim.test(R.F))
    return std::nullopt;
  return best(R, Reclaims, Facts.MayReclaim);
}

std::vector<HeldSide> HeldSearch::locks(const HeldRegion &R) {
  std::vector<HeldSide> Found;
  if (!Facts.MayLock.test(R.F))
    return Found;
  Search S(G, Nothing, {Confidence::Likely, &Facts.MayLock});
  S.run(G.region(R.F, R.Opener, Facts.Table.regions()));
  std::set<LockClass> Seen{R.Class};
  for (const Search::Visit &V : S.visits())
    for (const Site &X : G[V.Node].Sites) {
      std::optional<LockClass> Class = acquiredClass(G, G[V.Node], X);
      if (!Class || X.How.Conf < Confidence::Likely ||
          !Seen.insert(*Class).second)
        continue;
      const Func &F = G.P.Funcs[G[V.Node].F];
      SiteView View{G, G[V.Node], X, F, F.Body->Events[X.Event]};
      HeldSide Side = side(R, S, V.Node, X, View.api());
      Side.Kind = WaitKind::Lock;
      Side.Way = V.Way;
      Side.Way.Conf = std::min(Side.Way.Conf, X.How.Conf);
      Side.Next = *Class;
      Side.What = "'" + Side.Told.Path.back().Callee + "' acquires " +
                  Facts.Table.name(*Class);
      Found.push_back(std::move(Side));
    }
  return Found;
}

const std::map<LockClass, HeldSearch::Acquisition> &
HeldSearch::acquisitions(NodeId Work) {
  auto [It, New] = Acquired.try_emplace(Work);
  if (!New)
    return It->second;
  Search S(G, Nothing, {Confidence::Likely, &Facts.MayLock});
  S.run(Work);
  for (const Search::Visit &V : S.visits())
    for (const Site &X : G[V.Node].Sites) {
      std::optional<LockClass> Class = acquiredClass(G, G[V.Node], X);
      if (!Class || X.How.Conf < Confidence::Likely)
        continue;
      auto [Known, First] = It->second.try_emplace(*Class);
      if (!First)
        continue;
      Known->second.Way = V.Way;
      Known->second.Way.Conf = std::min(V.Way.Conf, X.How.Conf);
      Known->second.Path = hopsOf(G, D, S.way(V.Node));
      Known->second.Path.push_back(
          hopOf(G, D, G[V.Node], X.Event, X.How,
                apiName(G.P.M, G.P.Funcs[X.Callee].Name)));
    }
  return It->second;
}

/// Does a function on the way release locks of its caller's? Then it does so in
/// order to wait.
bool HeldSearch::released(const HeldRegion &R,
                          ArrayRef<Search::Visit> Way) const {
  return any_of(Way.drop_front(), [&](const Search::Visit &V) {
    const auto *Outcomes = Facts.Table.regions().outcomes(G[V.Node].F);
    return Outcomes && any_of(*Outcomes, [&](const Outcome &O) {
             return any_of(O.Closes, [&](const Outcome::Closed &X) {
               return X.R == Region::Lock &&
                      (!isLockClass(X.By) || X.By == R.Class);
             });
           });
  });
}

/// Is the lock taken by a call that the model knows? What a helper or a guard
/// has taken may be released in a way that is not understood.
static bool takenHere(const Program &P, const HeldRegion &R) {
  const Func &F = P.Funcs[R.F];
  const Expr &Callee = F.Body->Exprs[F.Body->Events[R.Opener].Callee];
  return Callee.Kind == ExprKind::FuncAddr &&
         P.Funcs[P.func(F, Callee.A)].Model;
}

const std::optional<HeldSide> &HeldSearch::ownWork(const HeldRegion &R) {
  auto [It, New] = OwnWork.try_emplace({R.F, R.Opener});
  if (!New || !Facts.MayFlush.test(R.F) || !takenHere(G.P, R))
    return It->second;
  std::optional<HeldSide> &Best = It->second;
  Search S(G, Nothing, {Confidence::Likely, &Facts.MayFlush});
  S.run(G.region(R.F, R.Opener, Facts.Table.regions()));
  for (const Search::Visit &V : S.visits())
    for (const Edge &E : G[V.Node].Edges) {
      if (E.How.Kind != EdgeKind::Work || E.How.Conf < Confidence::Likely ||
          !Facts.MayLock.test(E.How.Callee))
        continue;
      const auto &Locks = acquisitions(E.To);
      auto Own = Locks.find(R.Class);
      if (Own == Locks.end())
        continue;
      Rank Way = V.Way.then(E.How).with(Own->second.Way);
      std::vector<Search::Visit> To = S.way(V.Node);
      if (Way.Conf < Confidence::Likely ||
          (Best && !Way.betterThan(Best->Way)) || released(R, To))
        continue;
      Best.emplace();
      Best->Kind = WaitKind::Work;
      Best->Way = Way;
      Best->Region = R;
      Best->What = G.P.Funcs[E.How.Callee].Name.str();
      Best->Told.Lock = Facts.Table.name(R.Class);
      Best->Told.Function = G.P.Funcs[R.F].Name.str();
      Best->Told.Acquired = D.position(
          G.P.Funcs[R.F], G.P.Funcs[R.F].Body->Events[R.Opener].Where);
      Best->Told.Path = hopsOf(G, D, To);
      Best->Told.Path.push_back(
          hopOf(G, D, G[V.Node], E.Event, E.How, Best->What));
      append_range(Best->Told.Path, Own->second.Path);
    }
  return Best;
}

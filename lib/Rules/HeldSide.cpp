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

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

using namespace llvm;
using namespace fencedep;

/// Ways to call one function that are looked at one by one.
static constexpr unsigned MaxCallers = 8;

static bool waitsForWork(const Func &F) {
  return F.Model && (!F.Model->Runs.empty() || F.Model->FlushesQueue ||
                     F.Model->WaitsCompletion);
}

LockFacts::LockFacts(const Program &P, const Reach &R, LockTable Locks)
    : Table(std::move(Locks)) {
  MayWait = R.to(waitsForFence);
  MayDepend = R.to([&](const Func &F) {
    return F.Model && (F.Model->WaitsFence || F.Model->Faults ||
                       P.M.forbiddenLock(F.Model->Acquires) ||
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
  UnderMmap.resize(P.Funcs.size());
  P.eachStored(FieldModel::UnderMmap,
               [&](const SlotTarget &T) { UnderMmap.set(T.Target); });
}

static WaitKind kindOf(const RuleEntry *E) {
  constexpr WaitKind Kinds[] = {WaitKind::Wait, WaitKind::Resv, WaitKind::Mmap,
                                WaitKind::Reclaim};
  return Kinds[E - DependencySinks];
}

HeldSearch::HeldSearch(Graph &G, const LockFacts &Facts, const Describer &D)
    : G(G), Facts(Facts), D(D), Waits(G, {&DependencySinks[OnFence]}),
      Dependencies(G, {&DependencySinks[OnFence], &DependencySinks[OnResv],
                       &DependencySinks[OnMmap]}),
      Reclaims(G, {&DependencySinks[OnReclaim]}), Nothing(G, {}) {}

HeldSide HeldSearch::side(const HeldRegion &R, ArrayRef<Search::Visit> Way,
                          const Site &X) const {
  const Node &At = G[Way.back().Node];
  const Func &F = G.P.Funcs[R.F];
  HeldSide Side;
  Side.Region = R;
  Side.Told.Lock = Facts.Table.name(R.Class);
  Side.Told.Function = F.Name.str();
  Side.Told.Acquired = D.position(F, F.Body->Events[R.Opener].Where);
  Side.Told.Path = hopsOf(G, D, Way);
  Side.Told.Path.push_back(
      hopOf(G, D, At, X.Event, X.How, SiteView(G, At, X).api()));
  return Side;
}

std::optional<HeldSide> HeldSearch::best(const HeldRegion &R, SinkTable &Sinks,
                                         const BitVector &Within, ContextId C) {
  std::optional<HeldSide> Best = under(R, Sinks, Within, C);
  if (C != EmptyContext || (Best && Best->Way.Conf == Confidence::Certain))
    return Best;
  // What none of its callers wants for all, one of them may.
  std::vector<ContextId> Passed = G.passedTo(R.F);
  if (Passed.size() < 2 || Passed.size() > MaxCallers)
    return Best;
  for (ContextId By : Passed)
    if (auto Side = under(R, Sinks, Within, By);
        Side && (!Best || Side->Way.Conf > Best->Way.Conf))
      Best = std::move(Side);
  return Best;
}

/// Has \p Object, which \p F has made itself, come to where others find it when
/// \p E is done? Whoever is only told to lock or to initialise it keeps
/// nothing.
static bool publishes(const Program &P, const Func &F, const Event &E,
                      ExprId Object) {
  auto IsPart = [&](ExprId Id) { return P.pathOf(F, Id).Base == Object; };
  switch (E.Kind) {
  case EventKind::Call:
    return !P.calledModel(F, E) && any_of(E.Args, IsPart);
  case EventKind::Store:
    return IsPart(E.Args[1]);
  default:
    return false;
  }
}

/// Is the lock in an object that \p R's function has just made, and that nobody
/// else finds before it is released?
bool HeldSearch::isUnshared(const HeldRegion &R, const Node &Held) const {
  const Program &P = G.P;
  const Func &F = P.Funcs[R.F];
  const Event &Opener = F.Body->Events[R.Opener];
  const FunctionModel *M = P.calledModel(F, Opener);
  if (!M || !M->AcquiresArg || *M->AcquiresArg >= Opener.Args.size())
    return false;
  const ExprId Object = P.pathOf(F, Opener.Args[*M->AcquiresArg]).Base;
  const Expr &Made = F.Body->Exprs[Object];
  const FunctionModel *Maker = Made.Kind == ExprKind::Call
                                   ? P.calledModel(F, F.Body->Events[Made.A])
                                   : nullptr;
  if (!Maker || !Maker->GivesNew)
    return false;
  auto Publishes = [&](EventId Id) {
    return publishes(P, F, F.Body->Events[Id], Object);
  };
  if (any_of(Held.Edges, [&](const Edge &E) { return Publishes(E.Event); }) ||
      any_of(Held.Sites, [&](const Site &S) { return Publishes(S.Event); }) ||
      any_of(Held.Open, [&](const OpenSite &O) { return Publishes(O.Event); }))
    return false;
  for (EventId Id = 0; Id != R.Opener; ++Id)
    if (Publishes(Id))
      return false;
  return true;
}

std::optional<HeldSide> HeldSearch::under(const HeldRegion &R, SinkTable &Sinks,
                                          const BitVector &Within,
                                          ContextId C) {
  const NodeId Held =
      G.region(R.F, R.Opener, Facts.Table.regions(), C, Elsewhere);
  if (isUnshared(R, G[Held]))
    return std::nullopt;
  Search S(G, Sinks, {Confidence::Likely, &Within});
  // After a wait for a fence, the most direct kind, only ways that are no worse
  // than the way to it are of interest.
  const Search::Hit *Wait = nullptr;
  size_t Known = 0;
  S.run(Held, [&](const Rank &Next) {
    if (Known != S.hits().size())
      for (const auto &[Place, H] : S.hits())
        if (kindOf(H.At.Rule) == WaitKind::Wait &&
            (!Wait || H.Way.betterThan(Wait->Way)))
          Wait = &H;
    Known = S.hits().size();
    return Wait && Wait->Way.betterThan(Next);
  });
  const Search::Hit *Best = nullptr;
  // The surest, then the most direct kind, then the shortest.
  auto Key = [](const Search::Hit &H) {
    return std::make_tuple(2 - static_cast<int>(H.Way.Conf), kindOf(H.At.Rule),
                           H.Way.LastRefs, H.Way.Odds, H.Way.Hops);
  };
  for (const auto &[Place, H] : S.hits()) {
    // A page fault's handler that got here would fault in a page fault.
    if (kindOf(H.At.Rule) == WaitKind::Mmap && Facts.UnderMmap.test(R.F))
      continue;
    if (!Best || Key(H) < Key(*Best))
      Best = &H;
  }
  if (!Best)
    return std::nullopt;
  HeldSide Side = side(R, S.way(Best->Node), Best->At.S);
  Side.Kind = kindOf(Best->At.Rule);
  Side.Told.Waits = waitsFor(Side.Kind);
  Side.Way = Best->Way;
  Side.What = Best->At.V.What;
  return Side;
}

const std::optional<HeldSide> &HeldSearch::wait(const HeldRegion &R,
                                                ContextId C) {
  auto [It, New] = Known.try_emplace({R.F, R.Opener, C});
  if (New && Facts.MayWait.test(R.F))
    It->second = best(R, Waits, Facts.MayWait, C);
  return It->second;
}

std::optional<HeldSide> HeldSearch::dependency(const HeldRegion &R,
                                               ContextId C) {
  if (!Facts.MayDepend.test(R.F))
    return std::nullopt;
  return best(R, Dependencies, Facts.MayDepend, C);
}

std::optional<HeldSide> HeldSearch::reclaim(const HeldRegion &R, ContextId C) {
  if (!Facts.MayReclaim.test(R.F))
    return std::nullopt;
  return best(R, Reclaims, Facts.MayReclaim, C);
}

std::vector<HeldSide> HeldSearch::locks(const HeldRegion &R) {
  std::vector<HeldSide> Found;
  if (!Facts.MayLock.test(R.F))
    return Found;
  Search S(G, Nothing, {Confidence::Likely, &Facts.MayLock});
  S.run(
      G.region(R.F, R.Opener, Facts.Table.regions(), EmptyContext, Elsewhere));
  eachLock(G, S,
           [&](const Search::Visit &V, const Site &X, const LockClass &Class,
               Rank Way) {
             if (Class == R.Class)
               return;
             HeldSide Side = side(R, S.way(V.Node), X);
             Side.Kind = WaitKind::Lock;
             Side.Told.Waits = waitsFor(Side.Kind);
             Side.Way = Way;
             Side.Next = Class;
             Side.What = "'" + Side.Told.Path.back().Callee + "' acquires " +
                         Facts.Table.name(Class);
             Found.push_back(std::move(Side));
           });
  return Found;
}

const std::map<LockClass, HeldSearch::Acquisition> &
HeldSearch::acquisitions(NodeId Work) {
  auto [It, New] = Acquired.try_emplace(Work);
  if (!New)
    return It->second;
  Search S(G, Nothing, {Confidence::Likely, &Facts.MayLock});
  S.run(Work);
  auto &Found = It->second;
  eachLock(G, S,
           [&](const Search::Visit &V, const Site &X, const LockClass &Class,
               Rank Way) {
             std::vector<Hop> Path = hopsOf(G, D, S.way(V.Node));
             Path.push_back(hopOf(G, D, G[V.Node], X.Event, X.How,
                                  SiteView(G, G[V.Node], X).api()));
             Found.try_emplace(Class, Acquisition{Way, std::move(Path)});
           });
  return Found;
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
  return P.calledModel(F, F.Body->Events[R.Opener]);
}

const std::optional<HeldSide> &HeldSearch::ownWork(const HeldRegion &R,
                                                   ContextId C) {
  auto [It, New] = OwnWork.try_emplace({R.F, R.Opener, C});
  if (!New || !Facts.MayFlush.test(R.F) || !takenHere(G.P, R))
    return It->second;
  std::optional<HeldSide> &Best = It->second;
  Search S(G, Nothing, {Confidence::Likely, &Facts.MayFlush});
  S.run(G.region(R.F, R.Opener, Facts.Table.regions(), C));
  for (const Search::Visit &V : S.visits())
    for (const Edge &E : G[V.Node].Edges) {
      if (!isWait(E.How.Kind) || E.How.Conf < Confidence::Likely ||
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
      Best = side(R, To, {E.Event, E.How.Callee, nullptr, 0, E.How});
      Best->Kind = WaitKind::Work;
      Best->Told.Waits = waitsFor(Best->Kind);
      Best->Way = Way;
      Best->What = G.P.Funcs[E.How.Callee].Name.str();
      Best->Told.Path.back().Callee = Best->What;
      append_range(Best->Told.Path, Own->second.Path);
    }
  return Best;
}

void fencedep::eachLock(Graph &G, const Search &S,
                        function_ref<void(const Search::Visit &, const Site &,
                                          const LockClass &, Rank)>
                            Each) {
  std::set<LockClass> Seen;
  for (const Search::Visit &V : S.visits()) {
    if (V.Way.Conf < Confidence::Likely)
      return; // the rest is worse
    const Node &N = G[V.Node];
    for (const Site &X : N.Sites) {
      std::optional<LockClass> Class = acquiredClass(G, N, X);
      if (!Class || X.How.Conf < Confidence::Likely ||
          !Seen.insert(*Class).second)
        continue;
      Rank Way = V.Way.to(X.How);
      if (Way.LastRefs && dropsKept(G.P, S.calls(V, X.Event)))
        Way.Conf = Confidence::Possible;
      Each(V, X, *Class, Way);
    }
  }
}

/// The site at which \p N calls what takes the lock; none if it does not live.
static std::optional<Site> siteOf(const Node &N, EventId Opener) {
  for (const Site &X : N.Sites)
    if (X.Event == Opener)
      return X;
  for (const Edge &E : N.Edges) // a helper that returns with the lock held
    if (E.Event == Opener)
      return Site{Opener, E.How.Callee, nullptr, 0, E.How};
  return std::nullopt;
}

void fencedep::heldInSection(
    SectionView &V,
    function_ref<const std::optional<HeldSide> &(const HeldRegion &, ContextId)>
        Find,
    function_ref<std::string(const HeldSide &)> Held, StringRef Why) {
  std::set<LockClass> Seen; // the first way is the best
  for (const Search::Visit &At : V.S.visits()) {
    if (At.Way.Conf < Confidence::Likely)
      return; // the rest is worse
    const Node &N = V.G[At.Node];
    for (const HeldRegion &R : V.Locks->Table.heldIn(N.F)) {
      std::optional<Site> Taken = siteOf(N, R.Opener);
      if (!Taken || Seen.count(R.Class))
        continue;
      // Of a lock that it was given, here it is one.
      if (auto Class = acquiredClass(V.G, N, *Taken);
          Class && !(*Class == R.Class))
        continue;
      const std::optional<HeldSide> &Side = Find(R, N.C);
      if (!Side)
        continue;
      const Rank Way =
          V.S.believed(At, R.Opener, At.Way.to(Taken->How)).with(Side->Way);
      if (Way.Conf < Confidence::Likely)
        continue;
      Seen.insert(R.Class);
      auto &Found = V.Result.Found.emplace_back(
          SinkPlace(V.Rule, R.F, R.Opener), std::nullopt);
      if (Way.Conf < V.Opts.MinConfidence)
        continue;
      Finding X = V.finding(At.Node, *Taken);
      X.Conf = Way.Conf;
      X.Lock = Side->Told.Lock;
      X.Message =
          Side->Told.Lock + " is acquired " + X.Message + " and " + Held(*Side);
      X.Others.push_back(Side->Told);
      X.Others.back().SameThread = true;
      X.Reasons.push_back({Why.str(), {}});
      std::vector<Hop> Identity = X.Path;
      append_range(Identity, Side->Told.Path);
      X.Fingerprint =
          fingerprint(X.Rule, X.Root.Function, Side->Told.Lock, Identity);
      Found.second = std::move(X);
    }
  }
}

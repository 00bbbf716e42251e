//===- CrossRelease.cpp - fence-cross-release -----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Who waits for a worker waits for all locks that the worker takes. If he holds
// one of them, neither goes on; in a section, the fence is never signalled. So
// each region in which a lock is held is searched for waits for work, and the
// work for an acquisition of the same lock class. A function on the way that
// releases its caller's lock does so because of this, and is believed.
//
// By default only locks that are taken in a section are looked at;
// fence-cross-release-anywhere looks at all of them.
//
//===----------------------------------------------------------------------===//

#include "HeldSide.h"
#include "fencedep/Support/Parallel.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

static const char *const Why =
    "the work waits for the lock, and the lock's holder for the work";

void fencedep::checkCrossRelease(SectionView &V) {
  std::set<LockClass> Seen; // the first way is the best
  for (const Search::Visit &At : V.S.visits()) {
    if (At.Way.Conf < Confidence::Likely)
      return; // the rest is worse
    const Node &N = V.G[At.Node];
    for (const HeldRegion &R : V.Locks->Table.heldIn(N.F)) {
      std::optional<Site> Taken = siteOf(N, R.Opener);
      if (!Taken || Seen.count(R.Class))
        continue;
      const std::optional<HeldSide> &Side = V.Held->ownWork(R);
      if (!Side)
        continue;
      Rank Way = At.Way.with(Side->Way);
      Way.Conf = std::min(Way.Conf, Taken->How.Conf);
      if (Way.Conf < Confidence::Likely)
        continue;
      Seen.insert(R.Class);
      Finding X = V.finding(At.Node, *Taken);
      X.Rule = V.Rule->Info.Id;
      X.Conf = Way.Conf;
      X.Message = Side->Told.Lock + " is acquired " + X.Message +
                  " and held across a wait for '" + Side->What +
                  "', which acquires it";
      X.Others.push_back(Side->Told);
      X.Others.back().SameThread = true;
      X.Reasons.push_back({Why, {}});
      std::vector<Hop> Identity = X.Path;
      append_range(Identity, Side->Told.Path);
      X.Fingerprint =
          fingerprint(X.Rule, X.Root.Function, Side->Told.Lock, Identity);
      SinkPlace Place(V.Rule, R.F, R.Opener);
      auto &Found = V.Result.Found.emplace_back(Place, std::nullopt);
      if (X.Conf >= V.Opts.MinConfidence)
        Found.second = std::move(X);
    }
  }
}

/// The finding for a lock that is held somewhere.
static Finding describe(const HeldSide &Side) {
  Finding X;
  X.Rule = "fence-cross-release-anywhere";
  X.Conf = Side.Way.Conf;
  X.Root.Function = Side.Told.Function;
  X.Root.Where = Side.Told.Acquired;
  X.Root.Why = "what is done with " + Side.Told.Lock + " held";
  X.Path = Side.Told.Path;
  const Hop &Wait = *find_if(X.Path, [](const Hop &H) {
    return StringRef(H.Edge).starts_with("work");
  });
  X.Sink = Wait.Where;
  X.SinkFunction = Wait.Callee;
  X.Message = Side.Told.Lock + " is held in '" + X.Root.Function +
              "' across a wait for '" + Side.What + "', which acquires it";
  X.Reasons.push_back({Why, {}});
  X.Fingerprint = fingerprint(X.Rule, X.Root.Function, Side.Told.Lock, X.Path);
  return X;
}

void fencedep::checkOwnWork(CheckContext &C) {
  const Program &P = C.L.P;
  std::map<ModuleId, std::vector<HeldRegion>> ByModule;
  for (const LockClass &L : C.Locks->Table.classes())
    for (const HeldRegion &R : C.Locks->Table.heldRegions(L))
      if (const Func &F = P.Funcs[R.F];
          C.Locks->MayFlush.test(R.F) &&
          selected(P.str(F, F.Body->Where.File), C.Opts))
        ByModule[F.Module].push_back(R);
  std::vector<const std::vector<HeldRegion> *> Groups;
  for (const auto &[Module, Regions] : ByModule)
    Groups.push_back(&Regions);
  // Of those that wait for the same work with the same lock held, the best.
  using Key = std::tuple<std::string, std::string, unsigned>;
  std::vector<std::map<Key, std::pair<Rank, Finding>>> Found(Groups.size());
  parallelFor(C.Opts.Jobs, Groups.size(), [&](size_t I) {
    Graph G(C.L);
    HeldSearch S(G, *C.Locks, C.D);
    for (const HeldRegion &R : *Groups[I])
      if (const std::optional<HeldSide> &Side = S.ownWork(R);
          Side && Side->Way.Conf >= C.Opts.MinConfidence) {
        Finding X = describe(*Side);
        Key K{Side->Told.Lock, X.Sink.File, X.Sink.Line};
        auto It = Found[I].find(K);
        if (It == Found[I].end() || Side->Way.betterThan(It->second.first))
          Found[I].insert_or_assign(K, std::make_pair(Side->Way, std::move(X)));
      }
  });
  for (auto &Group : Found)
    for (auto &[K, X] : Group)
      C.Findings.push_back(std::move(X.second));
}

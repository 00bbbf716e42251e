//===- CrossRelease.cpp - fence-cross-release -----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Who waits for a worker waits for all locks that the worker takes, and who
// waits for a completion for those that are taken before it is completed. If he
// holds one of them, neither goes on; in a section, the fence is never
// signalled. So each region in which a lock is held is searched for waits for
// work, and the work for an acquisition of the same lock class. A function on
// the way that releases its caller's lock does so because of this, and is
// believed.
//
// By default only locks that are taken in a section are looked at;
// fence-cross-release-anywhere looks at all of them.
//
//===----------------------------------------------------------------------===//

#include "HeldSide.h"

using namespace llvm;
using namespace fencedep;

static const char *const Why =
    "the other thread waits for the lock, and the lock's holder for it";

static std::string held(const HeldSide &Side) {
  return "held across a wait for '" + Side.What + "', which acquires it";
}

void fencedep::checkCrossRelease(SectionView &V) {
  heldInSection(
      V,
      [&](const HeldRegion &R, ContextId C) -> const std::optional<HeldSide> & {
        return V.Held->ownWork(R, C);
      },
      held, Why);
}

/// The finding for a lock that is held somewhere.
static Finding describe(const HeldSide &Side) {
  Finding X;
  X.Rule = "fence-cross-release-anywhere";
  X.Conf = Side.Way.Conf;
  X.Lock = Side.Told.Lock;
  X.Root.Function = Side.Told.Function;
  X.Root.Where = Side.Told.Acquired;
  X.Root.Why = "what is done with " + Side.Told.Lock + " held";
  X.Path = Side.Told.Path;
  const Hop &Wait = *find_if(X.Path, [](const Hop &H) {
    return StringRef(H.Edge).starts_with("work") ||
           StringRef(H.Edge).starts_with("completion");
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
  std::vector<HeldRegion> Regions;
  for (const LockClass &L : C.Locks->Table.classes())
    for (const HeldRegion &R : C.Locks->Table.heldRegions(L))
      if (const Func &F = P.Funcs[R.F];
          C.Locks->MayFlush.test(R.F) &&
          selected(P.str(F, F.Body->Where.File), C.Opts))
        Regions.push_back(R);
  // Of those that wait for the same work with the same lock held, the best.
  using Key = std::tuple<std::string, std::string, unsigned>;
  using Best = std::map<Key, std::pair<Rank, Finding>>;
  auto Look = [&](HeldSearch &S, const HeldRegion &R, Best &Found) {
    const std::optional<HeldSide> &Side = S.ownWork(R);
    if (!Side || Side->Way.Conf < C.Opts.MinConfidence)
      return;
    Finding X = describe(*Side);
    Key K{Side->Told.Lock, X.Sink.File, X.Sink.Line};
    auto It = Found.find(K);
    if (It == Found.end() || Side->Way.betterThan(It->second.first))
      Found.insert_or_assign(K, std::make_pair(Side->Way, std::move(X)));
  };
  for (Best &Found :
       searchHeld<Best>(C.L, *C.Locks, C.D, C.Opts.Jobs, Regions, Look))
    for (auto &[K, X] : Found)
      C.Findings.push_back(std::move(X.second));
}

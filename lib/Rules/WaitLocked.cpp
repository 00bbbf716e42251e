//===- WaitLocked.cpp - fence-wait-locked ---------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A wait for a fence may be nested in a section: the section behaves like a
// read lock, the wait like a write lock on the same map. With a lock taken in
// between, section -> lock -> wait -> section is a cycle. So every lock that
// the search from a section sees taken is followed until it is released.
//
//===----------------------------------------------------------------------===//

#include "HeldSide.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

/// The site at which \p N calls what takes the lock; null if it does not live.
std::optional<Site> fencedep::siteOf(const Node &N, EventId Opener) {
  for (const Site &X : N.Sites)
    if (X.Event == Opener)
      return X;
  for (const Edge &E : N.Edges) // a helper that returns with the lock held
    if (E.Event == Opener)
      return Site{Opener, E.How.Callee, nullptr, 0, E.How};
  return std::nullopt;
}

void fencedep::checkWaitLocked(SectionView &V) {
  std::set<LockClass> Seen; // the first way is the best
  for (const Search::Visit &At : V.S.visits()) {
    if (At.Way.Conf < Confidence::Likely)
      return; // the rest is worse
    const Node &N = V.G[At.Node];
    for (const HeldRegion &R : V.Locks->Table.heldIn(N.F)) {
      std::optional<Site> Taken = siteOf(N, R.Opener);
      if (!Taken || Seen.count(R.Class))
        continue;
      const std::optional<HeldSide> &Side = V.Held->wait(R);
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
      X.Message = V.Locks->Table.name(R.Class) + " is acquired " + X.Message +
                  " and held across a wait for a fence";
      X.Others.push_back(Side->Told);
      X.Others.back().SameThread = true;
      X.Reasons.push_back(
          {"whoever waits for this lock in a section of its own never signals "
           "the fence that is waited for here",
           {}});
      std::vector<Hop> Identity = X.Path;
      append_range(Identity, Side->Told.Path);
      X.Fingerprint = fingerprint(X.Rule, X.Root.Function,
                                  V.Locks->Table.name(R.Class), Identity);
      SinkPlace Place(V.Rule, R.F, R.Opener);
      auto &Found = V.Result.Found.emplace_back(Place, std::nullopt);
      if (X.Conf >= V.Opts.MinConfidence)
        Found.second = std::move(X);
    }
  }
}

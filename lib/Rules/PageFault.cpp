//===- PageFault.cpp - fence-page-fault -----------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Resolving a page fault of a device takes what any page fault takes: memory,
// mmap_lock, and so waits for fences. So nothing in a section waits for the
// worker that does it. The search from the section has followed each wait for
// work into the work; here, those are picked out whose work resolves faults: by
// the field that holds it (`fault-work`), or by its function, which is a root
// with the role `page-fault`.
//
//===----------------------------------------------------------------------===//

#include "Search.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

static bool isHandler(const Program &P, FuncId F) {
  return any_of(P.M.Roots, [&](const RootModel &M) {
    return is_contained(M.Roles, RootRole::PageFault) &&
           any_of(P.storedIn(M.Slot),
                  [&](const SlotTarget &T) { return T.Target == F; });
  });
}

static bool resolvesFaults(const Program &P, const Target &T,
                           const std::set<FuncId> &Workers) {
  if (T.Kind == EdgeKind::Completion) // the worker completes something
    return isHandler(P, T.Callee) || Workers.count(T.Callee);
  if (T.Kind != EdgeKind::Work || T.Slot == NoId)
    return false;
  const auto &[Record, Name] = P.Slots[T.Slot];
  return P.M.field(Record, Name, FieldModel::FaultWork) ||
         isHandler(P, T.Callee);
}

void fencedep::checkPageFault(SectionView &V) {
  const Program &P = V.G.P;
  const std::set<FuncId> Workers = faultWork(P);
  std::set<SinkPlace> Seen; // the first way is the best
  for (const Search::Visit &At : V.S.visits()) {
    const Node &N = V.G[At.Node];
    for (const Edge &E : N.Edges) {
      SinkPlace Place(V.Rule, N.F, E.Event);
      if (!resolvesFaults(P, E.How, Workers) || !Seen.insert(Place).second)
        continue;
      auto &Found = V.Result.Found.emplace_back(Place, std::nullopt);
      Confidence Conf = At.Way.then(E.How).Conf;
      if (Conf < V.Opts.MinConfidence)
        continue;
      Site X{E.Event, E.How.Callee, nullptr, 0, E.How};
      Finding F = V.finding(At.Node, X);
      F.Rule = V.Rule->Info.Id;
      F.Conf = Conf;
      F.Message = "'" + P.Funcs[E.How.Callee].Name.str() +
                  "', which resolves page faults of the device, is waited "
                  "for " +
                  F.Message;
      F.Reasons.push_back({"to resolve a fault takes memory and locks whose "
                           "holders may wait for the fence",
                           {}});
      F.Fingerprint =
          fingerprint(F.Rule, F.Root.Function, F.SinkFunction, F.Path);
      Found.second = std::move(F);
    }
  }
}

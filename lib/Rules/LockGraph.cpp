//===- LockGraph.cpp - the lock graph, for people -------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One search per held region of the program: those of other classes tell what
// the wanted ones are acquired under. Regions that cannot reach a lock are not
// searched.
//
//===----------------------------------------------------------------------===//

#include "HeldSide.h"
#include "fencedep/Rules/Locks.h"

using namespace llvm;
using namespace fencedep;

namespace {

class LockGrapher {
public:
  LockGrapher(const Program &P, const GlobPattern &Pattern,
              const CheckOptions &Opts)
      : Opts(Opts), L(P, Opts.Jobs), Facts(P, L.Calls, LockTable(P, Opts.Jobs)),
        D(P, Opts.BaseDir) {
    for (const LockClass &C : Facts.Table.classes())
      if (Pattern.match(Facts.Table.name(C)))
        Nodes[C].Class = Facts.Table.name(C);
  }

  std::vector<LockNode> run() {
    std::vector<HeldRegion> Regions;
    for (const LockClass &C : Facts.Table.classes())
      append_range(Regions, Facts.Table.heldRegions(C));
    auto Look = [&](HeldSearch &S, const HeldRegion &R,
                    std::vector<Found> &Out) { look(S, R, Out); };
    for (std::vector<Found> &Group :
         searchHeld<std::vector<Found>>(L, Facts, D, Opts.Jobs, Regions, Look))
      for (Found &F : Group)
        add(std::move(F));
    std::vector<LockNode> Result;
    for (auto &[Class, N] : Nodes) {
      N.HeldRegions = Facts.Table.heldRegions(Class).size();
      Result.push_back(std::move(N));
    }
    llvm::sort(Result, [](const LockNode &A, const LockNode &B) {
      return A.Class < B.Class;
    });
    return Result;
  }

private:
  struct Found {
    LockClass From;
    std::optional<LockClass> To; ///< none: something is waited for
    HeldSide Side;
  };

  void look(HeldSearch &S, const HeldRegion &R, std::vector<Found> &Out) {
    bool Wanted = Nodes.count(R.Class);
    for (HeldSide &Side : S.locks(R))
      if (Wanted || Nodes.count(Side.Next)) {
        LockClass Next = Side.Next;
        Out.push_back({R.Class, Next, std::move(Side)});
      }
    if (!Wanted)
      return;
    std::optional<HeldSide> Side = S.dependency(R);
    if (!Side)
      Side = S.reclaim(R);
    if (Side)
      Out.push_back({R.Class, std::nullopt, std::move(*Side)});
  }

  static const char *name(WaitKind K) {
    switch (K) {
    case WaitKind::Wait:
      return "a fence";
    case WaitKind::Resv:
      return "dma_resv";
    case WaitKind::Mmap:
      return "mmap_lock";
    case WaitKind::Reclaim:
    case WaitKind::Lock: // has an edge of its own
    case WaitKind::Work: // not asked for
      return "reclaim";
    }
    return "";
  }

  LockEdge edge(const Found &F) const {
    LockEdge E;
    E.From = Facts.Table.name(F.From);
    E.To = F.To ? Facts.Table.name(*F.To) : name(F.Side.Kind);
    E.Conf = F.Side.Way.Conf;
    E.Held = F.Side.Told;
    return E;
  }

  static auto key(const LockEdge &E) {
    return std::make_tuple(2 - static_cast<int>(E.Conf), E.Held.Path.size());
  }

  /// The better of two edges between the same classes stays.
  static void keep(std::vector<LockEdge> &Edges, LockEdge E) {
    for (LockEdge &Old : Edges)
      if (Old.From == E.From && Old.To == E.To) {
        unsigned Places = Old.Places + 1;
        if (key(E) < key(Old))
          Old = std::move(E);
        Old.Places = Places;
        return;
      }
    Edges.push_back(std::move(E));
  }

  void add(Found F) {
    LockEdge E = edge(F);
    if (!F.To) {
      WaitKind &Best = BestKind.try_emplace(F.From, F.Side.Kind).first->second;
      std::optional<LockEdge> &Waits = Nodes[F.From].Waits;
      if (!Waits || std::make_pair(F.Side.Kind, key(E)) <
                        std::make_pair(Best, key(*Waits))) {
        Best = F.Side.Kind;
        Waits = std::move(E);
      }
      return;
    }
    if (auto To = Nodes.find(*F.To); To != Nodes.end())
      keep(To->second.Under, E);
    if (auto From = Nodes.find(F.From); From != Nodes.end())
      keep(From->second.Above, std::move(E));
  }

  const CheckOptions &Opts;
  LinkedProgram L;
  LockFacts Facts;
  Describer D;
  std::map<LockClass, LockNode> Nodes;
  std::map<LockClass, WaitKind> BestKind;
};

} // namespace

std::vector<LockNode> fencedep::lockGraph(const Program &P,
                                          const GlobPattern &Pattern,
                                          const CheckOptions &Opts) {
  return LockGrapher(P, Pattern, Opts).run();
}

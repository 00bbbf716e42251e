//===- FaultHandler.cpp - fence-page-fault, the handler's half ------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A handler that takes memory, or faults itself, waits for fences; one that
// signals a fence afterwards makes that fence wait for them. So from each
// handler all signals are searched for, and what is done before the call on the
// way to each, level by level, for allocations and faults.
//
// Two searches per call on the way to a signal; signals and hops are finite.
//
//===----------------------------------------------------------------------===//

#include "Search.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

std::set<FuncId> fencedep::faultWork(const Program &P) {
  std::set<FuncId> Found;
  for (const auto &Targets : P.SlotTargets)
    for (const SlotTarget &T : Targets)
      if (any_of(T.Path, [&](SlotId S) {
            return P.M.field(P.Slots[S].first, P.Slots[S].second,
                             FieldModel::FaultWork);
          }))
        Found.insert(T.Target);
  return Found;
}

namespace {

class FaultHandlers {
public:
  explicit FaultHandlers(CheckContext &C)
      : C(C), G(C.L), Signals(G, {&SignalSink}),
        Needs(G, {&DependencySinks[OnReclaim], &DependencySinks[OnMmap]}) {
    G.Eval.InSection = false;
  }

  void run() {
    for (const Root &R : handlers()) {
      SearchLimits Limits{Confidence::Likely};
      Limits.Skip = [&](const Node &, EventId, const Target &T) {
        return T.LastRef || isWait(T.Kind) ||
               (T.Callee != NoId && looksOnly(C.L.P.Funcs[T.Callee].Model));
      };
      Search S(G, Signals, Limits);
      S.run(startOf(G, R));
      for (const auto &[Place, H] : S.hits())
        if (!isOwn(S.way(H.Node), H.At.S.Event))
          look(R, S, H);
    }
  }

private:
  /// Functions that the model names, and those of work items that it names.
  std::vector<Root> handlers() const {
    const Program &P = C.L.P;
    std::vector<Root> Found =
        contractRoots(P, C.Opts, RootRole::PageFault, C.D);
    for (FuncId Id : faultWork(P)) {
      const Func &F = P.Funcs[Id];
      if (!F.Body || F.Model || !selected(P.str(F, F.Body->Where.File), C.Opts))
        continue;
      Found.push_back(
          contractRoot(P, Id, RootRole::PageFault,
                       "a device that has faulted waits for this work", C.D));
    }
    return Found;
  }

  struct Need {
    Search::Hit At;
    std::vector<Search::Visit> Way;
  };

  /// What the function of \p N needs before it calls \p Call, the best of it.
  std::optional<Need> before(const Node &N, EventId Call) {
    Search S(G, Needs, {Confidence::Likely});
    S.run(G.before(N.F, Call, N.C, N.Through));
    const Search::Hit *Best = nullptr;
    for (const auto &[Place, H] : S.hits())
      if (!Best || H.Way.betterThan(Best->Way))
        Best = &H;
    if (!Best)
      return std::nullopt;
    return Need{*Best, S.way(Best->Node)};
  }

  /// Who waits for a fence, or looks at it, signals it only if it is done.
  static bool looksOnly(const FunctionModel *M) {
    return M && (M->LooksAtFence || M->WaitsFence || M->Publishes);
  }

  /// Has the handler itself made the fence that it signals at the end of \p
  /// Way? The repair needs such ones: to flush TLBs, or to copy.
  bool isOwn(ArrayRef<Search::Visit> Way, EventId Call) const {
    unsigned Arg = 0;
    for (size_t I = Way.size(); I-- != 0;) {
      const Func &F = C.L.P.Funcs[G[Way[I].Node].F];
      const Event &E = F.Body->Events[Call];
      if (Arg >= E.Args.size())
        return false;
      Origin O = originOf(C.L.P, F, E.Args[Arg]);
      if (O.Made)
        return true;
      if (!isPowerOf2_64(O.Params) || I == 0)
        return false;
      Arg = countr_zero(O.Params);
      Call = G[Way[I].From].Edges[Way[I].EdgeIndex].Event;
    }
    return false;
  }

  void look(const Root &R, const Search &S, const Search::Hit &H) {
    std::vector<Search::Visit> Way = S.way(H.Node);
    for (size_t I = 0; I != Way.size(); ++I) {
      const Node &N = G[Way[I].Node];
      EventId Call = I + 1 == Way.size() ? H.At.S.Event
                                         : N.Edges[Way[I + 1].EdgeIndex].Event;
      std::optional<Need> Before = before(N, Call);
      if (!Before)
        continue;
      Rank Both = H.Way.with(Before->At.Way);
      if (Both.Conf < C.Opts.MinConfidence)
        continue;
      Finding X = findingAt(G, C.D, "fence-page-fault", R.Info, Way, H.At.S);
      X.Conf = Both.Conf;
      X.Message = "'" + X.SinkFunction + "' signals a fence in '" +
                  R.Info.Function +
                  "', which resolves page faults of the device, after " +
                  Before->At.At.V.What;
      const Node &At = G[Before->At.Node];
      X.Reasons.push_back(
          {Before->At.At.V.What,
           C.D.position(
               C.L.P.Funcs[At.F],
               C.L.P.Funcs[At.F].Body->Events[Before->At.At.S.Event].Where)});
      X.Reasons.push_back({"what a fault needs may wait for fences, and this "
                           "one cannot be signalled before it has it",
                           {}});
      C.Findings.push_back(std::move(X));
      return;
    }
  }

  CheckContext &C;
  Graph G;
  SinkTable Signals, Needs;
};

} // namespace

void fencedep::checkFaultHandlers(CheckContext &C) { FaultHandlers(C).run(); }

//===- MissingSection.cpp - fence-missing-section -------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// That code signals a fence does not make it critical: it may only tidy up
// after a fence that would have been signalled anyway. So this rule starts from
// what has to run for a fence to complete:
//
//     the model's `completion` roots     the hardware reports to these
//     sections, annotated or by contract
//     work that either of them queues    closure: each work is looked at once
//
// Of these, interrupt handlers and workers begin a thread of their own, and one
// that surely reaches a signal with no section open on the way should open one.
// What merely looks at a fence (`looks-at-fence`), waits for one, or drops a
// last reference is not followed. A worker that has to go far for its signal
// does other things for a living.
//
//===----------------------------------------------------------------------===//

#include "Search.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

/// From a worker to the function that signals.
static constexpr unsigned MaxWorkerHops = 4;

namespace {

/// Code that must run for a fence to complete.
struct Critical {
  FuncId F;
  EventId Opener; ///< of Regions: an annotated section; else NoId
  ModuleId Module;
  enum { Section, Handler, Worker } K; ///< a section is there already
  std::string Why;
};

class MissingSections {
public:
  explicit MissingSections(CheckContext &C)
      : C(C), P(C.L.P), G(C.L), Sinks(G, {&SignalSink}) {}

  void run() {
    Within = C.L.Calls.to([](const Func &F) {
      return signalsFence(F) || (F.Model && !F.Model->Queues.empty());
    });
    Signals = C.L.Calls.to(signalsFence);
    start();
    for (size_t I = 0; I < Work.size();) // it grows
      visit(Critical(Work[I++]));
  }

private:
  void start() {
    CheckOptions All = C.Opts;
    All.Annotated = All.Contract = true;
    All.Paths.clear();
    for (const Root &R : findRoots(
             C.L, All, {RootRole::Section, RootRole::Completion}, nullptr, C.D))
      add({R.F, R.Opener, R.Module,
           R.Role == RootRole::Completion ? Critical::Handler
                                          : Critical::Section,
           R.Info.Why});
  }

  void add(Critical New) {
    if (Within.test(New.F) && Seen.insert({New.F, New.Opener}).second)
      Work.push_back(std::move(New));
  }

  /// Sections are open at these events of \p F, whatever its caller did.
  const std::set<EventId> &covered(FuncId F) {
    auto [It, New] = Covered.try_emplace(F);
    if (!New || !C.L.Regions.hasRegions(F))
      return It->second;
    Flow Fl = G.Flows.run(P.Funcs[F], EmptyContext);
    for (const LiveEvent &L : Fl.Events)
      if (any_of(L.Openers,
                 [&](EventId O) { return is_contained(Fl.Opens, O); }))
        It->second.insert(L.Id);
    return It->second;
  }

  static bool opportunistic(const FunctionModel *M) {
    return M && (M->LooksAtFence || M->WaitsFence || M->Publishes);
  }

  void visit(const Critical &Now) {
    SearchLimits Limits{Confidence::Likely, &Within};
    Limits.Skip = [&](const Node &N, EventId E, const Target &T) {
      if (T.LastRef || isWait(T.Kind) ||
          (T.Callee != NoId && opportunistic(P.Funcs[T.Callee].Model)))
        return true;
      return Now.Opener == NoId && covered(N.F).count(E) != 0;
    };
    Search S(G, Sinks, Limits);
    S.run(Now.Opener == NoId ? G.node(Now.F, EmptyContext, 0, Now.Module)
                             : G.region(Now.F, Now.Opener, C.L.Regions));
    for (const Search::Visit &V : S.visits())
      if (V.Way.LastRefs == 0)
        queued(G[V.Node], Now);
    if (Now.K != Critical::Section &&
        selected(P.str(P.Funcs[Now.F], P.Funcs[Now.F].Body->Where.File),
                 C.Opts))
      report(Now, S);
  }

  /// What \p N queues has to run as well.
  void queued(const Node &N, const Critical &By) {
    const Func &F = P.Funcs[N.F];
    for (const Event &E : F.Body->Events) {
      const FunctionModel *M = P.calledModel(F, E);
      if (!M)
        continue;
      for (const FunctionModel::Queueing &Q : M->Queues)
        for (const Target &T : G.workOf(F, E, {Q.Work, Q.Path}, N.C, N.Through))
          if (P.Funcs[T.Callee].Body && !P.Funcs[T.Callee].Model &&
              T.Conf == Confidence::Certain)
            add({T.Callee, NoId,
                 P.narrower(T.Through, P.Funcs[T.Callee].Module),
                 Critical::Worker,
                 "'" + P.Funcs[By.F].Name.str() +
                     "', which fences depend on, queues it"});
    }
  }

  /// The last call of \p Root, as its lines go, that signals or leads to a
  /// signal: there may be several, and the search remembers one way to each.
  EventId lastSignal(NodeId Root, const Search &S) const {
    const Node &N = G[Root];
    EventId Last = NoId;
    auto Note = [&](EventId E) {
      if (Last == NoId || line(N.F, E) >= line(N.F, Last))
        Last = E;
    };
    for (const auto &[Place, H] : S.hits())
      if (H.Node == Root)
        Note(H.At.S.Event);
    for (const Edge &E : N.Edges)
      if (Signals.test(E.How.Callee) && E.How.Conf >= Confidence::Likely &&
          !E.How.LastRef && !isWait(E.How.Kind) &&
          !opportunistic(P.Funcs[E.How.Callee].Model))
        Note(E.Event);
    return Last;
  }

  void report(const Critical &Now, const Search &S) {
    const Search::Hit *Best = nullptr;
    for (const auto &[Place, H] : S.hits()) {
      if (H.Way.LastRefs ||
          (Now.K == Critical::Worker &&
           (H.Way.Hops > MaxWorkerHops || H.Way.Conf != Confidence::Certain)))
        continue;
      if (!Best || H.Way.betterThan(Best->Way))
        Best = &H;
    }
    if (!Best)
      return;
    const std::vector<Search::Visit> Way = S.way(Best->Node);
    const Node &Start = G[Way.front().Node];
    EventId Last = lastSignal(Way.front().Node, S);
    if (Last == NoId)
      Last = Start.Edges[Way[1].EdgeIndex].Event;
    const Func &F = P.Funcs[Now.F];
    RootInfo Root;
    Root.Kind = RootKind::Contract;
    Root.Function = F.Name.str();
    Root.Where = C.D.position(F, F.Body->Where);
    Root.Why = Now.Why;
    Finding X =
        findingAt(G, C.D, "fence-missing-section", Root, Way, Best->At.S);
    X.Severity = "note";
    X.Conf = Best->Way.Conf;
    X.Message = "'" + F.Name.str() +
                "' has to run for a fence to complete, but no signalling "
                "critical section is open when it reaches '" +
                X.SinkFunction + "'";
    X.Sink = Root.Where;
    X.Reasons.push_back({Now.Why, {}});
    X.Reasons.push_back(
        {"begin the section where '" + F.Name.str() + "' starts", X.Sink});
    X.Reasons.push_back({"and end it after this call",
                         C.D.position(F, F.Body->Events[Last].Where)});
    C.Findings.push_back(std::move(X));
  }

  unsigned line(FuncId F, EventId E) const {
    return P.Funcs[F].Body->Events[E].Where.Line;
  }

  CheckContext &C;
  const Program &P;
  Graph G;
  SinkTable Sinks;
  BitVector Within;  ///< reaches a signal, or queues work
  BitVector Signals; ///< reaches a signal
  std::vector<Critical> Work;
  std::set<std::pair<FuncId, EventId>> Seen;
  DenseMap<FuncId, std::set<EventId>> Covered;
};

} // namespace

void fencedep::checkMissingSection(CheckContext &C) {
  MissingSections(C).run();
}

//===- LateSection.cpp - fence-late-section -------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A fence that others can see is one that others may wait for. So what a thread
// still has to do for its fence is critical from there on, whether or not it
// says so:
//
//     published: dma_resv_add_fence()      ... until a section begins,
//                                              the job is handed over,
//                                              or the fence is signalled
//
// That is a region like that of a lock (Region::Published, tracked by a table
// of its own, which only this rule makes), and the same search and sinks as in
// a section serve it. But most fences that are published are somebody else's to
// complete. That one is this thread's is told by what ends the region: a begin,
// or a hand-over or signal of the same object, at most one call away. If none
// of them follows in the function, what is found is possible at best.
//
//===----------------------------------------------------------------------===//

#include "Search.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

namespace {

class LateSections {
public:
  explicit LateSections(CheckContext &C)
      : C(C), P(C.L.P), G(C.L),
        Sinks(G, {&DependencySinks[OnResv], &DependencySinks[OnReclaim],
                  &DependencySinks[OnMmap]}),
        Published(P, publishedOnly(), C.Opts.Jobs),
        Flows(P, Published, G.Eval) {
    G.Eval.InSection = false;
  }

  void run() {
    for (FuncId Id : Published.withRegions()) {
      const Func &F = P.Funcs[Id];
      if (selected(P.str(F, F.Body->Where.File), C.Opts) && !F.Model)
        visit(Id);
    }
    for (auto &[Place, F] : Found)
      C.Findings.push_back(std::move(F));
  }

private:
  static Tracked publishedOnly() {
    Tracked T;
    T.Published = true;
    return T;
  }

  FuncId callee(const Func &F, EventId Id) const {
    return P.callee(F, F.Body->Events[Id]);
  }

  /// Does the call end what others may wait for this thread to do?
  bool ends(const Func &F, EventId Id) const {
    FuncId Callee = callee(F, Id);
    const std::set<Outcome> *O =
        Callee == NoId ? nullptr : Published.outcomes(Callee);
    return O && any_of(*O, [](const Outcome &X) {
             return any_of(X.Closes, [](const Outcome::Closed &Y) {
               return Y.R == Region::Published;
             });
           });
  }

  /// Does the call do what \p Is says, itself or in the function it enters?
  bool near(const Func &F, EventId Id,
            function_ref<bool(const FunctionModel &)> Is) const {
    FuncId Callee = callee(F, Id);
    if (Callee == NoId)
      return false;
    const Func &G = P.Funcs[Callee];
    if (G.Model)
      return Is(*G.Model);
    if (!G.Body)
      return false;
    for (EventId I = 0; I != G.Body->Events.size(); ++I)
      if (FuncId Inner = callee(G, I); Inner != NoId)
        if (const FunctionModel *M = P.Funcs[Inner].Model; M && Is(*M))
          return true;
    return false;
  }

  /// What a pointer was reached from: the parameter, the call's result, ...
  static ExprId origin(const Func &F, ExprId Id) {
    for (;;) {
      const Expr &E = F.Body->Exprs[Id];
      switch (E.Kind) {
      case ExprKind::FieldAddr:
      case ExprKind::FieldLoad:
        Id = E.B;
        break;
      case ExprKind::ElemAddr:
      case ExprKind::ElemLoad:
      case ExprKind::Deref:
        Id = E.A;
        break;
      default:
        return Id;
      }
    }
  }

  /// Are the two calls about one object?
  static bool related(const Func &F, EventId A, EventId B) {
    auto IsObject = [&](ExprId Id) {
      ExprKind K = F.Body->Exprs[Id].Kind;
      return K == ExprKind::Param || K == ExprKind::Call ||
             K == ExprKind::OutArg || K == ExprKind::Opaque ||
             K == ExprKind::Phi;
    };
    for (ExprId X : F.Body->Events[A].Args)
      for (ExprId Y : F.Body->Events[B].Args)
        if (ExprId O = origin(F, X); O == origin(F, Y) && IsObject(O))
          return true;
    return false;
  }

  void visit(FuncId Id) {
    const Func &F = P.Funcs[Id];
    Flow Fl = Flows.run(F, EmptyContext);
    auto Publishes = [](const FunctionModel &M) { return M.Publishes; };
    auto Begins = [](const FunctionModel &M) {
      return is_contained(M.Opens, Region::Section);
    };
    auto Completes = [](const FunctionModel &M) {
      return M.HandsOver || M.SignalsFence;
    };
    for (const auto &[Opener, Nowhere] : Fl.Locks) {
      if (!near(F, Opener, Publishes))
        continue;
      bool Owed = false, InSection = false;
      for (const LiveEvent &L : Fl.Events) {
        if (is_contained(L.Openers, Opener))
          Owed |= near(F, L.Id, Begins) ||
                  (near(F, L.Id, Completes) && related(F, Opener, L.Id));
        InSection |= L.Id == Opener && any_of(L.Openers, [&](EventId O) {
                       return is_contained(Fl.Opens, O);
                     });
      }
      // A helper's publication without an end is its own affair.
      bool Direct = P.Funcs[callee(F, Opener)].Model;
      if (!InSection && (Owed || Direct))
        search(Id, Opener, Owed);
    }
  }

  void search(FuncId Id, EventId Opener, bool Owed) {
    const Func &F = P.Funcs[Id];
    NodeId Start = G.region(Id, Opener, Published);
    SearchLimits Limits;
    Limits.Floor = Owed ? Confidence::Likely : Confidence::Certain;
    Limits.Skip = [&](const Node &N, EventId E, const Target &) {
      return N.F == Id && (E == Opener || ends(F, E));
    };
    Search S(G, Sinks, Limits);
    S.run(Start);
    for (const auto &[Place, H] : S.hits())
      report(F, Opener, Owed, S, H);
  }

  void report(const Func &F, EventId Opener, bool Owed, const Search &S,
              const Search::Hit &H) {
    Confidence Conf = Owed ? H.Way.Conf : Confidence::Possible;
    std::vector<Search::Visit> Way = S.way(H.Node);
    auto [It, New] = Found.try_emplace(
        SinkPlace(H.At.Rule, G[H.Node].F, H.At.S.Event), Finding());
    Finding &X = It->second;
    if (!New &&
        (X.Conf > Conf || (X.Conf == Conf && X.Path.size() <= Way.size()))) {
      ++X.OtherRoots;
      return;
    }
    unsigned Others = New ? 0 : X.OtherRoots + 1;
    RootInfo Root;
    Root.Kind = RootKind::Published;
    Root.Function = F.Name.str();
    Root.Where = C.D.position(F, F.Body->Events[Opener].Where);
    X = findingAt(G, C.D, "fence-late-section", Root, Way, H.At.S);
    X.OtherRoots = Others;
    X.Conf = Conf;
    X.Message = H.At.V.What + " after '" + F.Name.str() +
                "' has made a fence visible to others";
    X.Reasons.push_back({H.At.V.Why, {}});
    if (Owed)
      X.Reasons.push_back({"whoever waits for the fence by now waits for this "
                           "thread to go on",
                           {}});
  }

  CheckContext &C;
  const Program &P;
  Graph G;
  SinkTable Sinks;
  RegionTable Published;
  FlowAnalysis Flows;
  std::map<SinkPlace, Finding> Found;
};

} // namespace

void fencedep::checkLateSection(CheckContext &C) { LateSections(C).run(); }

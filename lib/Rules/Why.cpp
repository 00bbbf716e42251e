//===- Why.cpp - why a root reaches a function, or does not ---------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same search as for findings. If it does not come by the sink, the answer
// is where it stopped: a function that was reached mentions one that was not,
// and from which the sink could be reached if no condition, module or model
// entry were in the way.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Rules/Why.h"
#include "Search.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

namespace {

class WayFinder {
public:
  WayFinder(const LinkedProgram &L, const Root &R, StringRef Sink,
            const BitVector &Leads, const Describer &D)
      : P(L.P), G(L), R(R), Sink(Sink), Leads(Leads), D(D), Sinks(G, {}),
        S(G, Sinks, limits(L.P)) {}

  WayTo find() {
    S.run(startOf(G, R));
    Answer.Root = R.Info;
    for (const Search::Visit &V : S.visits()) {
      if (V.From != NoId && isSink(G[V.Node].F)) {
        reached(V, nullptr);
        return Answer;
      }
      for (const Site &X : G[V.Node].Sites)
        if (callee(G[V.Node], X) == Sink) {
          reached(V, &X);
          return Answer;
        }
    }
    findCuts();
    return Answer;
  }

private:
  static SearchLimits limits(const Program &P) {
    SearchLimits Limits;
    Limits.FromRoot = true;
    Limits.Skip = [&P](const Node &, EventId, const Target &T) {
      return neverInSection(P, T) != nullptr;
    };
    return Limits;
  }

  bool isSink(FuncId F) const { return apiName(P.M, P.Funcs[F].Name) == Sink; }

  std::string callee(const Node &N, const Site &X) {
    return SiteView(G, N, X).api();
  }

  void reached(const Search::Visit &V, const Site *X) {
    Answer.Reached = true;
    Answer.Path = hopsOf(G, D, S.way(V.Node));
    Rank Way = V.Way;
    unsigned Conditions = 0;
    bool Kept = false;
    if (X) {
      Answer.Path.push_back(
          hopOf(G, D, G[V.Node], X->Event, X->How, callee(G[V.Node], *X)));
      const std::vector<CallSite> Calls = S.calls(V, X->Event);
      Conditions = ConditionTable(P).of(Calls);
      Way = S.believed(V, X->Event, Way.to(X->How));
      Kept = Way.LastRefs && dropsKept(P, Calls);
    }
    Answer.Conf = Way.Conf;
    auto Count = [](unsigned N, const char *One, const char *Many) {
      return std::to_string(N) + (N == 1 ? One : Many);
    };
    Answer.Grades.push_back(Count(Way.Hops, " call", " calls") + " on the way");
    if (Conditions)
      Answer.Grades.push_back(Count(Conditions, " condition", " conditions") +
                              " to hold for them");
    if (Way.LastRefs)
      Answer.Grades.push_back(
          Count(Way.LastRefs, " last reference has", " last references have") +
          " to be dropped" + (Kept ? ", but somebody holds another" : ""));
    if (Way.Odds > 1)
      Answer.Grades.push_back("one in " + std::to_string(Way.Odds) +
                              ", if each function of a pointer is as likely "
                              "as the others");
  }

  void findCuts() {
    std::set<FuncId> Visited;
    for (const Search::Visit &V : S.visits())
      Visited.insert(G[V.Node].F);
    std::set<std::pair<FuncId, FuncId>> Seen;
    for (const Search::Visit &V : S.visits()) {
      const Node &N = G[V.Node];
      if (!Leads.test(N.F))
        continue;
      const Func &F = P.Funcs[N.F];
      for (EventId Id = 0; Id != F.Body->Events.size(); ++Id)
        for (FuncId T : mayEnter(F, F.Body->Events[Id]))
          if (Leads.test(T) && !Visited.count(T) && !P.Funcs[T].Name.empty() &&
              Seen.insert({N.F, T}).second)
            Answer.Cuts.push_back(cut(V, Id, T));
    }
    auto Key = [](const Cut &C) {
      const Position &W = C.Call.Where;
      return std::tie(C.Hops, W.File, W.Line, W.Column, C.Call.Callee);
    };
    llvm::sort(Answer.Cuts,
               [&](const Cut &A, const Cut &B) { return Key(A) < Key(B); });
  }

  /// All that the event could call or give away, whatever is known.
  std::vector<FuncId> mayEnter(const Func &F, const Event &E) const {
    std::vector<FuncId> Found;
    auto Mention = [&](ExprId Id) {
      const Expr &X = F.Body->Exprs[Id];
      if (X.Kind == ExprKind::FuncAddr)
        Found.push_back(P.func(F, X.A));
    };
    for (ExprId A : E.Args)
      Mention(A);
    if (E.Kind != EventKind::Call)
      return Found;
    Mention(E.Callee);
    if (const Expr &X = F.Body->Exprs[E.Callee]; X.Kind == ExprKind::FieldLoad)
      for (const SlotTarget &T : P.SlotTargets[P.slot(F.Unit, X.A)])
        Found.push_back(T.Target);
    return Found;
  }

  Cut cut(const Search::Visit &V, EventId Id, FuncId T) {
    const Node &N = G[V.Node];
    Target How{T, EdgeKind::Direct, Confidence::Certain};
    Cut C;
    C.Call = hopOf(G, D, N, Id, How, P.Funcs[T].Name);
    C.Hops = V.Way.Hops;
    C.Why = reason(N, Id, T);
    return C;
  }

  std::string reason(const Node &N, EventId Id, FuncId T) const {
    const Func &F = P.Funcs[N.F];
    const Event &E = F.Body->Events[Id];
    const Func &Callee = P.Funcs[T];
    const Expr &X = F.Body->Exprs[E.Callee];
    const bool ByField =
        E.Kind == EventKind::Call && X.Kind == ExprKind::FieldLoad;
    SlotId Through = ByField ? P.slot(F.Unit, X.A) : SlotId(NoId);
    if (const Statement *S = P.neverInSection(T, Through))
      return "the source says that no section calls it: " + S->Text + " (" +
             text(D.position(S->Unit, S->Where)) + ")";
    bool Direct = P.callee(F, E) == T;
    bool Live = any_of(N.Edges, [&](auto &O) { return O.Event == Id; }) ||
                any_of(N.Sites, [&](auto &O) { return O.Event == Id; }) ||
                any_of(N.Open, [&](auto &O) { return O.Event == Id; });
    if (Direct && Callee.Model && !Callee.Model->Enter)
      return "the model speaks for it: " + Callee.Model->Source;
    if (Direct && !Live)
      return N.F == R.F && R.Opener != NoId
                 ? "it is outside the section, or a condition that is known "
                   "rules it out"
                 : "a condition that is known rules it out";
    if (Direct)
      return Callee.Body ? "it was not followed" : "its body is not in scope";
    if (ByField)
      return pointerReason(N, Through, T, Live);
    return "it is only passed on or stored here, to be called later or not at "
           "all";
  }

  std::string pointerReason(const Node &N, SlotId S, FuncId T,
                            bool Live) const {
    const auto &[Record, Name] = P.Slots[S];
    if (const FieldModel *M = P.M.field(Record, Name, FieldModel::Barrier))
      return "calls through " + P.slotName(S) +
             " are not followed: " + (M->Why.empty() ? M->Source : M->Why);
    for (const SlotTarget &X : P.SlotTargets[S])
      if (X.Target == T && P.related(N.Through, X.Module))
        return Live ? "the object at hand has another function in " +
                          P.slotName(S)
                    : "a condition that is known rules it out";
    return "the thread came through module '" + module(N.Through) +
           "', and neither that nor '" + module(P.Funcs[T].Module) +
           "' uses the other";
  }

  std::string module(ModuleId M) const {
    return M == NoModule ? "" : P.Modules[M].str();
  }

  const Program &P;
  Graph G;
  const Root &R;
  StringRef Sink;
  const BitVector &Leads; ///< functions that lead to the sink somehow
  const Describer &D;
  SinkTable Sinks;
  Search S;
  WayTo Answer;
};

} // namespace

std::vector<Root> fencedep::rootsNamed(const LinkedProgram &L,
                                       const CheckOptions &Opts, StringRef Name,
                                       const Describer &D) {
  const Program &P = L.P;
  std::vector<Root> Roots;
  for (Root &R : findRoots(L, Opts, {RootRole::Section}, nullptr, D))
    if (R.Info.Function == Name)
      Roots.push_back(std::move(R));
  // Any function can be asked about.
  for (FuncId F = 0; Roots.empty() && F != P.Funcs.size(); ++F)
    if (P.Funcs[F].Body && P.Funcs[F].Name == Name)
      Roots.push_back(
          contractRoot(P, F, RootRole::Section, "you ask about it", D));
  return Roots;
}

std::vector<WayTo> fencedep::waysTo(const Program &P, StringRef Root,
                                    StringRef Sink, const CheckOptions &Opts) {
  LinkedProgram L(P, Opts.Jobs);
  Describer D(P, Opts.BaseDir);
  std::vector<fencedep::Root> Roots = rootsNamed(L, Opts, Root, D);
  BitVector Leads =
      L.Calls.to([&](const Func &F) { return apiName(P.M, F.Name) == Sink; });
  std::vector<WayTo> Answers;
  Answers.reserve(Roots.size());
  for (const fencedep::Root &R : Roots)
    Answers.push_back(WayFinder(L, R, Sink, Leads, D).find());
  return Answers;
}

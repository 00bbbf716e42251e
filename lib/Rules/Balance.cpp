//===- Balance.cpp - fence-section-balance --------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The flow of a function already knows how each section ends; here its
// imbalances get words. One thing needs the whole program: a function that
// starts a thread of its own (work, timer, kthread: the model's `thread`
// fields) has no caller whose section it could close.
//
//===----------------------------------------------------------------------===//

#include "Rule.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

namespace {

class BalanceChecker {
public:
  BalanceChecker(const LinkedProgram &L, const CheckOptions &Opts,
                 const Describer &D, std::vector<Finding> &Findings)
      : L(L), P(L.P), Opts(Opts), D(D), Findings(Findings) {}

  void run() {
    std::set<FuncId> Threads = threads();
    // Whoever was not understood may have begun what is ended.
    BitVector Unknown(P.Funcs.size());
    if (ArrayRef<FuncId> Not = L.Regions.incomplete(); !Not.empty())
      Unknown = L.Calls.to([&](const Func &F) {
        return std::binary_search(Not.begin(), Not.end(), &F - P.Funcs.data());
      });
    Evaluator Eval(P);
    FlowAnalysis Flows(P, L.Regions, Eval);
    for (FuncId Id : L.Regions.withRegions()) {
      const Func &F = P.Funcs[Id];
      if (!selected(P.str(F, F.Body->Where.File), Opts))
        continue;
      Flow Fl = Flows.run(F, EmptyContext);
      for (const Imbalance &I : Fl.Imbalances)
        report(F, I);
      if (Threads.count(Id) && !Unknown.test(Id))
        for (const auto &[Event, By] : Fl.ClosesForCaller)
          if (By.K == Keeper::Field || By.K == Keeper::Global)
            report(F, {Imbalance::OtherThread, NoId, Event});
    }
  }

private:
  /// Functions that are entered by a thread of their own and never called.
  std::set<FuncId> threads() {
    std::set<FuncId> Found;
    P.eachStored(FieldModel::Thread, [&](const SlotTarget &T) {
      if (P.Callers[T.Target].empty())
        Found.insert(T.Target);
    });
    return Found;
  }

  static const char *message(Imbalance::Kind K) {
    switch (K) {
    case Imbalance::Leaked:
      return "the signalling critical section is still open when the function "
             "ends here";
    case Imbalance::Overwritten:
      return "the cookie of an open signalling critical section is overwritten "
             "here, so the section is never ended";
    case Imbalance::Discarded:
      return "the cookie is discarded, so the signalling critical section "
             "cannot be ended";
    case Imbalance::Unopened:
      return "a signalling critical section is ended that never began";
    case Imbalance::Twice:
      return "the signalling critical section is ended a second time";
    case Imbalance::Crossed:
      return "an outer signalling critical section is ended before the inner "
             "one";
    case Imbalance::Reopened:
      return "the signalling critical section is begun again while it is still "
             "open";
    case Imbalance::OtherThread:
      return "the signalling critical section is ended by a thread that did "
             "not "
             "begin it";
    }
    return "";
  }

  static const char *reason(Imbalance::Kind K) {
    switch (K) {
    case Imbalance::Crossed:
      return "sections nest: the inner one must end first";
    case Imbalance::OtherThread:
      return "the annotation is a lock held by the thread: lockdep sees it "
             "taken "
             "and never released, and released but not taken";
    case Imbalance::Unopened:
    case Imbalance::Twice:
      return "lockdep sees a lock released that is not held, and reports that "
             "instead of the deadlocks it is there for";
    default:
      return "everything that this thread does later counts as part of the "
             "section, so lockdep reports deadlocks that are none";
    }
  }

  void report(const Func &F, const Imbalance &I) {
    Finding X;
    X.Rule = "fence-section-balance";
    X.Message = message(I.K);
    X.Root.Function = F.Name.str();
    const auto &Events = F.Body->Events;
    const Loc &At = I.At == NoId ? F.Body->End : Events[I.At].Where;
    const Loc &Begin = I.Begin == NoId ? At : Events[I.Begin].Where;
    X.Root.Where = D.position(F, Begin);
    X.Sink = D.position(F, At);
    X.SinkFunction = callee(F, I.At);
    if (I.Begin != NoId && I.Begin != I.At)
      X.Path.push_back(hop(F, Begin, callee(F, I.Begin)));
    X.Path.push_back(hop(F, At, X.SinkFunction));
    X.Reasons.push_back({reason(I.K), {}});
    X.Fingerprint = fingerprint(
        ArrayRef<std::string>{X.Rule, X.Root.Function, X.Message,
                              X.SinkFunction, std::to_string(ordinal(F, I))});
    Findings.push_back(std::move(X));
  }

  /// Which of the function's sections this is: told apart without lines.
  static unsigned ordinal(const Func &F, const Imbalance &I) {
    EventId Id = I.Begin == NoId ? I.At : I.Begin;
    if (Id == NoId)
      return 0;
    return count_if(ArrayRef(F.Body->Events).take_front(Id),
                    [&](const Event &E) {
                      return E.Kind == EventKind::Call &&
                             E.Callee == F.Body->Events[Id].Callee;
                    });
  }

  std::string callee(const Func &F, EventId Id) {
    if (Id == NoId || F.Body->Events[Id].Kind == EventKind::Return)
      return "return";
    FuncId Callee = P.callee(F, F.Body->Events[Id]);
    return Callee == NoId ? "store" : apiName(P.M, P.Funcs[Callee].Name);
  }

  Hop hop(const Func &F, const Loc &At, StringRef Callee) {
    return {F.Name.str(), Callee.str(), D.position(F, At),
            "direct",     "",           Confidence::Certain};
  }

  const LinkedProgram &L;
  const Program &P;
  const CheckOptions &Opts;
  const Describer &D;
  std::vector<Finding> &Findings;
};

} // namespace

void fencedep::checkBalance(CheckContext &C) {
  if (C.Opts.Annotated)
    BalanceChecker(C.L, C.Opts, C.D, C.Findings).run();
}

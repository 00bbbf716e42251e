//===- Opportunistic.cpp - fence-opportunistic-section --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Code that merely happens to see that a fence is done (in a shrinker, while it
// evicts, in an ioctl that waits) may complete it, but the fence must not
// depend on that: other code has to complete it, and that is to be annotated. A
// section in the former makes lockdep report what is no deadlock.
//
// Whether code is reached from such places is no question: nearly all is. So a
// begin counts if it is reached from nowhere else: every way up its callers
// ends in an opportunistic root, or in an ioctl that waits on that way and
// cannot be what makes a fence (it publishes none). A function whose address is
// taken for anything else has unknown callers, and so has one without any.
//
// Each climb visits a function once, and gives up at the first other entry.
//
//===----------------------------------------------------------------------===//

#include "Rule.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

namespace {

class OpportunismChecker {
public:
  explicit OpportunismChecker(CheckContext &C) : C(C), P(C.L.P) {}

  void run() {
    std::vector<std::pair<FuncId, EventId>> Begins = begins();
    if (Begins.empty())
      return;
    findRoots();
    findAddressTaken();
    for (const auto &[F, Begin] : Begins)
      climb(F, Begin);
  }

private:
  /// Calls that begin a section; not those of helpers that do.
  std::vector<std::pair<FuncId, EventId>> begins() const {
    std::vector<std::pair<FuncId, EventId>> Found;
    Evaluator Eval(P);
    FlowAnalysis Flows(P, C.L.Regions, Eval);
    for (FuncId Id : C.L.Regions.withRegions()) {
      const Func &F = P.Funcs[Id];
      if (F.Model || !selected(P.str(F, F.Body->Where.File), C.Opts))
        continue;
      for (EventId Opener : Flows.run(F, EmptyContext).Opens)
        if (P.Funcs[calleeOf(F, Opener)].Model)
          Found.push_back({Id, Opener});
    }
    return Found;
  }

  FuncId calleeOf(const Func &F, EventId Id) const {
    return P.callee(F, F.Body->Events[Id]);
  }

  void findRoots() {
    CheckOptions All = C.Opts; // a section is asked about, not its roots
    All.Paths.clear();
    for (Root &R : contractRoots(P, All, RootRole::Opportunistic, C.D))
      Roots.try_emplace(R.F, std::move(R.Info));
    std::vector<Root> Entries = contractRoots(P, All, RootRole::Entry, C.D);
    if (Entries.empty())
      return;
    const Reach &Calls = C.L.Calls;
    Waits = Calls.to(waitsForFence);
    BitVector Publishes =
        Calls.to([](const Func &F) { return F.Model && F.Model->Publishes; });
    for (Root &R : Entries)
      if (Waits.test(R.F) && !Publishes.test(R.F))
        if (Roots.try_emplace(R.F, std::move(R.Info)).second)
          Waiting.insert(R.F);
  }

  bool namedByRoots(SlotId S) const {
    return any_of(P.M.Roots, [&](const RootModel &M) {
      return M.Slot.Record == P.Slots[S].first &&
             M.Slot.Name == P.Slots[S].second &&
             any_of(M.Roles, [](RootRole R) {
               return R == RootRole::Opportunistic || R == RootRole::Entry;
             });
    });
  }

  /// Functions that are stored or passed on, other than as roots.
  void findAddressTaken() {
    AddressTaken.resize(P.Funcs.size());
    for (SlotId S = 0; S != P.SlotTargets.size(); ++S)
      if (!P.SlotTargets[S].empty() && !namedByRoots(S))
        for (const SlotTarget &T : P.SlotTargets[S])
          AddressTaken.set(T.Target);
    for (const Func &F : P.Funcs) {
      if (F.PassedOn)
        AddressTaken.set(&F - P.Funcs.data());
      if (F.Body)
        for (const Event &E : F.Body->Events)
          if (E.Kind == EventKind::Call)
            for (ExprId Arg : E.Args)
              if (F.Body->Exprs[Arg].Kind == ExprKind::FuncAddr)
                AddressTaken.set(P.func(F, F.Body->Exprs[Arg].A));
    }
  }

  /// Does \p Entry wait when it calls \p Called, be it before or after? An
  /// ioctl that does many things does one at a time.
  bool waitsToo(FuncId Entry, FuncId Called) const {
    if (Waits.test(Called))
      return true;
    const Func &F = P.Funcs[Entry];
    BitVector Calling(F.Body->Blocks.size()), Waiting = Calling;
    for (BlockId Id = 0; Id != F.Body->Blocks.size(); ++Id)
      for (const Event &E : F.Body->eventsOf(F.Body->Blocks[Id]))
        if (FuncId Callee = P.callee(F, E); Callee != NoId) {
          if (Callee == Called)
            Calling.set(Id);
          if (Waits.test(Callee))
            Waiting.set(Id);
        }
    auto Meets = [&](const BitVector &From, const BitVector &To) {
      return any_of(From.set_bits(), [&](BlockId Id) {
        return reachedWithout(*F.Body, Id, NoId).anyCommon(To);
      });
    };
    return Meets(Calling, Waiting) || Meets(Waiting, Calling);
  }

  void climb(FuncId From, EventId Begin) {
    std::map<FuncId, FuncId> CalledBy; // the callee that led here
    std::vector<FuncId> Work{From}, Entries;
    CalledBy[From] = NoId;
    for (size_t I = 0; I != Work.size(); ++I) {
      FuncId F = Work[I];
      if (AddressTaken.test(F))
        return;
      if (Waiting.count(F) && CalledBy[F] != NoId && !waitsToo(F, CalledBy[F]))
        return;
      if (Roots.count(F))
        Entries.push_back(F);
      else if (P.Callers[F].empty())
        return;
      for (FuncId Caller : P.Callers[F])
        if (CalledBy.try_emplace(Caller, F).second)
          Work.push_back(Caller);
    }
    if (!Entries.empty()) // the first is one of the nearest
      report(From, Begin, Entries, CalledBy);
  }

  void report(FuncId From, EventId Begin, ArrayRef<FuncId> Entries,
              const std::map<FuncId, FuncId> &CalledBy) {
    const Func &F = P.Funcs[From];
    Finding X;
    X.Rule = "fence-opportunistic-section";
    X.Root = Roots.at(Entries.front());
    X.OtherRoots = Entries.size() - 1;
    for (FuncId At = Entries.front(); At != From; At = CalledBy.at(At))
      X.Path.push_back(hop(P.Funcs[At], callOf(At, CalledBy.at(At))));
    X.Path.push_back(hop(F, Begin));
    X.SinkFunction = X.Path.back().Callee;
    X.Sink = X.Path.back().Where;
    X.Message = "'" + X.SinkFunction +
                "' begins a signalling critical section " +
                inRoot(X.Root, RootRole::Opportunistic);
    X.Reasons.push_back(
        {"nothing else runs this section, so no fence may depend on it; the "
         "code that each fence does depend on is to be annotated",
         {}});
    X.Fingerprint =
        fingerprint(X.Rule, X.Root.Function, X.SinkFunction, X.Path);
    C.Findings.push_back(std::move(X));
  }

  EventId callOf(FuncId Caller, FuncId Callee) const {
    const Func &F = P.Funcs[Caller];
    for (EventId E = 0; E != F.Body->Events.size(); ++E)
      if (calleeOf(F, E) == Callee)
        return E;
    return 0;
  }

  Hop hop(const Func &F, EventId Call) const {
    return {F.Name.str(),
            apiName(P.M, P.Funcs[calleeOf(F, Call)].Name),
            C.D.position(F, F.Body->Events[Call].Where),
            "direct",
            "",
            Confidence::Certain};
  }

  CheckContext &C;
  const Program &P;
  std::map<FuncId, RootInfo> Roots;
  std::set<FuncId>
      Waiting; ///< of Roots, the entries, which are none unless they wait
  BitVector Waits;
  BitVector AddressTaken;
};

} // namespace

void fencedep::checkOpportunistic(CheckContext &C) {
  if (C.Opts.Annotated)
    OpportunismChecker(C).run();
}

//===- Flow.cpp - what is open where in a function ------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Few functions touch a region. Those that call an API that opens or closes one
// are looked at first, then the callers of those that leave one open or close
// their caller's, and so on up; a function whose outcomes are all neutral ends
// the climb. Recursive openers settle because outcomes are only ever added.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Flow.h"
#include "RegionFlow.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

/// What the model says a call does to regions; nothing if it says nothing.
static std::set<Outcome> modelled(const FunctionModel &M) {
  if (!M.Opens && !M.Closes)
    return {};
  auto Where = [&](bool Closing) -> Keeper {
    switch (M.Cookie.K) {
    case Place::Return:
      return {Keeper::Return, 0};
    case Place::Arg:
      return {Closing ? Keeper::Param : Keeper::Elsewhere, M.Cookie.Index};
    case Place::Pointee:
      return {Keeper::Pointee, M.Cookie.Index};
    case Place::None:
      break;
    }
    return {Keeper::Nowhere, 0};
  };
  Outcome O;
  if (M.Closes)
    O.Closes.push_back({*M.Closes, Where(true)});
  if (M.Opens) {
    O.Opens.push_back({*M.Opens, {}});
    if (Keeper K = Where(false); K.K != Keeper::Nowhere)
      O.Opens.back().Kept.insert(K);
  }
  return {O};
}

FlowAnalysis::FlowAnalysis(const Program &P, Evaluator &Eval)
    : P(P), Eval(Eval), HasRegions(P.Funcs.size()) {
  findOutcomes();
}

const std::set<Outcome> *FlowAnalysis::outcomes(FuncId F) const {
  auto It = Outcomes.find(F);
  return It == Outcomes.end() ? nullptr : &It->second;
}

void FlowAnalysis::findOutcomes() {
  std::set<FuncId> Work;
  auto Callers = [&](FuncId F) {
    for (FuncId C : P.Callers[F])
      if (!P.Funcs[C].Model || P.Funcs[C].Model->Enter)
        Work.insert(C);
  };
  for (FuncId F = 0, N = P.Funcs.size(); F != N; ++F)
    if (const FunctionModel *M = P.Funcs[F].Model)
      if (std::set<Outcome> O = modelled(*M); !O.empty()) {
        Outcomes[F] = std::move(O);
        Callers(F);
      }
  // A pair of mutually recursive openers could go on for as long as it finds
  // new outcomes; real code needs two or three visits.
  std::map<FuncId, unsigned> Visits;
  while (!Work.empty()) {
    FuncId F = *Work.begin();
    Work.erase(Work.begin());
    HasRegions[F] = true;
    if (++Visits[F] > 8)
      continue;
    Flow Found = RegionFlow(*this, P.Funcs[F], EmptyContext).run();
    if (all_of(Found.Outcomes, [](const Outcome &O) { return O.neutral(); }))
      continue;
    std::set<Outcome> &Known = Outcomes[F];
    size_t Before = Known.size();
    Known.insert(Found.Outcomes.begin(), Found.Outcomes.end());
    if (Known.size() != Before)
      Callers(F);
  }
  for (FuncId F = 0, N = P.Funcs.size(); F != N; ++F)
    if (HasRegions[F])
      WithRegions.push_back(F);
}

/// Without regions, being live is all there is to know.
static Flow reachable(const Func &F, ContextId C, Evaluator &Eval) {
  Flow Result;
  const auto &Blocks = F.Body->Blocks;
  std::vector<bool> Seen(Blocks.size());
  SmallVector<BlockId, 32> Work{0};
  Seen[0] = true;
  while (!Work.empty()) {
    const Block &B = Blocks[Work.pop_back_val()];
    for (EventId I = 0; I != B.NumEvents; ++I)
      Result.Events.push_back({B.FirstEvent + I, 0, {}});
    SmallVector<unsigned, 4> Next;
    Eval.successors(F, B, C, nullptr, Next);
    for (unsigned I : Next)
      if (!Seen[B.Succs[I]]) {
        Seen[B.Succs[I]] = true;
        Work.push_back(B.Succs[I]);
      }
  }
  llvm::sort(Result.Events, [](const LiveEvent &A, const LiveEvent &B) {
    return A.Id < B.Id;
  });
  return Result;
}

Flow FlowAnalysis::run(const Func &F, ContextId C) {
  FuncId Id = &F - P.Funcs.data();
  return HasRegions[Id] ? RegionFlow(*this, F, C).run() : reachable(F, C, Eval);
}

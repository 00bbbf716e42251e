//===- Completions.cpp - who completes what -------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Who waits for a completion waits for all that is done before it is completed,
// as lockdep's cross-release had it. A completion is known by the field or the
// variable that it is; one that a function is given is not known there. What
// the completer's callers do before is not looked at. One walk over all calls.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Graph.h"

using namespace llvm;
using namespace fencedep;

std::optional<CompletionTable::Place>
CompletionTable::place(const Program &P, const Func &F, ExprId Arg) {
  if (auto Field = P.fieldAt(F, Arg))
    return std::make_pair(false, *Field);
  const Expr &E = F.Body->Exprs[Arg];
  if (E.Kind == ExprKind::GlobalAddr)
    return std::make_pair(true, P.var(F, E.A));
  return std::nullopt;
}

ArrayRef<CompletionTable::Completer>
CompletionTable::of(Place Completion) const {
  auto It = Completers.find(Completion);
  if (It == Completers.end())
    return {};
  return It->second;
}

CompletionTable::CompletionTable(const Program &P) {
  for (FuncId Id = 0; Id != P.Funcs.size(); ++Id) {
    const Func &F = P.Funcs[Id];
    if (!F.Body)
      continue;
    for (EventId E = 0; E != F.Body->Events.size(); ++E) {
      const Event &Call = F.Body->Events[E];
      const FunctionModel *M = P.calledModel(F, Call);
      if (!M || !M->Completes || *M->Completes >= Call.Args.size())
        continue;
      auto What = place(P, F, Call.Args[*M->Completes]);
      if (!What)
        continue;
      std::vector<Completer> &By = Completers[*What];
      if (By.empty() || By.back().F != Id)
        By.push_back({Id, {}});
      By.back().Calls.push_back(E);
    }
  }
}

//===- Queues.cpp - which work is put on which queue ----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Queueing is no call, but who waits for a whole queue waits for all that was
// ever put on it. One walk over all calls.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Graph.h"

using namespace llvm;
using namespace fencedep;

std::optional<QueueTable::Place> QueueTable::place(const Program &P,
                                                   const Func &F, ExprId Arg) {
  const Expr &E = F.Body->Exprs[Arg];
  if (E.Kind == ExprKind::FieldLoad)
    return std::make_pair(false, P.slot(F.Unit, E.A));
  if (E.Kind == ExprKind::GlobalLoad)
    return std::make_pair(true, P.var(F, E.A));
  return std::nullopt;
}

ArrayRef<QueueTable::QueuedWork> QueueTable::on(Place Queue) const {
  auto It = Queues.find(Queue);
  if (It == Queues.end())
    return {};
  return It->second;
}

QueueTable::QueueTable(const Program &P) {
  Evaluator Eval(P);
  for (const Func &F : P.Funcs) {
    if (!F.Body)
      continue;
    for (const Event &E : F.Body->Events) {
      const FunctionModel *M = P.calledModel(F, E);
      if (!M)
        continue;
      for (const FunctionModel::Queueing &Q : M->Queues) {
        if (Q.Work >= E.Args.size() || !Q.Queue || *Q.Queue >= E.Args.size())
          continue;
        auto Queue = place(P, F, E.Args[*Q.Queue]);
        if (!Queue)
          continue;
        QueuedWork W;
        W.Global = NoId;
        W.Path = &Q.Path;
        W.Module = F.Module;
        const Value V = Eval[Eval.value(F, E.Args[Q.Work], EmptyContext)];
        if (V.K == Value::Place)
          W.Holder.assign(V.List.begin(), V.List.end());
        else if (V.K == Value::Global)
          W.Global = V.A;
        else
          continue;
        Queues[*Queue].push_back(std::move(W));
      }
    }
  }
}

//===- Inert.cpp - functions that cannot matter ---------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function is inert if neither it nor anything it calls by name can do what
// the model speaks of or call through a pointer: list and bit helpers,
// arithmetic. It does the same whoever calls it, so it is looked at once
// instead of once per caller's constants.
//
// Backwards over the call graph from those that are not; each function is
// marked once.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Program.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

/// Does it begin or end what forbids sleep, and nothing else? Where that holds
/// is looked at for itself, and only by its callers.
static bool onlyAtomic(const FunctionModel &M) {
  return (!M.Opens.empty() || !M.Closes.empty()) && all_of(M.Opens, isAtomic) &&
         all_of(M.Closes, isAtomic) && !M.hasEffect() && !M.Enter &&
         M.Calls.empty() && M.CallsOwn.empty() && M.Runs.empty() &&
         !M.WaitsCompletion;
}

/// Does the function do something itself, its callees aside?
static bool acts(const Func &F) {
  if (const FunctionModel *M = F.Model)
    return !M->Leaf && !onlyAtomic(*M);
  if (!F.Body)
    return true; // nobody knows
  for (const Event &E : F.Body->Events) {
    if (E.Kind == EventKind::Macro)
      return true;
    if (E.Kind == EventKind::Call &&
        (E.Virtual || F.Body->Exprs[E.Callee].Kind != ExprKind::FuncAddr))
      return true;
  }
  return false;
}

void fencedep::findInertFunctions(Program &P) {
  std::vector<FuncId> Work;
  auto Mark = [&](FuncId F) {
    if (!P.Funcs[F].Inert)
      return;
    P.Funcs[F].Inert = false;
    Work.push_back(F);
  };
  for (Func &F : P.Funcs)
    F.Inert = true;
  for (FuncId F = 0, N = P.Funcs.size(); F != N; ++F)
    if (acts(P.Funcs[F]))
      Mark(F);
  while (!Work.empty()) {
    FuncId F = Work.back();
    Work.pop_back();
    for (FuncId Caller : P.Callers[F])
      Mark(Caller);
  }
}

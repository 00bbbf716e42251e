//===- Reach.cpp - which functions can reach which ------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whoever mentions a function may call it, and whoever calls through a field,
// or waits for the work that a field holds, may call all that the field holds.
// Backwards over these from the functions that act; each is marked once.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Graph.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

Reach::Reach(const Program &P, const CompletionTable &Completions)
    : P(&P), Users(P.Funcs.size() + P.SlotTargets.size()) {
  size_t FirstSlot = P.Funcs.size();
  for (SlotId S = 0; S != P.SlotTargets.size(); ++S)
    for (const SlotTarget &T : P.SlotTargets[S])
      Users[T.Target].push_back(FirstSlot + S);
  auto AddUser = [&](size_t Of, FuncId F) {
    if (Of < Users.size() && (Users[Of].empty() || Users[Of].back() != F))
      Users[Of].push_back(F);
  };
  SmallVector<SlotId, 4> Queued;
  for (const FunctionModel &M : P.M.Functions)
    for (const FunctionModel::Queueing &Q : M.Queues)
      if (SlotId S = P.findSlot(Q.Path.back().Record, Q.Path.back().Name);
          S != NoId && !is_contained(Queued, S))
        Queued.push_back(S);
  for (FuncId Id = 0; Id != P.Funcs.size(); ++Id) {
    const Func &F = P.Funcs[Id];
    if (!F.Body)
      continue;
    for (const Expr &E : F.Body->Exprs)
      if (E.Kind == ExprKind::FuncAddr)
        AddUser(P.func(F, E.A), Id);
      else if (E.Kind == ExprKind::GlobalLoad || E.Kind == ExprKind::GlobalAddr)
        if (auto It = P.VarTargets.find(P.var(F, E.A));
            It != P.VarTargets.end())
          for (const SlotTarget &T : It->second)
            AddUser(T.Target, Id);
    for (const Event &E : F.Body->Events) {
      if (E.Kind != EventKind::Call)
        continue;
      const Expr &Callee = F.Body->Exprs[E.Callee];
      // A pointer in an array in a field: the array's field.
      const Expr &Load =
          Callee.Kind == ExprKind::ElemLoad || Callee.Kind == ExprKind::Deref
              ? F.Body->Exprs[Callee.A]
              : Callee;
      if (Load.Kind == ExprKind::FieldLoad || Load.Kind == ExprKind::FieldAddr)
        AddUser(FirstSlot + P.slot(F.Unit, Load.A), Id);
      if (Callee.Kind == ExprKind::Param)
        if (auto It = P.ParamTargets.find({Id, Callee.A});
            It != P.ParamTargets.end())
          for (FuncId T : It->second)
            AddUser(T, Id);
      FuncId Named = P.callee(F, E);
      if (Named == NoId)
        continue;
      if (const FunctionModel *M = P.Funcs[Named].Model) {
        auto AddField = [&](const FieldName &Field) {
          if (SlotId S = P.findSlot(Field.Record, Field.Name); S != NoId)
            AddUser(FirstSlot + S, Id);
        };
        for_each(M->CallsOwn, AddField);
        for (const FunctionModel::SyncRun &R : M->Runs)
          AddField(R.Path.back());
        if (M->WaitsCompletion && *M->WaitsCompletion < E.Args.size())
          if (auto What =
                  CompletionTable::place(P, F, E.Args[*M->WaitsCompletion]))
            for (const CompletionTable::Completer &C : Completions.of(*What))
              AddUser(C.F, Id);
        if (M->FlushesQueue) // any work may be on it
          for (SlotId S : Queued)
            AddUser(FirstSlot + S, Id);
      }
      if (E.Virtual) {
        SmallVector<FuncId, 8> Methods{Named};
        for (size_t I = 0; I != Methods.size(); ++I) {
          AddUser(Methods[I], Id);
          for (FuncId O : P.Overriders[Methods[I]])
            if (!is_contained(Methods, O))
              Methods.push_back(O);
        }
      }
    }
  }
}

BitVector Reach::to(function_ref<bool(const Func &)> Acts) const {
  BitVector Marked(Users.size());
  std::vector<FuncId> Work;
  auto Mark = [&](FuncId F) {
    if (Marked.test(F))
      return;
    Marked.set(F);
    Work.push_back(F);
  };
  for (FuncId F = 0; F != P->Funcs.size(); ++F)
    if (Acts(P->Funcs[F]))
      Mark(F);
  while (!Work.empty()) {
    FuncId F = Work.back();
    Work.pop_back();
    for (FuncId User : Users[F])
      Mark(User);
  }
  Marked.resize(P->Funcs.size());
  return Marked;
}

std::vector<uint64_t> Reach::kinds(ArrayRef<uint64_t> Acts) const {
  std::vector<uint64_t> Kinds(Users.size());
  std::vector<FuncId> Work;
  auto Add = [&](FuncId F, uint64_t New) {
    if (!(New & ~Kinds[F]))
      return;
    Kinds[F] |= New;
    Work.push_back(F);
  };
  for (FuncId F = 0; F != P->Funcs.size(); ++F)
    Add(F, Acts[F]);
  while (!Work.empty()) {
    FuncId F = Work.back();
    Work.pop_back();
    for (FuncId User : Users[F])
      Add(User, Kinds[F]);
  }
  Kinds.resize(P->Funcs.size());
  return Kinds;
}

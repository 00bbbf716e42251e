//===- Tables.cpp - which tables a pointer to a table can hold ------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `dev->ops->run()`: of all tables of that type, only those whose address is
// ever stored in the field `ops` of that structure can be meant (multi-layer
// type analysis). A field is *closed* if every value stored in it is
// understood: the address of a global, null, a copy of another closed field, or
// a parameter that gets one of these from every caller. Of a field that is not
// closed nothing is said. Objects of one type that are parts of others are told
// apart by these: `dev->ring.ops` is not `dev->timer_ring.ops`.
//
// Recursive over stores and callers, each field and each parameter once: one
// that is met again on the way to itself adds nothing.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Program.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <set>

using namespace llvm;
using namespace fencedep;

namespace {

class TableFinder {
public:
  explicit TableFinder(Program &P) : P(P) {}

  void run() {
    index();
    for (SlotId S : Wanted) {
      Tables Found;
      DenseSet<SlotId> Slots;
      DenseSet<std::pair<FuncId, uint32_t>> Params;
      SeenSlots = &Slots;
      SeenParams = &Params;
      slot(S, Found, true);
      if (!Found.Open)
        P.Tables[S].assign(Found.Targets.begin(), Found.Targets.end());
    }
    findKinds();
  }

private:
  struct Tables {
    bool Open = false;
    std::set<TableTarget> Targets;
  };
  struct Store {
    FuncId F;
    ExprId Value;
    SmallVector<SlotId, 3> Around; ///< as TableTarget::Around
  };

  void index() {
    for (uint32_t I = 0, N = P.Units.size(); I != N; ++I)
      for (const TableRef &T : P.Units[I].TableRefs)
        if (!T.Path.empty()) {
          Func Scope;
          Scope.Unit = I;
          TableTarget &Ref = Refs[P.slot(I, T.Path.back())].emplace_back();
          Ref.Table = P.var(Scope, T.Target);
          Ref.Holder = P.var(Scope, T.Holder);
          for (FieldId Field : ArrayRef(T.Path).drop_back())
            Ref.Around.push_back(P.slot(I, Field));
        }
    for (FuncId Id = 0, N = P.Funcs.size(); Id != N; ++Id) {
      const Func &F = P.Funcs[Id];
      if (!F.Body)
        continue;
      const auto &Exprs = F.Body->Exprs;
      for (const Event &E : F.Body->Events) {
        if (E.Kind == EventKind::Store &&
            Exprs[E.Args[0]].Kind == ExprKind::FieldAddr) {
          const Expr &Field = Exprs[E.Args[0]];
          Stores[P.slot(F.Unit, Field.A)].push_back(
              {Id, E.Args[1], P.pathOf(F, Field.B).Fields});
        } else if (E.Kind == EventKind::Call) {
          const Expr &Callee = Exprs[E.Callee];
          if (Callee.Kind == ExprKind::FieldLoad &&
              Exprs[Callee.B].Kind == ExprKind::FieldLoad)
            Wanted.insert(P.slot(F.Unit, Exprs[Callee.B].A));
        }
      }
    }
  }

  /// Of tables that calls go through.
  void findKinds() {
    DenseSet<VarId> Holders;
    for (const auto &[S, Targets] : P.Tables)
      for (const TableTarget &T : Targets)
        if (T.Holder != NoId)
          Holders.insert(T.Holder);
    std::map<std::pair<VarId, SlotId>, std::set<int64_t>> Values;
    for (uint32_t I = 0, N = P.Units.size(); I != N; ++I) {
      Func Scope;
      Scope.Unit = I;
      for (const TableKind &K : P.Units[I].TableKinds)
        if (VarId V = P.var(Scope, K.Holder); Holders.contains(V))
          Values[{V, P.slot(I, K.Field)}].insert(K.Value);
    }
    for (const auto &[Of, Set] : Values)
      if (Set.size() == 1) { // the elements of an array may differ
        P.TableKinds[Of.first].push_back({Of.second, *Set.begin()});
        P.KindFields.insert(Of.second);
      }
  }

  /// \p Asked: S itself is asked for, not where its values may come from.
  void slot(SlotId S, Tables &Out, bool Asked = false) {
    if (Out.Open || !SeenSlots->insert(S).second)
      return;
    if (auto It = Refs.find(S); It != Refs.end())
      for (const TableTarget &T : It->second)
        Out.Targets.insert(Asked ? T : TableTarget{T.Table, {}, NoId});
    auto It = Stores.find(S);
    if (It != Stores.end())
      for (const Store &St : It->second)
        value(St.F, St.Value, Out, Asked ? St.Around : ArrayRef<SlotId>());
    // Nobody is seen to store anything: it happens where we do not look.
    if (It == Stores.end() && !Refs.count(S))
      Out.Open = true;
  }

  /// \p Around: the fields around where it is stored, as far as known.
  void value(FuncId Id, ExprId V, Tables &Out, ArrayRef<SlotId> Around = {}) {
    if (Out.Open)
      return;
    const Func &F = P.Funcs[Id];
    const Expr &E = F.Body->Exprs[V];
    switch (E.Kind) {
    case ExprKind::GlobalAddr:
      Out.Targets.insert({P.var(F, E.A), {Around.begin(), Around.end()}});
      return;
    case ExprKind::ElemAddr:
      return value(Id, E.A, Out, Around);
    case ExprKind::Const:
      Out.Open |= E.Value != 0;
      return;
    case ExprKind::Select:
      value(Id, E.B, Out, Around);
      return value(Id, E.C, Out, Around);
    case ExprKind::Phi:
      for (ExprId O : E.Operands)
        value(Id, O, Out, Around);
      return;
    case ExprKind::FieldLoad:
      return slot(P.slot(F.Unit, E.A), Out);
    case ExprKind::Param:
      return param(Id, E.A, Out);
    default:
      Out.Open = true;
    }
  }

  void param(FuncId Id, uint32_t Index, Tables &Out) {
    if (!SeenParams->insert({Id, Index}).second)
      return;
    if (P.Funcs[Id].AddressTaken || P.Callers[Id].empty()) {
      Out.Open = true;
      return;
    }
    P.eachCall(Id, [&](FuncId C, const Event &E) {
      if (Index < E.Args.size())
        value(C, E.Args[Index], Out);
      else
        Out.Open = true;
    });
  }

  Program &P;
  DenseMap<SlotId, std::vector<TableTarget>> Refs;
  DenseMap<SlotId, std::vector<Store>> Stores;
  DenseSet<SlotId> Wanted; ///< slots that calls go through
  DenseSet<SlotId> *SeenSlots = nullptr;
  DenseSet<std::pair<FuncId, uint32_t>> *SeenParams = nullptr;
};

} // namespace

void fencedep::findTables(Program &P) { TableFinder(P).run(); }

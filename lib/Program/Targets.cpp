//===- Targets.cpp - whom a call may enter --------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A pointer that the caller passes is known exactly. A pointer in a field is
// one of the functions stored in that field, narrowed by what the expression
// says of the object (the table's name, the structure it is embedded in) and by
// the module the thread came through; nothing is ever cut for being many, it is
// only graded down.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Graph.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallSet.h"
#include <map>

using namespace llvm;
using namespace fencedep;

bool Graph::targets(const Func &F, const Event &E, ContextId C,
                    ModuleId Through, std::vector<Target> &Out) {
  const Expr &Callee = F.Body->Exprs[E.Callee];
  if (Callee.Kind != ExprKind::FuncAddr) {
    bool Understood = true;
    pointerTargets(F, E.Callee, C, Through, Out, Understood);
    const std::vector<Target> Others = takeOtherKinds(F, E, C, Out);
    grade(Through, Out);
    append_range(Out, Others);
    return Understood;
  }
  FuncId Named = P.func(F, Callee.A);
  if (!E.Virtual) {
    Out.push_back({Named, E.Implicit ? EdgeKind::Cleanup : EdgeKind::Direct,
                   Confidence::Certain});
    return true;
  }
  // The named method and all that override it, directly or not.
  SmallVector<FuncId, 8> Work{Named};
  SmallSet<FuncId, 8> Seen;
  while (!Work.empty()) {
    FuncId M = Work.pop_back_val();
    if (!Seen.insert(M).second)
      continue;
    if (P.Funcs[M].Body || P.Overriders[M].empty())
      Out.push_back({M, EdgeKind::Virtual, Confidence::Certain, NoId, 1,
                     P.Funcs[M].Module});
    append_range(Work, P.Overriders[M]);
  }
  grade(Through, Out);
  return true;
}

/// Drops duplicates, counts, and lowers confidence: one function is certain;
/// one of several in one module is likely; of several modules, possible. But a
/// library's thread that goes to one of the drivers that use the library comes
/// to each of them on some machine: only that driver's functions are a choice.
void Graph::grade(ModuleId Through, std::vector<Target> &Out) {
  llvm::sort(Out, [](const Target &A, const Target &B) {
    return std::tie(A.Callee, B.Conf, A.Kind, A.Slot, A.Through) <
           std::tie(B.Callee, A.Conf, B.Kind, B.Slot, B.Through);
  });
  Out.erase(std::unique(Out.begin(), Out.end(),
                        [](const Target &A, const Target &B) {
                          return A.Callee == B.Callee;
                        }),
            Out.end());
  std::map<ModuleId, uint32_t> Modules;
  for (const Target &T : Out)
    ++Modules[T.Through];
  for (Target &T : Out) {
    const bool OfUser = T.Kind == EdgeKind::Field && T.Through != NoModule &&
                        T.Through != Through &&
                        P.narrower(Through, T.Through) == T.Through;
    T.Among = OfUser ? Modules[T.Through] : Out.size();
    // A table is there for each of its entries to be called.
    if (Out.size() == 1 || T.Kind == EdgeKind::Table)
      continue;
    bool Own = T.Through == Through || Modules.size() == 1 || OfUser;
    T.Conf = std::min(T.Conf, Own ? Confidence::Likely : Confidence::Possible);
  }
}

void Graph::pointerTargets(const Func &F, ExprId Callee, ContextId C,
                           ModuleId Through, std::vector<Target> &Out,
                           bool &Understood) {
  const Value Known = Eval[Eval.value(F, Callee, C)];
  auto AddFunction = [&](const Value &V) {
    if (V.K == Value::Function)
      Out.push_back({V.A, EdgeKind::Argument, Confidence::Certain});
  };
  if (Known.K == Value::Function)
    return AddFunction(Known);
  if (Known.K == Value::Alt) {
    for (ValueId V : Known.List)
      AddFunction(Eval[V]);
    return;
  }
  const Expr &E = F.Body->Exprs[Callee];
  switch (E.Kind) {
  case ExprKind::FuncAddr:
    Out.push_back({P.func(F, E.A), EdgeKind::Direct, Confidence::Certain});
    return;
  case ExprKind::FieldLoad:
    return slotTargets(F, P.slot(F.Unit, E.A), E.B, C, Through, Out,
                       Understood);
  case ExprKind::GlobalLoad:
  case ExprKind::GlobalAddr: {
    auto It = P.VarTargets.find(P.var(F, E.A));
    if (It == P.VarTargets.end()) {
      Understood = false;
      return;
    }
    for (const SlotTarget &T : It->second)
      if (P.related(Through, T.Module))
        Out.push_back({T.Target, EdgeKind::Table, Confidence::Certain, NoId, 1,
                       T.Module});
    return;
  }
  case ExprKind::ElemLoad:
  case ExprKind::Deref: {
    const Expr &Base = F.Body->Exprs[E.A];
    if (Base.Kind == ExprKind::FieldAddr || Base.Kind == ExprKind::FieldLoad)
      return slotTargets(F, P.slot(F.Unit, Base.A), Base.B, C, Through, Out,
                         Understood);
    return pointerTargets(F, E.A, C, Through, Out, Understood);
  }
  case ExprKind::ElemAddr:
    return pointerTargets(F, E.A, C, Through, Out, Understood);
  case ExprKind::Param: {
    auto It =
        P.ParamTargets.find({static_cast<FuncId>(&F - P.Funcs.data()), E.A});
    if (It == P.ParamTargets.end()) {
      Understood = false;
      return;
    }
    for (FuncId T : It->second)
      if (P.related(Through, P.Funcs[T].Module))
        Out.push_back({T, EdgeKind::AnyCaller, Confidence::Likely, NoId, 1,
                       P.Funcs[T].Module});
    return;
  }
  case ExprKind::Select:
    pointerTargets(F, E.B, C, Through, Out, Understood);
    return pointerTargets(F, E.C, C, Through, Out, Understood);
  case ExprKind::Phi:
    for (ExprId O : E.Operands)
      pointerTargets(F, O, C, Through, Out, Understood);
    return;
  case ExprKind::Const: // NULL on a way that is not taken
    return;
  default:
    Understood = false;
    return;
  }
}

/// Does it return NULL, whatever happens?
static bool returnsNull(const Func &F) {
  bool Any = false;
  if (F.Body && !F.Model)
    for (const Event &E : F.Body->Events) {
      if (E.Kind != EventKind::Return || E.Args.empty())
        continue;
      if (!isZero(F.Body->Exprs[E.Args[0]]))
        return false;
      Any = true;
    }
  return Any;
}

Graph::Holder Graph::holderOf(const Func &F, SlotId S, ExprId Base,
                              ContextId C) {
  Program::AddressPath Path = P.pathOf(F, Base);
  Holder Of;
  Of.Object = Path.Base;
  const Value V = Eval[Eval.value(F, Path.Base, C)];
  if (V.K == Value::Global)
    Of.Table = V.A;
  SlotId Outermost = Path.Fields.empty() ? S : Path.Fields.front();
  Of.Around = Eval.around(V, P.Slots[Outermost].first); // the caller knows more
  append_range(Of.Around, Path.Fields);
  return Of;
}

/// The tables that \p S of the object at \p Base can point to; none: any.
std::optional<SmallVector<VarId, 2>> Graph::tablesIn(const Func &F, SlotId S,
                                                     ExprId Base, ContextId C) {
  auto It = P.Tables.find(S);
  if (It == P.Tables.end())
    return std::nullopt;
  const Holder Of = holderOf(F, S, Base, C);
  SmallVector<VarId, 2> All, Fitting;
  for (const TableTarget &T : It->second) {
    All.push_back(T.Table);
    if (mayBeSamePlace(Of.Around, T.Around))
      Fitting.push_back(T.Table);
  }
  // It is copied there, from where another field is named.
  return Fitting.empty() ? All : Fitting;
}

void Graph::slotTargets(const Func &F, SlotId S, ExprId Base, ContextId C,
                        ModuleId Through, std::vector<Target> &Out,
                        bool &Understood) {
  const auto &[Record, Name] = P.Slots[S];
  if (P.M.field(Record, Name, FieldModel::Barrier))
    return;
  bool Bus = P.M.field(Record, Name, FieldModel::Bus);
  bool LastRef = P.M.field(Record, Name, FieldModel::LastRef);
  bool Again = F.Model && F.Model->CallsAgain.Record == Record &&
               F.Model->CallsAgain.Name == Name;

  // What the expression says about the object that holds the pointer.
  const Holder Of = holderOf(F, S, Base, C);
  const Expr &Object = F.Body->Exprs[Of.Object];
  std::optional<SmallVector<VarId, 2>> Tables;
  if (Of.Table != NoId)
    Tables = {Of.Table};
  else if (Object.Kind == ExprKind::FieldLoad)
    Tables = tablesIn(F, P.slot(F.Unit, Object.A), Object.B, C);
  auto Fits = [&](const SlotTarget &T) {
    if (Tables && T.Holder != NoId && !is_contained(*Tables, T.Holder))
      return false;
    // Embedded in another structure than the one at hand: another object.
    return mayBeSamePlace(Of.Around, ArrayRef(T.Path).drop_back());
  };
  for (const SlotTarget &T : P.SlotTargets[S]) {
    if (!Fits(T) || (Again && returnsNull(P.Funcs[T.Target])))
      continue;
    Target R{T.Target, EdgeKind::Field, Confidence::Certain, S, 1, T.Module};
    if (!Bus && !P.related(Through, T.Module))
      continue;
    // Who sits on the bus is decided by the machine, not by the program.
    if (Bus && T.Module != Through)
      R.Conf = Confidence::Possible;
    R.OfTable = T.Holder != NoId;
    R.LastRef = LastRef;
    if (LastRef)
      R.Conf = std::min(R.Conf, Confidence::Likely);
    Out.push_back(R);
  }
  if (Out.empty())
    Understood = false;
}

SmallVector<SlotId, 4> Graph::placeOf(const Func &F, ExprId Arg, ContextId C) {
  const Value V = Eval[Eval.value(F, Arg, C)];
  if (V.K == Value::Place && !V.A)
    return SmallVector<SlotId, 4>(V.List.begin(), V.List.end());
  return {};
}

/// The functions stored in Path of the object at Holder (the fields it is
/// reached through) or of the variable Global.
void Graph::workTargets(ArrayRef<SlotId> Holder, VarId Global,
                        ArrayRef<FieldName> Path, ModuleId Through,
                        std::vector<Target> &Out) {
  SmallVector<SlotId, 8> Query(Holder.begin(), Holder.end());
  for (const FieldName &Name : Path) {
    SlotId S = P.findSlot(Name.Record, Name.Name);
    if (S == NoId)
      return;
    Query.push_back(S);
  }
  if (Query.empty() || Query.back() >= P.SlotTargets.size())
    return;
  SlotId Leaf = Query.back();
  for (const SlotTarget &T : P.SlotTargets[Leaf]) {
    if (!P.related(Through, T.Module))
      continue;
    if (!mayBeSamePlace(Query, T.Path))
      continue;
    bool ByVariable = Global != NoId && T.Holder == Global;
    bool ByField = !Holder.empty() && T.Path.size() > Path.size();
    if (Global != NoId ? !ByVariable : !ByField)
      continue;
    Out.push_back(
        {T.Target, EdgeKind::Work, Confidence::Certain,
         Holder.empty() ? Leaf : Holder.back(), // people know it by its field
         1, T.Module});
  }
}

void Graph::runTargets(const Func &F, const Event &E,
                       const FunctionModel::SyncRun &R, ContextId C,
                       ModuleId Through, std::vector<Target> &Out) {
  if (R.Arg >= E.Args.size())
    return;
  const Value V = Eval[Eval.value(F, E.Args[R.Arg], C)];
  if (V.K == Value::Place)
    workTargets(Eval.around(V, R.Path.front().Record), NoId, R.Path, Through,
                Out);
  else if (V.K == Value::Global)
    workTargets({}, V.A, R.Path, Through, Out);
  // A pointer kept in a field: the object it points to was given its function
  // through some other path, which is not followed.
}

std::vector<Target> Graph::workOf(const Func &F, const Event &E,
                                  const FunctionModel::SyncRun &R, ContextId C,
                                  ModuleId Through) {
  std::vector<Target> Found;
  runTargets(F, E, R, C, Through, Found);
  grade(Through, Found);
  return Found;
}

void Graph::queueTargets(const Func &F, const Event &E, unsigned Arg,
                         ModuleId Through, std::vector<Target> &Out) {
  if (Arg >= E.Args.size())
    return;
  auto Queue = QueueTable::place(P, F, E.Args[Arg]);
  if (!Queue)
    return;
  for (const QueueTable::QueuedWork &W : L.Queues.on(*Queue))
    if (P.related(Through, W.Module))
      workTargets(W.Holder, W.Global, *W.Path, Through, Out);
}

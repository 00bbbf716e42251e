//===- RegionKeepers.cpp - where cookies and locks are --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An open section is known by where its cookie is kept, a held lock by its
// class. Both are read off the expressions of the call.
//
//===----------------------------------------------------------------------===//

#include "RegionFlow.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

//===----------------------------------------------------------------------===//
// Cookies
//===----------------------------------------------------------------------===//

/// Is \p Cookie what \p E holds, or may hold?
bool RegionFlow::isCookie(ExprId Id, ExprId Cookie) const {
  if (Id == Cookie)
    return true;
  const Expr &E = expr(Id);
  switch (E.Kind) {
  case ExprKind::Select:
    return isCookie(E.B, Cookie) || isCookie(E.C, Cookie);
  case ExprKind::Phi:
    return any_of(E.Operands, [&](ExprId O) { return isCookie(O, Cookie); });
  case ExprKind::Binary: // conversion to bool
    return E.Oper == Op::Ne && expr(E.B).Kind == ExprKind::Const &&
           expr(E.B).Value == 0 && isCookie(E.A, Cookie);
  default:
    return false;
  }
}

ExprId RegionFlow::resultOf(EventId Id) {
  if (Results.empty()) {
    Results.resize(F.Body->Events.size());
    for (ExprId I = 0, N = F.Body->Exprs.size(); I != N; ++I)
      if (expr(I).Kind == ExprKind::Call && !Results[expr(I).A])
        Results[expr(I).A] = I;
  }
  return Results[Id];
}

ExprId RegionFlow::outArgOf(EventId Id, uint32_t Arg) const {
  for (ExprId I = 0, N = F.Body->Exprs.size(); I != N; ++I)
    if (expr(I).Kind == ExprKind::OutArg && expr(I).A == Id && expr(I).B == Arg)
      return I;
  return 0;
}

/// \p E is the address or the value of a field. A structure without a name
/// lends its members to the record around it; the field that it is keeps them
/// apart.
Keeper RegionFlow::keeperInField(const Expr &E) const {
  Keeper K{Keeper::Field, P.slot(F.Unit, E.A)};
  const Expr *Base = &expr(E.B);
  while (Base->Kind == ExprKind::ElemAddr)
    Base = &expr(Base->A);
  if (Base->Kind == ExprKind::FieldAddr)
    if (SlotId Outer = P.slot(F.Unit, Base->A);
        P.Slots[Outer].first == P.Slots[K.A].first)
      K.Around = Outer;
  return K;
}

Keeper RegionFlow::keeperOfAddress(ExprId Address) const {
  const Expr &E = expr(Address);
  switch (E.Kind) {
  case ExprKind::FieldAddr:
    return P.isLockPart(P.slot(F.Unit, E.A)) ? keeperOfAddress(E.B)
                                             : keeperInField(E);
  case ExprKind::GlobalAddr:
    return {Keeper::Global, P.var(F, E.A)};
  case ExprKind::Param:
    return {Keeper::Pointee, E.A};
  case ExprKind::ElemAddr: {
    Keeper K = keeperOfAddress(E.A);
    return K.K == Keeper::Pointee ? Keeper{Keeper::Elsewhere, 0} : K;
  }
  default:
    return {Keeper::Elsewhere, 0};
  }
}

/// Where the cookie that is passed as \p Value comes from.
Keeper RegionFlow::keeperOfValue(ExprId Value) const {
  const Expr &E = expr(Value);
  switch (E.Kind) {
  case ExprKind::FieldLoad:
    return keeperInField(E);
  case ExprKind::GlobalLoad:
    return {Keeper::Global, P.var(F, E.A)};
  case ExprKind::Param:
    return {Keeper::Param, E.A};
  case ExprKind::Deref:
  case ExprKind::ElemLoad: {
    Keeper K = keeperOfAddress(E.A);
    if (expr(E.A).Kind == ExprKind::RefTo)
      return {Keeper::Value, expr(E.A).A};
    return K;
  }
  case ExprKind::Binary:
    if (E.Oper == Op::Ne && expr(E.B).Kind == ExprKind::Const &&
        expr(E.B).Value == 0)
      return keeperOfValue(E.A);
    return {Keeper::Value, Value};
  default:
    return {Keeper::Value, Value};
  }
}

/// Translates a callee's keeper at call \p Id into this function's terms.
Keeper RegionFlow::inCaller(EventId Id, Keeper K, bool Opens) {
  const Event &E = event(Id);
  switch (K.K) {
  case Keeper::Return:
    return {Keeper::Value, resultOf(Id)};
  case Keeper::Param:
    if (K.A < E.Args.size())
      return keeperOfValue(E.Args[K.A]);
    return {Keeper::Elsewhere, 0};
  case Keeper::Pointee: {
    if (K.A >= E.Args.size())
      return {Keeper::Elsewhere, 0};
    const Expr &Arg = expr(E.Args[K.A]);
    if (Arg.Kind != ExprKind::RefTo)
      return keeperOfAddress(E.Args[K.A]);
    return {Keeper::Value, Opens ? outArgOf(Id, K.A) : Arg.A};
  }
  default:
    return K;
  }
}

//===----------------------------------------------------------------------===//
// Locks
//===----------------------------------------------------------------------===//

/// A lock that a value points to is not known.
Keeper RegionFlow::lockClass(Keeper K) const {
  return K.K == Keeper::Value ? Keeper{Keeper::Elsewhere, 0}
                              : lockClassOf(P, K);
}

/// The one argument that the callee of \p Call returns, or null: a guard's
/// constructor. 0 if there is no such argument.
ExprId RegionFlow::passedThrough(EventId Call) const {
  FuncId Callee = P.callee(F, event(Call));
  if (Callee == NoId)
    return 0;
  const Func &G = P.Funcs[Callee];
  if (!G.Body || G.Model)
    return 0;
  std::set<uint32_t> Params;
  bool Other = false;
  auto Look = [&](auto &Self, ExprId Id) -> void {
    const Expr &E = G.Body->Exprs[Id];
    if (E.Kind == ExprKind::Param) {
      Params.insert(E.A);
    } else if (E.Kind == ExprKind::Phi) {
      for (ExprId O : E.Operands)
        Self(Self, O);
    } else if (E.Kind == ExprKind::Select) {
      Self(Self, E.B);
      Self(Self, E.C);
    } else {
      Other |= !isZero(E);
    }
  };
  for (const Event &E : G.Body->Events)
    if (E.Kind == EventKind::Return && !E.Args.empty())
      Look(Look, E.Args[0]);
  const auto &Args = event(Call).Args;
  if (Other || Params.size() != 1 || *Params.begin() >= Args.size())
    return 0;
  return Args[*Params.begin()];
}

/// Which lock is at \p Address.
Keeper RegionFlow::lockAt(ExprId Address) const {
  const Expr &E = expr(Address);
  switch (E.Kind) {
  case ExprKind::Deref:
    if (expr(E.A).Kind == ExprKind::Param)
      return {Keeper::Indirect, expr(E.A).A};
    return {Keeper::Elsewhere, 0};
  case ExprKind::FieldLoad:
    return {Keeper::Loaded, P.slot(F.Unit, E.A)};
  case ExprKind::Call:
    if (ExprId Arg = passedThrough(E.A))
      return lockAt(Arg);
    return {Keeper::Elsewhere, 0};
  default:
    return lockClass(keeperOfAddress(Address));
  }
}

/// Which lock of this function the callee of \p Id knows as \p K.
Keeper RegionFlow::lockInCaller(EventId Id, Keeper K) const {
  if (K.K != Keeper::Pointee && K.K != Keeper::Indirect)
    return K;
  const Event &E = event(Id);
  if (K.A >= E.Args.size())
    return {Keeper::Elsewhere, 0};
  if (K.K == Keeper::Pointee)
    return lockAt(E.Args[K.A]);
  const Expr &Arg = expr(E.Args[K.A]);
  if (Arg.Kind == ExprKind::Param)
    return {Keeper::Indirect, Arg.A};
  return Arg.Kind == ExprKind::RefTo ? lockAt(Arg.A)
                                     : Keeper{Keeper::Elsewhere, 0};
}

//===- References.cpp - who still holds one -------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     get(bo->vm);     a reference is taken, and held
//     bo_free(bo);     what this drops of a vm is hardly the last one
//     put(bo->vm);
//
// A reference is told by its counter, a field; that two are of one object is
// believed if the object that the reference is of was reached from what is
// passed to the call. A small function that takes one of its parameter's
// (`bo_get(bo)`) stands for what it calls, up to a fixed depth.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Program.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallSet.h"

using namespace llvm;
using namespace fencedep;

static constexpr unsigned MaxWrappers = 3, MaxBlocks = 4;

namespace {
struct Taken {
  SlotId Counter;
  ExprId Object; ///< the counter's address, or what is passed to a wrapper
};
} // namespace

/// The reference that the call \p E takes, if it does nothing else.
static std::optional<Taken> takenBy(const Program &P, const Func &F,
                                    const Event &E, unsigned Depth = 0) {
  const FuncId Id = P.callee(F, E);
  if (Id == NoId || E.Args.empty())
    return std::nullopt;
  const Func &Callee = P.Funcs[Id];
  if (Callee.Model && Callee.Model->TakesRef) {
    auto Counter = P.fieldAt(F, E.Args[0]);
    return Counter ? std::optional(Taken{*Counter, E.Args[0]}) : std::nullopt;
  }
  if (Callee.Model || !Callee.Body || Depth == MaxWrappers ||
      Callee.Body->Blocks.size() > MaxBlocks)
    return std::nullopt;
  for (const Event &Inner : Callee.Body->Events)
    if (Inner.Kind == EventKind::Call)
      if (auto Ref = takenBy(P, Callee, Inner, Depth + 1)) {
        const ExprId Base = P.pathOf(Callee, Ref->Object).Base;
        const Expr &Of = Callee.Body->Exprs[Base];
        if (Of.Kind == ExprKind::Param && Of.A < E.Args.size())
          return Taken{Ref->Counter, E.Args[Of.A]};
      }
  return std::nullopt;
}

/// Is \p Part, or the object that it is a pointer into, on the way to \p Id?
static bool reachedFrom(const Program &P, const Func &F, ExprId Id,
                        ExprId Part) {
  Part = P.pathOf(F, Part).Base;
  if (F.Body->Exprs[Part].Kind == ExprKind::Const)
    return false;
  SmallVector<ExprId, 8> Work{Id};
  SmallSet<ExprId, 16> Seen;
  while (!Work.empty()) {
    const ExprId At = Work.pop_back_val();
    if (At == Part)
      return true;
    if (!Seen.insert(At).second)
      continue;
    const Expr &E = F.Body->Exprs[At];
    operands(E, [&](ExprId O) { Work.push_back(O); });
    if (E.Kind == ExprKind::Call) // `to_bo(obj)`
      append_range(Work, F.Body->Events[E.A].Args);
  }
  return false;
}

/// Does \p Before come on every way to \p Call?
static bool precedes(const Function &F, EventId Before, EventId Call) {
  const auto First = F.blockOf(Before), At = F.blockOf(Call);
  if (!First || !At)
    return false;
  return First == At ? Before < Call : !reachedWithout(F, 0, *First).test(*At);
}

/// Has \p F taken a reference of an object with that counter before \p Call,
/// and is that object reached from what is passed to the call?
static bool keepsReference(const Program &P, const Func &F, EventId Call,
                           SlotId Counter) {
  const Event &E = F.Body->Events[Call];
  for (EventId Id = 0; Id != F.Body->Events.size(); ++Id) {
    const Event &Get = F.Body->Events[Id];
    if (Id == Call || Get.Kind != EventKind::Call)
      continue;
    auto Ref = takenBy(P, F, Get);
    if (Ref && Ref->Counter == Counter && precedes(*F.Body, Id, Call) &&
        any_of(E.Args,
               [&](ExprId Arg) { return reachedFrom(P, F, Ref->Object, Arg); }))
      return true;
  }
  return false;
}

bool fencedep::dropsKept(const Program &P, ArrayRef<CallSite> Way) {
  SmallVector<SlotId, 2> Dropped; // from here on
  for (auto [Id, Call] : reverse(Way)) {
    const Func &F = P.Funcs[Id];
    const Event &E = F.Body->Events[Call];
    if (const FunctionModel *M = P.calledModel(F, E);
        M && M->LastRef && !E.Args.empty())
      if (auto Counter = P.fieldAt(F, E.Args[0]))
        Dropped.push_back(*Counter);
    if (any_of(Dropped, [&, Call = Call](SlotId Counter) {
          return keepsReference(P, F, Call, Counter);
        }))
      return true;
  }
  return false;
}

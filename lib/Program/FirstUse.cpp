//===- FirstUse.cpp - what happens once in an object's life ---------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Much is made when it is first needed and kept from then on:
//
//     if (!bo->pages)                     if (bo->sgt)
//       bo->pages = get_pages(bo);          return bo->sgt;
//                                         bo->sgt = make_sgt(bo);
//
// If code that is not critical asks for it as well, it does so first as a rule
// (what runs a job has pinned its pages before), and what is done behind the
// test is hardly ever done in a section. That is so if
//
//     the branch is taken only while a field of an object is not set, as the
//       code sees itself or a small function that returns the field tells;
//     behind it the field is set: there, in a function called from there, or by
//       one that is given its address;
//     it is not a state that comes and goes: what is stored is made by a call,
//       or nobody ever resets it;
//     a function that sets it is reached from outside of sections, too.
//
// It says nothing of an object that the thread itself has just made: which
// parameters can point to such ones is tracked through the contexts.
//
// Each function is looked at once; calls are followed to a fixed depth; the
// bits of Func::Origins only grow.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Program.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallSet.h"

using namespace llvm;
using namespace fencedep;

/// From a test to where the field is set; from a function to one that nobody
/// calls by name.
static constexpr unsigned MaxDepth = 2, MaxSetters = 256, MaxAncestors = 256;
static constexpr unsigned MaxPassed = 3, MaxReturns = 4;

/// What the pointer that a small function returns is made from, if that is one
/// of its parameters: `to_foo(bar)`.
static std::optional<uint32_t> passedOn(const Program &P, FuncId Id,
                                        unsigned Depth) {
  const Func &F = P.Funcs[Id];
  if (!F.Body || F.Model || Depth == MaxPassed ||
      F.Body->Blocks.size() > MaxReturns)
    return std::nullopt;
  std::optional<uint32_t> Param;
  for (const Event &E : F.Body->Events) {
    if (E.Kind != EventKind::Return || E.Args.empty())
      continue;
    Origin O = originOf(P, F, E.Args[0], Depth + 1);
    if (O.Made || !isPowerOf2_64(O.Params) ||
        (Param && paramBit(*Param) != O.Params))
      return std::nullopt;
    Param = countr_zero(O.Params);
  }
  return Param;
}

Origin fencedep::originOf(const Program &P, const Func &F, ExprId Id,
                          unsigned Depth) {
  Origin Found;
  SmallVector<ExprId, 8> Work{Id};
  SmallSet<ExprId, 8> Seen; // a call's argument may hold the call's result
  while (!Work.empty()) {
    Id = Work.pop_back_val();
    if (!Seen.insert(Id).second)
      continue;
    const Expr &E = F.Body->Exprs[Id];
    switch (E.Kind) {
    case ExprKind::Param:
      Found.Params |= paramBit(E.A);
      break;
    case ExprKind::FieldAddr:
      Work.push_back(E.B);
      break;
    case ExprKind::ElemAddr:
      Work.push_back(E.A);
      break;
    case ExprKind::Binary: // container_of()
      if (E.Oper == Op::Sub || E.Oper == Op::Add)
        Work.push_back(E.A);
      break;
    case ExprKind::Select:
      Work.append({E.B, E.C});
      break;
    case ExprKind::Phi:
      append_range(Work, E.Operands);
      break;
    case ExprKind::Call: {
      const Event &Ev = F.Body->Events[E.A];
      FuncId Callee = P.callee(F, Ev);
      auto Param = Callee == NoId ? std::nullopt : passedOn(P, Callee, Depth);
      if (Param && *Param < Ev.Args.size()) {
        Work.push_back(Ev.Args[*Param]);
        break;
      }
      const FunctionModel *M = P.calledModel(F, Ev);
      Found.Made = true;
      (M && M->GivesNew ? Found.New : Found.Other) = true;
      break;
    }
    case ExprKind::OutArg:
    case ExprKind::RefTo:
      Found.Made = Found.Other = true;
      break;
    case ExprKind::Const: // a null pointer has no fields
      break;
    default: // loaded from somewhere: it was there before
      Found.Other = true;
      break;
    }
  }
  return Found;
}

void fencedep::spreadToCallers(Program &P, uint64_t Func::*Bits,
                               std::vector<FuncId> Work) {
  while (!Work.empty()) {
    FuncId Id = Work.back();
    Work.pop_back();
    uint64_t Wanted = P.Funcs[Id].*Bits;
    if (!Wanted)
      continue;
    for (FuncId C : P.Callers[Id]) {
      Func &Caller = P.Funcs[C];
      uint64_t Old = Caller.*Bits;
      for (const Event &E : Caller.Body->Events)
        if (P.callee(Caller, E) == Id)
          for (uint32_t I = 0; I != E.Args.size(); ++I)
            if (Wanted & paramBit(I))
              Caller.*Bits |= originOf(P, Caller, E.Args[I]).Params;
      if (Caller.*Bits != Old)
        Work.push_back(C);
    }
  }
}

/// The field that \p Id is the value of; a function that returns one of its
/// parameter's may stand for it: `x_pages(x)`.
static std::optional<FieldOf> loadedField(const Program &P, const Func &F,
                                          ExprId Id, unsigned Depth = 0) {
  const Expr &E = F.Body->Exprs[Id];
  if (E.Kind == ExprKind::FieldLoad)
    return FieldOf{P.slot(F.Unit, E.A), E.B};
  if (E.Kind != ExprKind::Call || Depth == MaxPassed)
    return std::nullopt;
  const Event &Call = F.Body->Events[E.A];
  FuncId Of = P.callee(F, Call);
  if (Of == NoId)
    return std::nullopt;
  const Func &Getter = P.Funcs[Of];
  if (!Getter.Body || Getter.Model || Getter.Body->Blocks.size() > MaxReturns)
    return std::nullopt;
  std::optional<FieldOf> Found;
  for (const Event &R : Getter.Body->Events) {
    if (R.Kind != EventKind::Return || R.Args.empty())
      continue;
    auto Inner = loadedField(P, Getter, R.Args[0], Depth + 1);
    if (!Inner || Found)
      return std::nullopt;
    Origin O = originOf(P, Getter, Inner->Object, Depth + 1);
    if (O.Made || !isPowerOf2_64(O.Params) ||
        countr_zero(O.Params) >= static_cast<int>(Call.Args.size()))
      return std::nullopt;
    Found = {Inner->Slot, Call.Args[countr_zero(O.Params)]};
  }
  return Found;
}

std::optional<FieldOf> fencedep::unsetField(const Program &P, const Func &F,
                                            const Block &B, unsigned Succ) {
  bool Truth = Succ == 0;
  ExprId Id = B.Cond;
  for (;;) {
    const Expr &E = F.Body->Exprs[Id];
    bool Negates = E.Kind == ExprKind::Unary && E.Oper == Op::Not,
         Keeps = false;
    if (E.Kind == ExprKind::Binary && isZero(F.Body->Exprs[E.B])) {
      Negates = E.Oper == Op::Eq || E.Oper == Op::Le;
      Keeps = E.Oper == Op::Ne || E.Oper == Op::Gt;
    }
    if (!Negates && !Keeps)
      return Truth ? std::nullopt : loadedField(P, F, Id);
    Truth ^= Negates;
    Id = E.A;
  }
}

BitVector fencedep::blocksBehind(const Func &F, BlockId At, unsigned Succ) {
  const auto &Succs = F.Body->Blocks[At].Succs;
  BitVector Behind = reachedWithout(*F.Body, Succs[Succ], At);
  Behind.reset(reachedWithout(*F.Body, Succs[1 - Succ], At));
  return Behind;
}

namespace {

class FirstUseFinder {
public:
  explicit FirstUseFinder(Program &P) : P(P) {}

  void run() {
    findSetters();
    findRoots();
    std::vector<FuncId> Work;
    for (FuncId Id = 0; Id != P.Funcs.size(); ++Id) {
      Func &F = P.Funcs[Id];
      if (!F.Body)
        continue;
      std::vector<FirstUse> Found = look(F);
      for (const FirstUse &U : Found)
        F.Origins |= originOf(P, F, U.Object).Params;
      for (const Expr &E : F.Body->Exprs)
        if (E.Kind == ExprKind::FieldLoad &&
            P.setInFew(P.slot(F.Unit, E.A)) == FieldModel::SetLater)
          F.Origins |= originOf(P, F, E.B).Params;
      if (!Found.empty())
        P.FirstUses[Id] = std::move(Found);
      if (F.Origins)
        Work.push_back(Id);
    }
    // What a first use depends on, its function's callers have to tell.
    spreadToCallers(P, &Func::Origins, std::move(Work));
  }

private:
  /// Who stores something in a field that is not zero.
  struct Setters {
    SmallVector<FuncId, 4> ByCall, Constant;
    bool Reset = false; ///< somebody stores zero, or what he was given
  };

  enum StoredKind { Nothing, Zero, Constant, Result };

  /// The most telling of the values that \p Value may be. A pointer with an
  /// offset or bits in it is as good as the pointer, if a call made that.
  static StoredKind kindOf(const Func &F, ExprId Value) {
    StoredKind Best = Nothing;
    SmallVector<std::pair<ExprId, bool>, 8> Work{{Value, false}};
    SmallSet<std::pair<ExprId, bool>, 8> Seen; // and whether it has an offset
    while (!Work.empty()) {
      auto [Id, Offset] = Work.pop_back_val();
      if (!Seen.insert({Id, Offset}).second)
        continue;
      const Expr &E = F.Body->Exprs[Id];
      StoredKind K = Nothing;
      switch (E.Kind) {
      case ExprKind::Const:
        K = E.Value ? Constant : Zero;
        break;
      case ExprKind::Param: // may be
        K = Zero;
        break;
      case ExprKind::Call:
      case ExprKind::OutArg:
        K = Result;
        break;
      case ExprKind::Phi:
        for (ExprId O : E.Operands)
          Work.push_back({O, Offset});
        break;
      case ExprKind::Select:
        Work.append({{E.B, Offset}, {E.C, Offset}});
        break;
      case ExprKind::Binary:
        Work.push_back({E.A, true});
        break;
      default:
        break;
      }
      if (!Offset || K == Result)
        Best = std::max(Best, K);
    }
    return Best;
  }

  void findSetters() {
    BySlot.resize(P.Slots.size());
    for (FuncId Id = 0; Id != P.Funcs.size(); ++Id) {
      const Func &F = P.Funcs[Id];
      if (!F.Body)
        continue;
      auto Add = [&](SmallVector<FuncId, 4> &List) {
        if (List.empty() || List.back() != Id)
          List.push_back(Id);
      };
      for (const Event &E : F.Body->Events) {
        if (E.Kind == EventKind::Call)
          for (ExprId A : E.Args) // `make(.., &x->buffer)`
            if (auto Slot = P.fieldAt(F, A))
              Add(BySlot[*Slot].ByCall);
        if (E.Kind != EventKind::Store)
          continue;
        auto Slot = P.fieldAt(F, E.Args[0]);
        if (!Slot)
          continue;
        Setters &S = BySlot[*Slot];
        switch (kindOf(F, E.Args[1])) {
        case Result:
          Add(S.ByCall);
          break;
        case Constant:
          Add(S.Constant);
          break;
        case Zero:
          S.Reset = true;
          break;
        case Nothing:
          break;
        }
      }
    }
    Near.resize(P.Slots.size());
    for (SlotId S = 0; S != Near.size(); ++S) {
      auto &Found = Near[S];
      append_range(Found, BySlot[S].ByCall);
      if (!BySlot[S].Reset)
        append_range(Found, BySlot[S].Constant);
      size_t Begin = 0;
      for (unsigned Depth = 1; Depth < MaxDepth; ++Depth)
        for (size_t End = Found.size(); Begin != End; ++Begin)
          append_range(Found, P.Callers[Found[Begin]]);
      if (Found.size() > MaxSetters)
        Found.clear();
      llvm::sort(Found);
    }
  }

  bool mayBeSetIn(FuncId F, SlotId S) const {
    return std::binary_search(Near[S].begin(), Near[S].end(), F);
  }

  /// Is the tested field counted up on the way here: `if (x->count++ > 0)`?
  bool counted(const Func &F, const Block &B, SlotId Tested) const {
    return any_of(F.Body->eventsOf(B), [&](const Event &E) {
      return E.Kind == EventKind::Store && P.fieldAt(F, E.Args[0]) == Tested &&
             F.Body->Exprs[E.Args[1]].Kind == ExprKind::Binary;
    });
  }

  bool sets(const Func &F, const Event &E, SlotId Slot, ExprId Object,
            bool Counted) const {
    if (E.Kind == EventKind::Store) {
      auto To = P.fieldAt(F, E.Args[0]);
      if (!To)
        return false;
      StoredKind K = kindOf(F, E.Args[1]);
      if (Counted) // whoever counts keeps something beside the count
        return K == Result && F.Body->Exprs[E.Args[0]].B == Object;
      return To == Slot &&
             (K == Result || (K == Constant && !BySlot[Slot].Reset));
    }
    if (E.Kind != EventKind::Call || Counted)
      return false;
    for (ExprId A : E.Args)
      if (P.fieldAt(F, A) == Slot && F.Body->Exprs[A].B == Object)
        return true;
    if (FuncId Callee = P.callee(F, E); Callee != NoId)
      return mayBeSetIn(Callee, Slot);
    const Expr &Callee = F.Body->Exprs[E.Callee];
    return Callee.Kind == ExprKind::FieldLoad &&
           any_of(P.SlotTargets[P.slot(F.Unit, Callee.A)],
                  [&](const SlotTarget &T) {
                    return mayBeSetIn(T.Target, Slot) &&
                           P.related(F.Module, T.Module);
                  });
  }

  std::vector<FirstUse> look(const Func &F) {
    std::vector<FirstUse> Found;
    const auto &Blocks = F.Body->Blocks;
    for (BlockId Id = 0; Id != Blocks.size(); ++Id) {
      const Block &B = Blocks[Id];
      if (!B.Cond || B.Succs.size() != 2 || !B.Cases.empty())
        continue;
      for (unsigned Succ : {0, 1}) {
        std::optional<FieldOf> Unset = unsetField(P, F, B, Succ);
        if (!Unset)
          continue;
        const SlotId Slot = Unset->Slot;
        const ExprId Object = Unset->Object;
        bool Counted = counted(F, B, Slot);
        if (!Counted && Near[Slot].empty())
          continue;
        BitVector Behind = blocksBehind(F, Id, Succ);
        if (any_of(Behind.set_bits(),
                   [&](BlockId In) {
                     return any_of(F.Body->eventsOf(Blocks[In]),
                                   [&](const Event &E) {
                                     return sets(F, E, Slot, Object, Counted);
                                   });
                   }) &&
            setElsewhere(F, Slot))
          Found.push_back({Id, Succ, Object});
      }
    }
    return Found;
  }

  /// Functions that sections begin with, or wait for.
  void findRoots() {
    auto Add = [&](const FieldName &Field) {
      for (const SlotTarget &T : P.storedIn(Field))
        Roots.insert(T.Target);
    };
    for (const RootModel &M : P.M.Roots)
      if (is_contained(M.Roles, RootRole::Section))
        Add(M.Slot);
    for (const FunctionModel &M : P.M.Functions)
      for (const FunctionModel::SyncRun &R : M.Runs)
        Add(R.Path.back());
  }

  static bool beginsSection(const Program &P, const Func &F) {
    return any_of(F.Body->Events, [&](const Event &E) {
      const FunctionModel *M = P.calledModel(F, E);
      return M && is_contained(M->Opens, Region::Section);
    });
  }

  /// Does other code than that of sections set the field?
  bool setElsewhere(const Func &F, SlotId Slot) {
    auto Elsewhere = [&](FuncId Setter) {
      auto [It, New] = UsedElsewhere.try_emplace(Setter, false);
      if (New)
        It->second = usedElsewhere(Setter);
      return It->second;
    };
    return Elsewhere(&F - P.Funcs.data()) ||
           any_of(BySlot[Slot].ByCall, Elsewhere) ||
           any_of(BySlot[Slot].Constant, Elsewhere);
  }

  /// Appends the callers of \p Id; false if there may be others.
  bool callersOf(FuncId Id, SmallVectorImpl<FuncId> &Out) const {
    append_range(Out, P.Callers[Id]);
    if (!P.Callers[Id].empty())
      return true;
    if (P.Funcs[Id].PassedOn)
      return false;
    for (SlotId S : P.StoredIn.lookup(Id)) {
      auto Through = P.SlotCallers.find(S);
      if (Through == P.SlotCallers.end())
        return false;
      copy_if(Through->second, std::back_inserter(Out), [&](FuncId C) {
        return P.related(P.Funcs[C].Module, P.Funcs[Id].Module);
      });
    }
    return !Out.empty();
  }

  /// Does anybody get to \p Start without coming through a section's root?
  bool usedElsewhere(FuncId Start) {
    SmallVector<FuncId, 16> Work{Start};
    DenseSet<FuncId> Seen{Start};
    while (!Work.empty()) {
      FuncId F = Work.pop_back_val();
      if (Roots.contains(F) || beginsSection(P, P.Funcs[F]))
        continue;
      SmallVector<FuncId, 8> Callers;
      if (!callersOf(F, Callers) || Seen.size() > MaxAncestors)
        return true;
      for (FuncId C : Callers)
        if (Seen.insert(C).second)
          Work.push_back(C);
    }
    return false;
  }

  Program &P;
  std::vector<Setters> BySlot;
  std::vector<SmallVector<FuncId, 4>> Near; ///< by slot, sorted: who sets it,
                                            ///< or calls one who does
  DenseSet<FuncId> Roots;
  DenseMap<FuncId, bool> UsedElsewhere;
};

} // namespace

void fencedep::findFirstUses(Program &P) { FirstUseFinder(P).run(); }

//===- ListWalks.cpp - the lists of objects that are new ------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Who tears down what he has just made walks lists that have no entries yet:
//
//     queue = kzalloc(..);
//     init(queue);
//     if (failed)           void stop(queue) {
//       stop(queue);          list_for_each_entry(job, &queue->jobs, list)
//                               wait(job);
//
// What a function does only for the entries of a list (a branch behind a test
// that the model calls list-end) is possible only if
//
//     the object that has the list is made by the function, or by the one that
//       the thread came from, whose calls have handed it down;
//     that maker calls nobody, but those who lead to the walk, who may put
//       something into that list.
//
// Whoever gives the list's address to a function that the model does not know
// may put something into it. One look at each function; the bits of
// Func::Makers only grow.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Value.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

/// Functions above a filler or a walk: with more, it is not looked at.
static constexpr size_t MaxAncestors = 4096;

/// What is tested at the end of \p B, if it is a list: its successor is taken
/// while there are entries.
static std::optional<ListWalk> walkAt(const Program &P, const Func &F,
                                      BlockId Id) {
  const Block &B = F.Body->Blocks[Id];
  if (!B.Cond || B.Succs.size() != 2 || !B.Cases.empty())
    return std::nullopt;
  unsigned Entries = 1; // the test is not true
  const Expr *E = &F.Body->Exprs[B.Cond];
  for (; E->Kind == ExprKind::Unary && E->Oper == Op::Not;
       E = &F.Body->Exprs[E->A])
    Entries ^= 1;
  if (E->Kind != ExprKind::Call)
    return std::nullopt;
  const Event &Test = F.Body->Events[E->A];
  const FunctionModel *M = P.calledModel(F, Test);
  if (!M || !M->ListEnd || *M->ListEnd >= Test.Args.size())
    return std::nullopt;
  ExprId Head = Test.Args[*M->ListEnd];
  std::optional<SlotId> List = P.fieldAt(F, Head);
  if (!List)
    return std::nullopt;
  return ListWalk{Id, Entries, F.Body->Exprs[Head].B, *List};
}

/// The lists that \p E in \p F may put something into.
static void filled(const Program &P, const Func &F, const Event &E,
                   function_ref<void(SlotId)> Each) {
  if (E.Kind == EventKind::Store) {
    const Expr &To = F.Body->Exprs[E.Args[0]]; // `x->list.next = ..`
    if (To.Kind == ExprKind::FieldAddr)
      if (auto List = P.fieldAt(F, To.B))
        Each(*List);
    return;
  }
  if (E.Kind != EventKind::Call)
    return;
  const FunctionModel *M = P.calledModel(F, E);
  if (M && (M->ListEnd || M->ListInit))
    return;
  for (ExprId Arg : E.Args)
    if (auto List = P.fieldAt(F, Arg))
      Each(*List);
}

void fencedep::findListWalks(Program &P) {
  BitVector Walked(P.Slots.size());
  std::vector<FuncId> Work;
  for (FuncId Id = 0; Id != P.Funcs.size(); ++Id) {
    Func &F = P.Funcs[Id];
    if (!F.Body)
      continue;
    for (BlockId B = 0; B != F.Body->Blocks.size(); ++B)
      if (std::optional<ListWalk> Walk = walkAt(P, F, B)) {
        F.Makers |= originOf(P, F, Walk->Object).Params;
        Walked.set(Walk->List);
        P.ListWalks[Id].push_back(*Walk);
      }
    if (F.Makers)
      Work.push_back(Id);
  }
  for (FuncId Id = 0; Id != P.Funcs.size(); ++Id)
    if (const Func &F = P.Funcs[Id]; F.Body)
      for (const Event &E : F.Body->Events)
        filled(P, F, E, [&](SlotId List) {
          if (!Walked.test(List))
            return;
          auto &Fillers = P.ListFillers[List];
          if (Fillers.empty() || Fillers.back() != Id)
            Fillers.push_back(Id);
        });
  spreadToCallers(P, &Func::Makers, std::move(Work));
}

std::optional<FuncId> Evaluator::maker(const Func &F, ExprId Pointer,
                                       ContextId C) const {
  Origin O = originOf(P, F, Pointer);
  if (O.Other)
    return std::nullopt;
  if (O.New && !O.Params)
    return &F - P.Funcs.data();
  if (!O.New && isPowerOf2_64(O.Params))
    for (const auto &[Param, V] : context(C))
      if (Param == countr_zero(O.Params) + MakerParam)
        return *number(V);
  return std::nullopt;
}

/// \p Work and all who call them, directly or not; empty: too many.
static DenseSet<FuncId> ancestors(const Program &P,
                                  SmallVector<FuncId, 4> Work) {
  DenseSet<FuncId> Seen(Work.begin(), Work.end());
  while (!Work.empty()) {
    if (Seen.size() > MaxAncestors)
      return {};
    for (FuncId C : P.Callers[Work.pop_back_val()])
      if (Seen.insert(C).second)
        Work.push_back(C);
  }
  return Seen;
}

/// May a list of what \p Maker has made have entries where \p Walker walks it?
static bool mayBeFilled(const Program &P, FuncId Maker, SlotId List,
                        FuncId Walker) {
  auto It = P.ListFillers.find(List);
  if (It == P.ListFillers.end())
    return false;
  if (is_contained(It->second, Maker))
    return true;
  const DenseSet<FuncId> Filling = ancestors(P, It->second);
  const DenseSet<FuncId> Walking = ancestors(P, {Walker});
  if (Filling.empty() || Walking.empty())
    return true;
  const Func &F = P.Funcs[Maker];
  return any_of(F.Body->Events, [&](const Event &E) {
    if (E.Kind != EventKind::Call)
      return false;
    auto Fills = [&](FuncId Callee) {
      return Filling.contains(Callee) && !Walking.contains(Callee);
    };
    if (FuncId Callee = P.callee(F, E); Callee != NoId)
      return Fills(Callee);
    const Expr &Pointer = F.Body->Exprs[E.Callee];
    return Pointer.Kind == ExprKind::FieldLoad &&
           any_of(P.SlotTargets[P.slot(F.Unit, Pointer.A)],
                  [&](const SlotTarget &T) { return Fills(T.Target); });
  });
}

bool Evaluator::isNewList(const Func &F, const ListWalk &W, ContextId C) {
  std::optional<FuncId> Maker = maker(F, W.Object, C);
  if (!Maker)
    return false;
  const FuncId Walker = &F - P.Funcs.data();
  auto [It, New] = NewLists.try_emplace({*Maker, W.List, Walker}, false);
  if (New)
    It->second = !mayBeFilled(P, *Maker, W.List, Walker);
  return It->second;
}

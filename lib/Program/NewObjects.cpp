//===- NewObjects.cpp - what objects do not have yet ----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Who tears down what he has just made walks lists that have no entries yet,
// and asks for what was never set:
//
//     queue = kzalloc(..);
//     init(queue);
//     if (failed)           void stop(queue) {
//       stop(queue);          list_for_each_entry(job, &queue->jobs, list)
//                               wait(job);
//                             if (queue->user)
//                               lock(queue->user);
//
// What a function does only for the entries of a list (a branch behind a test
// that the model calls list-end), or only if a field is set, is possible only
// if
//
//     the object that has it is made by the function, or by the one that the
//       thread came from, whose calls have handed it down;
//     that maker calls nobody who may put something into that list or field.
//       Of a list, those who lead to the walk do not count.
//
// Whoever gives the address of a list or field to a function that the model
// does not know may put something into it. One look at each function; the bits
// of Func::Makers only grow.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Value.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

/// Functions above a filler or a test: with more, it is not looked at. Who sets
/// a field: with more, it is set everywhere.
static constexpr size_t MaxAncestors = 4096, MaxFillers = 64;

namespace {

class ContentTestFinder {
public:
  explicit ContentTestFinder(Program &P) : P(P) {}

  void run() {
    Asked.resize(P.Slots.size());
    for (FuncId Id = 0; Id != P.Funcs.size(); ++Id)
      if (P.Funcs[Id].Body)
        findTests(Id);
    for (SlotId S : Asked.set_bits())
      AskedOf[P.Slots[S].first].push_back(S);
    for (FuncId Id = 0; Id != P.Funcs.size(); ++Id)
      if (P.Funcs[Id].Body)
        findFilled(Id);
    std::vector<FuncId> Work;
    for (auto &[Id, Tests] : P.ContentTests) {
      // What nobody sets is set where we do not look.
      erase_if(Tests, [&](const ContentTest &T) {
        auto It = P.Fillers.find(T.Content);
        return !T.IsList &&
               (It == P.Fillers.end() || It->second.size() > MaxFillers);
      });
      Func &F = P.Funcs[Id];
      for (const ContentTest &T : Tests)
        F.Makers |= originOf(P, F, T.Object).Params;
      if (F.Makers)
        Work.push_back(Id);
    }
    llvm::sort(Work);
    spreadToCallers(P, &Func::Makers, std::move(Work));
  }

private:
  /// What is tested at the end of \p B, if it is a list: its successor is taken
  /// while there are entries.
  std::optional<ContentTest> walkAt(const Func &F, BlockId Id) const {
    const Block &B = F.Body->Blocks[Id];
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
    return ContentTest{Id, Entries, F.Body->Exprs[Head].B, *List, true};
  }

  /// The same for a field; only if something is called where it is set.
  std::optional<ContentTest> fieldTestAt(const Func &F, BlockId Id) const {
    for (unsigned Succ : {0, 1}) {
      auto Unset = unsetField(P, F, F.Body->Blocks[Id], Succ);
      if (!Unset)
        continue;
      Origin O = originOf(P, F, Unset->Object);
      if (O.Other || (O.New ? O.Params != 0 : !isPowerOf2_64(O.Params)))
        return std::nullopt;
      const BitVector Behind = blocksBehind(F, Id, 1 - Succ);
      if (any_of(Behind.set_bits(), [&](BlockId In) {
            return any_of(
                F.Body->eventsOf(F.Body->Blocks[In]),
                [](const Event &E) { return E.Kind == EventKind::Call; });
          }))
        return ContentTest{Id, 1 - Succ, Unset->Object, Unset->Slot, false};
    }
    return std::nullopt;
  }

  void findTests(FuncId Id) {
    const Func &F = P.Funcs[Id];
    for (BlockId At = 0; At != F.Body->Blocks.size(); ++At) {
      const Block &B = F.Body->Blocks[At];
      if (!B.Cond || B.Succs.size() != 2 || !B.Cases.empty())
        continue;
      auto Test = walkAt(F, At);
      if (!Test)
        Test = fieldTestAt(F, At);
      if (!Test)
        continue;
      Asked.set(Test->Content);
      P.ContentTests[Id].push_back(*Test);
    }
  }

  void findFilled(FuncId Id) {
    const Func &F = P.Funcs[Id];
    auto Fill = [&](std::optional<SlotId> S) {
      if (!S || !Asked.test(*S))
        return;
      auto &Funcs = P.Fillers[*S];
      if (Funcs.empty() || Funcs.back() != Id)
        Funcs.push_back(Id);
    };
    for (const Event &E : F.Body->Events) {
      if (E.Kind == EventKind::Store) {
        if (!isZero(F.Body->Exprs[E.Args[1]]))
          Fill(P.fieldAt(F, E.Args[0]));
        // `x->list.next = ..`
        if (const Expr &To = F.Body->Exprs[E.Args[0]];
            To.Kind == ExprKind::FieldAddr)
          Fill(P.fieldAt(F, To.B));
      } else if (E.Kind == EventKind::Copy) {
        if (!isZero(F.Body->Exprs[E.Args[1]]))
          for (SlotId S : AskedOf.lookup(P.str(F, E.Record)))
            Fill(S);
      } else if (E.Kind == EventKind::Call) {
        const FunctionModel *M = P.calledModel(F, E);
        if (M && (M->ListEnd || M->ListInit || M->Loads))
          continue;
        for (ExprId Arg : E.Args)
          Fill(P.fieldAt(F, Arg));
      }
    }
  }

  Program &P;
  BitVector Asked; ///< slots that somebody tests
  DenseMap<StringRef, SmallVector<SlotId, 4>> AskedOf; ///< by their record
};

} // namespace

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

/// \p Work and all who call them, directly or not; empty: too many. \p
/// Pointers: also through those in fields.
static DenseSet<FuncId> ancestors(const Program &P, SmallVector<FuncId, 4> Work,
                                  bool Pointers) {
  DenseSet<FuncId> Seen(Work.begin(), Work.end());
  auto Add = [&](ArrayRef<FuncId> Callers) {
    for (FuncId C : Callers)
      if (Seen.insert(C).second)
        Work.push_back(C);
  };
  while (!Work.empty()) {
    if (Seen.size() > MaxAncestors)
      return {};
    FuncId Id = Work.pop_back_val();
    Add(P.Callers[Id]);
    if (!Pointers)
      continue;
    if (auto In = P.StoredIn.find(Id); In != P.StoredIn.end())
      for (SlotId S : In->second)
        if (auto It = P.SlotCallers.find(S); It != P.SlotCallers.end())
          Add(It->second);
  }
  return Seen;
}

/// Whoever copies a whole object to what \p Maker has made fills all of it.
static bool copiesToNew(const Program &P, const Func &F) {
  return any_of(F.Body->Events, [&](const Event &E) {
    if (E.Kind != EventKind::Call)
      return false;
    FuncId Callee = P.callee(F, E);
    return Callee != NoId && !P.Funcs[Callee].Body && E.Args.size() > 1 &&
           originOf(P, F, E.Args[0]).New &&
           F.Body->Exprs[E.Args[0]].Kind != ExprKind::FieldAddr;
  });
}

/// May what \p Maker has made have something where \p T in \p Asker asks for
/// it?
static bool mayBeFilled(const Program &P, FuncId Maker, const ContentTest &T,
                        FuncId Asker) {
  auto It = P.Fillers.find(T.Content);
  if (It == P.Fillers.end())
    return false;
  const Func &F = P.Funcs[Maker];
  if (is_contained(It->second, Maker) || (!T.IsList && copiesToNew(P, F)))
    return true;
  const DenseSet<FuncId> Filling = ancestors(P, It->second, !T.IsList);
  const DenseSet<FuncId> Walking =
      T.IsList ? ancestors(P, {Asker}, false) : DenseSet<FuncId>();
  if (Filling.empty() || (T.IsList && Walking.empty()))
    return true;
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
                  [&](const SlotTarget &S) { return Fills(S.Target); });
  });
}

bool Evaluator::asksNewObject(const Func &F, const ContentTest &T,
                              ContextId C) {
  std::optional<FuncId> Maker = maker(F, T.Object, C);
  if (!Maker)
    return false;
  const FuncId Asker = &F - P.Funcs.data();
  auto [It, New] = Empty.try_emplace({*Maker, T.Content, Asker}, false);
  if (New)
    It->second = !mayBeFilled(P, *Maker, T, Asker);
  return It->second;
}

void fencedep::findContentTests(Program &P) { ContentTestFinder(P).run(); }

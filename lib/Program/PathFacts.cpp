//===- PathFacts.cpp - what every way to a call has found out -------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Forwards over the blocks; where ways meet, what both know stays. Facts of a
// block only ever shrink, so this ends. What was known of memory is void when
// the function stores there; that what it calls does, too, is not looked at:
// those who test a field and hand it on mean what they have tested.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/PathFacts.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

static constexpr size_t MaxFacts = 16;

/// Calls \p Each for what is known, and its truth, if \p Cond is \p Truth.
template <typename Fn>
static void implied(const Function &F, ExprId Cond, bool Truth,
                    const Fn &Each) {
  const Expr &E = F.Exprs[Cond];
  if (E.Kind == ExprKind::Unknown || E.Kind == ExprKind::Const)
    return;
  if (E.Kind == ExprKind::Unary && E.Oper == Op::Not)
    return implied(F, E.A, !Truth, Each);
  if (E.Kind == ExprKind::Binary) {
    const Expr &B = F.Exprs[E.B];
    const bool WithZero = isZero(B);
    if (WithZero && (E.Oper == Op::Ne || E.Oper == Op::Eq))
      return implied(F, E.A, Truth == (E.Oper == Op::Ne), Each);
    const bool WithOther = B.Kind == ExprKind::Const && !WithZero &&
                           Truth == (E.Oper == Op::Eq) &&
                           (E.Oper == Op::Eq || E.Oper == Op::Ne);
    if (WithOther ||
        (WithZero && (E.Oper == Op::Lt || E.Oper == Op::Gt) && Truth))
      implied(F, E.A, true, Each); // and what it says itself
    if (E.Oper == (Truth ? Op::LAnd : Op::LOr)) {
      implied(F, E.A, Truth, Each);
      return implied(F, E.B, Truth, Each);
    }
  }
  Each(Cond, Truth);
}

void fencedep::addFact(Facts &Known, ExprId Id, bool Truth) {
  auto *It = lower_bound(Known, std::make_pair(Id, false));
  if (It != Known.end() && It->first == Id)
    It->second = Truth;
  else if (Known.size() < MaxFacts)
    Known.insert(It, {Id, Truth});
}

void fencedep::assume(const Function &F, ExprId Cond, bool Truth,
                      Facts &Known) {
  implied(F, Cond, Truth, [&](ExprId Id, bool T) { addFact(Known, Id, T); });
}

/// Can \p E have another value after something was stored by \p Store?
static bool mayChange(const Function &F, const Expr &E, const Event &Store) {
  if (E.Kind != ExprKind::FieldLoad && E.Kind != ExprKind::GlobalLoad &&
      E.Kind != ExprKind::ElemLoad && E.Kind != ExprKind::Deref)
    return false;
  const Expr &To = F.Exprs[Store.Args[0]];
  if (Store.Kind == EventKind::Copy)
    return E.Kind != ExprKind::GlobalLoad;
  if (To.Kind == ExprKind::FieldAddr)
    return E.Kind == ExprKind::FieldLoad && E.A == To.A;
  if (To.Kind == ExprKind::GlobalAddr)
    return E.Kind == ExprKind::GlobalLoad && E.A == To.A;
  return E.Kind == ExprKind::ElemLoad || E.Kind == ExprKind::Deref;
}

static void forgetStored(const Function &F, const Event &Store, Facts &Known) {
  auto ExprOf = [&](ExprId Id) -> const Expr & { return F.Exprs[Id]; };
  if (Store.Kind == EventKind::Store || Store.Kind == EventKind::Copy)
    erase_if(Known, [&](const auto &Fact) {
      return anyPart(Fact.first, ExprOf, [&](ExprId Part) {
        return mayChange(F, F.Exprs[Part], Store);
      });
    });
}

/// Of \p Asked only.
static std::vector<Facts> beforeBlocks(const Function &F,
                                       const BitVector &Asked) {
  const size_t N = F.Blocks.size();
  std::vector<Facts> In(N);
  BitVector Reached(N), Work(N);
  Reached.set(0);
  Work.set(0);
  while (Work.any()) {
    const BlockId Id = Work.find_first();
    Work.reset(Id);
    const Block &B = F.Blocks[Id];
    Facts After = In[Id];
    if (!After.empty())
      for (const Event &E : F.eventsOf(B))
        forgetStored(F, E, After);
    for (size_t I = 0; I != B.Succs.size(); ++I) {
      const BlockId To = B.Succs[I];
      Facts &Next = In[To];
      if (Reached.test(To) && Next.empty())
        continue;
      Facts There = After;
      if (B.Cond && B.Cases.empty() && B.Succs.size() == 2)
        implied(F, B.Cond, I == 0, [&](ExprId Fact, bool Truth) {
          if (Asked.test(Fact))
            addFact(There, Fact, Truth);
        });
      if (!Reached.test(To)) {
        Next = std::move(There);
        Reached.set(To);
        Work.set(To);
        continue;
      }
      const size_t Old = Next.size();
      erase_if(Next,
               [&](const auto &Fact) { return !is_contained(There, Fact); });
      if (Next.size() != Old)
        Work.set(To);
    }
  }
  return In;
}

/// What the calls and returns of \p F pass on, and the parts of that.
static BitVector passedOn(const Function &F) {
  BitVector Passed(F.Exprs.size());
  SmallVector<ExprId, 16> Work;
  for (const Event &E : F.Events)
    if (E.Kind == EventKind::Call || E.Kind == EventKind::Return)
      append_range(Work, E.Args);
  while (!Work.empty()) {
    const ExprId Id = Work.pop_back_val();
    if (Passed.test(Id))
      continue;
    Passed.set(Id);
    operands(F.Exprs[Id], [&](ExprId O) { Work.push_back(O); });
  }
  return Passed;
}

/// What is asked by some branch of \p F and would tell something of what it
/// passes on.
static BitVector asked(const Function &F) {
  const BitVector Passed = passedOn(F);
  BitVector Asked(F.Exprs.size());
  for (const Block &B : F.Blocks)
    if (B.Cond && B.Cases.empty())
      for (bool Truth : {true, false})
        implied(F, B.Cond, Truth, [&](ExprId Id, bool) {
          const Expr &E = F.Exprs[Id];
          if (Passed.test(Id) ||
              (E.Kind == ExprKind::Binary && Passed.test(E.A)))
            Asked.set(Id);
        });
  return Asked;
}

PathFacts::Found &PathFacts::find(const Function &F) {
  if (Last.first == &F) // one function's calls are looked at in a row
    return *Last.second;
  std::unique_ptr<Found> &Here = Known[&F];
  if (!Here) {
    Here = std::make_unique<Found>();
    Here->Asked = Here->Telling = asked(F);
    Here->Any = Here->Asked.any();
    for (ExprId Id = 0; Here->Any && Id != F.Exprs.size(); ++Id)
      operands(F.Exprs[Id], [&](ExprId O) {
        if (Here->Telling.test(O)) // operands precede their users
          Here->Telling.set(Id);
      });
  }
  Last = {&F, Here.get()};
  return *Here;
}

Facts PathFacts::at(const Function &F, EventId At) {
  Found &Here = find(F);
  if (!Here.Any)
    return {};
  if (Here.Before.empty()) {
    Here.Before = beforeBlocks(F, Here.Asked);
    Here.BlockOf.resize(F.Events.size());
    for (BlockId Id = 0; Id != F.Blocks.size(); ++Id)
      for (EventId I = 0; I != F.Blocks[Id].NumEvents; ++I)
        Here.BlockOf[F.Blocks[Id].FirstEvent + I] = Id;
  }
  const BlockId Block = Here.BlockOf[At];
  Facts Now = Here.Before[Block];
  for (EventId Id = F.Blocks[Block].FirstEvent; Id < At && !Now.empty(); ++Id)
    forgetStored(F, F.Events[Id], Now);
  return Now;
}

Facts PathFacts::at(const Function &F, EventId At, ExprId Of) {
  if (F.Blocks.size() == 1 || !find(F).Telling.test(Of))
    return {};
  return at(F, At);
}

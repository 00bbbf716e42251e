//===- Flags.cpp - what has been said on the way --------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See Flags.h. What a function does to flags goes up to its callers, callees
// first. Recursion may go back and forth: each is looked at MaxVisits times.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Flags.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

using namespace llvm;
using namespace fencedep;

static constexpr unsigned MaxVisits = 8;

/// The field that \p Address is the address of.
static std::optional<SlotId> fieldAt(const Program &P, const Func &F,
                                     ExprId Address) {
  const Expr &E = F.Body->Exprs[Address];
  if (E.Kind != ExprKind::FieldAddr)
    return std::nullopt;
  return P.slot(F.Unit, E.A);
}

/// The field that the call \p E stores to, and what it stores there.
static std::optional<std::pair<SlotId, ExprId>>
stored(const Program &P, const Func &F, const Event &E) {
  const FunctionModel *M = P.calledModel(F, E);
  if (!M || !M->Stores || M->Stores->To >= E.Args.size() ||
      M->Stores->Value >= E.Args.size())
    return std::nullopt;
  auto Field = fieldAt(P, F, E.Args[M->Stores->To]);
  if (!Field)
    return std::nullopt;
  return std::make_pair(*Field, E.Args[M->Stores->Value]);
}

static bool isRaising(const Func &F, ExprId Value) {
  const Expr &E = F.Body->Exprs[Value];
  return E.Kind == ExprKind::Const && E.Value != 0;
}

FlagTable::FlagTable(const Program &P, const Reach &Calls) {
  find(P);
  if (Flags.empty())
    return;
  Tested = Calls.kinds([&](const Func &F) { return tests(P, F); });
  summarise(P);
}

FlagTable::Set FlagTable::in(SlotId Field) const {
  auto It = Flags.find(Field);
  return It == Flags.end() ? 0 : Set(1) << It->second;
}

FlagTable::Set FlagTable::lowered(FuncId F) const {
  auto It = Effects.find(F);
  return It == Effects.end() ? 0 : It->second.Lowers;
}

void FlagTable::find(const Program &P) {
  std::set<SlotId> Raised, Asked;
  DenseSet<SlotId> Counted;
  for (const FunctionModel &M : P.M.Functions)
    if (!M.Sets.Name.empty())
      if (SlotId S = P.findSlot(M.Sets.Record, M.Sets.Name); S != NoId) {
        Raised.insert(S);
        Asked.insert(S);
      }
  for (const Func &F : P.Funcs) {
    if (!F.Body)
      continue;
    for (const Event &E : F.Body->Events) {
      if (E.Kind != EventKind::Call)
        continue;
      const FunctionModel *M = P.calledModel(F, E);
      for (ExprId Arg : E.Args)
        if (auto Field = fieldAt(P, F, Arg)) {
          if (M && M->Loads)
            Asked.insert(*Field);
          else if (!M || !M->Stores)
            Counted.insert(*Field);
        }
      if (auto To = stored(P, F, E); To && isRaising(F, To->second))
        Raised.insert(To->first);
    }
  }
  for (SlotId S : Raised)
    if (Flags.size() < 64 && Asked.count(S) && !Counted.contains(S))
      Flags.try_emplace(S, Flags.size());
}

/// The flags that \p F tests itself.
FlagTable::Set FlagTable::tests(const Program &P, const Func &F) const {
  Set Found = 0;
  if (!F.Body)
    return Found;
  for (const Expr &E : F.Body->Exprs)
    if (E.Kind == ExprKind::FieldLoad)
      Found |= in(P.slot(F.Unit, E.A));
  for (const Event &E : F.Body->Events)
    if (const FunctionModel *M = P.calledModel(F, E);
        M && M->Loads && *M->Loads < E.Args.size())
      if (auto Field = fieldAt(P, F, E.Args[*M->Loads]))
        Found |= in(*Field);
  return Found;
}

/// What \p E does to flags.
FlagTable::Effect FlagTable::effectOf(const Program &P, const Func &F,
                                      const Event &E) const {
  Effect Found;
  auto Store = [&](ExprId Address, SlotId Field, ExprId Value) {
    Set Flag = in(Field);
    // What is put into a new object says nothing of the one at hand.
    if (Flag && !originOf(P, F, Address).Made)
      (isRaising(F, Value) ? Found.Raises : Found.Lowers) |= Flag;
  };
  if (E.Kind == EventKind::Store) {
    if (auto Field = fieldAt(P, F, E.Args[0]))
      Store(E.Args[0], *Field, E.Args[1]);
    return Found;
  }
  if (E.Kind != EventKind::Call)
    return Found;
  const FunctionModel *M = P.calledModel(F, E);
  if (M && M->Loads)
    return Found;
  if (auto To = stored(P, F, E)) {
    Store(E.Args[M->Stores->To], To->first, To->second);
    return Found;
  }
  if (FuncId Callee = P.callee(F, E); Callee != NoId)
    if (auto It = Effects.find(Callee); It != Effects.end())
      Found = It->second;
  if (M && !M->Sets.Name.empty())
    Found.Raises |= in(P.findSlot(M->Sets.Record, M->Sets.Name));
  return Found;
}

/// What \p F does as a whole if \p Entry are raised where it begins; by event,
/// what is raised there, if wanted. A flag that it has raised itself and lowers
/// again is not lowered for its caller.
FlagTable::Effect FlagTable::flow(const Program &P, const Func &F, Set Entry,
                                  std::vector<Set> *ByEvent) const {
  const auto &Blocks = F.Body->Blocks;
  std::vector<Set> In(Blocks.size(), ~Set(0)); // no way there is known yet
  In[0] = Entry;
  Effect Whole{~Set(0), 0};
  auto Through = [&](const Block &B, Set Now, bool Last) {
    for (EventId I = B.FirstEvent; I != B.FirstEvent + B.NumEvents; ++I) {
      Effect X = effectOf(P, F, F.Body->Events[I]);
      if (Last && ByEvent)
        (*ByEvent)[I] = Now;
      if (Last)
        Whole.Lowers |= X.Lowers & ~Now;
      Now = (Now & ~X.Lowers) | X.Raises;
    }
    return Now;
  };
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (BlockId Id = 0; Id != Blocks.size(); ++Id) {
      Set Out = Through(Blocks[Id], In[Id], false);
      for (BlockId S : Blocks[Id].Succs)
        if (In[S] & ~Out) {
          In[S] &= Out;
          Changed = true;
        }
    }
  }
  for (BlockId Id = 0; Id != Blocks.size(); ++Id) {
    Set Out = Through(Blocks[Id], In[Id], true);
    if (Blocks[Id].Succs.empty())
      Whole.Raises &= Out;
  }
  return Whole;
}

void FlagTable::summarise(const Program &P) {
  std::vector<FuncId> Work;
  DenseMap<FuncId, unsigned> Visits;
  for (FuncId Id = 0; Id != P.Funcs.size(); ++Id) {
    const Func &F = P.Funcs[Id];
    if (F.Body && !F.Model && any_of(F.Body->Events, [&](const Event &E) {
          Effect X = effectOf(P, F, E);
          return X.Raises | X.Lowers;
        }))
      Work.push_back(Id);
  }
  while (!Work.empty()) {
    FuncId Id = Work.back();
    Work.pop_back();
    if (++Visits[Id] > MaxVisits)
      continue;
    Effect Found = flow(P, P.Funcs[Id], 0, nullptr);
    Effect &Known = Effects[Id];
    if (Found.Raises == Known.Raises && Found.Lowers == Known.Lowers)
      continue;
    Known = Found;
    for (FuncId C : P.Callers[Id])
      if (!P.Funcs[C].Model)
        Work.push_back(C);
  }
}

std::vector<FlagTable::Set> FlagTable::at(const Program &P, FuncId Id,
                                          Set Entry) const {
  const Func &F = P.Funcs[Id];
  if (Flags.empty() || none_of(F.Body->Events, [&](const Event &E) {
        Effect X = effectOf(P, F, E);
        return X.Raises || (X.Lowers & Entry);
      }))
    return {};
  std::vector<Set> ByEvent(F.Body->Events.size());
  flow(P, F, Entry, &ByEvent);
  return ByEvent;
}

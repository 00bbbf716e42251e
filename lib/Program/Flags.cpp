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

using namespace llvm;
using namespace fencedep;

static constexpr unsigned MaxVisits = 8;

static bool isRaising(const Func &F, ExprId Value) {
  const Expr &E = F.Body->Exprs[Value];
  return E.Kind == ExprKind::Const && E.Value != 0;
}

namespace {
/// What a store makes of a flag.
enum class Becomes { Raised, Lowered, AsBefore };
} // namespace

/// The field that the call \p E stores to.
static std::optional<std::pair<SlotId, Becomes>>
stored(const Program &P, const Func &F, const Event &E) {
  const FunctionModel *M = P.calledModel(F, E);
  if (!M || !M->Stores || M->Stores->To >= E.Args.size())
    return std::nullopt;
  auto Field = P.fieldAt(F, E.Args[M->Stores->To]);
  if (!Field)
    return std::nullopt;
  auto Has = [&](std::optional<unsigned> Arg) {
    return Arg && *Arg < E.Args.size();
  };
  auto As = [&](bool Raises) {
    return std::make_pair(*Field, Raises ? Becomes::Raised : Becomes::Lowered);
  };
  if (!M->Stores->Value)
    return As(M->Stores->Constant != 0);
  if (!Has(M->Stores->Value))
    return std::nullopt;
  bool Raises = isRaising(F, E.Args[*M->Stores->Value]);
  // If it is not zero that is replaced by another number, it is not raised by
  // this; if it is, what is there already is not zero, either.
  if (Raises && Has(M->Stores->IfWas) &&
      !isZero(F.Body->Exprs[E.Args[*M->Stores->IfWas]]))
    return std::make_pair(*Field, Becomes::AsBefore);
  return As(Raises);
}

/// The argument that a call of \p M looks at.
static std::optional<unsigned> loadedArg(const FunctionModel &M) {
  return M.Loads ? M.Loads : M.LoadsNot;
}

/// The field that the call \p E loads from.
static std::optional<SlotId> loaded(const Program &P, const Func &F,
                                    const Event &E) {
  const FunctionModel *M = P.calledModel(F, E);
  std::optional<unsigned> Arg = M ? loadedArg(*M) : std::nullopt;
  if (!Arg || *Arg >= E.Args.size())
    return std::nullopt;
  return P.fieldAt(F, E.Args[*Arg]);
}

FlagTable::FlagTable(const Program &P, const Reach &Calls) {
  const std::set<SlotId> Locks = find(P);
  if (Flags.empty())
    return;
  // What a function tests itself, and whether it may do something to a flag.
  std::vector<FuncId> Touching;
  std::vector<Set> Tests(P.Funcs.size());
  for (FuncId Id = 0; Id != P.Funcs.size(); ++Id) {
    const Func &F = P.Funcs[Id];
    if (!F.Body)
      continue;
    bool Touches = false;
    for (const Expr &E : F.Body->Exprs)
      if (E.Kind == ExprKind::FieldLoad)
        Tests[Id] |= in(P.slot(F.Unit, E.A));
      else if (E.Kind == ExprKind::FieldAddr && !Touches)
        Touches = in(P.slot(F.Unit, E.A));
    if (!Touches)
      continue;
    Touching.push_back(Id);
    for (const Event &E : F.Body->Events)
      if (auto Field = loaded(P, F, E))
        Tests[Id] |= in(*Field);
  }
  dropCounters(P, Touching, Locks);
  for (SlotId S : Locks)
    OfLocks |= in(S);
  Set Left = 0;
  for (const auto &[Field, Number] : Flags)
    Left |= Set(1) << Number;
  for (Set &T : Tests)
    T &= Left;
  Tested = Calls.kinds(Tests);
  summarise(P, std::move(Touching));
}

FlagTable::Set FlagTable::in(SlotId Field) const {
  if (Field >= IsFlag.size() || !IsFlag.test(Field))
    return 0;
  return Set(1) << Flags.lookup(Field);
}

FlagTable::Set FlagTable::lowered(FuncId F) const {
  auto It = Effects.find(F);
  return It == Effects.end() ? 0 : It->second.Lowers;
}

/// Finds the flags, and returns those that are locks.
std::set<SlotId> FlagTable::find(const Program &P) {
  std::set<SlotId> Raised, Asked, Locks;
  for (FuncId Id = 0; Id != P.Funcs.size(); ++Id) {
    const FunctionModel *M = P.Funcs[Id].Model;
    if (M && !M->Sets.Name.empty())
      if (SlotId S = P.findSlot(M->Sets.Record, M->Sets.Name); S != NoId) {
        Raised.insert(S);
        Asked.insert(S);
      }
    if (M && M->Stores)
      P.eachCall(Id, [&](FuncId C, const Event &E) {
        if (auto To = stored(P, P.Funcs[C], E);
            To && To->second == Becomes::Raised) {
          Raised.insert(To->first);
          if (M->locks())
            Locks.insert(To->first);
        }
      });
    if (M && loadedArg(*M))
      P.eachCall(Id, [&](FuncId C, const Event &E) {
        if (auto Field = loaded(P, P.Funcs[C], E))
          Asked.insert(*Field);
      });
  }
  IsFlag.resize(P.Slots.size());
  for (SlotId S : Raised)
    if (Flags.size() < 64 && Asked.count(S)) {
      Flags.try_emplace(S, Flags.size());
      IsFlag.set(S);
    }
  return Locks;
}

/// What is counted up and down is no flag. Who else is given a lock only looks
/// at it.
void FlagTable::dropCounters(const Program &P, ArrayRef<FuncId> Touching,
                             const std::set<SlotId> &Locks) {
  for (FuncId Id : Touching) {
    const Func &F = P.Funcs[Id];
    for (const Event &E : F.Body->Events) {
      const FunctionModel *M = P.calledModel(F, E);
      if (E.Kind != EventKind::Call || (M && (loadedArg(*M) || M->Stores)))
        continue;
      for (ExprId Arg : E.Args)
        if (auto Field = P.fieldAt(F, Arg);
            Field && in(*Field) && !Locks.count(*Field)) {
          Flags.erase(*Field);
          IsFlag.reset(*Field);
        }
    }
  }
}

/// What \p E does to flags.
FlagTable::Effect FlagTable::effectOf(const Program &P, const Func &F,
                                      const Event &E) const {
  Effect Found;
  auto Store = [&](ExprId Address, SlotId Field, bool Raises) {
    Set Flag = in(Field);
    // What is put into a new object says nothing of the one at hand.
    if (Flag && !originOf(P, F, Address).Made)
      (Raises ? Found.Raises : Found.Lowers) |= Flag;
  };
  if (E.Kind == EventKind::Store) {
    if (auto Field = P.fieldAt(F, E.Args[0]))
      Store(E.Args[0], *Field, isRaising(F, E.Args[1]));
    return Found;
  }
  if (E.Kind != EventKind::Call)
    return Found;
  const FunctionModel *M = P.calledModel(F, E);
  if (M && loadedArg(*M))
    return Found;
  if (auto To = stored(P, F, E)) {
    if (To->second != Becomes::AsBefore)
      Store(E.Args[M->Stores->To], To->first, To->second == Becomes::Raised);
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

void FlagTable::summarise(const Program &P, std::vector<FuncId> Work) {
  for (FuncId Id = 0; Id != P.Funcs.size(); ++Id)
    if (const FunctionModel *M = P.Funcs[Id].Model; M && !M->Sets.Name.empty())
      append_range(Work, P.Callers[Id]);
  DenseMap<FuncId, unsigned> Visits;
  Acting.resize(P.Funcs.size());
  while (!Work.empty()) {
    FuncId Id = Work.back();
    Work.pop_back();
    if (P.Funcs[Id].Model || ++Visits[Id] > MaxVisits)
      continue;
    Acting.set(Id);
    Effect Found = flow(P, P.Funcs[Id], 0, nullptr);
    Effect &Known = Effects[Id];
    if (Found.Raises == Known.Raises && Found.Lowers == Known.Lowers)
      continue;
    Known = Found;
    append_range(Work, P.Callers[Id]);
  }
}

std::vector<FlagTable::Set> FlagTable::at(const Program &P, FuncId Id,
                                          Set Entry) const {
  if (Flags.empty() || !Acting.test(Id))
    return {};
  const Func &F = P.Funcs[Id];
  std::vector<Set> ByEvent(F.Body->Events.size());
  flow(P, F, Entry, &ByEvent);
  return ByEvent;
}

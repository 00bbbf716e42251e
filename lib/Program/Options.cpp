//===- Options.cpp - what a caller says in a structure --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function with many parameters gets them in a structure on its caller's
// stack:
//
//     struct op_ctx ctx = { .no_wait = true };    void validate(ctx) {
//     validate(&ctx);                               if (ctx->no_wait) ..
//
// A field is an *option* if it is only ever written where the structure is the
// writer's own local. Whoever is given the address of one can but read it, so
// what has been stored on all ways to the call is what he finds.
//
// Forwards over the blocks of each function that stores options: which stores
// reach. The sets only grow.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Value.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

using namespace llvm;
using namespace fencedep;

/// Stores in one function, and steps from one to what it changes.
static constexpr unsigned MaxStores = 63, MaxChanges = 8;

using Variable = std::pair<uint32_t, SlotId>; ///< local and field

/// Is \p Pointer the address of that local?
static bool pointsTo(const Func &F, ExprId Pointer, uint32_t Local) {
  const Expr &E = F.Body->Exprs[Pointer];
  return E.Kind == ExprKind::RefTo && E.B == Local;
}

/// The option that the store \p E changes, as in `x.flags |= FLAG`.
static std::optional<Variable> changed(const Program &P, const Func &F,
                                       const Event &E) {
  const auto &Exprs = F.Body->Exprs;
  const Expr &Value = Exprs[E.Args[1]];
  if (Value.Kind != ExprKind::Binary)
    return std::nullopt;
  const Expr &Old = Exprs[Value.A];
  if (Old.Kind != ExprKind::FieldLoad || Exprs[Old.B].Kind != ExprKind::RefTo)
    return std::nullopt;
  return Variable{Exprs[Old.B].B, P.slot(F.Unit, Old.A)};
}

namespace {

class OptionFinder {
public:
  explicit OptionFinder(Program &P) : P(P) {}

  void run() {
    findFields();
    for (FuncId Id = 0; Id != P.Funcs.size(); ++Id)
      if (P.Funcs[Id].Body)
        look(Id);
  }

private:
  void findFields() {
    BitVector Elsewhere(P.Slots.size());
    P.OptionFields.resize(P.Slots.size());
    for (const Func &F : P.Funcs) {
      if (!F.Body)
        continue;
      const auto &Exprs = F.Body->Exprs;
      for (const Event &E : F.Body->Events) {
        if (E.Kind == EventKind::Store) {
          auto Field = P.fieldAt(F, E.Args[0]);
          if (!Field)
            continue;
          bool Own = Exprs[Exprs[E.Args[0]].B].Kind == ExprKind::RefTo;
          (Own ? P.OptionFields : Elsewhere).set(*Field);
        } else if (E.Kind == EventKind::Call) {
          for (ExprId A : E.Args)
            if (auto Field = P.fieldAt(F, A))
              Elsewhere.set(*Field);
        }
      }
    }
    P.OptionFields.reset(Elsewhere);
  }

  static constexpr uint64_t Unwritten = 1; ///< else: bit of the store + 1

  void look(FuncId Id) {
    const Func &F = P.Funcs[Id];
    const auto &Exprs = F.Body->Exprs;
    const auto &Events = F.Body->Events;
    SmallVector<EventId, 8> Stores;
    std::map<Variable, unsigned> Variables;
    std::map<EventId, unsigned> Writes; // the number of the variable
    for (EventId I = 0; I != Events.size(); ++I) {
      if (Events[I].Kind != EventKind::Store)
        continue;
      auto Field = P.fieldAt(F, Events[I].Args[0]);
      if (!Field || !P.OptionFields.test(*Field))
        continue;
      const Expr &Base = Exprs[Exprs[Events[I].Args[0]].B];
      if (Base.Kind != ExprKind::RefTo)
        continue;
      Stores.push_back(I);
      Writes[I] = Variables.try_emplace({Base.B, *Field}, Variables.size())
                      .first->second;
    }
    if (Stores.empty() || Stores.size() > MaxStores)
      return;
    using State = SmallVector<uint64_t, 8>; // by variable: what reaches
    const auto &Blocks = F.Body->Blocks;
    std::vector<State> In(Blocks.size(), State(Variables.size(), 0));
    In[0].assign(Variables.size(), Unwritten);
    auto Through = [&](const Block &B, State Now, bool Last) {
      for (EventId I = B.FirstEvent; I != B.FirstEvent + B.NumEvents; ++I) {
        const Event &E = Events[I];
        if (Last)
          record(Id, I, Variables, Stores, Now);
        if (auto W = Writes.find(I); W != Writes.end()) {
          unsigned Bit = find(Stores, I) - Stores.begin() + 1;
          Now[W->second] = uint64_t(1) << Bit;
        }
        FuncId Callee = P.callee(F, E);
        if (Callee == NoId || P.Funcs[Callee].Body)
          continue;
        for (ExprId A : E.Args) // memset(), or code that is not in scope
          for (const auto &[V, Number] : Variables)
            if (pointsTo(F, A, V.first))
              Now[Number] = Unwritten;
      }
      return Now;
    };
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (BlockId B = 0; B != Blocks.size(); ++B) {
        State Out = Through(Blocks[B], In[B], false);
        for (BlockId S : Blocks[B].Succs)
          for (size_t V = 0; V != Out.size(); ++V)
            if (Out[V] & ~In[S][V]) {
              In[S][V] |= Out[V];
              Changed = true;
            }
      }
    }
    for (BlockId B = 0; B != Blocks.size(); ++B)
      Through(Blocks[B], In[B], true);
  }

  /// What reaches the call or store \p I.
  void record(FuncId Id, EventId I, const std::map<Variable, unsigned> &Vars,
              ArrayRef<EventId> Stores, ArrayRef<uint64_t> Now) {
    const Func &F = P.Funcs[Id];
    const Event &E = F.Body->Events[I];
    if (E.Kind != EventKind::Call && E.Kind != EventKind::Store)
      return;
    for (const auto &Var : Vars) {
      const Variable &V = Var.first;
      uint64_t Reaching = Now[Var.second];
      if (!Reaching || Reaching & Unwritten)
        continue;
      bool Concerned = E.Kind == EventKind::Store
                           ? changed(P, F, E) == V
                           : any_of(E.Args, [&](ExprId A) {
                               return pointsTo(F, A, V.first);
                             });
      if (!Concerned)
        continue;
      Program::Option O{V.first, V.second, {}};
      for (unsigned S = 0; S != Stores.size(); ++S)
        if (Reaching >> (S + 1) & 1)
          O.Stores.push_back(Stores[S]);
      P.Options[{Id, I}].push_back(std::move(O));
    }
  }

  Program &P;
};

} // namespace

void Program::eachOption(const Func &F, const Event &At, ExprId Pointer,
                         function_ref<void(const Option &)> Each) const {
  const Expr &Local = F.Body->Exprs[Pointer];
  if (Local.Kind != ExprKind::RefTo)
    return;
  auto It = Options.find(
      {FuncId(&F - Funcs.data()), EventId(&At - F.Body->Events.data())});
  if (It != Options.end())
    for (const Option &O : It->second)
      if (O.Local == Local.B)
        Each(O);
}

ValueId Evaluator::stored(const Func &F, EventId Store, ContextId C,
                          unsigned Changes) {
  const Event &E = F.Body->Events[Store];
  auto Changed = changed(P, F, E);
  if (!Changed)
    return value(F, E.Args[1], C);
  const Expr &By = F.Body->Exprs[E.Args[1]];
  ValueId Old = Top;
  if (Changes != MaxChanges)
    P.eachOption(F, E, F.Body->Exprs[By.A].B, [&](const Program::Option &O) {
      if (O.Field == Changed->second)
        Old = storedBy(F, O, C, Changes + 1);
    });
  return binary(By.Oper, Old, value(F, By.B, C));
}

ValueId Evaluator::storedBy(const Func &F, const Program::Option &O,
                            ContextId C, unsigned Changes) {
  SmallVector<ValueId, 4> Vs;
  for (EventId S : O.Stores)
    Vs.push_back(stored(F, S, C, Changes));
  return either(Vs);
}

ValueId Evaluator::optionsFor(const Func &F, const Event &Call, ExprId Arg,
                              ContextId C) {
  Value Object;
  Object.K = Value::Options;
  P.eachOption(F, Call, Arg, [&](const Program::Option &O) {
    if (ValueId V = storedBy(F, O, C, 0); V != Top) {
      Object.List.push_back(O.Field);
      Object.List.push_back(V);
    }
  });
  return Object.List.empty() ? value(F, Arg, C) : intern(Object);
}

void fencedep::findOptions(Program &P) { OptionFinder(P).run(); }

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
// what has been stored on all ways to the call is what he finds: by itself, or
// with the whole structure, which is filled with zeros or from another local.
//
// Forwards over the blocks of each function that writes options: which stores
// reach. The sets only grow.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Value.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include <map>

using namespace llvm;
using namespace fencedep;

/// Stores in one function, the fields of locals there that have options, and
/// steps from a store to what it changes.
static constexpr unsigned MaxStores = 62, MaxVariables = 256, MaxChanges = 8;

using Variable = std::pair<uint32_t, SlotId>; ///< local and field

/// The local that \p Pointer is the address of.
static std::optional<uint32_t> localAt(const Func &F, ExprId Pointer) {
  const Expr &E = F.Body->Exprs[Pointer];
  return E.Kind == ExprKind::RefTo ? std::optional(E.B) : std::nullopt;
}

/// Is \p Address a local, or a part of one? Whoever writes there writes to no
/// other object.
static bool isInLocal(const Program &P, const Func &F, ExprId Address) {
  return localAt(F, P.pathOf(F, Address).Base).has_value();
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
    StringSet<> Copied; // to who knows where
    for (const Func &F : P.Funcs) {
      if (!F.Body)
        continue;
      const auto &Exprs = F.Body->Exprs;
      for (const Event &E : F.Body->Events) {
        if (E.Kind == EventKind::Store) {
          auto Field = P.fieldAt(F, E.Args[0]);
          if (!Field)
            continue;
          if (localAt(F, Exprs[E.Args[0]].B))
            P.OptionFields.set(*Field);
          else if (!isInLocal(P, F, E.Args[0]))
            Elsewhere.set(*Field);
        } else if (E.Kind == EventKind::Copy) {
          if (!isInLocal(P, F, E.Args[0]))
            Copied.insert(P.str(F, E.Record));
        } else if (E.Kind == EventKind::Call) {
          for (ExprId A : E.Args)
            if (auto Field = P.fieldAt(F, A))
              Elsewhere.set(*Field);
        }
      }
    }
    P.OptionFields.reset(Elsewhere);
    for (SlotId S : P.OptionFields.set_bits()) {
      if (Copied.contains(P.Slots[S].first))
        P.OptionFields.reset(S);
      else
        FieldsOf[P.Slots[S].first].push_back(S);
    }
  }

  /// One function, while it is looked at.
  struct Writes {
    SmallVector<EventId, 8> Stores;
    std::map<Variable, unsigned> Variables; ///< numbered

    void add(uint32_t Local, SlotId Field) {
      Variables.try_emplace({Local, Field}, Variables.size());
    }
  };
  /// By variable, what may be in it: bits for the stores, and for these.
  using State = SmallVector<uint64_t, 8>;
  static constexpr uint64_t Unwritten = 1, Zero = 2;
  static constexpr unsigned FirstStore = 2;

  ArrayRef<SlotId> fieldsOf(const Func &F, const Event &Copy) const {
    auto It = FieldsOf.find(P.str(F, Copy.Record));
    return It == FieldsOf.end() ? ArrayRef<SlotId>() : It->second;
  }

  Writes writesIn(const Func &F) const {
    const auto &Events = F.Body->Events;
    Writes W;
    for (EventId I = 0; I != Events.size(); ++I) {
      const Event &E = Events[I];
      if (E.Kind == EventKind::Store) {
        auto Field = P.fieldAt(F, E.Args[0]);
        if (!Field || !P.OptionFields.test(*Field))
          continue;
        auto Local = localAt(F, F.Body->Exprs[E.Args[0]].B);
        if (!Local)
          continue; // a part of one
        W.Stores.push_back(I);
        W.add(*Local, *Field);
      } else if (E.Kind == EventKind::Copy) {
        for (ExprId A : E.Args)
          if (auto Local = localAt(F, A))
            for (SlotId Field : fieldsOf(F, E))
              W.add(*Local, Field);
      }
    }
    return W;
  }

  void look(FuncId Id) {
    const Func &F = P.Funcs[Id];
    const Writes W = writesIn(F);
    const size_t N = W.Variables.size();
    if (!N || N > MaxVariables || W.Stores.size() > MaxStores)
      return;
    const auto &Blocks = F.Body->Blocks;
    std::vector<State> In(Blocks.size(), State(N, 0));
    In[0].assign(N, Unwritten);
    auto Through = [&](const Block &B, State Now, bool Last) {
      for (EventId I = B.FirstEvent; I != B.FirstEvent + B.NumEvents; ++I) {
        if (Last)
          record(Id, I, W, Now);
        step(F, I, W, Now);
      }
      return Now;
    };
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (BlockId B = 0; B != Blocks.size(); ++B) {
        State Out = Through(Blocks[B], In[B], false);
        for (BlockId S : Blocks[B].Succs)
          for (size_t V = 0; V != N; ++V)
            if (Out[V] & ~In[S][V]) {
              In[S][V] |= Out[V];
              Changed = true;
            }
      }
    }
    for (BlockId B = 0; B != Blocks.size(); ++B)
      Through(Blocks[B], In[B], true);
  }

  void step(const Func &F, EventId I, const Writes &W, State &Now) const {
    const Event &E = F.Body->Events[I];
    if (E.Kind == EventKind::Store) {
      const auto *At = llvm::lower_bound(W.Stores, I);
      if (At == W.Stores.end() || *At != I)
        return;
      const Expr &To = F.Body->Exprs[E.Args[0]];
      unsigned V = W.Variables.at({*localAt(F, To.B), P.slot(F.Unit, To.A)});
      Now[V] = uint64_t(1) << (At - W.Stores.begin() + FirstStore);
    } else if (E.Kind == EventKind::Copy) {
      auto To = localAt(F, E.Args[0]), From = localAt(F, E.Args[1]);
      if (!To)
        return;
      const uint64_t Other =
          isZero(F.Body->Exprs[E.Args[1]]) ? Zero : Unwritten;
      for (SlotId Field : fieldsOf(F, E))
        Now[W.Variables.at({*To, Field})] =
            From ? Now[W.Variables.at({*From, Field})] : Other;
    } else if (E.Kind == EventKind::Call) {
      FuncId Callee = P.callee(F, E);
      if (Callee == NoId || P.Funcs[Callee].Body)
        return;
      for (ExprId A : E.Args) // memset(), or code that is not in scope
        if (auto Local = localAt(F, A))
          for (const auto &[V, Number] : W.Variables)
            if (V.first == *Local)
              Now[Number] = Unwritten;
    }
  }

  /// What reaches the call or store \p I.
  void record(FuncId Id, EventId I, const Writes &W, const State &Now) {
    const Func &F = P.Funcs[Id];
    const Event &E = F.Body->Events[I];
    if (E.Kind != EventKind::Call && E.Kind != EventKind::Store)
      return;
    for (const auto &Var : W.Variables) {
      const Variable &V = Var.first;
      uint64_t Reaching = Now[Var.second];
      if (!Reaching || Reaching & Unwritten)
        continue;
      bool Concerned = E.Kind == EventKind::Store
                           ? changed(P, F, E) == V
                           : any_of(E.Args, [&](ExprId A) {
                               return localAt(F, A) == V.first;
                             });
      if (!Concerned)
        continue;
      Program::Option O{V.first, V.second, bool(Reaching & Zero), {}};
      for (unsigned S = 0; S != W.Stores.size(); ++S)
        if (Reaching >> (S + FirstStore) & 1)
          O.Stores.push_back(W.Stores[S]);
      P.Options[{Id, I}].push_back(std::move(O));
    }
  }

  Program &P;
  StringMap<SmallVector<SlotId, 8>> FieldsOf; ///< by record: its options
};

} // namespace

void Program::eachOption(const Func &F, const Event &At, ExprId Pointer,
                         function_ref<void(const Option &)> Each) const {
  auto Local = localAt(F, Pointer);
  if (!Local)
    return;
  auto It = Options.find(
      {FuncId(&F - Funcs.data()), EventId(&At - F.Body->Events.data())});
  if (It != Options.end())
    for (const Option &O : It->second)
      if (O.Local == *Local)
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
  if (O.MayBeZero)
    Vs.push_back(constant(0));
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

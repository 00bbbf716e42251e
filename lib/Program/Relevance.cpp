//===- Relevance.cpp - which parameters matter ----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A caller's constants are worth a separate look at the callee only if
// something depends on them: a branch, an allocation mask, a called pointer, a
// returned value, or the same in a function that gets them passed on.
// Everything else is dropped from the context, so that most functions are
// looked at once.
//
// Backwards over the call graph, callees first, again for the callers of what
// has changed; bits are only ever set.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Program.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

namespace {

class Relevance {
public:
  explicit Relevance(Program &P) : P(P) {}

  void run() {
    findOrder();
    BitVector Work(P.Funcs.size(), true); // by place in Order
    while (Work.any())
      for (int At = Work.find_first(); At != -1; At = Work.find_next(At)) {
        Work.reset(At);
        FuncId F = Order[At];
        if (P.Funcs[F].Body && visit(P.Funcs[F]))
          for (FuncId C : P.Callers[F])
            Work.set(PlaceOf[C]);
      }
  }

private:
  /// Callees before their callers, but for recursion: the reverse postorder of
  /// the graph of callers.
  void findOrder() {
    std::vector<bool> Seen(P.Funcs.size());
    std::vector<std::pair<FuncId, size_t>> Stack; // and the next caller to see
    auto Enter = [&](FuncId F) {
      if (Seen[F])
        return;
      Seen[F] = true;
      Stack.push_back({F, 0});
    };
    for (FuncId Start = 0, N = P.Funcs.size(); Start != N; ++Start) {
      Enter(Start);
      while (!Stack.empty()) {
        auto &[F, Next] = Stack.back();
        if (Next != P.Callers[F].size()) {
          Enter(P.Callers[F][Next++]);
          continue;
        }
        Order.push_back(F);
        Stack.pop_back();
      }
    }
    std::reverse(Order.begin(), Order.end());
    PlaceOf.resize(Order.size());
    for (size_t I = 0; I != Order.size(); ++I)
      PlaceOf[Order[I]] = I;
  }

  /// Can an operation be evaluated with only one of its operands known?
  static bool oneDecides(Op O) {
    return O == Op::And || O == Op::Or || O == Op::LAnd || O == Op::LOr;
  }

  /// The parameters that each expression of \p F depends on, as far as knowing
  /// them can tell its value: `reg < dev->size` is never known, whatever `reg`
  /// is. Operands precede their users, call results depend on the call's
  /// arguments.
  void dependences(const Func &F) {
    const auto &Exprs = F.Body->Exprs;
    Deps.assign(Exprs.size(), 0);
    Hopeless.assign(Exprs.size(), false);
    for (size_t I = 0; I != Exprs.size(); ++I) {
      const Expr &E = Exprs[I];
      switch (E.Kind) {
      case ExprKind::Unknown:
      case ExprKind::Opaque:
      case ExprKind::OutArg:
      case ExprKind::ElemLoad:
      case ExprKind::GlobalLoad:
        Hopeless[I] = true;
        break;
      case ExprKind::Param:
        Deps[I] = paramBit(E.A);
        break;
      case ExprKind::FieldLoad:
        if (SlotId Field = P.slot(F.Unit, E.A); P.OptionFields.test(Field))
          Deps[I] = Deps[E.B];
        else
          // What kind of object it is, the caller may ask for.
          Hopeless[I] =
              !P.OnlyValues.count(Field) && !P.KindFields.contains(Field);
        break;
      case ExprKind::FieldAddr:
        Deps[I] = Deps[E.B];
        break;
      case ExprKind::ElemAddr:
      case ExprKind::RefTo:
        Deps[I] = Deps[E.A];
        break;
      case ExprKind::Deref:
      case ExprKind::Unary:
        Deps[I] = Deps[E.A];
        Hopeless[I] = Hopeless[E.A];
        break;
      case ExprKind::Binary:
        Hopeless[I] = oneDecides(E.Oper) ? Hopeless[E.A] && Hopeless[E.B]
                                         : Hopeless[E.A] || Hopeless[E.B];
        if (!Hopeless[I])
          Deps[I] = Deps[E.A] | Deps[E.B];
        break;
      case ExprKind::Select:
        Deps[I] = Deps[E.A] | Deps[E.B] | Deps[E.C];
        break;
      case ExprKind::Phi:
        for (ExprId O : E.Operands)
          Deps[I] |= Deps[O];
        break;
      case ExprKind::Call:
        // Arguments of the call come before its result in the table or do not
        // mention parameters through it.
        for (ExprId A : F.Body->Events[E.A].Args)
          if (A < I)
            Deps[I] |= Deps[A];
        break;
      default:
        break;
      }
    }
  }

  bool dependsOnPlace(const Func &F, const Expr &Table) const {
    auto It = P.Tables.find(P.slot(F.Unit, Table.A));
    return It != P.Tables.end() && any_of(It->second, [](const TableTarget &T) {
             return !T.Around.empty();
           });
  }

  /// Is it a parameter, or container_of() one?
  static bool isParamOrAround(const Function &Body, ExprId Id) {
    const Expr &E = Body.Exprs[Id];
    return E.Kind == ExprKind::Param ||
           (E.Kind == ExprKind::Binary && E.Oper == Op::Sub &&
            isParamOrAround(Body, E.A));
  }

  /// True if something new was found.
  bool visit(Func &F) {
    uint64_t Values = F.RelevantValues, Places = F.RelevantPlaces;
    dependences(F);
    for (const Block &B : F.Body->Blocks)
      Values |= Deps[B.Cond];
    for (const Event &E : F.Body->Events) {
      if (E.Kind == EventKind::Return && !E.Args.empty())
        Values |= Deps[E.Args[0]];
      if (E.Kind != EventKind::Call)
        continue;
      const Expr &Callee = F.Body->Exprs[E.Callee];
      if (Callee.Kind == ExprKind::FuncAddr) {
        call(F, E, P.func(F, Callee.A), Values, Places);
        continue;
      }
      Values |= Deps[E.Callee];
      // `ops->run()` with the table passed in, or something in it: which one
      // it is decides.
      if (Callee.Kind == ExprKind::FieldLoad) {
        if (isParamOrAround(*F.Body, Callee.B))
          Places |= Deps[Callee.B];
        // `x->ops->run()`: which table it is may depend on what x is part of.
        const Expr &Table = F.Body->Exprs[Callee.B];
        if (Table.Kind == ExprKind::FieldLoad &&
            isParamOrAround(*F.Body, Table.B) && dependsOnPlace(F, Table))
          Places |= Deps[Table.B];
        for (const SlotTarget &T : P.SlotTargets[P.slot(F.Unit, Callee.A)])
          if (P.related(F.Module, T.Module))
            call(F, E, T.Target, Values, Places);
      }
    }
    bool Grew = Values != F.RelevantValues || Places != F.RelevantPlaces;
    F.RelevantValues = Values;
    F.RelevantPlaces = Places;
    return Grew;
  }

  void call(const Func &F, const Event &E, FuncId Callee, uint64_t &Values,
            uint64_t &Places) {
    const Func &G = P.Funcs[Callee];
    auto Add = [&](uint64_t &Set, unsigned Arg) {
      if (Arg < E.Args.size())
        Set |= Deps[E.Args[Arg]];
    };
    if (G.Model) {
      if (G.Model->GfpArg)
        Add(Values, *G.Model->GfpArg);
      for (const Condition &C : G.Model->When)
        Add(Values, C.Arg);
      for (unsigned Arg : G.Model->Calls) {
        Add(Values, Arg);
        // `kref_put(.., obj->release)`: which object it is decides.
        if (Arg < E.Args.size())
          if (const Expr &Pointer = F.Body->Exprs[E.Args[Arg]];
              Pointer.Kind == ExprKind::FieldLoad)
            Places |= Deps[Pointer.B];
      }
      for (const FunctionModel::SyncRun &R : G.Model->Runs)
        Add(Places, R.Arg);
      if (G.Model->AcquiresArg)
        Add(Places, *G.Model->AcquiresArg);
      if (!G.Model->Enter)
        return;
    }
    if (!G.Body) {
      for (const Symbol::TypedParam &T : G.Decl->TypedParams)
        Add(Values, T.Index);
      return;
    }
    for (unsigned I = 0; I != E.Args.size(); ++I) {
      if (G.RelevantValues & paramBit(I)) {
        Add(Values, I);
        P.eachOption(F, E, E.Args[I], [&](const Program::Option &O) {
          for (EventId S : O.Stores)
            Values |= Deps[F.Body->Events[S].Args[1]];
        });
      }
      if (G.RelevantPlaces & paramBit(I))
        Add(Places, I);
    }
  }

  Program &P;
  std::vector<FuncId> Order;
  std::vector<size_t> PlaceOf; ///< by function: where it is in Order
  std::vector<uint64_t> Deps;
  std::vector<bool> Hopeless; ///< values that no caller's constant can tell
};

} // namespace

void fencedep::findRelevantParams(Program &P) { Relevance(P).run(); }

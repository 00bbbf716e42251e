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
// Backwards over the call graph with a worklist; bits are only ever set.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Program.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

static uint64_t bit(uint32_t Param) {
  return uint64_t(1) << std::min<uint32_t>(Param, 63);
}

namespace {

class Relevance {
public:
  explicit Relevance(Program &P) : P(P) {}

  void run() {
    Queued.resize(P.Funcs.size());
    for (FuncId F = 0, N = P.Funcs.size(); F != N; ++F)
      push(F);
    while (!Work.empty()) {
      FuncId F = Work.pop_back_val();
      Queued[F] = false;
      if (P.Funcs[F].Body && visit(P.Funcs[F]))
        for (FuncId C : P.Callers[F])
          push(C);
    }
  }

private:
  void push(FuncId F) {
    if (!Queued[F])
      Work.push_back(F);
    Queued[F] = true;
  }

  /// The parameters that each expression of \p F depends on. Operands precede
  /// their users, call results depend on the call's arguments.
  void dependences(const Func &F) {
    const auto &Exprs = F.Body->Exprs;
    Deps.assign(Exprs.size(), 0);
    for (size_t I = 0; I != Exprs.size(); ++I) {
      const Expr &E = Exprs[I];
      switch (E.Kind) {
      case ExprKind::Param:
        Deps[I] = bit(E.A);
        break;
      case ExprKind::FieldAddr:
      case ExprKind::FieldLoad:
        Deps[I] = Deps[E.B];
        break;
      case ExprKind::ElemAddr:
      case ExprKind::ElemLoad:
      case ExprKind::Deref:
      case ExprKind::RefTo:
      case ExprKind::Unary:
        Deps[I] = Deps[E.A];
        break;
      case ExprKind::Binary:
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
        call(E, P.func(F, Callee.A), Values, Places);
        continue;
      }
      Values |= Deps[E.Callee];
      // `ops->run()` with the table passed in: which one it is decides.
      if (Callee.Kind == ExprKind::FieldLoad &&
          F.Body->Exprs[Callee.B].Kind == ExprKind::Param)
        Places |= Deps[Callee.B];
      if (Callee.Kind == ExprKind::FieldLoad)
        for (const SlotTarget &T : P.SlotTargets[P.slot(F.Unit, Callee.A)])
          if (P.related(F.Module, T.Module))
            call(E, T.Target, Values, Places);
    }
    bool Grew = Values != F.RelevantValues || Places != F.RelevantPlaces;
    F.RelevantValues = Values;
    F.RelevantPlaces = Places;
    return Grew;
  }

  void call(const Event &E, FuncId Callee, uint64_t &Values, uint64_t &Places) {
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
      for (unsigned Arg : G.Model->Calls)
        Add(Values, Arg);
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
      if (G.RelevantValues & bit(I))
        Add(Values, I);
      if (G.RelevantPlaces & bit(I))
        Add(Places, I);
    }
  }

  Program &P;
  SmallVector<FuncId, 0> Work;
  std::vector<bool> Queued;
  std::vector<uint64_t> Deps;
};

} // namespace

void fencedep::findRelevantParams(Program &P) { Relevance(P).run(); }

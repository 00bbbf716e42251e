//===- Locks.cpp - which locks are held where -----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The flow with locks as regions, once per function that has any, with nothing
// known of its parameters. A lock that a parameter points to is its callers'
// business: the helper's outcome names the parameter, and the caller's flow has
// a region that the helper's call opens. If the helper releases it as well, the
// region is in the helper, once for each class that somebody passes.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Locks.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

static constexpr unsigned MaxHelpers = 3; ///< that pass one lock on

/// The class of the lock at \p V.
static std::optional<LockClass> classAt(const Program &P, const Value &V) {
  if (V.K == Value::Global)
    return LockClass{Keeper::Global, V.A};
  if (V.K != Value::Place || V.A)
    return std::nullopt;
  LockClass Lock{Keeper::Field, V.List.back()};
  if (V.List.size() > 1)
    if (SlotId Outer = V.List[V.List.size() - 2];
        P.Slots[Outer].first == P.Slots[Lock.A].first)
      Lock.Around = Outer; // as RegionFlow does
  return lockClassOf(P, Lock);
}

/// Adds the classes of the locks that callers of \p F pass as \p Param.
static void addPassed(const Program &P, Evaluator &Eval, FuncId F,
                      uint32_t Param, unsigned Depth,
                      std::set<LockClass> &Classes) {
  P.eachCall(F, [&](FuncId C, const Event &E) {
    if (Param >= E.Args.size())
      return;
    const Func &Caller = P.Funcs[C];
    const Expr &Arg = Caller.Body->Exprs[E.Args[Param]];
    if (Arg.Kind == ExprKind::Param && Depth < MaxHelpers)
      addPassed(P, Eval, C, Arg.A, Depth + 1, Classes);
    else if (auto Class = classAt(
                 P, Eval[Eval.value(Caller, E.Args[Param], EmptyContext)]))
      Classes.insert(*Class);
  });
}

/// Does \p F return with its caller's lock \p K held?
static bool leavesHeld(const RegionTable &Regions, FuncId F, Keeper K) {
  const std::set<Outcome> *Outcomes = Regions.outcomes(F);
  return Outcomes && any_of(*Outcomes, [&](const Outcome &O) {
           return any_of(O.Opens, [&](const Outcome::Opened &X) {
             return X.R == Region::Lock && X.Kept.count(K);
           });
         });
}

LockTable::LockTable(const Program &P, unsigned Jobs)
    : P(P), Regions(P, Tracked{.Locks = true}, Jobs) {
  Evaluator Eval(P);
  for (FuncId F : Regions.withRegions())
    for (const auto &[Opener, Lock] : Regions.locks(F)) {
      std::set<LockClass> Classes;
      if (isLockClass(Lock))
        Classes.insert(Lock);
      else if (Lock.K == Keeper::Pointee && !leavesHeld(Regions, F, Lock))
        addPassed(P, Eval, F, Lock.A, 1, Classes);
      for (const LockClass &Class : Classes) {
        ByClass[Class].push_back({F, Opener, Class});
        ByFunction[F].push_back({F, Opener, Class});
      }
    }
}

ArrayRef<HeldRegion> LockTable::heldRegions(LockClass C) const {
  auto It = ByClass.find(C);
  if (It == ByClass.end())
    return {};
  return It->second;
}

ArrayRef<HeldRegion> LockTable::heldIn(FuncId F) const {
  auto It = ByFunction.find(F);
  if (It == ByFunction.end())
    return {};
  return It->second;
}

std::vector<LockClass> LockTable::classes() const {
  std::vector<LockClass> All;
  All.reserve(ByClass.size());
  for (const auto &[Class, Regions] : ByClass)
    All.push_back(Class);
  return All;
}

std::string LockTable::name(LockClass C) const {
  switch (C.K) {
  case Keeper::Field:
    return C.Around == NoId
               ? P.slotName(C.A)
               : P.slotName(C.Around) + "." + P.Slots[C.A].second.str();
  case Keeper::Global:
    return P.Vars[C.A].str();
  case Keeper::Named:
    return P.M.lockClassName(C.A).str();
  default:
    return "?";
  }
}

Keeper fencedep::lockClassOf(const Program &P, Keeper K) {
  if (K.K != Keeper::Field)
    return K;
  const auto &[Record, Name] = P.Slots[K.A];
  StringRef Class = P.M.lockClass(Record, Name);
  return Class.empty() ? K : Keeper{Keeper::Named, P.M.lockClassId(Class)};
}

std::optional<LockClass> fencedep::acquiredClass(Graph &G, const Node &N,
                                                 const Site &S) {
  const Program &P = G.P;
  const FunctionModel *M = S.Model;
  if (!M || S.Callee == NoId)
    return std::nullopt;
  const Func &F = P.Funcs[N.F];
  const Event &E = F.Body->Events[S.Event];
  if (!G.Eval.waits(*M, F, E, N.C))
    return std::nullopt;
  if (!M->Acquires.empty())
    return LockClass{Keeper::Named, P.M.lockClassId(M->Acquires)};
  if (!M->AcquiresArg || *M->AcquiresArg >= E.Args.size())
    return std::nullopt;
  return classAt(P, G.Eval[G.Eval.value(F, E.Args[*M->AcquiresArg], N.C)]);
}

//===- Roots.cpp - where signalling sections start ------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Annotated roots: each event that opens a section, in the function where it is
// open (a helper that opens one for its caller is a root, and so is the call of
// that helper). Contract roots: each function stored in a slot that the model
// declares critical.
//
//===----------------------------------------------------------------------===//

#include "Rule.h"
#include "fencedep/Support/Parallel.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

static void annotatedRoots(const LinkedProgram &L, const CheckOptions &Opts,
                           const Describer &D, std::vector<Root> &Roots) {
  Evaluator Eval(L.P);
  FlowAnalysis Flows(L.P, L.Regions, Eval);
  for (FuncId Id : L.Regions.withRegions()) {
    const Func &F = L.P.Funcs[Id];
    if (!selected(L.P.str(F, F.Body->Where.File), Opts))
      continue;
    for (EventId Opener : Flows.run(F, EmptyContext).Opens) {
      Root R;
      R.Info.Kind = RootKind::Annotated;
      R.Info.Function = F.Name.str();
      R.Info.Where = D.position(F, F.Body->Events[Opener].Where);
      R.F = Id;
      R.Opener = Opener;
      R.Module = F.Module;
      Roots.push_back(std::move(R));
    }
  }
}

/// Can the call \p Id enter one of \p MaySleep?
static bool maySleep(const Program &P, const Func &F, EventId Id,
                     const BitVector &MaySleep) {
  const Event &E = F.Body->Events[Id];
  if (E.Kind != EventKind::Call)
    return false;
  FuncId Named = P.callee(F, E);
  if (Named == NoId || E.Virtual)
    return true; // through a pointer: nobody knows yet
  const FunctionModel *M = P.Funcs[Named].Model;
  return MaySleep.test(Named) ||
         (M && (!M->Runs.empty() || M->FlushesQueue || !M->Calls.empty()));
}

/// Each event after which nothing may sleep, in a function that may.
static void atomicRoots(const LinkedProgram &L, const CheckOptions &Opts,
                        const AtomicFacts &Atomic, const Describer &D,
                        std::vector<Root> &Roots) {
  std::vector<FuncId> Functions;
  for (FuncId Id : Atomic.Regions.withRegions())
    if (const Func &F = L.P.Funcs[Id];
        Atomic.MaySleep.test(Id) &&
        selected(L.P.str(F, F.Body->Where.File), Opts))
      Functions.push_back(Id);
  std::vector<std::set<EventId>> Openers(Functions.size());
  // In chunks: each thread keeps its evaluator for a while.
  constexpr size_t Chunk = 256;
  size_t Chunks = (Functions.size() + Chunk - 1) / Chunk;
  parallelFor(Opts.Jobs, Chunks, [&](size_t C) {
    Evaluator Eval(L.P);
    FlowAnalysis Flows(L.P, Atomic.Regions, Eval);
    size_t End = std::min(Functions.size(), (C + 1) * Chunk);
    for (size_t I = C * Chunk; I != End; ++I) {
      const Func &F = L.P.Funcs[Functions[I]];
      for (const LiveEvent &X : Flows.run(F, EmptyContext).Events)
        if ((X.In & AtomicScopes) && maySleep(L.P, F, X.Id, Atomic.MaySleep))
          Openers[I].insert(X.Openers.begin(), X.Openers.end());
    }
  });
  for (size_t I = 0; I != Functions.size(); ++I) {
    const Func &F = L.P.Funcs[Functions[I]];
    for (EventId Opener : Openers[I]) {
      Root R;
      R.Info.Kind = RootKind::Annotated;
      R.Info.Function = F.Name.str();
      R.Info.Where = D.position(F, F.Body->Events[Opener].Where);
      R.Info.Why = "atomic context";
      R.F = Functions[I];
      R.Opener = Opener;
      R.Module = F.Module;
      R.Role = RootRole::Atomic;
      Roots.push_back(std::move(R));
    }
  }
}

/// The modules that put anything but zero into \p Field.
static std::set<ModuleId> settersOf(const Program &P, const FieldName &Field) {
  std::set<ModuleId> Setters;
  const SlotId Slot = P.findSlot(Field.Record, Field.Name);
  if (Slot == NoId)
    return Setters;
  for (const Func &F : P.Funcs)
    if (F.Body)
      for (const Event &E : F.Body->Events)
        if (E.Kind == EventKind::Store && P.fieldAt(F, E.Args[0]) == Slot &&
            !isZero(F.Body->Exprs[E.Args[1]]))
          Setters.insert(F.Module);
  return Setters;
}

Root fencedep::contractRoot(const Program &P, FuncId Id, RootRole Role,
                            StringRef Why, const Describer &D) {
  const Func &F = P.Funcs[Id];
  Root R;
  R.Info.Kind = RootKind::Contract;
  R.Info.Function = F.Name.str();
  R.Info.Where = D.position(F, F.Body->Where);
  R.Info.Why = Why.str();
  R.Info.Critical = Role == RootRole::Section;
  R.F = Id;
  R.Opener = NoId;
  R.Module = F.Module;
  R.Role = Role;
  return R;
}

std::vector<Root> fencedep::contractRoots(const Program &P,
                                          const CheckOptions &Opts,
                                          RootRole Role, const Describer &D) {
  std::vector<Root> Roots;
  for (const RootModel &M : P.M.Roots) {
    if (!is_contained(M.Roles, Role))
      continue;
    if (!M.Default && !is_contained(Opts.RootGroups, M.Id))
      continue;
    std::set<ModuleId> Exempt;
    if (!M.UnlessSet.Name.empty())
      Exempt = settersOf(P, M.UnlessSet);
    std::map<FuncId, std::set<ModuleId>> Functions;
    for (const SlotTarget &T : P.storedIn(M.Slot))
      Functions[T.Target].insert(T.Module);
    for (auto &[Id, Modules] : Functions) {
      const Func &F = P.Funcs[Id];
      if (!F.Body || F.Model)
        continue;
      if (!selected(P.str(F, F.Body->Where.File), Opts))
        continue;
      Root R = contractRoot(P, Id, Role, M.Why, D);
      R.Info.Id = M.Id;
      // A library's function that several drivers use runs for each of them.
      if (Modules.size() == 1)
        R.Module = P.narrower(*Modules.begin(), F.Module);
      if (Exempt.count(R.Module))
        continue;
      Roots.push_back(std::move(R));
    }
  }
  return Roots;
}

std::vector<Root> fencedep::findRoots(const LinkedProgram &L,
                                      const CheckOptions &Opts,
                                      const std::set<RootRole> &Roles,
                                      const AtomicFacts *Atomic,
                                      const Describer &D) {
  std::vector<Root> Roots;
  for (RootRole Role : Roles) {
    bool Section = Role == RootRole::Section;
    if (Section && Opts.Annotated)
      annotatedRoots(L, Opts, D, Roots);
    // What is asked for with --roots is which sections.
    if (!Section || Opts.Contract)
      append_range(Roots, contractRoots(L.P, Opts, Role, D));
  }
  if (Atomic)
    atomicRoots(L, Opts, *Atomic, D, Roots);
  auto Key = [](const Root &R) {
    const Position &W = R.Info.Where;
    return std::tie(W.File, W.Line, W.Column, R.Info.Kind, R.Info.Id, R.Role);
  };
  llvm::sort(Roots,
             [&](const Root &A, const Root &B) { return Key(A) < Key(B); });
  return Roots;
}

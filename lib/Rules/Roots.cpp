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

static void contractRoots(const Program &P, const CheckOptions &Opts,
                          RootRole Role, const Describer &D,
                          std::vector<Root> &Roots) {
  for (const RootModel &M : P.M.Roots) {
    if (!is_contained(M.Roles, Role))
      continue;
    if (!M.Default && !is_contained(Opts.RootGroups, M.Id))
      continue;
    SlotId S = P.findSlot(M.Slot.Record, M.Slot.Name);
    if (S == NoId || S >= P.SlotTargets.size())
      continue;
    std::map<FuncId, ModuleId> Functions;
    for (const SlotTarget &T : P.SlotTargets[S])
      Functions.try_emplace(T.Target, T.Module);
    for (auto [Id, Module] : Functions) {
      const Func &F = P.Funcs[Id];
      if (!F.Body || F.Model)
        continue;
      if (!selected(P.str(F, F.Body->Where.File), Opts))
        continue;
      Root R;
      R.Info.Kind = RootKind::Contract;
      R.Info.Function = F.Name.str();
      R.Info.Where = D.position(F, F.Body->Where);
      R.Info.Why = M.Why;
      R.Info.Id = M.Id;
      R.F = Id;
      R.Opener = NoId;
      R.Module = P.narrower(Module, F.Module);
      R.Role = Role;
      Roots.push_back(std::move(R));
    }
  }
}

std::vector<Root> fencedep::findRoots(const LinkedProgram &L,
                                      const CheckOptions &Opts,
                                      const std::set<RootRole> &Roles,
                                      const Describer &D) {
  std::vector<Root> Roots;
  for (RootRole Role : Roles) {
    bool Section = Role == RootRole::Section;
    if (Section && Opts.Annotated)
      annotatedRoots(L, Opts, D, Roots);
    // What is asked for with --roots is which sections.
    if (!Section || Opts.Contract)
      contractRoots(L.P, Opts, Role, D, Roots);
  }
  auto Key = [](const Root &R) {
    const Position &W = R.Info.Where;
    return std::tie(W.File, W.Line, W.Column, R.Info.Kind, R.Info.Id, R.Role);
  };
  llvm::sort(Roots,
             [&](const Root &A, const Root &B) { return Key(A) < Key(B); });
  return Roots;
}

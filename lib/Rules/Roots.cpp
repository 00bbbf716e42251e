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

static void annotatedRoots(Graph &G, const CheckOptions &Opts,
                           const Describer &D, std::vector<Root> &Roots) {
  for (FuncId Id : G.Flows.withRegions()) {
    const Func &F = G.P.Funcs[Id];
    StringRef File = G.P.str(F, F.Body->Where.File);
    if (!selected(File, Opts))
      continue;
    for (EventId Opener : G.Flows.run(F, EmptyContext).Opens) {
      Root R;
      R.Info.Kind = RootKind::Annotated;
      R.Info.Function = F.Name.str();
      R.Info.Where = D.position(F, F.Body->Events[Opener].Where);
      R.Start = G.section(Id, Opener);
      R.File = File.str();
      Roots.push_back(std::move(R));
    }
  }
}

static void contractRoots(Graph &G, const CheckOptions &Opts,
                          const Describer &D, std::vector<Root> &Roots) {
  for (const RootModel &M : G.P.M.Roots) {
    if (!M.Default && !is_contained(Opts.RootGroups, M.Id))
      continue;
    SlotId S = G.P.findSlot(M.Slot.Record, M.Slot.Name);
    if (S == NoId || S >= G.P.SlotTargets.size())
      continue;
    std::map<FuncId, ModuleId> Functions;
    for (const SlotTarget &T : G.P.SlotTargets[S])
      Functions.try_emplace(T.Target, T.Module);
    for (auto [Id, Module] : Functions) {
      const Func &F = G.P.Funcs[Id];
      if (!F.Body || F.Model)
        continue;
      StringRef File = G.P.str(F, F.Body->Where.File);
      if (!selected(File, Opts))
        continue;
      Root R;
      R.Info.Kind = RootKind::Contract;
      R.Info.Function = F.Name.str();
      R.Info.Where = D.position(F, F.Body->Where);
      R.Info.Why = M.Why;
      R.Info.Id = M.Id;
      R.Start = G.node(Id, EmptyContext, 0, G.P.narrower(Module, F.Module));
      R.File = File.str();
      Roots.push_back(std::move(R));
    }
  }
}

std::vector<Root> fencedep::findRoots(Graph &G, const CheckOptions &Opts,
                                      const Describer &D) {
  std::vector<Root> Roots;
  if (Opts.Annotated)
    annotatedRoots(G, Opts, D, Roots);
  if (Opts.Contract)
    contractRoots(G, Opts, D, Roots);
  auto Key = [](const Root &R) {
    const Position &W = R.Info.Where;
    return std::tie(W.File, W.Line, W.Column, R.Info.Kind, R.Info.Id);
  };
  llvm::sort(Roots,
             [&](const Root &A, const Root &B) { return Key(A) < Key(B); });
  return Roots;
}

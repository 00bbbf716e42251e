//===- ReclaimWait.cpp - fence-reclaim-wait -------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whoever allocates memory may run any shrinker and any mmu notifier, so a wait
// for a fence there makes each allocation wait for a GPU. The contract between
// drivers lets GPU drivers do so, and for their sake forbids allocations on the
// way to a fence's signal; nobody else has a reason to.
//
// A GPU driver is a module that calls what only these call (the model's
// `gpu-driver`: it creates a DRM device, or a graphics buffer), or one that is
// linked with such a module: the halves of a driver in two modules, and the
// libraries that GPU drivers share. What sits beside a GPU driver and only uses
// the same libraries is none.
//
//===----------------------------------------------------------------------===//

#include "Rule.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

std::optional<Verdict> fencedep::matchReclaimWait(const SiteView &S) {
  std::optional<Verdict> V = matchFenceWait(S);
  if (V)
    V->Why = "whoever allocates memory then waits for the fence's driver, and "
             "only GPU drivers are written for that";
  return V;
}

bool fencedep::isGpuDriver(const Program &P, const Root &R) {
  for (FuncId F = 0, N = P.Funcs.size(); F != N; ++F)
    if (const FunctionModel *M = P.Funcs[F].Model; M && M->GpuDriver)
      for (FuncId Caller : P.Callers[F])
        if (!P.Funcs[Caller].InHeader &&
            P.related(R.Module, P.Funcs[Caller].Module))
          return true;
  return false;
}

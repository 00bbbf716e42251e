//===- ResvLock.cpp - fence-resv-lock -------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A dma_fence_wait() with a dma_resv lock held is legal, so whoever takes that
// lock on the way to signal a fence may wait for a thread that waits for the
// fence. Which lock classes are like this is the model's `locks` table. A
// trylock waits for nobody.
//
//===----------------------------------------------------------------------===//

#include "Rule.h"

using namespace llvm;
using namespace fencedep;

/// The class of the lock in the place that an argument points to, or "".
static StringRef classOfArgument(const SiteView &S, unsigned Arg) {
  if (Arg >= S.E.Args.size())
    return "";
  SmallVector<SlotId, 4> Place = S.G.placeOf(S.F, S.E.Args[Arg], S.N.C);
  if (Place.empty())
    return "";
  const auto &[Record, Name] = S.program().Slots[Place.back()];
  return S.program().M.lockClass(Record, Name);
}

std::optional<Verdict> fencedep::matchResvLock(const SiteView &S) {
  const FunctionModel *M = S.S.Model;
  if (!M || M->Try)
    return std::nullopt;
  StringRef Class = M->Acquires;
  if (Class.empty() && M->AcquiresArg)
    Class = classOfArgument(S, *M->AcquiresArg);
  const Model::LockClass *Forbidden = S.program().M.forbiddenLock(Class);
  if (!Forbidden)
    return std::nullopt;
  Verdict V;
  V.What = "'" + S.api() + "' acquires " + Forbidden->Name;
  V.Lock = Forbidden->Name;
  V.Why = M->Why.empty() ? Forbidden->Why : M->Why;
  return V;
}

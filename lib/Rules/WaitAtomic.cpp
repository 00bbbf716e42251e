//===- WaitAtomic.cpp - fence-wait-atomic ---------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A wait for a fence sleeps, so nothing that may not sleep reaches one. It may
// not sleep for its whole length (handlers of interrupts and timers, callbacks
// of fences: roots of the model), or from where a function takes a spinlock or
// turns interrupts off until it undoes that (regions of the flow, each of them
// a root). A callee that releases its caller's spinlock, waits, and takes it
// again is fine: the flow says what of its caller's it has left.
//
// Regions are only looked for in functions that may reach a wait at all, and
// there are finitely many.
//
//===----------------------------------------------------------------------===//

#include "Rule.h"

using namespace llvm;
using namespace fencedep;

std::optional<Verdict> fencedep::matchWaitAtomic(const SiteView &S) {
  if (!(S.S.In & AtomicScopes))
    return std::nullopt;
  std::optional<Verdict> V = matchFenceWait(S);
  if (V)
    V->Why = "a wait for a fence sleeps until somebody signals it, and this "
             "thread must not sleep";
  return V;
}

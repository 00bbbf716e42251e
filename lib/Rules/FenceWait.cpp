//===- FenceWait.cpp - waits for a fence ----------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Several rules ask for these, each from roots of its own. A timeout of 0 makes
// no wait: the model says under which condition a function waits.
//
//===----------------------------------------------------------------------===//

#include "Rule.h"

using namespace llvm;
using namespace fencedep;

bool fencedep::waitsForFence(const Func &F) {
  return F.Model && F.Model->WaitsFence;
}

bool fencedep::signalsFence(const Func &F) {
  return F.Model && F.Model->SignalsFence;
}

static std::optional<Verdict> matchSignal(const SiteView &S) {
  return S.S.Model && S.S.Model->SignalsFence ? std::optional(Verdict())
                                              : std::nullopt;
}

const RuleEntry fencedep::SignalSink = {.Info = {"signal", "", true},
                                        .Match = matchSignal};

std::optional<Verdict> fencedep::matchFenceWait(const SiteView &S) {
  const FunctionModel *M = S.S.Model;
  if (!M || !M->WaitsFence)
    return std::nullopt;
  Verdict V;
  V.What = "'" + S.api() + "' waits for a fence";
  V.Why = M->Why.empty() ? "a wait for a fence sleeps until somebody signals it"
                         : M->Why;
  return V;
}

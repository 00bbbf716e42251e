//===- FenceWait.cpp - waits for a fence ----------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// fence-wait-atomic: a wait for a fence sleeps, so nothing that may not sleep
// reaches one. A section that is open there is fine: it relies on this rule.
// Other rules ask for waits, too, from other roots.
//
//===----------------------------------------------------------------------===//

#include "Rule.h"

using namespace llvm;
using namespace fencedep;

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

//===- Rules.cpp - the one table of rules ---------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Rule.h"

using namespace llvm;
using namespace fencedep;

static constexpr RuleEntry Table[] = {
    {{"fence-resv-lock",
      "no dma_resv lock is acquired in a signalling critical section", true},
     matchResvLock},
    {{"fence-reclaim",
      "no allocation in a signalling critical section may enter direct reclaim",
      true},
     matchReclaim},
    {{"fence-user-fault",
      "no userspace memory is faulted in in a signalling critical section",
      true},
     matchUserFault},
    {{"fence-section-balance",
      "every begin of a section reaches exactly one end, with its own cookie",
      true},
     nullptr},
};

ArrayRef<RuleEntry> fencedep::ruleTable() { return Table; }

ArrayRef<Rule> fencedep::allRules() {
  static const std::vector<Rule> Rules = [] {
    std::vector<Rule> R;
    for (const RuleEntry &E : Table)
      R.push_back(E.Info);
    return R;
  }();
  return Rules;
}

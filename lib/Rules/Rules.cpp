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
    {.Info = {"fence-resv-lock",
              "no dma_resv lock is acquired in a signalling critical section",
              true},
     .Match = matchResvLock},
    {.Info = {"fence-reclaim",
              "no allocation in a signalling critical section may enter direct "
              "reclaim",
              true},
     .Match = matchReclaim},
    {.Info = {"fence-user-fault",
              "no userspace memory is faulted in in a signalling critical "
              "section",
              true},
     .Match = matchUserFault},
    {.Info = {"fence-lock-cycle",
              "no lock is acquired in a signalling critical section that is "
              "held elsewhere across a wait for a fence",
              true},
     .Observe = noteLocks,
     .Whole = checkLockCycle,
     .NeedsLocks = true},
    {.Info = {"fence-wait-locked",
              "no lock that was taken in a signalling critical section is held "
              "across a wait for a fence",
              true},
     .Observe = checkWaitLocked,
     .NeedsLocks = true},
    {.Info = {"fence-reclaim-wait",
              "no shrinker or mmu notifier waits for a fence, unless it is a "
              "GPU driver's",
              true},
     .Match = matchReclaimWait,
     .Role = RootRole::Reclaim,
     .Acts = waitsForFence,
     .Excuses = isGpuDriver},
    {.Info =
         {"fence-wait-atomic",
          "no wait for a fence where nothing may sleep: a spinlock is held, "
          "interrupts or preemption are off",
          true},
     .Match = matchWaitAtomic,
     .Role = RootRole::Atomic,
     .Acts = waitsForFence},
    {.Info = {"fence-cross-release",
              "no lock that was taken in a signalling critical section is held "
              "across a wait for work that acquires it",
              true},
     .Observe = checkCrossRelease,
     .NeedsLocks = true},
    {.Info = {"fence-cross-release-anywhere",
              "no lock is held across a wait for work that acquires it", false},
     .Whole = checkOwnWork,
     .NeedsLocks = true},
    {.Info = {"fence-opportunistic-section",
              "no signalling critical section in code that completes fences "
              "only if it happens to see that they are done",
              true},
     .Whole = checkOpportunistic},
    {.Info = {"fence-section-balance",
              "every begin of a section reaches exactly one end, with its own "
              "cookie",
              true},
     .Whole = checkBalance},
    {.Info = {"fence-late-section",
              "what rules out a deadlock in a section holds as soon as others "
              "can see the fence",
              false},
     .Whole = checkLateSection},
    {.Info = {"fence-missing-section",
              "code that must run for a fence to complete is in a signalling "
              "critical section",
              false},
     .Whole = checkMissingSection},
    {.Info = {"fence-foreign-timeout",
              "no fixed timeout on a wait for a fence of another driver",
              false},
     .Whole = checkForeignTimeout},
    {.Info = {"fence-userspace-signal",
              "somebody besides userspace completes each fence", false},
     .Whole = checkUserspaceSignal},
    {.Info = {"fence-page-fault",
              "no fence waits for a page fault of a device to be resolved",
              false},
     .Observe = checkPageFault,
     .Whole = checkFaultHandlers},
};

ArrayRef<RuleEntry> fencedep::ruleTable() { return Table; }

const RuleEntry fencedep::DependencySinks[4] = {
    {.Info = {"wait", "", true}, .Match = matchFenceWait},
    {.Info = {"resv", "", true}, .Match = matchResvLock},
    {.Info = {"mmap", "", true}, .Match = matchUserFault},
    {.Info = {"reclaim", "", true}, .Match = matchReclaim},
};

ArrayRef<Rule> fencedep::allRules() {
  static const std::vector<Rule> Rules = [] {
    std::vector<Rule> R;
    for (const RuleEntry &E : Table)
      R.push_back(E.Info);
    return R;
  }();
  return Rules;
}

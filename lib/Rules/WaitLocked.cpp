//===- WaitLocked.cpp - fence-wait-locked ---------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A wait for a fence may be nested in a section: the section behaves like a
// read lock, the wait like a write lock on the same map. With a lock taken in
// between, section -> lock -> wait -> section is a cycle. So every lock that
// the search from a section sees taken is followed until it is released.
//
//===----------------------------------------------------------------------===//

#include "HeldSide.h"

using namespace llvm;
using namespace fencedep;

void fencedep::checkWaitLocked(SectionView &V) {
  heldInSection(
      V,
      [&](const HeldRegion &R, ContextId C) -> const std::optional<HeldSide> & {
        return V.Held->wait(R, C);
      },
      [](const HeldSide &) -> std::string {
        return "held across a wait for a fence";
      },
      "whoever waits for this lock in a section of its own never signals the "
      "fence that is waited for here");
}

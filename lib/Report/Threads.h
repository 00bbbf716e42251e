//===- Threads.h - a finding as what its threads do -----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_REPORT_THREADS_H
#define FENCEDEP_LIB_REPORT_THREADS_H

#include "fencedep/Report/Finding.h"
#include "llvm/ADT/StringRef.h"

namespace fencedep {

struct Step {
  Position Where; ///< Line is never 0
  std::string Function, Text;
  std::vector<llvm::StringRef> Kinds; ///< SARIF's words
  int Depth = 0;                      ///< of calls, from the least deep step
  bool Essential = false; ///< where the deadlock begins, and its ends
  unsigned Order = 0;     ///< 0: there is only one thread
};

struct Thread {
  std::string Name; ///< "CPU0" is the section's
  std::vector<Step> Steps;
};

/// The section's thread first. A thread that only the model knows of has no
/// steps, and is left out.
std::vector<Thread> threads(const Finding &F);

} // namespace fencedep

#endif // FENCEDEP_LIB_REPORT_THREADS_H

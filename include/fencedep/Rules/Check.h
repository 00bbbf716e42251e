//===- Check.h - from a program to findings -------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_RULES_CHECK_H
#define FENCEDEP_RULES_CHECK_H

#include "fencedep/Program/Program.h"
#include "fencedep/Report/Finding.h"

namespace fencedep {

struct CheckOptions {
  bool Annotated = true, Contract = true; ///< which roots
  /// Root groups of the model that are off by default but wanted here.
  std::vector<std::string> RootGroups;
  /// Absolute paths: only roots in a file equal to or below one of them are
  /// reported. Empty: all.
  std::vector<std::string> Paths;
  /// Rule ids; empty: all that are on by default.
  std::vector<std::string> Rules;
  /// Fill RootCoverage::Open.
  bool ListOpenCalls = false;
  /// Findings below are counted, not described.
  Confidence MinConfidence = Confidence::Possible;
  /// Fill Finding::OtherCalls with all calls, not only with those that lead
  /// into the path.
  bool AllCalls = false;
  unsigned Jobs = 1; ///< threads; the result does not depend on it
  /// Positions below this directory are printed relative to it.
  std::string BaseDir;
};

/// Is \p File, an absolute path, equal to or below one of CheckOptions::Paths,
/// or are there none?
bool selected(llvm::StringRef File, const CheckOptions &Opts);

struct Rule {
  const char *Id;      ///< "fence-reclaim"
  const char *Summary; ///< one sentence
  bool Default;
};

/// All rules, in the order of the documentation.
llvm::ArrayRef<Rule> allRules();

/// Checks \p P. The result depends only on the set of its units. Coverage's
/// unit counts are the caller's to fill.
Report check(const Program &P, const CheckOptions &Opts);

/// Header bodies that units need and no unit provides, per unit index: the keys
/// (File + '\0' + Key) to extract that unit again with. Empty: complete.
std::vector<std::pair<unsigned, std::vector<std::string>>>
missingBodies(llvm::ArrayRef<const Unit *> Units);

} // namespace fencedep

#endif // FENCEDEP_RULES_CHECK_H

//===- Why.h - why a root reaches a function, or does not -----------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_RULES_WHY_H
#define FENCEDEP_RULES_WHY_H

#include "fencedep/Rules/Check.h"

namespace fencedep {

/// A call on some way to the sink that was not followed.
struct Cut {
  Hop Call;        ///< that would have been next
  std::string Why; ///< "a condition that is known rules it out", ...
  unsigned Hops;   ///< from the root to there
};

/// What became of the ways from one root to the sink.
struct WayTo {
  RootInfo Root;
  bool Reached = false;
  Confidence Conf = Confidence::Certain; ///< if reached
  std::vector<Hop> Path;                 ///< if reached: the best way
  std::vector<std::string> Grades;       ///< what made Conf what it is
  std::vector<Cut> Cuts; ///< if not: where ways end, the nearest to the root
                         ///< first
};

/// The ways from the sections and critical functions in, or called, \p Root to
/// the function, macro or API \p Sink. Empty: \p P has no such root.
std::vector<WayTo> waysTo(const Program &P, llvm::StringRef Root,
                          llvm::StringRef Sink, const CheckOptions &Opts);

} // namespace fencedep

#endif // FENCEDEP_RULES_WHY_H

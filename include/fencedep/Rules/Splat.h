//===- Splat.h - what a lockdep report says of a program ------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A report of a running kernel and a finding in its source are two views of one
// deadlock. Where there is a report and no finding, the static side lacks
// something, and can say what.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_RULES_SPLAT_H
#define FENCEDEP_RULES_SPLAT_H

#include "fencedep/Report/Splat.h"
#include "fencedep/Rules/Check.h"

namespace fencedep {

struct SplatAnswer {
  /// A class of the report, and what it is in the program: "lock class
  /// foo::lock"; "": nothing that is known.
  std::vector<std::pair<std::string, std::string>> Classes;
  /// Nothing of it is about fences, for the reason given; nobody looked on.
  std::string NotOurs;
  struct Match {
    const Finding *F;
    enum Grade : uint8_t {
      Exact,    ///< the same locks, and the same way to each
      OtherWay, ///< the same locks, some reached on another way
      Half,     ///< one of its threads does the same, the others do not
    } G;
    unsigned Unseen = 0; ///< functions of the finding that no stack shows
    /// What differs, with the line of the log; 0: none.
    std::vector<std::pair<unsigned, std::string>> Differences;
  };
  std::vector<Match> Matches; ///< the best first
  /// If no match is better than Half: what is known of it all the same, and
  /// what the program lacks, with the line of the log.
  std::vector<std::pair<unsigned, std::string>> Known, Lacks;

  bool confirmed() const {
    return !Matches.empty() && Matches.front().G != Match::Half;
  }
};

/// Compares each of \p Splats with \p R, what check() has found in \p P with
/// \p Opts. The answers refer to \p R.
std::vector<SplatAnswer> explainSplats(const Program &P, const Report &R,
                                       llvm::ArrayRef<Splat> Splats,
                                       const CheckOptions &Opts);

} // namespace fencedep

#endif // FENCEDEP_RULES_SPLAT_H

//===- Alerts.h - findings as other programs list them --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What SARIF, Code Climate and annotations have in common: entries, and where
// they are.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_REPORT_ALERTS_H
#define FENCEDEP_LIB_REPORT_ALERTS_H

#include "fencedep/Report/Source.h"
#include "fencedep/Report/Wording.h"
#include "llvm/ADT/StringMap.h"

namespace fencedep {

/// A token. Columns count UTF-16 code units from 1, as editors and most readers
/// of these formats do; ours count bytes.
struct Region {
  unsigned Line, Column, EndColumn;
};

class Places {
public:
  explicit Places(const RunInfo &Run);

  /// Relative to the root if below it, else absolute; symbolic links are
  /// followed, as no repository has a file behind one.
  const std::string &path(llvm::StringRef File);
  /// The token at \p P, or one character if the source is not there; none if P
  /// is no place.
  std::optional<Region> region(const Position &P);
  /// What \p X replaces.
  std::optional<Region> region(const Fix &X);
  const std::string &root() const { return Root; }

private:
  SourceFiles Sources;
  std::string Root;
  llvm::StringMap<std::string> Paths;
};

/// Findings of one rule at one sink, which are reported or accepted alike.
struct Alert {
  std::vector<const Finding *> Ways;         ///< the best first
  const AcceptedFinding *Accepted = nullptr; ///< of the best
  /// Of the rule, the sink's file and the functions there: not of the way or
  /// the line.
  std::string SinkHash;
  unsigned Twin = 0; ///< from 1, among those with the same SinkHash

  const Finding &best() const { return *Ways.front(); }
  /// One for each alert of a run.
  std::string identity() const;
};

/// The findings that \p Run shows, as alerts; with \p WithAccepted the accepted
/// ones after them.
std::vector<Alert> alerts(const Report &R, const RunInfo &Run, Places &Where,
                          bool WithAccepted);

/// Where \p F is shown: the sink, else the root.
const Position &place(const Finding &F);

} // namespace fencedep

#endif // FENCEDEP_LIB_REPORT_ALERTS_H

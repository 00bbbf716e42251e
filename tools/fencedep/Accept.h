//===- Accept.h - what a run does not report ------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Between the check and the output: what comments, --suppressions and
// --baseline accept is taken out of the report.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_TOOLS_ACCEPT_H
#define FENCEDEP_TOOLS_ACCEPT_H

#include "Options.h"
#include "fencedep/Report/Accept.h"

namespace fencedep {

/// The files that say what is accepted.
struct AcceptFiles {
  std::vector<SuppressionFile> Suppressions;
  std::optional<Baseline> Known;
};

/// Reads what --suppressions and --baseline name: before the analysis, so that
/// a mistake is told at once.
llvm::Expected<AcceptFiles> readAcceptFiles();

/// What a run has looked at: what was of no use in it can be judged.
struct WholeRun {
  const Program &P;
  /// All files that there are under CheckOptions::Paths; else those that were
  /// given.
  bool FromDatabase;
};

/// Moves what is accepted from a report's findings to Report::Accepted.
class Acceptor {
public:
  /// \p Looked: says what was of no use, too, and writes --write-baseline;
  /// null: it was only one unit of a program, or what a change brought.
  Acceptor(AcceptFiles &Files, const CheckOptions &Options,
           const WholeRun *Looked = nullptr);

  /// Has the report to have the findings that will not be shown? What accepts
  /// only such ones is of use all the same.
  bool needsAll();

  llvm::Error accept(Report &R);

private:
  std::optional<Acceptance> ask(const Finding &F);
  void placeInReport(Position &P) const;
  bool isJudged(const BaselineEntry &E) const;
  llvm::Error judge(Report &R);
  llvm::Error writeNew(const Report &R,
                       llvm::function_ref<bool(const BaselineEntry &)> Judged);

  AcceptFiles &Files;
  const CheckOptions &Options;
  const WholeRun *Looked;
  std::vector<std::string> Chosen; ///< the files that Looked is about
  RuleNames Rules;
  SourceFiles Sources;
  NoLints Comments;
};

} // namespace fencedep

#endif // FENCEDEP_TOOLS_ACCEPT_H

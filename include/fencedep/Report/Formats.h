//===- Formats.h - reports for the programs of others ---------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whoever reads these formats shows one entry for one place. So findings of one
// rule at one sink are one entry, and the other roots are other ways to it.
// Paths are relative to RunInfo::SourceRoot. docs/formats.md tells what is
// where.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_REPORT_FORMATS_H
#define FENCEDEP_REPORT_FORMATS_H

#include "fencedep/Report/Finding.h"

namespace fencedep {

/// GitHub refuses a file that has more, so it is cut before: the least sure
/// results go first, and a notification says what is missing.
struct SarifLimits {
  size_t Results = 25000;
  size_t FlowLocations = 10000; ///< in all threads of a result
  size_t Compressed = 10000000; ///< bytes of the file after gzip
};

/// SARIF 2.1.0.
void printSARIF(const Report &R, const RunInfo &Run, llvm::raw_ostream &OS,
                const SarifLimits &Limits = {});

/// The part of Code Climate's JSON that GitLab reads.
void printCodeClimate(const Report &R, const RunInfo &Run,
                      llvm::raw_ostream &OS);

/// The text report, then a workflow command for each annotation on GitHub.
void printGitHub(const Report &R, const RunInfo &Run, const TextOptions &Opts,
                 llvm::raw_ostream &OS);

} // namespace fencedep

#endif // FENCEDEP_REPORT_FORMATS_H

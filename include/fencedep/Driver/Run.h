//===- Run.h - from a database to summaries -------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_DRIVER_RUN_H
#define FENCEDEP_DRIVER_RUN_H

#include "fencedep/Driver/BaseFiles.h"
#include "fencedep/Driver/Database.h"
#include "fencedep/Driver/Scope.h"
#include "fencedep/Report/Finding.h"
#include "fencedep/Summary/Summary.h"

namespace fencedep {

/// What `fencedep` tells the caller. Part of the interface, as are the numbers.
enum ExitCode {
  ExitClean = 0,    ///< no findings
  ExitError = 1,    ///< usage or internal error
  ExitFindings = 2, ///< there are findings
  ExitIncomplete =
      3, ///< a unit could not be analysed, with or without findings
};

struct RunOptions {
  Vocabulary Vocab;
  unsigned Jobs = 1;
  std::string CacheDir; ///< "": no cache
  bool Verbose =
      false; ///< say on stderr what was left out, and what took how long
  /// The files as they were before a change; null: as they are now.
  llvm::IntrusiveRefCntPtr<BaseFiles> Base;
};

struct RunResult {
  /// By main file; then header bodies from units that are not in scope.
  std::vector<Unit> Units;
  size_t Analysed = 0;            ///< how many of them are in scope
  std::vector<FailedUnit> Failed; ///< by main file
};

/// Summaries of the units of \p S: from the cache where it is valid, by
/// extraction otherwise. Only the cache's directory can make it fail as a
/// whole.
llvm::Expected<RunResult> summarize(const Database &Db, const Scope &S,
                                    const RunOptions &Opts);

/// One unit, with every header body in it, for a link that is done elsewhere.
llvm::Expected<Unit> summarizeOne(const BuildCommand &Command,
                                  const Vocabulary &Vocab, bool Verbose);

/// \p File relative to \p Dir if it is below it.
std::string relativePath(llvm::StringRef File, llvm::StringRef Dir);

/// Tells about missing bodies of \p Units (as `File + '\0' + Key`), most used
/// first, at most a few by name.
void warnMissingBodies(llvm::ArrayRef<Unit> Units, bool Verbose);

} // namespace fencedep

#endif // FENCEDEP_DRIVER_RUN_H

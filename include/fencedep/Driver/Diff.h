//===- Diff.h - what the sources were before a change ---------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A change leads from a base to the files as they are now. The base is a git
// revision, or what is left when a patch is taken back. No tree is checked out:
// only the files that differ are asked for.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_DRIVER_DIFF_H
#define FENCEDEP_DRIVER_DIFF_H

#include "fencedep/Driver/BaseFiles.h"
#include "fencedep/Driver/Database.h"
#include "llvm/ADT/ArrayRef.h"

namespace fencedep {

struct Diff {
  std::string Name; ///< of the base, for people
  llvm::IntrusiveRefCntPtr<BaseFiles> Files;
  /// Units under a new name: their old path, by the new one (real paths).
  llvm::StringMap<std::string> OldNames;
  /// Changes that are left out (symbolic links, submodules), for people.
  std::vector<std::string> Skipped;
};

/// \p Base: "-" for a patch on stdin, the name of a patch file, or a revision.
/// A patch must be applied already. The sources are in the git work tree that
/// holds the first of \p Places (paths) to be in one with units of \p Db; those
/// of a patch may also be below a place that is in none.
llvm::Expected<Diff> readDiff(llvm::StringRef Base, const Database &Db,
                              llvm::ArrayRef<std::string> Places);

/// The units of \p Db before and after the change: a unit is on both sides
/// unless its file was not there on one of them.
Database unitsBefore(const Database &Db, const Diff &D);
Database unitsAfter(const Database &Db, const Diff &D);

} // namespace fencedep

#endif // FENCEDEP_DRIVER_DIFF_H

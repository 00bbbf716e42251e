//===- ProgramFile.h - what a run leaves for editors ------------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A run that keeps a cache also notes which units made up its program. Whoever
// sees one unit only, clang-tidy or clangd, finds the others there.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_DRIVER_PROGRAMFILE_H
#define FENCEDEP_DRIVER_PROGRAMFILE_H

#include "fencedep/Driver/Cache.h"

namespace fencedep {

struct ProgramFile {
  std::string BaseDir; ///< the database's directory
  struct Entry {
    CacheKey Key;
    std::string MainFile; ///< absolute
  };
  std::vector<Entry> Entries;
  /// Header bodies from units that were not in scope.
  std::vector<Unit> Borrowed;
};

/// Writes a program file into \p CacheDir, in place of the last run's.
llvm::Error writeProgramFile(llvm::StringRef CacheDir, llvm::StringRef BaseDir,
                             llvm::ArrayRef<ProgramFile::Entry> Entries,
                             llvm::ArrayRef<Unit> Borrowed);

/// What the last run with \p CacheDir left; an error if there is none, or if it
/// is damaged.
llvm::Expected<ProgramFile> readProgramFile(llvm::StringRef CacheDir);

/// A cache directory with a program file at \p From or in a directory above
/// it; "" if there is none.
std::string findProgramFile(llvm::StringRef From);

struct StoredProgram {
  std::string BaseDir;
  std::vector<Unit> Units;
  /// Main files of units that are not as they were, and so not among Units.
  std::vector<std::string> Stale;
  bool Knows = false; ///< the unit that was left out was part of the program
  /// What all this was read from, or depends on.
  std::vector<std::pair<std::string, FileStamp>> From;

  /// Would loadProgram() read the same again?
  bool isCurrent() const;
};

/// The units of the last run with \p CacheDir, but for that of \p MainFile.
llvm::Expected<StoredProgram> loadProgram(llvm::StringRef CacheDir,
                                          llvm::StringRef MainFile);

/// Header functions that \p U mentions and has no body of, as an editor's unit
/// does, are those that \p Others mention under the same name.
void adoptBodies(Unit &U, llvm::ArrayRef<Unit> Others);

} // namespace fencedep

#endif // FENCEDEP_DRIVER_PROGRAMFILE_H

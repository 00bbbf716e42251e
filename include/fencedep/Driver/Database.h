//===- Database.h - the compile commands of a build -----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A compile_commands.json in memory: absolute paths, the first entry of each
// file, C and C++ only. Command lines stay as they are written: splitting 16 MB
// of them costs more than a warm run may take, so that happens on demand.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_DRIVER_DATABASE_H
#define FENCEDEP_DRIVER_DATABASE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace fencedep {

/// One entry, as it was written by the build.
struct BuildCommand {
  std::string Directory; ///< absolute
  std::string File;      ///< absolute, dots removed
  /// The `command` form: one shell-quoted string; "": see Arguments.
  std::string Line;
  std::vector<std::string> Arguments; ///< the `arguments` form

  /// The arguments, unquoted; response files are still unexpanded.
  std::vector<std::string> arguments() const;

  /// The value of `-DName=value` (with its quotes), "1" for `-DName`, or
  /// nothing.
  std::optional<std::string> define(llvm::StringRef Name) const;
};

struct Database {
  std::string Path;                   ///< of the JSON file, absolute
  std::string Dir;                    ///< its directory
  std::vector<BuildCommand> Commands; ///< sorted by file
  unsigned Duplicates = 0; ///< entries for a file that has one already
  std::vector<std::string> OtherFiles; ///< not C or C++
};

/// Reads a database. A mistake in it is reported as "FILE:LINE:COL: error:
/// ...".
llvm::Expected<Database> loadDatabase(llvm::StringRef Path);

/// The compile_commands.json in \p From or the nearest directory above it.
llvm::Expected<std::string> findDatabase(llvm::StringRef From);

/// \p Path made absolute against \p Dir, dots removed.
std::string makeAbsolute(llvm::StringRef Path, llvm::StringRef Dir);

/// True for the names of C and C++ sources that fencedep reads.
bool isSource(llvm::StringRef File);

} // namespace fencedep

#endif // FENCEDEP_DRIVER_DATABASE_H

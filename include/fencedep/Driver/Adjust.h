//===- Adjust.h - compile commands that Clang accepts ---------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds are made by GCC or by another Clang, for a purpose of their own. What
// is left of their command lines is what decides the meaning of the source:
// macros, include paths, language, target and the options that change those.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_DRIVER_ADJUST_H
#define FENCEDEP_DRIVER_ADJUST_H

#include "fencedep/Driver/Database.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/ADT/StringMap.h"
#include <mutex>

namespace fencedep {

struct AdjustedCommand {
  clang::tooling::CompileCommand Command;
  /// Flags that Clang does not know or does not support for the target. What is
  /// left out because it only concerns the output is not listed.
  std::vector<std::string> Dropped;
};

/// Thread-safe.
class Adjuster {
public:
  /// Fails if a response file cannot be read.
  llvm::Expected<AdjustedCommand> adjust(const BuildCommand &Command);

private:
  std::vector<std::string> rejected(const std::vector<std::string> &Args,
                                    const std::string &File);

  /// Flags of a command (without macros and paths) -> those of them that Clang
  /// rejects. The units of a build share a few sets of flags.
  llvm::StringMap<std::vector<std::string>> Rejected;
  std::mutex Lock;
};

/// The arguments of \p Command with response files expanded.
llvm::Expected<std::vector<std::string>>
expandedArguments(const BuildCommand &Command);

} // namespace fencedep

#endif // FENCEDEP_DRIVER_ADJUST_H

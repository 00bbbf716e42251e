//===- Git.h - ask git ----------------------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs the program, without a shell. What it says is taken apart with null
// characters between the names, as names may have any other.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_DRIVER_GIT_H
#define FENCEDEP_DRIVER_GIT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace fencedep {

/// Runs git, and has a temporary directory for what it needs.
class Git {
public:
  Git() = default;
  Git(const Git &) = delete;
  Git &operator=(const Git &) = delete;
  ~Git(); ///< the directory goes, too

  /// To be called first. Fails if there is no git.
  llvm::Error open();
  /// The path of \p Name in the temporary directory, which is real.
  std::string temp(llvm::StringRef Name) const {
    return (Temp + "/" + Name).str();
  }

  /// What `git -C Dir Args...` prints. Fails with what it says on stderr, in
  /// one line, if its status is above \p MaxStatus.
  llvm::Expected<std::string> run(llvm::StringRef Dir,
                                  llvm::ArrayRef<llvm::StringRef> Args,
                                  llvm::StringRef Input = "",
                                  int MaxStatus = 0);

private:
  std::string Program;
  llvm::SmallString<128> Temp;
  std::vector<std::string> Environment;
};

/// A file in the output of `git diff --raw`.
struct RawChange {
  llvm::StringRef OldMode, NewMode, OldHash;
  char Status = 0;
  llvm::StringRef OldPath, NewPath;
};

/// Calls \p Found for each file in the output of git diff --raw -z. Fails if it
/// is none.
llvm::Error eachChange(llvm::StringRef Text,
                       llvm::function_ref<void(const RawChange &)> Found);

/// Calls \p Found for each name in a list with null characters.
void eachName(llvm::StringRef Names,
              llvm::function_ref<void(llvm::StringRef)> Found);

} // namespace fencedep

#endif // FENCEDEP_DRIVER_GIT_H

//===- Changes.h - changes of files ---------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_TOOLS_CHANGES_H
#define FENCEDEP_TOOLS_CHANGES_H

#include "fencedep/Driver/Database.h"
#include "fencedep/Driver/Files.h"
#include "fencedep/Report/Patch.h"
#include <map>

namespace fencedep {

/// Changes of files, by path relative to the database where that can be.
struct Changes {
  struct File {
    std::string Old;
    std::vector<TextEdit> Edits;
  };
  std::map<std::string, File> Files;

  /// The file \p Name, read when it is first asked for.
  llvm::Expected<File *> open(llvm::StringRef Name, llvm::StringRef BaseDir) {
    auto [It, New] = Files.try_emplace(Name.str());
    if (!New)
      return &It->second;
    llvm::Expected<std::string> Text = readWhole(makeAbsolute(Name, BaseDir));
    if (!Text) {
      Files.erase(It);
      return Text.takeError();
    }
    It->second.Old = std::move(*Text);
    return &It->second;
  }

  std::string patch() const {
    std::string Out;
    for (const auto &[Name, F] : Files)
      Out += unifiedDiff(Name, F.Old, F.Edits);
    return Out;
  }
};

} // namespace fencedep

#endif // FENCEDEP_TOOLS_CHANGES_H

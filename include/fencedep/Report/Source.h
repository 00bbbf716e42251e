//===- Source.h - the text that positions point at ------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_REPORT_SOURCE_H
#define FENCEDEP_REPORT_SOURCE_H

#include "fencedep/Report/Finding.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <optional>

namespace fencedep {

/// The files that a report's positions are in, read when they are first asked
/// for. A file that is gone, or is shorter than it was, has no such lines:
/// whoever shows them does without.
class SourceFiles {
public:
  /// \p BaseDir: absolute; what relative positions are relative to.
  explicit SourceFiles(std::string BaseDir) : BaseDir(std::move(BaseDir)) {}

  /// Line \p Number (from 1) of \p File without its end.
  std::optional<llvm::StringRef> line(llvm::StringRef File, unsigned Number);
  /// All of \p File; none if it cannot be read.
  std::optional<llvm::StringRef> text(llvm::StringRef File);
  /// How many lines \p File has; 0 if it cannot be read.
  unsigned lines(llvm::StringRef File);
  /// The name or number at \p P, else its one character; "" if there is none.
  llvm::StringRef token(const Position &P);

  const std::string &baseDir() const { return BaseDir; }

private:
  struct Text {
    std::unique_ptr<llvm::MemoryBuffer> Buffer; ///< null: cannot be read
    std::vector<llvm::StringRef> Lines;
  };
  const Text &open(llvm::StringRef File);

  std::string BaseDir;
  llvm::StringMap<Text> Files;
};

} // namespace fencedep

#endif // FENCEDEP_REPORT_SOURCE_H

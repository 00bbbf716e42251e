//===- Headers.h - names behind the names in headers ----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A driver that says `foo_put(x)` may use foo_release() through an inline
// function or a macro of a header. This finds out without preprocessing:
// includes are followed by name, each header is scanned once, and what its
// macros and inline functions are called stands for the identifiers in their
// bodies.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_DRIVER_HEADERS_H
#define FENCEDEP_DRIVER_HEADERS_H

#include "fencedep/Driver/Database.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/VirtualFileSystem.h"

namespace fencedep {

class HeaderNames {
public:
  explicit HeaderNames(llvm::vfs::FileSystem &FS) : FS(FS) {}

  /// Scans the headers that the sources of \p Commands include, and theirs.
  void add(llvm::ArrayRef<const BuildCommand *> Commands, unsigned Jobs);

  /// The identifiers that \p Name stands for; none if no header defines it.
  llvm::ArrayRef<llvm::StringRef> behind(llvm::StringRef Name) const;

private:
  struct Header {
    std::unique_ptr<llvm::MemoryBuffer> Text;
    std::vector<std::string> Includes; ///< as written, with quote or bracket
    std::vector<std::pair<llvm::StringRef, std::vector<llvm::StringRef>>> Names;
  };

  Header scan(llvm::StringRef File) const;
  const std::string &resolve(llvm::StringRef Spelling, llvm::StringRef Dir,
                             llvm::ArrayRef<std::string> Search);

  llvm::vfs::FileSystem &FS;
  llvm::StringSet<> Seen;
  llvm::StringMap<std::string> Resolved;
  std::vector<std::unique_ptr<llvm::MemoryBuffer>> Texts;
  llvm::StringMap<std::vector<llvm::StringRef>> Names;
};

} // namespace fencedep

#endif // FENCEDEP_DRIVER_HEADERS_H

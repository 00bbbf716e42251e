//===- Files.h - contents of files, by hash -------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which content a file has now, read at most once per run, and not even once if
// its size, time and inode are those under which the content was seen before.
// The rule for times is git's: one that is not older than the record by two
// seconds proves nothing, as the file may have been written twice since.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_DRIVER_FILES_H
#define FENCEDEP_DRIVER_FILES_H

#include "fencedep/Driver/BaseFiles.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include <atomic>
#include <mutex>
#include <string>
#include <vector>

namespace fencedep {

/// The identity of a file as stat tells it.
struct FileStamp {
  uint64_t Size = 0, Time = 0, Inode = 0; ///< Time in nanoseconds
  bool operator==(const FileStamp &R) const {
    return Size == R.Size && Time == R.Time && Inode == R.Inode;
  }
};

/// That of the file \p Path; of zeros if there is no such regular file.
FileStamp stampOf(llvm::StringRef Path);

/// Thread-safe.
class FileTable {
public:
  struct File {
    llvm::StringRef Path;
    uint64_t PathHash = 0;
    FileStamp Stamp;    ///< under which Hash was seen
    uint64_t Hash = 0;  ///< of the content; 0: cannot be read
    bool Known = false; ///< Stamp and Hash are from an earlier run
    std::atomic<bool> Checked{false};
    std::mutex Lock;
  };

  /// The entry for \p Path; made if it is new.
  File *file(llvm::StringRef Path);

  /// The hash of the content that the file has now, or 0. A change during the
  /// run may be missed, never between runs.
  uint64_t content(File &F);

  /// All entries, by path.
  std::vector<File *> all();

  /// Has files that a change touched count with the content that they had
  /// before. To be called before all else.
  void setBase(llvm::IntrusiveRefCntPtr<BaseFiles> Files) {
    Base = std::move(Files);
  }

private:
  llvm::StringMap<File> Table;
  llvm::IntrusiveRefCntPtr<BaseFiles> Base; ///< null: as they are now
  std::mutex Lock;
};

/// Nanoseconds since the epoch.
uint64_t now();

/// The file at \p Path, or standard input for "-".
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
openInput(const llvm::Twine &Path);
/// The same as text.
llvm::Expected<std::string> readWhole(const llvm::Twine &Path);

/// Writes a temporary file and renames it to \p Path.
llvm::Error writeFile(llvm::StringRef Path,
                      llvm::ArrayRef<llvm::StringRef> Parts);

} // namespace fencedep

#endif // FENCEDEP_DRIVER_FILES_H

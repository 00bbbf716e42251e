//===- BaseFiles.h - files as they were before a change -------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The real file system, but for the files that a change touched: these have
// their old content, or do not exist if the change added them. (LLVM's overlays
// can add files, but not hide them.)
//
// A file that exists now is known by its identity and not by its name, as the
// same file has many: through symbolic links, and through "..". One that does
// not is known by the real path that it would have.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_DRIVER_BASEFILES_H
#define FENCEDEP_DRIVER_BASEFILES_H

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <map>
#include <optional>
#include <string>

namespace fencedep {

/// Thread-safe once all files are added. Paths are absolute.
class BaseFiles : public llvm::vfs::ProxyFileSystem {
public:
  BaseFiles();

  /// \p Path had \p Content, or did not exist. The first word on a file holds.
  void add(llvm::StringRef Path, std::optional<std::string> Content);

  /// Whether \p Path was added.
  bool changed(const llvm::Twine &Path) const;
  size_t numChanged() const { return Changed; }

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine &Path) override;
  bool exists(const llvm::Twine &Path) override;
  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>>
  openFileForRead(const llvm::Twine &Path) override;

private:
  /// What is known of \p Path if it exists now, else null.
  const std::optional<std::string> *present(const llvm::vfs::Status &Now) const;
  /// The path in Gone that \p Path stands for, or "" if none does for sure.
  std::string gone(const llvm::Twine &Path) const;

  std::map<llvm::sys::fs::UniqueID, std::optional<std::string>> Present;
  llvm::IntrusiveRefCntPtr<llvm::vfs::InMemoryFileSystem> Gone;
  llvm::StringSet<> GoneNames; ///< the last parts of paths in Gone
  size_t Changed = 0;
};

} // namespace fencedep

#endif // FENCEDEP_DRIVER_BASEFILES_H

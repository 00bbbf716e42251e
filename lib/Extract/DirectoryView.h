//===- DirectoryView.h - a file system with a working directory -----------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each compile command has its own working directory, the process has one, and
// many commands run at once on one shared file system. So relative paths are
// resolved here, and the file system underneath only ever sees absolute ones.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_EXTRACT_DIRECTORYVIEW_H
#define FENCEDEP_LIB_EXTRACT_DIRECTORYVIEW_H

#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"

namespace fencedep {

/// The given file system, seen from \p Directory.
class DirectoryView : public llvm::vfs::ProxyFileSystem {
public:
  DirectoryView(llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS,
                llvm::StringRef Directory)
      : ProxyFileSystem(std::move(FS)), Directory(Directory) {}

  llvm::ErrorOr<llvm::vfs::Status> status(const llvm::Twine &Path) override {
    auto S = getUnderlyingFS().status(absolute(Path));
    if (!S)
      return S;
    return llvm::vfs::Status::copyWithNewName(*S, Path);
  }
  bool exists(const llvm::Twine &Path) override {
    return getUnderlyingFS().exists(absolute(Path));
  }
  llvm::ErrorOr<std::unique_ptr<llvm::vfs::File>>
  openFileForRead(const llvm::Twine &Path) override {
    return llvm::vfs::File::getWithPath(
        getUnderlyingFS().openFileForRead(absolute(Path)), Path);
  }
  llvm::vfs::directory_iterator dir_begin(const llvm::Twine &Dir,
                                          std::error_code &EC) override {
    return getUnderlyingFS().dir_begin(absolute(Dir), EC);
  }
  llvm::ErrorOr<std::string> getCurrentWorkingDirectory() const override {
    return Directory;
  }
  std::error_code setCurrentWorkingDirectory(const llvm::Twine &Path) override {
    Directory = absolute(Path);
    return {};
  }
  std::error_code getRealPath(const llvm::Twine &Path,
                              llvm::SmallVectorImpl<char> &Output) override {
    return getUnderlyingFS().getRealPath(absolute(Path), Output);
  }

private:
  std::string absolute(const llvm::Twine &Path) const {
    llvm::SmallString<256> Abs;
    Path.toVector(Abs);
    if (!llvm::sys::path::is_absolute(Abs)) {
      llvm::SmallString<256> Full(Directory);
      llvm::sys::path::append(Full, Abs);
      return std::string(Full);
    }
    return std::string(Abs);
  }

  std::string Directory;
};

} // namespace fencedep

#endif // FENCEDEP_LIB_EXTRACT_DIRECTORYVIEW_H

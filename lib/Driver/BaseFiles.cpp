//===- BaseFiles.cpp - files as they were before a change -----------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/BaseFiles.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace fencedep;

namespace {

/// An open file with another content than the disk has.
class OldFile : public vfs::File {
public:
  OldFile(vfs::Status Stat, StringRef Content)
      : Stat(std::move(Stat)), Content(Content) {}

  ErrorOr<vfs::Status> status() override { return Stat; }
  ErrorOr<std::unique_ptr<MemoryBuffer>> getBuffer(const Twine &Name, int64_t,
                                                   bool, bool) override {
    SmallString<256> Storage;
    return MemoryBuffer::getMemBuffer(Content, Name.toStringRef(Storage));
  }
  std::error_code close() override { return {}; }

private:
  vfs::Status Stat;
  StringRef Content; ///< of BaseFiles, with a null character behind it
};

} // namespace

static std::error_code noSuchFile() {
  return std::make_error_code(std::errc::no_such_file_or_directory);
}

/// \p Path without symbolic links and dots, as far as it exists.
static std::string realPath(StringRef Path) {
  SmallString<256> Real;
  StringRef Exists = Path;
  while (!Exists.empty() && sys::fs::real_path(Exists, Real))
    Exists = sys::path::parent_path(Exists);
  if (Exists.empty())
    return Path.str();
  sys::path::append(Real, Path.drop_front(Exists.size()).ltrim('/'));
  sys::path::remove_dots(Real, /*remove_dot_dot=*/true);
  return std::string(Real);
}

BaseFiles::BaseFiles()
    : ProxyFileSystem(vfs::getRealFileSystem()),
      Gone(makeIntrusiveRefCnt<vfs::InMemoryFileSystem>()) {}

void BaseFiles::add(StringRef Path, std::optional<std::string> Content) {
  ErrorOr<vfs::Status> Now = getUnderlyingFS().status(Path);
  if (Now && Now->isRegularFile()) {
    Changed +=
        Present.try_emplace(Now->getUniqueID(), std::move(Content)).second;
    return;
  }
  if (Now || !Content)
    return; // a directory has its place now, or it never was
  std::string Real = realPath(Path);
  if (!Gone->addFile(Real, /*ModificationTime=*/0,
                     MemoryBuffer::getMemBufferCopy(*Content, Real)))
    return;
  ++Changed;
  // The folders that went with it must be found, too.
  for (StringRef Part = Real; !Part.empty() && !sys::fs::exists(Part);
       Part = sys::path::parent_path(Part))
    GoneNames.insert(sys::path::filename(Part));
}

const std::optional<std::string> *
BaseFiles::present(const vfs::Status &Now) const {
  auto It = Present.find(Now.getUniqueID());
  return It == Present.end() ? nullptr : &It->second;
}

std::string BaseFiles::gone(const Twine &Path) const {
  // Clang asks for a great many files that never were: first what is cheap.
  std::string Text = Path.str();
  return GoneNames.contains(sys::path::filename(Text)) ? realPath(Text) : "";
}

bool BaseFiles::changed(const Twine &Path) const {
  if (ErrorOr<vfs::Status> Now = getUnderlyingFS().status(Path))
    return present(*Now);
  std::string Real = gone(Path);
  return !Real.empty() && Gone->exists(Real);
}

ErrorOr<vfs::Status> BaseFiles::status(const Twine &Path) {
  ErrorOr<vfs::Status> Now = getUnderlyingFS().status(Path);
  if (Now) {
    const std::optional<std::string> *Old = present(*Now);
    if (!Old)
      return Now;
    if (!*Old)
      return noSuchFile();
    return vfs::Status::copyWithNewSize(*Now, (*Old)->size());
  }
  std::string Real = gone(Path);
  if (Real.empty())
    return Now;
  ErrorOr<vfs::Status> Old = Gone->status(Real);
  if (!Old)
    return Old;
  return vfs::Status::copyWithNewName(*Old, Path);
}

bool BaseFiles::exists(const Twine &Path) {
  ErrorOr<vfs::Status> S = status(Path);
  return S && S->exists();
}

ErrorOr<std::unique_ptr<vfs::File>>
BaseFiles::openFileForRead(const Twine &Path) {
  ErrorOr<vfs::Status> Now = getUnderlyingFS().status(Path);
  if (Now) {
    const std::optional<std::string> *Old = present(*Now);
    if (!Old)
      return getUnderlyingFS().openFileForRead(Path);
    if (!*Old)
      return noSuchFile();
    return std::make_unique<OldFile>(
        vfs::Status::copyWithNewSize(*Now, (*Old)->size()), **Old);
  }
  std::string Real = gone(Path);
  if (Real.empty())
    return Now.getError();
  return vfs::File::getWithPath(Gone->openFileForRead(Real), Path);
}

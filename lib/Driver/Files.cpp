//===- Files.cpp - which content a file has -------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Files.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Chrono.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;
using namespace fencedep;

uint64_t fencedep::now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

FileStamp fencedep::stampOf(StringRef Path) {
  sys::fs::file_status Status;
  FileStamp Result;
  if (sys::fs::status(Path, Status) ||
      Status.type() != sys::fs::file_type::regular_file)
    return Result;
  Result.Size = Status.getSize();
  Result.Time = std::chrono::duration_cast<std::chrono::nanoseconds>(
                    Status.getLastModificationTime().time_since_epoch())
                    .count();
  Result.Inode = Status.getUniqueID().getFile();
  return Result;
}

FileTable::File *FileTable::file(StringRef Path) {
  std::lock_guard<std::mutex> Guard(Lock);
  auto [It, New] = Table.try_emplace(Path);
  if (New) {
    It->second.Path = It->first();
    It->second.PathHash = xxh3_64bits(Path);
  }
  return &It->second;
}

uint64_t FileTable::content(File &F) {
  if (F.Checked.load(std::memory_order_acquire))
    return F.Hash;
  std::lock_guard<std::mutex> Guard(F.Lock);
  if (F.Checked.load(std::memory_order_relaxed))
    return F.Hash;
  // An old content says nothing about the file that is there now: no stamp
  // goes with it, so that no later run takes one for the other.
  if (Base && Base->changed(F.Path)) {
    ErrorOr<std::unique_ptr<MemoryBuffer>> Old = Base->getBufferForFile(F.Path);
    F.Stamp = FileStamp();
    F.Hash = Old ? xxh3_64bits((*Old)->getBuffer()) : 0;
    F.Checked.store(true, std::memory_order_release);
    return F.Hash;
  }
  // First the stamp, then the content: a write in between makes the stamp too
  // old, which costs a needless read in the next run.
  FileStamp Stamp = stampOf(F.Path);
  const bool Exists = !(Stamp == FileStamp());
  if (!Exists || !F.Known || !(Stamp == F.Stamp)) {
    F.Stamp = Stamp;
    F.Hash = 0;
    ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
        Exists ? MemoryBuffer::getFile(F.Path, /*IsText=*/false,
                                       /*RequiresNullTerminator=*/false)
               : std::make_error_code(std::errc::no_such_file_or_directory);
    if (Buffer)
      F.Hash = xxh3_64bits((*Buffer)->getBuffer());
  }
  F.Checked.store(true, std::memory_order_release);
  return F.Hash;
}

std::vector<FileTable::File *> FileTable::all() {
  std::lock_guard<std::mutex> Guard(Lock);
  std::vector<File *> Result;
  for (auto &Entry : Table)
    Result.push_back(&Entry.second);
  llvm::sort(Result,
             [](const File *L, const File *R) { return L->Path < R->Path; });
  return Result;
}

Expected<std::unique_ptr<MemoryBuffer>> fencedep::openInput(const Twine &Path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
      MemoryBuffer::getFileOrSTDIN(Path);
  if (!Buffer)
    return createStringError("cannot read '" + Path +
                             "': " + Buffer.getError().message());
  return std::move(*Buffer);
}

Expected<std::string> fencedep::readWhole(const Twine &Path) {
  Expected<std::unique_ptr<MemoryBuffer>> Buffer = openInput(Path);
  if (!Buffer)
    return Buffer.takeError();
  return (*Buffer)->getBuffer().str();
}

Error fencedep::writeFile(StringRef Path, ArrayRef<StringRef> Parts) {
  return writeToOutput(Path, [&](raw_ostream &OS) -> Error {
    for (StringRef Part : Parts)
      OS << Part;
    OS.flush();
    auto &File = static_cast<raw_fd_ostream &>(OS);
    std::error_code Failure = File.error();
    File.clear_error();
    return Failure ? createFileError(Path, Failure) : Error::success();
  });
}

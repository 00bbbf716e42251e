//===- CacheIndex.cpp - the cache's accelerator ---------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// To see that nothing changed in 4,052 units of a thousand files each, a run
// must neither read those files nor four million path names. The index has
//
//   - a table of paths, sorted and front-coded, each with the size, time and
//     inode under which it had which content;
//   - per entry its dependencies as numbers into that table, ascending, as
//     differences of mostly one byte, decoded when the unit is asked for.
//
// All integers are ULEB128 except for hashes. A checksum in front covers all,
// so the rest may trust what it reads; lengths are checked all the same.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Cache.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/LEB128.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;
using namespace fencedep;

static constexpr StringLiteral IndexMagic = "FDINDEX1";

/// A time this close to the index's own proves nothing about the content.
static constexpr uint64_t RacyNanoseconds = 2'000'000'000;

namespace {

/// Reads integers and strings; once something is missing, all is zero.
class Reader {
public:
  explicit Reader(StringRef Bytes)
      : At(Bytes.bytes_begin()), End(Bytes.bytes_end()) {}

  uint64_t number() {
    const char *Failure = nullptr;
    unsigned Length = 0;
    uint64_t Result = Ok ? decodeULEB128(At, &Length, End, &Failure) : 0;
    if (Failure)
      Ok = false;
    At += Length;
    return Ok ? Result : 0;
  }

  uint64_t hash() {
    StringRef Bytes = bytes(sizeof(uint64_t));
    return Ok ? support::endian::read64le(Bytes.data()) : 0;
  }

  StringRef bytes(uint64_t Size) {
    if (!Ok || Size > uint64_t(End - At)) {
      Ok = false;
      return {};
    }
    StringRef Result(reinterpret_cast<const char *>(At), Size);
    At += Size;
    return Result;
  }

  bool ok() const { return Ok; }

private:
  const uint8_t *At, *End;
  bool Ok = true;
};

} // namespace

static void writeHash(raw_ostream &OS, uint64_t Hash) {
  char Bytes[sizeof(uint64_t)];
  support::endian::write64le(Bytes, Hash);
  OS << StringRef(Bytes, sizeof(Bytes));
}

void Cache::unpack(Record &R) const {
  if (R.Packed.empty())
    return;
  Reader In(R.Packed);
  R.Deps.reserve(R.NumPacked);
  uint64_t Number = 0;
  for (unsigned I = 0; I != R.NumPacked; ++I) {
    Number += In.number();
    if (!In.ok() || Number >= IndexFiles.size())
      break; // then the hash will not match either
    R.Deps.push_back(IndexFiles[Number]);
  }
  R.Packed = {};
}

bool Cache::parseIndex(StringRef Bytes) {
  if (!Bytes.consume_front(IndexMagic) || Bytes.size() < sizeof(uint64_t))
    return false;
  if (support::endian::read64le(Bytes.data()) !=
      xxh3_64bits(Bytes.drop_front(sizeof(uint64_t))))
    return false;
  Reader In(Bytes.drop_front(sizeof(uint64_t)));
  uint64_t Written = In.number();
  uint64_t NumFiles = In.number();
  std::string Path;
  for (uint64_t I = 0; I != NumFiles && In.ok(); ++I) {
    Path.resize(std::min<uint64_t>(In.number(), Path.size()));
    Path += In.bytes(In.number());
    FileTable::File *F = Files.file(Path);
    F->Stamp = {In.number(), In.number(), In.number()};
    F->Hash = In.hash();
    F->Known = F->Hash && F->Stamp.Time + RacyNanoseconds < Written;
    IndexFiles.push_back(F);
  }
  uint64_t NumRecords = In.number();
  for (uint64_t I = 0; I != NumRecords && In.ok(); ++I) {
    CacheKey Key;
    Key.High = In.hash();
    Key.Low = In.hash();
    Record R;
    R.DepsHash = In.hash();
    R.NumPacked = In.number();
    R.Packed = In.bytes(In.number());
    Records.emplace_hint(Records.end(), Key, std::move(R));
  }
  return In.ok();
}

void Cache::readIndex() {
  SmallString<256> Path(Dir);
  sys::path::append(Path, "index");
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(
      Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (Buffer) {
    Index = std::move(*Buffer);
    if (parseIndex(Index->getBuffer()))
      return;
  }
  Records.clear();
  IndexFiles.clear();
  Changed = true;
}

std::string Cache::writeIndex() {
  uint64_t Written = now();
  std::vector<FileTable::File *> Table;
  DenseMap<const FileTable::File *, uint64_t> Numbers;
  for (auto &[Key, R] : Records)
    unpack(R);
  for (FileTable::File *F : Files.all()) {
    Files.content(*F);
    Numbers[F] = Table.size();
    Table.push_back(F);
  }
  std::string Body;
  raw_string_ostream OS(Body);
  encodeULEB128(Written, OS);
  encodeULEB128(Table.size(), OS);
  StringRef Previous;
  for (const FileTable::File *F : Table) {
    size_t Shared = std::mismatch(Previous.begin(), Previous.end(),
                                  F->Path.begin(), F->Path.end())
                        .first -
                    Previous.begin();
    encodeULEB128(Shared, OS);
    encodeULEB128(F->Path.size() - Shared, OS);
    OS << F->Path.drop_front(Shared);
    for (uint64_t Part : {F->Stamp.Size, F->Stamp.Time, F->Stamp.Inode})
      encodeULEB128(Part, OS);
    writeHash(OS, F->Hash);
    Previous = F->Path;
  }
  encodeULEB128(Records.size(), OS);
  for (const auto &[Key, R] : Records) {
    writeHash(OS, Key.High);
    writeHash(OS, Key.Low);
    writeHash(OS, R.DepsHash);
    std::string Packed;
    raw_string_ostream Deps(Packed);
    uint64_t Last = 0;
    for (const FileTable::File *F : R.Deps) {
      uint64_t Number = Numbers.lookup(F);
      encodeULEB128(Number - Last, Deps);
      Last = Number;
    }
    encodeULEB128(R.Deps.size(), OS);
    encodeULEB128(Packed.size(), OS);
    OS << Packed;
  }
  std::string Result = IndexMagic.str();
  raw_string_ostream Out(Result);
  writeHash(Out, xxh3_64bits(Body));
  Out << Body;
  return Result;
}

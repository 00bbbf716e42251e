//===- Cache.cpp - look up and store summaries ----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An entry holds one hash over all dependencies instead of one for each:
// whether a unit is valid is all that is ever asked, and a thousand
// incompressible hashes would be larger than the summary itself.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Cache.h"
#include "fencedep/Driver/Adjust.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/Compression.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"
#include <set>

using namespace llvm;
using namespace fencedep;

namespace {

/// How an entry starts; little-endian, followed by the two packed parts.
struct EntryHeader {
  char Magic[8];
  support::ulittle64_t Checksum; ///< of all that follows
  support::ulittle64_t DepsHash;
  support::ulittle32_t DepsSize, DepsPacked; ///< before, after compression
  support::ulittle32_t PayloadSize, PayloadPacked; ///< equal: not compressed
};

constexpr char EntryMagic[9] = "FDENTRY1";
constexpr size_t ChecksumEnd = offsetof(EntryHeader, DepsHash);

/// How long an entry that no unit of the database uses stays.
constexpr auto KeepUnused = std::chrono::hours(24 * 7);

} // namespace

std::string CacheKey::str() const {
  return utohexstr(High, /*LowerCase=*/true, 16) +
         utohexstr(Low, /*LowerCase=*/true, 16);
}

std::optional<CacheKey> CacheKey::parse(StringRef Text) {
  CacheKey K;
  if (Text.size() != 32 || Text.take_front(16).getAsInteger(16, K.High) ||
      Text.drop_front(16).getAsInteger(16, K.Low))
    return std::nullopt;
  return K;
}

CacheKey Cache::key(const BuildCommand &Command, const Vocabulary &Vocab) {
  std::string Text;
  auto Add = [&](StringRef Part) {
    Text += Part;
    Text += '\0';
  };
  auto AddAll = [&](ArrayRef<std::string> Parts) {
    Add(utostr(Parts.size()));
    for (const std::string &Part : Parts)
      Add(Part);
  };
  Add("fencedep " FENCEDEP_VERSION " " LLVM_VERSION_STRING);
  Add(utostr(SummaryVersion));
  Add(Command.Directory);
  Add(Command.File);
  // What a response file says is part of the command. An '@' elsewhere costs
  // only this.
  if (StringRef(Command.Line).contains('@') || !Command.Arguments.empty()) {
    if (Expected<std::vector<std::string>> Args = expandedArguments(Command))
      AddAll(*Args);
    else
      consumeError(Args.takeError());
  }
  Add(Command.Line);
  for (const auto *Names : {&Vocab.Constants, &Vocab.Macros, &Vocab.Types,
                            &Vocab.Exports, &Vocab.Asserts})
    AddAll(*Names);
  Add(Vocab.ModuleNameMacro);
  Add(Vocab.ModuleMacro);
  XXH128_hash_t Hash = xxh3_128bits(arrayRefFromStringRef(Text));
  return {Hash.high64, Hash.low64};
}

std::string Cache::entryPath(const CacheKey &Key) const {
  SmallString<256> Path(Dir);
  sys::path::append(Path, "units", Key.str());
  return std::string(Path);
}

/// The unpacked part of an entry, or nothing if it is damaged.
static std::optional<SmallVector<uint8_t, 0>> unpacked(StringRef Packed,
                                                       size_t Size) {
  SmallVector<uint8_t, 0> Result;
  if (Packed.size() == Size) {
    Result.append(Packed.bytes_begin(), Packed.bytes_end());
    return Result;
  }
  if (!compression::zstd::isAvailable())
    return std::nullopt;
  if (errorToBool(compression::zstd::decompress(arrayRefFromStringRef(Packed),
                                                Result, Size)))
    return std::nullopt;
  return Result;
}

/// \p Bytes smaller, or as they are if that is not possible.
static SmallVector<uint8_t, 0> packed(StringRef Bytes) {
  SmallVector<uint8_t, 0> Result;
  if (compression::zstd::isAvailable())
    compression::zstd::compress(arrayRefFromStringRef(Bytes), Result,
                                /*Level=*/3);
  if (Result.empty() || Result.size() >= Bytes.size())
    Result.assign(Bytes.bytes_begin(), Bytes.bytes_end());
  return Result;
}

/// Appends \p Path to \p Text: in full, or without the directory that it shares
/// with the path before. Names compress much better than paths.
static void packPath(StringRef Path, StringRef &Dir, std::string &Text) {
  auto [Parent, Name] = Path.rsplit('/');
  Text += Parent == Dir ? Name : Path;
  Text += '\0';
  Dir = Parent;
}

static void unpackPaths(StringRef Text, function_ref<void(StringRef)> Found) {
  std::string Path;
  while (!Text.empty()) {
    StringRef Item;
    std::tie(Item, Text) = Text.split('\0');
    Path.resize(Item.starts_with("/") ? 0 : Path.rfind('/') + 1);
    Path += Item;
    Found(Path);
  }
}

/// The hash of the dependencies as they are now, or nothing if one is gone.
static std::optional<uint64_t> hashNow(FileTable &Files,
                                       ArrayRef<FileTable::File *> Deps) {
  std::vector<uint64_t> Hashes;
  Hashes.reserve(2 * Deps.size());
  for (FileTable::File *F : Deps) {
    uint64_t Content = Files.content(*F);
    if (!Content)
      return std::nullopt;
    Hashes.push_back(F->PathHash);
    Hashes.push_back(Content);
  }
  return xxh3_64bits(ArrayRef(reinterpret_cast<const uint8_t *>(Hashes.data()),
                              Hashes.size() * sizeof(uint64_t)));
}

Error Cache::open(StringRef Directory, IntrusiveRefCntPtr<BaseFiles> Base) {
  Dir = Directory.str();
  Files.setBase(std::move(Base));
  SmallString<256> Units(Dir);
  sys::path::append(Units, "units");
  if (std::error_code EC = sys::fs::create_directories(Units))
    return createStringError(
        EC, "cannot create the cache directory '" + Dir + "': " + EC.message() +
                "; name another one with --cache-dir, or use --no-cache");
  SmallString<256> Ignore(Dir);
  sys::path::append(Ignore, ".gitignore");
  if (!sys::fs::exists(Ignore))
    consumeError(writeFile(Ignore, {"*\n"}));
  readIndex();
  return Error::success();
}

std::optional<Unit> Cache::load(const CacheKey &Key) {
  std::string Path = entryPath(Key);
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(
      Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return std::nullopt;
  StringRef Bytes = (*Buffer)->getBuffer();
  if (Bytes.size() < sizeof(EntryHeader))
    return std::nullopt;
  EntryHeader Header;
  memcpy(&Header, Bytes.data(), sizeof(Header));
  StringRef Rest = Bytes.drop_front(sizeof(EntryHeader));
  if (StringRef(Header.Magic, 8) != StringRef(EntryMagic, 8) ||
      uint64_t(Header.DepsPacked) + Header.PayloadPacked != Rest.size() ||
      Header.Checksum != xxh3_64bits(Bytes.drop_front(ChecksumEnd)))
    return std::nullopt;

  // The index knows the dependencies of this very entry, or the entry does.
  Record *Known = nullptr;
  {
    std::lock_guard<std::mutex> Guard(Lock);
    if (auto It = Records.find(Key);
        It != Records.end() && It->second.DepsHash == Header.DepsHash)
      Known = &It->second;
  }
  Record Own;
  if (Known) {
    unpack(*Known); // each key is asked for once, by one thread
  } else {
    auto Deps = unpacked(Rest.take_front(Header.DepsPacked), Header.DepsSize);
    if (!Deps)
      return std::nullopt;
    Own.DepsHash = Header.DepsHash;
    unpackPaths(toStringRef(*Deps),
                [&](StringRef Path) { Own.Deps.push_back(Files.file(Path)); });
  }
  if (hashNow(Files, Known ? Known->Deps : Own.Deps) !=
      uint64_t(Header.DepsHash))
    return std::nullopt;
  auto Payload =
      unpacked(Rest.drop_front(Header.DepsPacked), Header.PayloadSize);
  if (!Payload)
    return std::nullopt;
  Expected<Unit> U = readSummary(toStringRef(*Payload), Path);
  if (!U) {
    consumeError(U.takeError());
    return std::nullopt;
  }
  if (!Known)
    remember(Key, std::move(Own));
  return std::move(*U);
}

void Cache::store(const CacheKey &Key, const Extracted &E) {
  Record R;
  std::string Paths;
  StringRef Dir;
  std::vector<uint64_t> Hashes;
  for (const Dependency &Dep : E.Deps) {
    packPath(Dep.Path, Dir, Paths);
    R.Deps.push_back(Files.file(Dep.Path));
    Hashes.push_back(R.Deps.back()->PathHash);
    Hashes.push_back(Dep.Hash);
  }
  R.DepsHash =
      xxh3_64bits(ArrayRef(reinterpret_cast<const uint8_t *>(Hashes.data()),
                           Hashes.size() * sizeof(uint64_t)));
  std::string Payload = writeSummary(E.U);
  SmallVector<uint8_t, 0> PackedDeps = packed(Paths),
                          PackedPayload = packed(Payload);

  EntryHeader Header;
  memcpy(Header.Magic, EntryMagic, 8);
  Header.DepsHash = R.DepsHash;
  Header.DepsSize = Paths.size();
  Header.DepsPacked = PackedDeps.size();
  Header.PayloadSize = Payload.size();
  Header.PayloadPacked = PackedPayload.size();
  std::string Body(reinterpret_cast<const char *>(&Header) + ChecksumEnd,
                   sizeof(Header) - ChecksumEnd);
  Body += toStringRef(PackedDeps);
  Body += toStringRef(PackedPayload);
  Header.Checksum = xxh3_64bits(Body);
  if (errorToBool(writeFile(
          entryPath(Key),
          {StringRef(reinterpret_cast<const char *>(&Header), ChecksumEnd),
           Body}))) {
    ++Failures;
    return;
  }
  remember(Key, std::move(R));
}

void Cache::remember(const CacheKey &Key, Record R) {
  std::lock_guard<std::mutex> Guard(Lock);
  Records[Key] = std::move(R);
  Changed = true;
}

void Cache::prune(const std::vector<CacheKey> &Live) {
  std::set<CacheKey> Keys(Live.begin(), Live.end());
  for (auto It = Records.begin(); It != Records.end();) {
    bool Unused = !Keys.count(It->first);
    Changed |= Unused;
    It = Unused ? Records.erase(It) : std::next(It);
  }
  StringSet<> Names;
  for (const CacheKey &Key : Live)
    Names.insert(Key.str());
  SmallString<256> Units(Dir);
  sys::path::append(Units, "units");
  std::error_code EC;
  auto Oldest = std::chrono::system_clock::now() - KeepUnused;
  for (sys::fs::directory_iterator It(Units, EC), End; It != End && !EC;
       It.increment(EC)) {
    if (Names.contains(sys::path::filename(It->path())))
      continue;
    // What a killed run left behind has a temporary name and goes the same way.
    ErrorOr<sys::fs::basic_file_status> Status = It->status();
    if (Status && Status->getLastModificationTime() < Oldest)
      (void)sys::fs::remove(It->path());
  }
}

std::vector<std::pair<std::string, FileStamp>> Cache::filesSeen() {
  std::vector<std::pair<std::string, FileStamp>> Seen;
  for (const FileTable::File *F : Files.all())
    if (F->Checked)
      Seen.emplace_back(F->Path.str(), F->Stamp);
  return Seen;
}

void Cache::finish(const std::vector<CacheKey> *Live) {
  if (Live)
    prune(*Live);
  if (!Changed)
    return;
  SmallString<256> Path(Dir);
  sys::path::append(Path, "index");
  std::string Bytes = writeIndex();
  if (errorToBool(writeFile(Path, StringRef(Bytes))))
    ++Failures;
}

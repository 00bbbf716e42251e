//===- Cache.h - summaries that are still valid ---------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A directory with one file per unit. Its name is a hash of all that decides
// the summary but the files' contents; inside are the paths of the files that
// were read, a hash of their contents, and the summary. An entry is valid if
// those files still have those contents.
//
//     DIR/units/KEY   entry: header, dependency paths, summary (both zstd)
//     DIR/index       accelerator: which content the files had when they had
//                     which size, time and inode; decoded dependency lists
//
// Every file is written under another name and then renamed, and carries a
// checksum. So a run may be killed at any moment, and several may use one
// directory: each sees whole files, of one run or the other. The index may be
// missing, stale or damaged: then it costs time and nothing else.
//
// It does not notice a new file that an #include would now find earlier in the
// search path: the paths looked at in vain are not recorded.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_DRIVER_CACHE_H
#define FENCEDEP_DRIVER_CACHE_H

#include "fencedep/Driver/Database.h"
#include "fencedep/Driver/Files.h"
#include "fencedep/Extract/Extract.h"
#include "llvm/Support/MemoryBuffer.h"
#include <map>
#include <mutex>
#include <optional>

namespace fencedep {

/// 128 bits: enough that two commands never share a name by chance.
struct CacheKey {
  uint64_t High = 0, Low = 0;
  std::string str() const;
  static std::optional<CacheKey> parse(llvm::StringRef Text); ///< of str()
  bool operator<(const CacheKey &R) const {
    return std::tie(High, Low) < std::tie(R.High, R.Low);
  }
};

/// Thread-safe, except for open and finish.
class Cache {
public:
  /// Creates \p Dir if need be. Fails if it cannot be used. \p Base: entries
  /// are valid if they are for these contents; null: for those of now.
  llvm::Error open(llvm::StringRef Dir,
                   llvm::IntrusiveRefCntPtr<BaseFiles> Base = nullptr);

  /// \p Arguments: with response files expanded.
  static CacheKey key(const BuildCommand &Command, const Vocabulary &Vocab);

  /// The unit, if its entry is there, whole and valid.
  std::optional<Unit> load(const CacheKey &Key);

  /// Failures are silent but for the count: the cache is only a cache.
  void store(const CacheKey &Key, const Extracted &E);

  /// Writes the index. \p Live, all keys of the database, is given by complete
  /// runs: entries that are neither among them nor recent are removed.
  void finish(const std::vector<CacheKey> *Live);

  unsigned storeFailures() const { return Failures; }

  /// The files that decided whether what was loaded is valid, as they were.
  std::vector<std::pair<std::string, FileStamp>> filesSeen();

private:
  /// What the index or an entry says about a unit.
  struct Record {
    uint64_t DepsHash = 0;
    std::vector<FileTable::File *> Deps; ///< by path
    llvm::StringRef Packed;              ///< in the index, not decoded yet
    unsigned NumPacked = 0;
  };

  void readIndex();
  bool parseIndex(llvm::StringRef Bytes);
  std::string writeIndex();
  void unpack(Record &R) const;
  void remember(const CacheKey &Key, Record R);
  void prune(const std::vector<CacheKey> &Live);
  std::string entryPath(const CacheKey &Key) const;

  std::string Dir;
  FileTable Files;
  std::unique_ptr<llvm::MemoryBuffer> Index;
  std::vector<FileTable::File *> IndexFiles; ///< by number in the index
  std::map<CacheKey, Record> Records;
  std::mutex Lock; ///< of Records
  bool Changed = false;
  std::atomic<unsigned> Failures{0};
};

} // namespace fencedep

#endif // FENCEDEP_DRIVER_CACHE_H

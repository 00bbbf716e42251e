//===- Watch.h - have these files been touched? -----------------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An editor asks after each key whether the files of a program are as they
// were. There are thousands; the system can be told to notice.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_DRIVER_WATCH_H
#define FENCEDEP_DRIVER_WATCH_H

#include <memory>
#include <string>
#include <vector>

namespace fencedep {

class FileWatch {
public:
  /// Watches the directories of \p Files. Null if the system cannot promise to
  /// notice everything: on another system than Linux, on a file system whose
  /// files others change behind its back, or if there are too many.
  static std::unique_ptr<FileWatch> of(const std::vector<std::string> &Files);
  ~FileWatch();
  FileWatch(const FileWatch &) = delete;
  FileWatch &operator=(const FileWatch &) = delete;

  /// True if nothing has happened in those directories since the last call, or
  /// since the watch began. Otherwise a file may have changed.
  bool quiet();

private:
  explicit FileWatch(int Queue) : Queue(Queue) {}
  bool add(const std::string &Directory);

  int Queue; ///< inotify's descriptor
};

} // namespace fencedep

#endif // FENCEDEP_DRIVER_WATCH_H

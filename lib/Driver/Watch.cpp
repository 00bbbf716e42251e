//===- Watch.cpp - have these files been touched? -------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Linux's inotify(7), one watch per directory: each change to a file in it, and
// each that replaces one, is an event. Which one it was does not matter here;
// whoever hears of one looks at all files. A file that is a link is watched
// where it is and where it leads.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Watch.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <set>

#ifdef __linux__
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>
#endif

using namespace llvm;
using namespace fencedep;

#ifdef __linux__

/// Whether all changes in \p Directory pass this machine's kernel by name: over
/// a network, or from the host of a virtual machine, they do not. The numbers
/// are those of statfs(2).
static bool isNoticed(const std::string &Directory) {
  struct statfs FS;
  if (statfs(Directory.c_str(), &FS))
    return false;
  switch (uint32_t(FS.f_type)) {
  case 0xef53:     // ext2, ext3, ext4
  case 0x58465342: // xfs
  case 0x9123683e: // btrfs
  case 0x01021994: // tmpfs
  case 0xf2f52010: // f2fs
  case 0x2fc12fc1: // zfs
  case 0xca451a4e: // bcachefs
  case 0x794c7630: // overlayfs
    return true;
  default:
    return false;
  }
}

FileWatch::~FileWatch() { close(Queue); }

bool FileWatch::add(const std::string &Directory) {
  return isNoticed(Directory) &&
         inotify_add_watch(Queue, Directory.c_str(),
                           IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE |
                               IN_MOVE | IN_DELETE_SELF | IN_MOVE_SELF |
                               IN_ONLYDIR) >= 0;
}

bool FileWatch::quiet() {
  bool Quiet = true;
  alignas(inotify_event) char Events[4096];
  while (read(Queue, Events, sizeof(Events)) > 0)
    Quiet = false;
  return Quiet;
}

std::unique_ptr<FileWatch>
FileWatch::of(const std::vector<std::string> &Files) {
  std::set<std::string> Directories;
  for (const std::string &File : Files) {
    Directories.insert(sys::path::parent_path(File).str());
    SmallString<256> Real;
    if (!sys::fs::real_path(File, Real) && Real != File)
      Directories.insert(sys::path::parent_path(Real).str());
  }
  const int Queue = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (Queue < 0)
    return nullptr;
  std::unique_ptr<FileWatch> Watch(new FileWatch(Queue));
  if (!all_of(Directories,
              [&](const std::string &Dir) { return Watch->add(Dir); }))
    return nullptr;
  return Watch;
}

#else

FileWatch::~FileWatch() = default;
bool FileWatch::add(const std::string &) { return false; }
bool FileWatch::quiet() { return false; }
std::unique_ptr<FileWatch> FileWatch::of(const std::vector<std::string> &) {
  return nullptr;
}

#endif

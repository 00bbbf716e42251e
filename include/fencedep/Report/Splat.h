//===- Splat.h - a kernel's lockdep report, read --------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a kernel log says of a deadlock that a machine came near, as facts: no
// name in it is known to any program yet.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_REPORT_SPLAT_H
#define FENCEDEP_REPORT_SPLAT_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace fencedep {

struct SplatFrame {
  std::string Function; ///< without what the compiler appended (".isra.0")
  std::string Module;   ///< "" for none, or not said
  bool Unsure = false;  ///< marked with "?": left on the stack by chance
  unsigned Line = 0;    ///< of the log
};

using SplatStack = std::vector<SplatFrame>; ///< innermost first

struct SplatLock {
  std::string Class; ///< as printed, without "#2" and "/1"
  std::string At;    ///< the function that acquired it, or ""
  unsigned Line = 0; ///< of the log; 0: not there
  SplatStack Stack;  ///< of a dependency: where Class was acquired
};

struct Splat {
  enum Kind : uint8_t {
    Circular,  ///< locks are taken in a circle
    Recursive, ///< a class is taken while it is held
    IrqOrder,  ///< an interrupt could close the circle
    Usage,     ///< taken both in interrupts and with interrupts on
    Sleeping,  ///< something sleeps where nothing may
  } K = Circular;
  unsigned Line = 0;  ///< of the log, where it starts
  std::string Title;  ///< "possible circular locking dependency"
  std::string Kernel; ///< "6.12.0-rc1+ #1", or ""
  std::string Task;   ///< "kworker/u8:1/123", or ""
  SplatLock Wanted;   ///< that the task tries to acquire
  SplatLock Held;     ///< that it holds already, of those named with Wanted
  /// "-> #0" first: each is acquired while the one before is held, the first
  /// while the last one is.
  std::vector<SplatLock> Chain;
  std::vector<SplatLock> Locks; ///< all that the task holds
  SplatStack Backtrace;         ///< of the task
};

struct SplatLog {
  std::vector<Splat> Splats; ///< in the order of the log; complete ones
  /// "FILE:LINE:COLUMN: error: ...", one per report that cannot be used.
  std::vector<std::string> Errors;
};

/// Reads every report in \p Text, whatever else is between its lines. \p File
/// is used in errors.
SplatLog readSplats(llvm::StringRef Text, llvm::StringRef File);

} // namespace fencedep

#endif // FENCEDEP_REPORT_SPLAT_H

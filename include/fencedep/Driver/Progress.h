//===- Progress.h - one line that says how far a run is -------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_DRIVER_PROGRESS_H
#define FENCEDEP_DRIVER_PROGRESS_H

#include "llvm/ADT/StringRef.h"
#include <chrono>
#include <mutex>
#include <string>

namespace fencedep {

/// Counts items as they are done; thread-safe. If stderr is a terminal (and not
/// a dumb one), the count is shown there on one line that updates itself.
/// Elsewhere nothing is printed, ever.
class Progress {
public:
  explicit Progress(size_t Total);
  ~Progress();

  void done(llvm::StringRef Item, bool Failed);

private:
  using Clock = std::chrono::steady_clock;

  bool Shown;
  size_t Total, Done = 0, Failed = 0;
  Clock::time_point Start, Printed;
  std::mutex Lock;
};

/// "[3/10] failed 1, elapsed 12s, about 40s left: file", cut to \p Width
/// columns in the middle of the file name.
std::string progressLine(size_t Done, size_t Total, size_t Failed,
                         double Seconds, llvm::StringRef Item, unsigned Width);

} // namespace fencedep

#endif // FENCEDEP_DRIVER_PROGRESS_H

//===- Parallel.h - the same work for many items --------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_SUPPORT_PARALLEL_H
#define FENCEDEP_SUPPORT_PARALLEL_H

#include "llvm/Support/ThreadPool.h"
#include <algorithm>
#include <atomic>
#include <functional>

namespace fencedep {

/// Calls \p Work(0) to \p Work(Count - 1), each once, begun in that order, on
/// \p Jobs threads.
template <typename Function>
void parallelFor(unsigned Jobs, size_t Count, Function &&Work) {
  Jobs = std::min<size_t>(Jobs, Count);
  if (Jobs <= 1) {
    for (size_t I = 0; I != Count; ++I)
      Work(I);
    return;
  }
  llvm::ThreadPoolStrategy Strategy;
  Strategy.ThreadsRequested = Jobs;
  Strategy.UseHyperThreads = true;
  llvm::DefaultThreadPool Pool(Strategy);
  std::atomic<size_t> Next{0};
  for (unsigned Job = 0; Job != Jobs; ++Job)
    Pool.async([&] {
      for (size_t I = Next++; I < Count; I = Next++)
        Work(I);
    });
  Pool.wait();
}

/// Calls \p Tasks, each once, at the same time if \p Jobs allows. None may
/// write what another one reads.
template <typename... Functions>
void parallelTasks(unsigned Jobs, Functions &&...Tasks) {
  const std::function<void()> All[] = {std::ref(Tasks)...};
  parallelFor(Jobs, sizeof...(Tasks), [&](size_t I) { All[I](); });
}

} // namespace fencedep

#endif // FENCEDEP_SUPPORT_PARALLEL_H

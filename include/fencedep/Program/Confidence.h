//===- Confidence.h - how sure a fact is ----------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_PROGRAM_CONFIDENCE_H
#define FENCEDEP_PROGRAM_CONFIDENCE_H

#include <cstdint>

namespace fencedep {

/// How sure we are that a path can happen: the weakest of its hops.
///   Certain: every hop is a call that the source fixes.
///   Likely: some pointer may hold one of several functions of the same driver,
///     or the path needs a last reference to be dropped.
///   Possible: the path goes through a bus, functions of several modules, an
///     unknown mask, or a branch that is there for bugs (WARN_ON).
enum class Confidence : uint8_t { Possible, Likely, Certain };

} // namespace fencedep

#endif // FENCEDEP_PROGRAM_CONFIDENCE_H

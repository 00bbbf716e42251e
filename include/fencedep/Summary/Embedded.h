//===- Embedded.h - summaries inside objects --------------------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A summary may ride in its object, as a section that is never loaded: where
// the object goes, through a compiler cache, a build farm, an archive, it goes
// too. A relocatable link appends the sections of its inputs to each other, so
// each summary says how long it is.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_SUMMARY_EMBEDDED_H
#define FENCEDEP_SUMMARY_EMBEDDED_H

#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <string>
#include <vector>

namespace fencedep {

/// The section's name.
inline constexpr llvm::StringLiteral SummarySection = ".fencedep";

/// What goes into the section for one summary.
std::string packSummary(llvm::StringRef Summary);

struct NamedSummary {
  std::string From; ///< "lib.a(x.o)": where it was found
  std::string Text; ///< for readSummary
};

/// The summaries in \p Section, which packSummary made; \p From names it.
llvm::Expected<std::vector<NamedSummary>>
packedSummaries(llvm::StringRef Section, const std::string &From);

/// The summaries in \p File: it is one itself, or an object that holds some, or
/// an archive of objects, which may be thin. An object without any is no error
/// and adds nothing; a section that is cut off is one.
llvm::Expected<std::vector<NamedSummary>>
summariesIn(llvm::MemoryBufferRef File);

} // namespace fencedep

#endif // FENCEDEP_SUMMARY_EMBEDDED_H

//===- Text.h - the parts of the text report --------------------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_REPORT_TEXT_H
#define FENCEDEP_LIB_REPORT_TEXT_H

#include "fencedep/Report/Source.h"
#include "llvm/ADT/ArrayRef.h"

namespace fencedep {

/// Nothing but messages is wider: many people read on 80 columns.
constexpr unsigned TextWidth = 80;

/// A reason that knows what it is about.
struct Note : Reason {
  enum Kind : uint8_t {
    Root,     ///< where the section begins
    Call,     ///< a hop
    Indirect, ///< a hop that is a guess, or is not seen in the code at once
    Acquires, ///< a lock, that is held from here on
    Ends,     ///< the last hop of somebody who holds a lock
    Because,  ///< why it matters
  } K;
};

/// What explain() says.
std::vector<Note> notesOn(const Finding &F);

/// Leaves out of the middle of long runs of calls those that go without saying;
/// a note without a position stands for them.
std::vector<Note> elided(llvm::ArrayRef<Note> Notes);

/// Prints the line at \p P and a caret under the column, as clang does, cut to
/// TextWidth columns; nothing if \p Sources does not have the place.
void printSnippet(llvm::raw_ostream &OS, SourceFiles &Sources,
                  const Position &P);

/// A warning of the report: the best finding of those at one sink, and those
/// that are folded into it.
struct Warning {
  const Finding *Best;
  std::vector<const Finding *> Folded;
};

/// Warnings that a heading stands above.
struct WarningGroup {
  std::string Name; ///< "": all, without a heading
  std::vector<Warning> Warnings;
};

/// The findings that \p Opts lets through, as it has them grouped and folded.
std::vector<WarningGroup> groupWarnings(const Report &R,
                                        const TextOptions &Opts);

/// Counts per group (per rule, if there is one group only) and confidence.
/// Nothing if there are so few that they are counted at a glance.
void printSummary(llvm::raw_ostream &OS, llvm::ArrayRef<WarningGroup> Groups,
                  const TextOptions &Opts);

/// \p S in at most \p Width columns, its middle left out if need be.
std::string elideMiddle(llvm::StringRef S, unsigned Width);

} // namespace fencedep

#endif // FENCEDEP_LIB_REPORT_TEXT_H

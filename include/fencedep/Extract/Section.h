//===- Section.h - where a section can be put into a function -------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function that should be a signalling section, changed so that it is one, on
// all ways out of it. That takes the source itself, so its unit is read again.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_EXTRACT_SECTION_H
#define FENCEDEP_EXTRACT_SECTION_H

#include "fencedep/Report/Patch.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/Support/VirtualFileSystem.h"

namespace fencedep {

struct SectionRequest {
  std::string Function;                  ///< its name,
  std::string File;                      ///< where it is defined (absolute),
  unsigned Line = 0;                     ///< and the line of the name
  unsigned LastLine = 0, LastColumn = 0; ///< the last call that matters
  std::string Begin, End; ///< the functions that open and close sections
};

struct SectionEdit {
  std::vector<TextEdit> Edits; ///< of File's text
  /// The body is in a function of its own, which the section calls; else the
  /// section is in the body, and ends after the last call that matters.
  bool Wrapped = false;
};

/// How to change \p R's function, in the unit that \p Cmd compiles. Fails with
/// the reason if that has to be done by hand.
llvm::Expected<SectionEdit>
sectionEdit(const clang::tooling::CompileCommand &Cmd, const SectionRequest &R);

} // namespace fencedep

#endif // FENCEDEP_EXTRACT_SECTION_H

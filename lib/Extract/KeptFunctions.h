//===- KeptFunctions.h - functions that an edit left as they were ---------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An edit changes one function of a file, and an editor's unit is summarised
// after each. A function's summary depends on its own text, and on what its
// names mean: that is the rest of the file without comments and bodies, what
// is included, and the command. Where none of that has changed, the summary is
// what it was, some lines up or down.
//
// Each function is summarised as a unit of its own, which is then copied into
// the unit at hand: the ids of one mean nothing in the other. C only: in C++ a
// body can matter to what comes after it.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_EXTRACT_KEPTFUNCTIONS_H
#define FENCEDEP_LIB_EXTRACT_KEPTFUNCTIONS_H

#include "Summarize.h"
#include "UnitBuilder.h"
#include "fencedep/Extract/Live.h"

namespace fencedep {

class FunctionKeeper {
public:
  /// \p Own: the functions with a body in the main file, in its order. What
  /// is known of another state of the surroundings is forgotten.
  FunctionKeeper(UnitBuilder &Into, const EditedFile &File,
                 llvm::ArrayRef<const clang::FunctionDecl *> Own);
  /// Drops what the file does not have any more.
  ~FunctionKeeper();

  /// Adds the summary of \p FD, one of those, to the unit.
  void add(const clang::FunctionDecl *FD);

private:
  /// Part of the main file, in bytes from its start.
  struct Extent {
    unsigned Begin = 0, Body = 0, End = 0;
  };
  std::optional<Extent> extentOf(const clang::FunctionDecl *FD) const;
  std::optional<uint64_t>
  surroundings(llvm::ArrayRef<const clang::FunctionDecl *> Own) const;
  Unit summarize(const clang::FunctionDecl *FD) const;

  UnitBuilder &Into;
  const EditedFile &File;
  KeptFunctions &Known;
  llvm::StringRef Text; ///< of the main file
  std::map<uint64_t, KeptFunctions::Kept> Now;
};

} // namespace fencedep

#endif // FENCEDEP_LIB_EXTRACT_KEPTFUNCTIONS_H

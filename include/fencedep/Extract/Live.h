//===- Live.h - the unit that somebody else compiles ------------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A compiler, clang-tidy or clangd has its own front end, which reads all
// bodies. A LiveUnit listens to its preprocessor and summarises what the unit's
// own functions need.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_EXTRACT_LIVE_H
#define FENCEDEP_EXTRACT_LIVE_H

#include "fencedep/Summary/Summary.h"
#include <memory>

namespace clang {
class ASTContext;
class Preprocessor;
} // namespace clang

namespace fencedep {

class Recorder;
struct ExtractOptions;

class LiveUnit {
public:
  /// Listens to \p PP, which must not have read the main file yet. Relative
  /// names of files are below \p Directory. Must outlive the last token.
  /// \p Rewritten: what the main file was named when its includes were put
  /// into it (clang -E -frewrite-includes); empty if they were not.
  LiveUnit(clang::Preprocessor &PP, std::string Directory,
           const Vocabulary &Vocab, std::string Rewritten = "");
  ~LiveUnit();

  /// The summary: of all functions of the main file, and of those header
  /// functions with a body that they can call. To be called once, after the
  /// last token of the unit.
  Unit finish(clang::ASTContext &Ctx);

private:
  clang::Preprocessor &PP;
  std::unique_ptr<ExtractOptions> Opts;
  std::unique_ptr<Recorder> Rec;
};

} // namespace fencedep

#endif // FENCEDEP_EXTRACT_LIVE_H

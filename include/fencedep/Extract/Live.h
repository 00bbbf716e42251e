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
#include <map>
#include <memory>
#include <optional>

namespace clang {
class ASTContext;
class Preprocessor;
} // namespace clang

namespace fencedep {

class Recorder;
struct ExtractOptions;

/// What the functions of one file came to when it was summarised last, for
/// whoever edits it and asks again and again. Belongs to one file and one
/// vocabulary.
struct KeptFunctions {
  /// Hash of all that matters to each function; none: nothing can be kept.
  std::optional<uint64_t> Surroundings;
  struct Kept {
    unsigned Line = 0; ///< where it began
    Unit Summary;      ///< of it alone
  };
  std::map<uint64_t, Kept> ByText; ///< by the hash of its own text
};

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
  /// last token of the unit. \p Known: what is known of the main file's
  /// functions, which is brought up to date; may be null.
  Unit finish(clang::ASTContext &Ctx, KeptFunctions *Known = nullptr);

private:
  clang::Preprocessor &PP;
  std::unique_ptr<ExtractOptions> Opts;
  std::unique_ptr<Recorder> Rec;
};

} // namespace fencedep

#endif // FENCEDEP_EXTRACT_LIVE_H

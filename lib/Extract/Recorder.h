//===- Recorder.h - what only the parser sees -----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Facts that are gone once the AST is built: where vocabulary macros were
// expanded, which names were exported, and the token hash of header bodies,
// which most of the time are skipped and never get an AST.
//
// The parser asks shouldSkip() with the body's opening brace as its current
// token. From there on every token of the expanded stream is hashed until the
// brace is closed; a token that the parser looks at twice is seen once. C++ has
// constructor initialisers and late-parsed bodies between the two, so nothing
// is skipped there, and UnitBuilder hashes the body's text.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_EXTRACT_RECORDER_H
#define FENCEDEP_LIB_EXTRACT_RECORDER_H

#include "fencedep/Extract/Extract.h"
#include "clang/AST/Decl.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringMap.h"

namespace fencedep {

class Recorder {
public:
  explicit Recorder(const ExtractOptions &Opts) : Opts(Opts) {}

  /// Listens to \p PP; this object must outlive it. \p HashBodies: fills
  /// BodyHashes, for a front end that asks shouldSkip.
  void attach(clang::Preprocessor &PP, std::string WorkingDirectory,
              bool HashBodies = true);

  /// Whether to skip the body of \p D, which the parser is about to enter.
  bool shouldSkip(const clang::Decl *D);

  /// Whether a parsed body of header function \p Key is ours to summarise.
  bool mayTake(llvm::StringRef File, llvm::StringRef Key) const;

  /// Vocabulary macros by the location in a file that they were invoked at.
  llvm::DenseMap<clang::SourceLocation,
                 llvm::SmallVector<const clang::IdentifierInfo *, 1>>
      Macros;
  /// Exported names, in order of appearance.
  std::vector<const clang::IdentifierInfo *> Exports;
  /// Header definitions, skipped or not.
  llvm::DenseMap<const clang::FunctionDecl *, uint64_t> BodyHashes;
  /// Header definitions whose bodies this unit was the one to parse.
  llvm::SetVector<const clang::FunctionDecl *> Taken;
  /// Variables of headers that are initialised and that something in this unit
  /// refers to; filled where not all declarations are looked at.
  llvm::SmallSetVector<const clang::VarDecl *, 16> TakenVariables;
  std::string Directory;
  /// The name of the main file, if it was rewritten before it came here: with
  /// all it includes in one file, where line markers tell which is which.
  std::string Rewritten;
  /// Offsets in the main file of errors among the appended constants.
  std::vector<unsigned> BadConstants;
  /// Values of macros that were found in another way.
  llvm::StringMap<int64_t> Constants;

  bool inMainFile(clang::SourceLocation L) const;

  /// A macro was expanded; called by the preprocessor's callbacks.
  void expanded(const clang::Token &Name, clang::SourceLocation Begin,
                const clang::MacroArgs *Args);

private:
  void token(const clang::Token &Tok);
  bool isScratch(const clang::Token &Tok);
  llvm::StringRef fileOf(clang::FileID Id);

  const ExtractOptions &Opts;
  clang::Preprocessor *PP = nullptr;
  enum Role : uint8_t { Event = 1, Export = 2 };
  llvm::StringMap<uint8_t> RolesByName;
  /// Of the macros that were met: to ask for the identifiers of the others, a
  /// precompiled header would have to read them.
  llvm::DenseMap<const clang::IdentifierInfo *, uint8_t> Roles;
  llvm::DenseMap<clang::FileID, std::string> Files;

  const clang::FunctionDecl *Hashing = nullptr;
  unsigned Depth = 0;
  bool AfterString = false;
  llvm::SmallString<1024> Text; ///< the body's tokens so far
  /// Whether the literal or identifier is text of the preprocessor's own.
  llvm::DenseMap<const void *, bool> Scratch;
};

} // namespace fencedep

#endif // FENCEDEP_LIB_EXTRACT_RECORDER_H

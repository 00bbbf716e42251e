//===- Extract.h - from a compile command to a summary --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     compile command -> AST -> CFG facts -> Unit
//
// The only part that sees Clang's AST. Header bodies are the cost of a kernel
// unit, and the same body need not be seen 4,052 times: a BodyRegistry shared
// by all units of a run hands each header function to the first unit that meets
// it; the others skip the body, remembering only the hash of its expanded
// tokens. Units refer to header functions by that hash, so two units whose
// macros make different bodies of one text never share one by mistake: the
// caller compares what is needed with what is provided and extracts again with
// Force.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_EXTRACT_EXTRACT_H
#define FENCEDEP_EXTRACT_EXTRACT_H

#include "fencedep/Summary/Summary.h"
#include "clang/AST/ASTConsumer.h"
#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <memory>
#include <mutex>

namespace clang {
class ASTContext;
} // namespace clang

namespace fencedep {

/// Which header bodies this run has handed out. Thread-safe.
class BodyRegistry {
public:
  /// True if the caller is the first to ask for \p Key defined in \p File and
  /// must therefore parse the body.
  bool claim(llvm::StringRef File, llvm::StringRef Key);

private:
  std::mutex Lock;
  llvm::StringSet<> Claimed;
};

struct ExtractOptions {
  Vocabulary Vocab;
  /// Null: parse every header body.
  BodyRegistry *Bodies = nullptr;
  /// Header functions (File + '\0' + Key) to parse whatever the registry says.
  llvm::StringSet<> Force;
  /// Null: the real file system.
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS;
};

struct Extracted {
  Unit U;
  /// Every file read, sorted by path, the main file included.
  std::vector<Dependency> Deps;
};

/// Parses and summarises one unit. \p Cmd must already be one that Clang 19
/// accepts (see Driver). A unit with an error yields that first error, located
/// ("file:line:col: error: text"); no part of it is used.
llvm::Expected<Extracted> extractUnit(const clang::tooling::CompileCommand &Cmd,
                                      const ExtractOptions &Opts);

/// The same for an AST that somebody else built (clang-tidy, clangd, plugin):
/// every function with a body in it, headers included. Constants are recorded
/// as far as the AST has them.
Unit summarizeAST(clang::ASTContext &Ctx, const Vocabulary &Vocab);

} // namespace fencedep

#endif // FENCEDEP_EXTRACT_EXTRACT_H

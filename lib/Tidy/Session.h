//===- Session.h - one unit in clang-tidy or clangd -------------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each rule is a check of its own, but the unit is summarised, linked and
// checked once: the checks of one unit share a session.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_TIDY_SESSION_H
#define FENCEDEP_LIB_TIDY_SESSION_H

#include "fencedep/Extract/Live.h"
#include "fencedep/Model/Model.h"
#include "fencedep/Rules/Check.h"
#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/StringMap.h"

namespace fencedep {

struct SessionOptions {
  std::string Index; ///< a cache directory; "": look for one; "none": none
  std::string Model; ///< a file, or ""
  std::optional<Confidence> MinConfidence;
};

struct KeptFile;

class Session {
public:
  /// The session of the unit that \p Context, a clang-tidy context, is for.
  static std::shared_ptr<Session> of(const void *Context);

  /// A check of \p Rule wants to know.
  void want(llvm::StringRef Rule) { Rules.push_back(Rule.str()); }

  /// Listens to \p PP; further calls do nothing.
  void attach(clang::Preprocessor &PP, SessionOptions Opts);

  /// Called with every function of the unit's own.
  void saw(clang::ASTContext &C) { Ctx = &C; }

  /// All findings, also those in other units only; analyses this one when it
  /// is called first.
  const std::vector<Finding> &findings();
  /// What went wrong, once: for the first check that asks.
  std::string takeProblem() { return std::exchange(Problem, ""); }
  /// Tells that parts of the program have changed since they were indexed, or
  /// is empty.
  const std::string &caution() const { return Caution; }
  /// The absolute name of \p File, as a position has it.
  std::string absolute(llvm::StringRef File) const;
  /// Is \p P in the unit's main file?
  bool isHere(const Position &P) const {
    return P.Line && absolute(P.File) == MainFile;
  }
  /// The file of \p P, which may be none that the unit includes; invalid if it
  /// cannot be read.
  clang::FileID fileOf(const Position &P);
  clang::ASTContext *context() const { return Ctx; }

private:
  llvm::Error configure(llvm::StringRef Source);
  void analyse();
  void answer(Unit Own, KeptFile &Kept);
  std::string question(const Unit &Own) const;
  std::vector<Unit> checkWith(Unit Own, std::vector<Unit> Rest);
  /// The cache directory of the program that \p Own belongs to, or "".
  std::string indexOf(const Unit &Own) const;

  SessionOptions Opts; ///< and what the project's configuration says
  CheckOptions Check;
  std::vector<std::string> Chosen; ///< rules, if the configuration has any
  std::vector<std::string> Rules;
  const Model *M = nullptr;
  std::unique_ptr<LiveUnit> Live;
  clang::ASTContext *Ctx = nullptr;
  llvm::StringMap<clang::FileID> Files;
  bool Done = false;
  std::vector<Finding> Findings;
  std::string Problem, Caution, BaseDir, MainFile;
  std::string Opened; ///< the main file, as the preprocessor opened it
};

} // namespace fencedep

#endif // FENCEDEP_LIB_TIDY_SESSION_H

//===- BodyScan.h - what a body's syntax says about its values ------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One walk over the tree before the CFG: which locals there are, and facts
// about an expression that only its surroundings know (where a call's result
// goes, which object a constructor builds), because a CFG element has no
// parent.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_EXTRACT_BODYSCAN_H
#define FENCEDEP_LIB_EXTRACT_BODYSCAN_H

#include "fencedep/Summary/Summary.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace fencedep {

struct CallUse {
  ResultUse Use = ResultUse::Other;
  const clang::VarDecl *Dest = nullptr;
};

/// What an object expression (constructor, initialiser list, compound literal)
/// initialises; nothing set: a temporary.
struct InitTarget {
  const clang::VarDecl *Var = nullptr;
  const clang::CXXNewExpr *New = nullptr;
  const clang::CXXCtorInitializer *Init = nullptr;
  /// Assigned or copied elsewhere right away; no object of its own.
  bool Elsewhere = false;
};

struct BodyScan {
  std::vector<const clang::VarDecl *> Locals;
  std::vector<const clang::VarDecl *> StaticLocals;
  llvm::DenseMap<const clang::Expr *, CallUse> Uses; ///< calls; not Other
  llvm::DenseMap<const clang::Expr *, InitTarget> Targets;
  /// The value of a statement expression: to be read when control is there.
  llvm::DenseSet<const clang::Expr *> Results;
  llvm::DenseSet<const clang::VarDecl *> CapturedByRef;
  /// Something in the body could not be analysed (errors, dependent).
  bool Unusable = false;

  void run(const clang::FunctionDecl *FD);

private:
  void visit(const clang::Stmt *S, CallUse Use = {}, InitTarget Target = {});
  void declare(const clang::VarDecl *VD);
  void discard(const clang::Stmt *S);
};

} // namespace fencedep

#endif // FENCEDEP_LIB_EXTRACT_BODYSCAN_H

//===- Summarize.h - from an AST to a unit --------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     AST -> functions with bodies -> FunctionBuilder -> Unit
//         -> variables with initialisers -> recordInitializer
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_EXTRACT_SUMMARIZE_H
#define FENCEDEP_LIB_EXTRACT_SUMMARIZE_H

#include "UnitBuilder.h"

namespace fencedep {

struct KeptFunctions;

/// A file whose functions are known from its last summary.
struct EditedFile {
  KeptFunctions &Known;
  /// Hash of the command and of what is included first, and how much of the
  /// main file includes that (bytes).
  uint64_t Before = 0;
  unsigned BeforeSize = 0;
};

/// In extractUnit, constants are read from enumerators of this name, appended
/// to the main file.
constexpr llvm::StringLiteral ConstantPrefix = "__fencedep_const_";

/// Whether only a part of the unit's declarations is to be looked at: clangd's
/// tools leave out what is in its precompiled header.
bool isPartial(const clang::ASTContext &Ctx);
/// Calls \p Each with the unit's declarations, or with that part of them.
void eachDeclaration(const clang::ASTContext &Ctx,
                     llvm::function_ref<void(clang::Decl *)> Each);

/// \p Rec is what was recorded while \p Ctx was built, or null; \p Edited: to
/// bring up to date, or null.
Unit summarize(clang::ASTContext &Ctx, const Vocabulary &Vocab,
               const Recorder *Rec, const EditedFile *Edited = nullptr);

/// The module that the command with these macros compiles for.
std::string moduleName(const clang::PreprocessorOptions &PP,
                       const Vocabulary &Vocab);

/// Records function and table addresses in the initialiser of global \p VD.
void recordInitializer(UnitBuilder &B, const clang::VarDecl *VD);

} // namespace fencedep

#endif // FENCEDEP_LIB_EXTRACT_SUMMARIZE_H

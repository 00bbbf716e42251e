//===- Visit.h - one function of a unit, parsed again -----------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_EXTRACT_VISIT_H
#define FENCEDEP_LIB_EXTRACT_VISIT_H

#include "clang/Tooling/CompilationDatabase.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Error.h"

namespace clang {
class ASTContext;
class FunctionDecl;
class SourceManager;
} // namespace clang

namespace fencedep {

/// Parses the unit of \p Cmd, of whose functions only \p Wanted ones get a
/// body, and hands the first of these to \p Use. Fails with the unit's first
/// error.
llvm::Error visitFunction(
    const clang::tooling::CompileCommand &Cmd,
    llvm::function_ref<bool(const clang::FunctionDecl &,
                            const clang::SourceManager &)>
        Wanted,
    llvm::function_ref<void(clang::ASTContext &, const clang::FunctionDecl &)>
        Use);

} // namespace fencedep

#endif // FENCEDEP_LIB_EXTRACT_VISIT_H

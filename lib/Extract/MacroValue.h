//===- MacroValue.h - what a macro is worth ---------------------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_EXTRACT_MACROVALUE_H
#define FENCEDEP_LIB_EXTRACT_MACROVALUE_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace clang {
class ASTContext;
class Preprocessor;
} // namespace clang

namespace fencedep {

/// The value of the macro \p Name at the end of the unit, if it is defined as
/// an integer constant expression without sizeof and calls. The last token of
/// the unit must have been read.
std::optional<int64_t> macroValue(clang::Preprocessor &PP,
                                  clang::ASTContext &Ctx, llvm::StringRef Name);

} // namespace fencedep

#endif // FENCEDEP_LIB_EXTRACT_MACROVALUE_H

//===- MacroValues.h - what macros are worth --------------------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_EXTRACT_MACROVALUES_H
#define FENCEDEP_LIB_EXTRACT_MACROVALUES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include <string>

namespace clang {
class ASTContext;
class Preprocessor;
} // namespace clang

namespace fencedep {

/// Those of \p Names that are macros at the end of the unit, and integer
/// constants, with their values.
llvm::StringMap<int64_t> macroValues(clang::Preprocessor &PP,
                                     clang::ASTContext &Ctx,
                                     llvm::ArrayRef<std::string> Names);

} // namespace fencedep

#endif // FENCEDEP_LIB_EXTRACT_MACROVALUES_H

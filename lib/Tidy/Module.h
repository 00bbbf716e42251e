//===- Module.h - the rules as clang-tidy checks ----------------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_TIDY_MODULE_H
#define FENCEDEP_LIB_TIDY_MODULE_H

#include "clang-tidy/ClangTidyModule.h"

namespace fencedep {

/// Checks for the rules that are on by default, named "PREFIX-RULE", beside
/// those of the module that is always there.
void addAliases(clang::tidy::ClangTidyCheckFactories &Factories,
                llvm::StringRef Prefix);

} // namespace fencedep

#endif // FENCEDEP_LIB_TIDY_MODULE_H

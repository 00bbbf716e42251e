//===- Scope.h - which units of a database a run reads --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The PATHs of a command line say whose findings are wanted; to see where the
// calls from there go, more units must be read: those of the same modules, of
// the modules whose exported symbols they use, and so on.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_DRIVER_SCOPE_H
#define FENCEDEP_DRIVER_SCOPE_H

#include "fencedep/Driver/Database.h"
#include "fencedep/Summary/Summary.h"
#include "llvm/Support/VirtualFileSystem.h"

namespace fencedep {

enum class ScopeKind { Auto, All, Paths };

struct Scope {
  std::vector<unsigned> Units; ///< indices into Database::Commands, ascending
  unsigned UnderPaths = 0;     ///< how many of them the PATHs name
};

/// Fails if one of \p Paths (absolute) names no unit. No paths: all units.
llvm::Expected<Scope>
chooseScope(const Database &Db, llvm::ArrayRef<std::string> Paths,
            ScopeKind Kind, const Vocabulary &Vocab, unsigned Jobs,
            llvm::vfs::FileSystem &FS = *llvm::vfs::getRealFileSystem());

/// Calls \p Found for each name that an export macro of \p Vocab makes known in
/// the C source \p Text.
void scanExports(llvm::StringRef Text, const Vocabulary &Vocab,
                 llvm::function_ref<void(llvm::StringRef)> Found);

/// Calls \p Found for each function that \p Text seems to define: its name,
/// whether it is static, its body with the braces.
void scanFunctions(
    llvm::StringRef Text,
    llvm::function_ref<void(llvm::StringRef, bool, llvm::StringRef)> Found);

/// Calls \p Found for each identifier outside comments and strings.
void scanIdentifiers(llvm::StringRef Text,
                     llvm::function_ref<void(llvm::StringRef)> Found);

} // namespace fencedep

#endif // FENCEDEP_DRIVER_SCOPE_H

//===- Patch.h - changes of a text, as a unified diff ---------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_REPORT_PATCH_H
#define FENCEDEP_REPORT_PATCH_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace fencedep {

struct TextEdit {
  size_t Offset = 0, Length = 0; ///< what is replaced; Length 0: an insertion
  std::string Text;
};

/// \p Old with \p Edits, which do not overlap, in any order. Of several
/// insertions at one place, the first comes first.
std::string applied(llvm::StringRef Old, llvm::ArrayRef<TextEdit> Edits);

/// What \p Edits change in file \p Name, whose text is \p Old, as `git apply`
/// reads it; "" if nothing.
std::string unifiedDiff(llvm::StringRef Name, llvm::StringRef Old,
                        llvm::ArrayRef<TextEdit> Edits);

} // namespace fencedep

#endif // FENCEDEP_REPORT_PATCH_H

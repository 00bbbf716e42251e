//===- OldLines.h - where a line was before a change ----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of several findings that differ in nothing but their place, the new one is to
// be shown. So a line is followed: where its text is only once in the old and
// in the new file, that is it, even if it moved; and what stands next to a line
// on both sides goes with it.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_DRIVER_OLDLINES_H
#define FENCEDEP_DRIVER_OLDLINES_H

#include "fencedep/Driver/BaseFiles.h"
#include "llvm/ADT/StringMap.h"
#include <vector>

namespace fencedep {

class OldLines {
public:
  explicit OldLines(llvm::IntrusiveRefCntPtr<BaseFiles> Files)
      : Files(std::move(Files)) {}

  /// The line before the change of \p File's \p Line now (from 1); 0: it is
  /// new. The same if the file was not changed.
  unsigned at(llvm::StringRef File, unsigned Line);

private:
  llvm::IntrusiveRefCntPtr<BaseFiles> Files;
  llvm::StringMap<std::vector<unsigned>> Maps; ///< of the files asked for
};

/// For each line of \p New, from 1, the line of \p Old that it was, or 0.
std::vector<unsigned> mapLines(llvm::StringRef Old, llvm::StringRef New);

} // namespace fencedep

#endif // FENCEDEP_DRIVER_OLDLINES_H

//===- main.cpp - clangd with the rules linked in -------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clangd loads no modules, so this is the packaged one with ours built in. It
// looks for Clang's own headers beside itself; ours are where Clang is
// installed. Checks that clangd does not know run only if the filter for fast
// ones is off, which the sample configuration does (docs/editors.md).
//
//===----------------------------------------------------------------------===//

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace clang::clangd {
int clangdMain(int Argc, char *Argv[]); // its header is not packaged
} // namespace clang::clangd

int main(int Argc, char **Argv) {
  std::vector<char *> Args(Argv, Argv + Argc);
  std::string ResourceDir = "--resource-dir=" FENCEDEP_CLANG_RESOURCE_DIR;
  bool Given =
      llvm::any_of(llvm::ArrayRef(Args).drop_front(), [](llvm::StringRef Arg) {
        return Arg.ltrim('-').starts_with("resource-dir");
      });
  if (!Given)
    Args.insert(Args.begin() + 1, ResourceDir.data());
  Args.push_back(nullptr);
  return clang::clangd::clangdMain(Args.size() - 1, Args.data());
}

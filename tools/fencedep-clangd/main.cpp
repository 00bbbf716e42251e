//===- main.cpp - clangd with the rules linked in -------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clangd loads no modules, so this is the packaged one with ours built in. It
// looks for Clang's own headers beside itself; ours are where Clang is
// installed. By default it runs only checks that are on its list of fast ones,
// which is compiled in: who asks for ours wants them, so they pass (the linker
// puts our function before its own).
//
//===----------------------------------------------------------------------===//

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

#include <optional>

// clang::clangd::isFastTidyCheck, as the linker's --wrap names the two.
static constexpr llvm::StringLiteral OurChecks = "fence-";
std::optional<bool> packagedIsFast(llvm::StringRef Check) asm(
    "__real__ZN5clang6clangd15isFastTidyCheckEN4llvm9StringRefE");
std::optional<bool> isFast(llvm::StringRef Check) asm(
    "__wrap__ZN5clang6clangd15isFastTidyCheckEN4llvm9StringRefE");

std::optional<bool> isFast(llvm::StringRef Check) {
  return Check.starts_with(OurChecks) ? true : packagedIsFast(Check);
}

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

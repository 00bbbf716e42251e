//===- main.cpp - clang-tidy with the rules linked in ---------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The packaged clang-tidy goes on without a module that it cannot load, and
// exits with 0. This one has the module built in. And the kernel's `make
// clang-tidy` runs whatever is called clang-tidy, with the checks whose names
// begin with linuxkernel-, so the rules have such names, too.
//
//===----------------------------------------------------------------------===//

#include "../../lib/Tidy/Module.h"
#include "clang-tidy/ClangTidyModuleRegistry.h"
#include "clang-tidy/tool/ClangTidyMain.h"

using namespace clang::tidy;

namespace {

class KernelNames : public ClangTidyModule {
public:
  void addCheckFactories(ClangTidyCheckFactories &Factories) override {
    fencedep::addAliases(Factories, "linuxkernel");
  }
};

} // namespace

static ClangTidyModuleRegistry::Add<KernelNames>
    Registered("fence-kernel-module", "fencedep, for make clang-tidy.");

int main(int Argc, const char **Argv) { return clangTidyMain(Argc, Argv); }

//===- Rules.cpp - rules on the command line ------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "llvm/Support/Format.h"

using namespace llvm;
using namespace fencedep;

int fencedep::runListRules() {
  size_t Width = 0;
  for (const Rule &R : allRules())
    Width = std::max(Width, StringRef(R.Id).size());
  Error E = writeOutput([&](raw_ostream &OS) {
    for (const Rule &R : allRules())
      OS << left_justify(R.Id, Width) << "  "
         << (R.Default ? "on    " : "opt-in") << "  " << R.Summary << '\n';
  });
  return E ? fail(std::move(E)) : ExitClean;
}

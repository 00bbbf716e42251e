//===- Learn.cpp - fencedep model --learn ---------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     fencedep model --learn -p DIR [PATH...] -o core.yaml
//
// Reads the database's units like check, and writes what their exported
// functions do as a model file, to be added with --model where these units are
// not at hand.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Rules/Learn.h"
#include "Options.h"

using namespace llvm;
using namespace fencedep;

int fencedep::runLearn() {
  if (Error E = checkOutput())
    return fail(std::move(E));
  Expected<LinkedDatabase> Linked = linkDatabase();
  if (!Linked)
    return fail(Linked.takeError());
  Learned Known = learnModel(*Linked->P, Linked->Options);
  Model Out;
  Out.Functions = std::move(Known.Functions);
  Error E = writeOutput([&](raw_ostream &OS) {
    OS << "# Learned by 'fencedep model --learn' from " << Linked->Analysed
       << " units.\n";
    dumpModel(Out, OS);
  });
  if (E)
    return fail(std::move(E));
  errs() << "fencedep: " << Out.Functions.size() << " entries for "
         << Known.Looked << " exported functions without one\n";
  return reportFailures(Linked->Failed);
}

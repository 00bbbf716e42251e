//===- Explain.cpp - what fencedep knows, in words -----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "fencedep/Driver/Docs.h"

using namespace llvm;
using namespace fencedep;

std::string fencedep::rulePage(const Rule &R) {
  for (const EmbeddedFile &Page : embeddedDocs())
    if (Page.Name == (R.Id + Twine(".md")).str())
      return Page.Text.str();
  return (R.Id + Twine(": ") + R.Summary + "\n").str();
}

int fencedep::runExplain() {
  if (Inputs.empty())
    return runListRules();
  std::string Text;
  for (const std::string &Id : Inputs) {
    const Rule *Found =
        find_if(allRules(), [&](const Rule &R) { return R.Id == Id; });
    if (Found == allRules().end())
      return fail(noSuchRule(Id));
    Text += rulePage(*Found);
  }
  if (Error E = writeOutput([&](raw_ostream &OS) { OS << Text; }))
    return fail(std::move(E));
  return ExitClean;
}

int fencedep::runModel() {
  if (LearnModel && !DumpModel)
    return runLearn();
  if (!DumpModel || LearnModel || !Inputs.empty())
    return fail("usage: fencedep model --dump [--model FILE]..., or fencedep "
                "model --learn [PATH...]");
  Expected<Model> M = effectiveModel();
  if (!M)
    return fail(M.takeError());
  auto Dump = VocabularyOnly ? dumpVocabulary : dumpModel;
  if (Error E = writeOutput([&](raw_ostream &OS) { Dump(*M, OS); }))
    return fail(std::move(E));
  return ExitClean;
}

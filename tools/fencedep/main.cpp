//===- main.cpp - the fencedep command -----------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "clang/Basic/Version.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/InitLLVM.h"

using namespace llvm;
using namespace fencedep;

static const char Overview[] =
    "fencedep finds deadlocks around dma-fences at compile time.\n\n"
    "  fencedep check -p BUILDDIR drivers/gpu/drm/foo\n";

static int run(ArrayRef<std::string> Command) {
  if (CheckCommand)
    return ListRules ? runListRules() : runCheck();
  if (ExtractCommand)
    return runExtract(Command);
  if (LinkCommand)
    return runLink();
  if (DumpCommand)
    return runDump();
  if (ExplainCommand)
    return runExplain();
  if (RootsCommand)
    return runRoots();
  if (ModelCommand)
    return runModel();
  if (LocksCommand)
    return runLocks();
  if (WhyCommand || WhyNotCommand)
    return runWhy(/*Expected=*/static_cast<bool>(WhyCommand));
  if (SplatCommand)
    return runSplat();
  if (SuggestCommand)
    return runSuggest();
  if (GraphCommand)
    return runGraph();
  if (CcCommand)
    return runCc(Command);
  cl::PrintHelpMessage();
  return ExitError;
}

int main(int Argc, const char **Argv) {
  InitLLVM Init(Argc, Argv);
  cl::SetVersionPrinter([](raw_ostream &OS) {
    OS << "fencedep " FENCEDEP_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
  });
  hideForeignOptions();

  // What follows "--" is a compiler's command line, not ours.
  const char **Dashes = std::find_if(
      Argv, Argv + Argc, [](StringRef Word) { return Word == "--"; });
  std::vector<std::string> Command(std::min(Dashes + 1, Argv + Argc),
                                   Argv + Argc);
  if (Argc > 1 && StringRef(Argv[1]) == "cc")
    Command = parseCc(ArrayRef(Argv, Argc));
  else
    cl::ParseCommandLineOptions(Dashes - Argv, Argv, Overview);

  int Status = run(Command);
  // Nothing is left to do. A unit that crashed may have left half-built objects
  // in LLVM's registries, which must not be destroyed.
  outs().flush();
  errs().flush();
  std::_Exit(Status);
}

//===- main.cpp - the fencedep command -----------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Help.h"
#include "Options.h"
#include "clang/Basic/Version.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/InitLLVM.h"

using namespace llvm;
using namespace fencedep;

static int run(ArrayRef<std::string> Command) {
  if (CheckCommand && asksForConfig())
    return runConfig();
  if (CheckCommand && ListRules)
    return runListRules();
  if (Error E = applyConfig())
    return fail(std::move(E));
  if (CheckCommand)
    return runCheck();
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
  printHelp(nullptr, errs());
  return ExitError;
}

/// Prints the help of the command \p Name, or of the program if it is "".
static int help(StringRef Name) {
  const cl::SubCommand *Command = commandNamed(Name);
  if (!Command && !Name.empty() && !Name.starts_with("-"))
    return fail("there is no command '" + Name + "' (see fencedep --help)");
  printHelp(Command, outs());
  return 0;
}

/// Answers what is asked of the program itself, and returns the exit status; or
/// none if something else is asked.
static std::optional<int> describeItself(ArrayRef<StringRef> Words) {
  StringRef First = Words.empty() ? "" : Words.front();
  bool Help = any_of(Words, [](StringRef Word) {
    return Word == "--help" || Word == "-help" || Word == "-h";
  });
  if (First == "--complete")
    complete(Words.drop_front(), outs());
  else if (First == "--describe")
    printCommands(outs());
  else if (First == "help")
    return help(Words.size() > 1 ? Words[1] : "");
  else if (Help)
    return help(First);
  else
    return std::nullopt;
  return 0;
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
  std::vector<StringRef> Words(std::min(Argv + 1, Dashes), Dashes);
  if (std::optional<int> Status = describeItself(Words))
    return *Status;
  if (Argc > 1 && StringRef(Argv[1]) == "cc")
    Command = parseCc(ArrayRef(Argv, Argc));
  else
    cl::ParseCommandLineOptions(Dashes - Argv, Argv);

  int Status = run(Command);
  // Nothing is left to do. A unit that crashed may have left half-built objects
  // in LLVM's registries, which must not be destroyed.
  outs().flush();
  errs().flush();
  std::_Exit(Status);
}

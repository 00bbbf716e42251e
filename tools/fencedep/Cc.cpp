//===- Cc.cpp - fencedep cc -----------------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     make C=1 CHECK="fencedep cc" CF="--rules=..." drivers/gpu/drm/foo/
//
// Stands where a build expects a checker: what follows is a compiler's command,
// with our own options anywhere in it. Findings of that one unit go to stderr
// like a compiler's, and its summary is left beside the object for `fencedep
// link`, which sees all units together.
//
// A build does not fail because of us, unless that is asked for: not for
// findings, not for a unit that Clang does not understand, not for a crash.
// Only wrong options are an error, as nothing would ever be checked then.
//
//===----------------------------------------------------------------------===//

#include "Accept.h"
#include "fencedep/Driver/Checker.h"
#include "fencedep/Driver/Files.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;
using namespace fencedep;

/// Clang recurses with the depth of the source.
static constexpr unsigned StackSize = 64 << 20;

/// True for options of ours. No compiler and no sparse spells one "--NAME" that
/// is among them.
static bool isOurs(StringRef Word) {
  return Word.consume_front("--") &&
         CcCommand.OptionsMap.count(Word.split('=').first);
}

/// \p File: "" if it is not known.
static void note(StringRef File, const Twine &Message) {
  std::string Text = (File.empty() ? "fencedep: note: " + Message
                                   : File + ": note: fencedep: " + Message)
                         .str();
  errs() << Text + "\n"; // at once, as in warn
}

/// One line, and not one that looks like the compiler's own error.
static int notAnalysed(StringRef File, std::string Cause) {
  if (size_t At = Cause.find("error: "); At != std::string::npos)
    Cause.erase(At, strlen("error: "));
  note(File, "not analysed: " + Cause);
  return FailOnFindings ? ExitIncomplete : ExitClean;
}

static Expected<Report> checkUnit(const CheckedUnit &Checked, const Model &M,
                                  const CheckOptions &Options,
                                  AcceptFiles &Accepted, StringRef Summary) {
  Expected<Unit> U = summarizeOne(Checked.Command, M.Vocab, /*Verbose=*/false);
  if (!U)
    return U.takeError();
  std::string Bytes = writeSummary(*U);
  if (Error E = writeFile(Summary, StringRef(Bytes)))
    note(relativePath(Checked.Command.File, Options.BaseDir),
         "no summary was kept: " + toString(std::move(E)));
  std::vector<Unit> Units;
  Units.push_back(std::move(*U));
  Report Result = check(link(std::move(Units), M, Options.Jobs), Options);
  if (Error E = Acceptor(Accepted, Options).accept(Result))
    return std::move(E);
  return Result;
}

int fencedep::runCc(ArrayRef<std::string> Words) {
  if (Words.empty())
    return fail("usage: fencedep cc [--OPTION...] COMPILER-OPTION... FILE");
  const char *Compiler = getenv("CC"); // kbuild exports it
  Expected<CheckedUnit> Checked =
      checkedUnit(Words, currentDir(), Compiler ? Compiler : "");
  std::string Unknown = Checked ? "" : toString(Checked.takeError());
  if (Error E = applyConfig(Checked ? Checked->Command.File : currentDir()))
    return fail(std::move(E));
  Expected<Settings> Set = readSettings();
  if (!Set)
    return fail(Set.takeError());
  Expected<AcceptFiles> Accepted = readAcceptFiles();
  if (!Accepted)
    return fail(Accepted.takeError());
  CheckOptions &Options = Set->Options;
  Options.Jobs = 1; // make runs several of us
  if (!Unknown.empty())
    return notAnalysed("", Unknown);
  std::string Summary = Checked->Object + ".fencedep";
  std::string File = relativePath(Checked->Command.File, Options.BaseDir);

  std::optional<Report> Result;
  std::string Cause = "the analysis of this unit crashed (a bug in fencedep; "
                      "please report it)";
  CrashRecoveryContext::Enable();
  CrashRecoveryContext Recovery;
  Recovery.RunSafelyOnThread(
      [&] {
        Expected<Report> R =
            checkUnit(*Checked, Set->M, Options, *Accepted, Summary);
        if (R)
          Result = std::move(*R);
        else
          Cause = toString(R.takeError());
      },
      StackSize);
  if (!Result) {
    // An old one would tell of a source that is no more.
    if (std::error_code EC = sys::fs::remove(Summary))
      note(File, "an old summary stays: " + EC.message());
    return notAnalysed(File, std::move(Cause));
  }
  warn(*Result);
  return FailOnFindings && hasFindings(*Result) ? ExitFindings : ExitClean;
}

std::vector<std::string> fencedep::parseCc(ArrayRef<const char *> Argv) {
  std::vector<const char *> Ours(Argv.begin(), Argv.begin() + 2);
  std::vector<std::string> Words;
  for (const char *Word : Argv.drop_front(2)) {
    if (isOurs(Word))
      Ours.push_back(Word);
    else
      Words.push_back(Word);
  }
  cl::ParseCommandLineOptions(Ours.size(), Ours.data());
  return Words;
}

//===- Summaries.cpp - the two halves of check, and dump -----------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Accept.h"
#include "fencedep/Driver/Adjust.h"
#include "fencedep/Driver/Files.h"
#include "fencedep/Summary/Embedded.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;
using namespace fencedep;

/// The database's entry for the input.
static Expected<BuildCommand> commandFor(StringRef File) {
  Expected<Database> Db = openDatabase();
  if (!Db)
    return Db.takeError();
  for (BuildCommand &Command : Db->Commands)
    if (Command.File == File)
      return std::move(Command);
  return createStringError(Db->Path + " has no C or C++ command for '" + File +
                           "'");
}

int fencedep::runExtract(ArrayRef<std::string> Words) {
  if (Inputs.size() != 1 || Output.empty())
    return fail("usage: fencedep extract FILE -o X [-p DIR | -- COMMAND...]");
  if (Error E = checkOutput())
    return fail(std::move(E));
  Expected<Model> M = effectiveModel();
  if (!M)
    return fail(M.takeError());
  BuildCommand Command;
  Command.File = absoluteInputs().front();
  if (Words.empty()) {
    Expected<BuildCommand> Found = commandFor(Command.File);
    if (!Found)
      return fail(Found.takeError());
    Command = std::move(*Found);
  } else {
    Command.Directory = currentDir();
    Command.Arguments = Words;
  }
  Expected<Unit> U = summarizeOne(Command, M->Vocab, Verbose);
  if (!U) {
    fail(U.takeError());
    return ExitIncomplete;
  }
  if (Error E = writeOutput([&](raw_ostream &OS) { OS << writeSummary(*U); }))
    return fail(std::move(E));
  return ExitClean;
}

/// The files below \p Dir that the compiler plugin or `fencedep cc` wrote.
static Error findSummaries(StringRef Dir, std::vector<std::string> &Out) {
  std::error_code EC;
  size_t First = Out.size();
  for (sys::fs::recursive_directory_iterator I(Dir, EC), End; I != End && !EC;
       I.increment(EC))
    if (StringRef(I->path()).ends_with(".o.fencedep"))
      Out.push_back(I->path());
  if (EC)
    return createStringError(EC, "cannot read '" + Dir + "': " + EC.message());
  if (Out.size() == First)
    return createStringError("no summaries (*.o.fencedep) in '" + Dir + "'");
  llvm::sort(Out.begin() + First, Out.end());
  return Error::success();
}

using NamedUnit = std::pair<std::string, Unit>;

/// The units in \p Input: a summary, an object or an archive.
static Error readUnits(StringRef Input, std::vector<NamedUnit> &Out) {
  Expected<std::unique_ptr<MemoryBuffer>> Buffer = openInput(Input);
  if (!Buffer)
    return Buffer.takeError();
  Expected<std::vector<NamedSummary>> Found =
      summariesIn({(*Buffer)->getBuffer(), Input});
  if (!Found)
    return Found.takeError();
  if (Found->empty())
    errs() << "fencedep: warning: no summary in '" << Input << "'\n";
  for (const NamedSummary &S : *Found) {
    Expected<Unit> U = readSummary(S.Text, S.From);
    if (!U)
      return U.takeError();
    Out.emplace_back(S.From, std::move(*U));
  }
  return Error::success();
}

/// The units of all inputs, which may be directories, too.
static Expected<std::vector<NamedUnit>> readInputs() {
  std::vector<std::string> Files;
  for (const std::string &Input : Inputs) {
    if (!sys::fs::is_directory(Input))
      Files.push_back(Input);
    else if (Error E = findSummaries(Input, Files))
      return std::move(E);
  }
  std::vector<NamedUnit> Units;
  for (const std::string &File : Files)
    if (Error E = readUnits(File, Units))
      return std::move(E);
  return Units;
}

int fencedep::runLink() {
  if (Inputs.empty())
    return fail("usage: fencedep link X..., each a summary, an object, an "
                "archive or a directory");
  if (Error E = checkOutput())
    return fail(std::move(E));
  Expected<Settings> Set = readSettings();
  if (!Set)
    return fail(Set.takeError());
  Expected<AcceptFiles> Accepted = readAcceptFiles();
  if (!Accepted)
    return fail(Accepted.takeError());
  CheckOptions &Options = Set->Options;
  Expected<std::vector<NamedUnit>> Read = readInputs();
  if (!Read)
    return fail(Read.takeError());
  std::vector<Unit> Units;
  StringMap<std::string> Seen; // main file and module -> summary
  for (auto &[From, U] : *Read) {
    auto [It, New] =
        Seen.try_emplace((U.MainFile + Twine('\0') + U.Module).str(), From);
    if (New)
      Units.push_back(std::move(U));
    else
      errs() << "fencedep: warning: '" << From << "' is left out: it is of "
             << U.MainFile << ", as is '" << It->second << "'\n";
  }
  llvm::sort(Units, [](const Unit &L, const Unit &R) {
    return std::tie(L.MainFile, L.Module) < std::tie(R.MainFile, R.Module);
  });
  warnMissingBodies(Units, Verbose);
  size_t Count = Units.size();
  const Program &P = link(std::move(Units), Set->M, Options.Jobs);
  WholeRun Looked{P, /*FromDatabase=*/false};
  Acceptor Accept(*Accepted, Options, &Looked);
  if (Accept.needsAll())
    Options.MinConfidence = Confidence::Possible;
  Report Result = check(P, Options);
  Result.Cov.Units = Result.Cov.Analysed = Count;
  if (Error E = Accept.accept(Result))
    return fail(std::move(E));
  return emit(Result, Options.BaseDir);
}

int fencedep::runDump() {
  if (Inputs.empty())
    return fail("usage: fencedep dump X...");
  Expected<std::vector<NamedUnit>> Units = readInputs();
  if (!Units)
    return fail(Units.takeError());
  Error E = writeOutput([&](raw_ostream &OS) {
    for (const auto &[From, U] : *Units)
      printSummary(U, OS);
  });
  return E ? fail(std::move(E)) : ExitClean;
}

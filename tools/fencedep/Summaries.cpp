//===- Summaries.cpp - the two halves of check, and dump -----------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "fencedep/Driver/Adjust.h"
#include "llvm/ADT/StringMap.h"
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

static Expected<Unit> readUnit(StringRef File) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
      MemoryBuffer::getFileOrSTDIN(File, /*IsText=*/false);
  if (!Buffer)
    return createStringError(Buffer.getError(),
                             "cannot read '" + File +
                                 "': " + Buffer.getError().message());
  return readSummary((*Buffer)->getBuffer(), File);
}

int fencedep::runLink() {
  if (Inputs.empty())
    return fail("usage: fencedep link X...");
  if (Error E = checkOutput())
    return fail(std::move(E));
  Expected<Model> M = effectiveModel();
  if (!M)
    return fail(M.takeError());
  Expected<CheckOptions> Options = checkOptions(*M);
  if (!Options)
    return fail(Options.takeError());
  Options->BaseDir = currentDir();
  std::vector<Unit> Units;
  StringMap<std::string> Seen; // main file and module -> summary
  for (const std::string &Input : Inputs) {
    Expected<Unit> U = readUnit(Input);
    if (!U)
      return fail(U.takeError());
    auto [It, New] =
        Seen.try_emplace((U->MainFile + Twine('\0') + U->Module).str(), Input);
    if (New)
      Units.push_back(std::move(*U));
    else
      errs() << "fencedep: warning: '" << Input << "' is left out: it is of "
             << U->MainFile << ", as is '" << It->second << "'\n";
  }
  llvm::sort(Units, [](const Unit &L, const Unit &R) {
    return std::tie(L.MainFile, L.Module) < std::tie(R.MainFile, R.Module);
  });
  warnMissingBodies(Units, Verbose);
  size_t Count = Units.size();
  Report Result = check(link(std::move(Units), *M, Options->Jobs), *Options);
  Result.Cov.Units = Result.Cov.Analysed = Count;
  return emit(Result);
}

int fencedep::runDump() {
  if (Inputs.empty())
    return fail("usage: fencedep dump X...");
  std::vector<Unit> Units;
  for (const std::string &Input : Inputs) {
    Expected<Unit> U = readUnit(Input);
    if (!U)
      return fail(U.takeError());
    Units.push_back(std::move(*U));
  }
  Error E = writeOutput([&](raw_ostream &OS) {
    for (const Unit &U : Units)
      printSummary(U, OS);
  });
  return E ? fail(std::move(E)) : ExitClean;
}

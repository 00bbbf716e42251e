//===- Check.cpp - from a database to findings, or to roots --------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "fencedep/Driver/Scope.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;
using namespace fencedep;

static void sayDatabase(const Database &Db, const Scope &Chosen) {
  if (!Verbose)
    return;
  errs() << "fencedep: " << Db.Path << ": " << Db.Commands.size() << " units, "
         << Db.Duplicates << " more entries for the same files\n";
  for (const std::string &File : Db.OtherFiles)
    errs() << "fencedep: skipped " << File << ", which is neither C nor C++\n";
  errs() << "fencedep: " << Chosen.UnderPaths
         << " units under the given paths, " << Chosen.Units.size()
         << " in scope\n";
}

const Program &fencedep::link(std::vector<Unit> Units, const Model &M,
                              unsigned Jobs) {
  return *new Program(std::move(Units), M, Jobs);
}

Expected<LinkedDatabase> fencedep::linkDatabase() {
  Expected<Model> Loaded = effectiveModel();
  if (!Loaded)
    return Loaded.takeError();
  const Model &M = *new Model(std::move(*Loaded)); // as long as the program
  Expected<CheckOptions> Options = checkOptions(M);
  if (!Options)
    return Options.takeError();
  Expected<Database> Db = openDatabase();
  if (!Db)
    return Db.takeError();
  RunOptions Run;
  Run.Vocab = M.Vocab;
  Run.Jobs = numberOfJobs();
  Run.CacheDir = cacheDirectory(*Db);
  Run.Verbose = Verbose;
  std::vector<std::string> Paths = absoluteInputs();
  Options->BaseDir = Db->Dir;
  Expected<Scope> Chosen =
      chooseScope(*Db, Paths, WhichUnits, M.Vocab, Run.Jobs);
  if (!Chosen)
    return Chosen.takeError();
  // A database may name the files as they are, or through a symbolic link.
  Options->Paths = Paths;
  for (const std::string &Path : Paths)
    if (SmallString<256> Real; !sys::fs::real_path(Path, Real) && Path != Real)
      Options->Paths.emplace_back(Real);
  sayDatabase(*Db, *Chosen);
  Expected<RunResult> Summaries = summarize(*Db, *Chosen, Run);
  if (!Summaries)
    return Summaries.takeError();
  LinkedDatabase Linked;
  Linked.Options = std::move(*Options);
  Linked.Units = Chosen->Units.size();
  Linked.Analysed = Summaries->Analysed;
  Linked.Failed = std::move(Summaries->Failed);
  Linked.P = &link(std::move(Summaries->Units), M, Run.Jobs);
  return Linked;
}

int fencedep::reportFailures(const LinkedDatabase &Linked) {
  for (const FailedUnit &U : Linked.Failed)
    errs() << "fencedep: not analysed: " << U.File << ": " << U.Error << '\n';
  return Linked.Failed.empty() ? ExitClean : ExitIncomplete;
}

static Report checkLinked(const LinkedDatabase &Linked) {
  Report Result = check(*Linked.P, Linked.Options);
  Result.Cov.Units = Linked.Units;
  Result.Cov.Analysed = Linked.Analysed;
  Result.Cov.Failed = Linked.Failed;
  return Result;
}

int fencedep::runCheck() {
  if (Error E = checkOutput())
    return fail(std::move(E));
  Expected<LinkedDatabase> Linked = linkDatabase();
  if (!Linked)
    return fail(Linked.takeError());
  return emit(checkLinked(*Linked));
}

int fencedep::runRoots() {
  if (Error E = checkOutput())
    return fail(std::move(E));
  Expected<LinkedDatabase> Linked = linkDatabase();
  if (!Linked)
    return fail(Linked.takeError());
  Report Result = checkLinked(*Linked);
  Error E = writeOutput([&](raw_ostream &OS) {
    for (const RootCoverage &R : Result.Cov.Roots) {
      const Position &P = R.Root.Where;
      OS << P.File << ':' << P.Line << ':' << P.Column << ": "
         << name(R.Root.Kind) << ": " << R.Root.Function;
      if (!R.Root.Id.empty())
        OS << " [" << R.Root.Id << ']';
      if (!R.Root.Why.empty())
        OS << ": " << R.Root.Why;
      OS << '\n';
    }
  });
  if (E)
    return fail(std::move(E));
  return reportFailures(*Linked);
}

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

Report fencedep::linkAndCheck(std::vector<Unit> Units, const Model &M,
                              const CheckOptions &Options) {
  // Never freed: the process ends soon, and to free millions of small objects
  // takes as long as a search.
  static const Program *Linked;
  Linked = new Program(std::move(Units), M, Options.Jobs);
  return check(*Linked, Options);
}

/// Reads and checks the units that the inputs name, or all.
static Expected<Report> checkDatabase() {
  Expected<Model> M = effectiveModel();
  if (!M)
    return M.takeError();
  Expected<CheckOptions> Options = checkOptions(*M);
  if (!Options)
    return Options.takeError();
  Expected<Database> Db = openDatabase();
  if (!Db)
    return Db.takeError();
  RunOptions Run;
  Run.Vocab = M->Vocab;
  Run.Jobs = numberOfJobs();
  Run.CacheDir = cacheDirectory(*Db);
  Run.Verbose = Verbose;
  std::vector<std::string> Paths = absoluteInputs();
  Options->BaseDir = Db->Dir;
  Expected<Scope> Chosen =
      chooseScope(*Db, Paths, WhichUnits, M->Vocab, Run.Jobs);
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
  size_t Analysed = Summaries->Analysed;
  Report Result = linkAndCheck(std::move(Summaries->Units), *M, *Options);
  Result.Cov.Units = Chosen->Units.size();
  Result.Cov.Analysed = Analysed;
  Result.Cov.Failed = std::move(Summaries->Failed);
  return Result;
}

int fencedep::runCheck() {
  if (Error E = checkOutput())
    return fail(std::move(E));
  Expected<Report> Result = checkDatabase();
  return Result ? emit(*Result) : fail(Result.takeError());
}

int fencedep::runRoots() {
  if (Error E = checkOutput())
    return fail(std::move(E));
  Expected<Report> Result = checkDatabase();
  if (!Result)
    return fail(Result.takeError());
  Error E = writeOutput([&](raw_ostream &OS) {
    for (const RootCoverage &R : Result->Cov.Roots) {
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
  for (const FailedUnit &U : Result->Cov.Failed)
    errs() << "fencedep: not analysed: " << U.File << ": " << U.Error << '\n';
  return Result->Cov.Failed.empty() ? ExitClean : ExitIncomplete;
}

//===- Check.cpp - from a database to findings, or to roots --------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Accept.h"
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

Expected<Request> fencedep::readRequest() {
  Expected<Settings> Read = readSettings();
  if (!Read)
    return Read.takeError();
  Request R;
  R.M = new Model(std::move(Read->M));
  R.Options = std::move(Read->Options);
  Expected<Database> Db = openDatabase();
  if (!Db)
    return Db.takeError();
  R.Db = std::move(*Db);
  R.Run.Vocab = R.M->Vocab;
  R.Run.Jobs = numberOfJobs();
  R.Run.CacheDir = cacheDirectory(R.Db);
  R.Run.Verbose = Verbose;
  R.Options.BaseDir = R.Db.Dir;
  // A database may name the files as they are, or through a symbolic link.
  R.Options.Paths = absoluteInputs();
  for (const std::string &Path : absoluteInputs())
    if (SmallString<256> Real; !sys::fs::real_path(Path, Real) && Path != Real)
      R.Options.Paths.emplace_back(Real);
  return R;
}

Expected<LinkedDatabase> fencedep::linkUnits(const Request &R,
                                             const Database &Db,
                                             const Scope &Chosen,
                                             const RunOptions &Run) {
  sayDatabase(Db, Chosen);
  Expected<RunResult> Summaries = summarize(Db, Chosen, Run);
  if (!Summaries)
    return Summaries.takeError();
  LinkedDatabase Linked;
  Linked.Options = R.Options;
  Linked.Units = Chosen.Units.size();
  Linked.Analysed = Summaries->Analysed;
  Linked.Failed = std::move(Summaries->Failed);
  Linked.P = &link(std::move(Summaries->Units), *R.M, Run.Jobs);
  return Linked;
}

Expected<Scope> fencedep::chosenUnits(const Request &R) {
  return chooseScope(R.Db, absoluteInputs(), WhichUnits, R.Run.Vocab,
                     R.Run.Jobs);
}

Expected<LinkedDatabase> fencedep::linkDatabase() {
  Expected<Request> R = readRequest();
  if (!R)
    return R.takeError();
  Expected<Scope> Chosen = chosenUnits(*R);
  if (!Chosen)
    return Chosen.takeError();
  return linkUnits(*R, R->Db, *Chosen, R->Run);
}

int fencedep::reportFailures(ArrayRef<FailedUnit> Failed) {
  for (const FailedUnit &U : Failed)
    errs() << "fencedep: not analysed: " << U.File << ": " << U.Error << '\n';
  return Failed.empty() ? ExitClean : ExitIncomplete;
}

Report fencedep::checkLinked(const LinkedDatabase &Linked) {
  Report Result = check(*Linked.P, Linked.Options);
  Result.Cov.Units = Linked.Units;
  Result.Cov.Analysed = Linked.Analysed;
  Result.Cov.Failed = Linked.Failed;
  return Result;
}

int fencedep::runCheck() {
  if (Error E = checkOutput())
    return fail(std::move(E));
  Expected<AcceptFiles> Accepted = readAcceptFiles();
  if (!Accepted)
    return fail(Accepted.takeError());
  if (DiffBase.getNumOccurrences())
    return runDiff(*Accepted);
  Expected<LinkedDatabase> Linked = linkDatabase();
  if (!Linked)
    return fail(Linked.takeError());
  WholeRun Looked{*Linked->P, /*FromDatabase=*/true};
  Acceptor Accept(*Accepted, Linked->Options, &Looked);
  if (Accept.needsAll())
    Linked->Options.MinConfidence = Confidence::Possible;
  Report Result = checkLinked(*Linked);
  if (Error E = Accept.accept(Result))
    return fail(std::move(E));
  return emit(Result, Linked->Options.BaseDir);
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
  return reportFailures(Linked->Failed);
}

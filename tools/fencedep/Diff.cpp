//===- Diff.cpp - check --diff --------------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The whole program is checked twice, as it is and as it was, and what both
// have is left out. To look at touched lines would not do: a call that is added
// in the middle makes a deadlock of two ends that nobody touched.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Diff.h"
#include "Accept.h"
#include "fencedep/Driver/OldLines.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace fencedep;

namespace {

/// The units of a side that a run reads.
struct Side {
  Database Db;
  Scope Chosen;
};

} // namespace

/// The scope of the side before the change. A PATH that had no unit then had no
/// sections either.
static Expected<Scope> scopeBefore(const Request &R, const Database &Db,
                                   vfs::FileSystem &FS) {
  std::vector<std::string> Paths;
  for (const std::string &Path : absoluteInputs()) {
    Expected<Scope> Found =
        chooseScope(Db, {Path}, ScopeKind::Paths, R.Run.Vocab, R.Run.Jobs, FS);
    if (Found)
      Paths.push_back(Path);
    else
      consumeError(Found.takeError());
  }
  if (Paths.empty() && !absoluteInputs().empty())
    return Scope();
  return chooseScope(Db, Paths, WhichUnits, R.Run.Vocab, R.Run.Jobs, FS);
}

/// Chooses the units of both sides: those that either needs. Else a finding
/// could be new or gone only because more or fewer units are read.
static Error chooseBoth(const Request &R, const Diff &D, Side &Before,
                        Side &After) {
  Before.Db = unitsBefore(R.Db, D);
  After.Db = unitsAfter(R.Db, D);
  Expected<Scope> Now = chooseScope(After.Db, absoluteInputs(), WhichUnits,
                                    R.Run.Vocab, R.Run.Jobs);
  if (!Now)
    return Now.takeError();
  Expected<Scope> Then = scopeBefore(R, Before.Db, *D.Files);
  if (!Then)
    return Then.takeError();
  After.Chosen = std::move(*Now);
  Before.Chosen = std::move(*Then);
  StringSet<> Files;
  for (Side *S : {&Before, &After})
    for (unsigned I : S->Chosen.Units)
      Files.insert(S->Db.Commands[I].File);
  for (Side *S : {&Before, &After}) {
    S->Chosen.Units.clear();
    for (unsigned I = 0; I != S->Db.Commands.size(); ++I)
      if (Files.contains(S->Db.Commands[I].File))
        S->Chosen.Units.push_back(I);
  }
  return Error::success();
}

/// The findings of one side, of every confidence.
static Expected<Report> checkSide(const Request &R, const Side &S,
                                  const RunOptions &Run) {
  Expected<LinkedDatabase> Linked = linkUnits(R, S.Db, S.Chosen, Run);
  if (!Linked)
    return Linked.takeError();
  Report Result = checkLinked(*Linked);
  // Two programs at once would need twice the memory.
  delete Linked->P;
  return Result;
}

int fencedep::runDiff(AcceptFiles &Accepted) {
  if (!BaselineFile.empty() || !NewBaseline.empty())
    return fail("--diff and a baseline both say what is new: use one of them");
  Expected<Request> R = readRequest();
  if (!R)
    return fail(R.takeError());
  // What is below --min-confidence is compared as well: JSON shows it, and text
  // says how many there are.
  R->Options.MinConfidence = Confidence::Possible;
  R->Options.AllCalls = true;
  std::vector<std::string> Places = absoluteInputs();
  Places.push_back(R->Db.Dir);
  Places.push_back(currentDir());
  Expected<Diff> D = readDiff(DiffBase, R->Db, Places);
  if (!D)
    return fail(D.takeError());
  for (const std::string &Name : D->Skipped)
    errs() << "fencedep: the change of '" << Name
           << "' is not looked at: it is no regular file\n";
  Side Before, After;
  if (Error E = chooseBoth(*R, *D, Before, After))
    return fail(std::move(E));

  // First the files as they are: that fills the cache for both sides.
  Expected<Report> Now = checkSide(*R, After, R->Run);
  if (!Now)
    return fail(Now.takeError());
  if (Verbose)
    errs() << "fencedep: " << D->Files->numChanged() << " files differ from "
           << D->Name << '\n';
  RunOptions Run = R->Run;
  Run.Base = D->Files;
  Expected<Report> Then = checkSide(*R, Before, Run);
  if (!Then)
    return fail(Then.takeError());

  // What fails on both sides is not the change's fault, and is reported with
  // the findings.
  StringSet<> FailedNow;
  for (const FailedUnit &U : Now->Cov.Failed)
    FailedNow.insert(U.File);
  bool Incomplete = false;
  for (const FailedUnit &U : Then->Cov.Failed)
    if (!FailedNow.contains(U.File)) {
      Incomplete = true;
      errs() << "fencedep: not analysed before the change, so that all in it "
                "counts as new: "
             << U.File << ": " << U.Error << '\n';
    }
  OldLines Lines(D->Files);
  auto OldPlace = [&](const Position &P) {
    std::string File = makeAbsolute(P.File, R->Db.Dir);
    return Position{P.File, Lines.at(File, P.Line), P.Column};
  };
  Comparison Found = keepNew(*Now, *Then, MinConfidence, OldPlace);
  if (Error E = Acceptor(Accepted, R->Options).accept(*Now))
    return fail(std::move(E));
  Found.New = count_if(
      Now->Findings, [](const Finding &F) { return F.Conf >= MinConfidence; });
  int Status = emit(*Now, R->Options.BaseDir);
  if (!Quiet)
    errs() << "fencedep: compared with " << D->Name << ": " << Found.New
           << (Found.New == 1 ? " new finding, " : " new findings, ")
           << Found.Old << " old, " << Found.Gone << " gone\n";
  return Incomplete && Status != ExitError ? ExitIncomplete : Status;
}

//===- Fix.cpp - fencedep suggest --fix -----------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What findings offer, as a patch: of those that are asked for by name.
//
//===----------------------------------------------------------------------===//

#include "Changes.h"
#include "Options.h"
#include <set>

using namespace llvm;
using namespace fencedep;

/// Does --fix name \p F: by fingerprint, or by rule if the change would be in a
/// file under the PATHs? Who asks for many means his own.
static bool wanted(const Finding &F, const Request &R) {
  const std::string File = makeAbsolute(F.Fixes.front().Start.File, R.Db.Dir);
  return any_of(FixWanted, [&](const std::string &Word) {
    return Word == F.Fingerprint ||
           (Word == F.Rule && selected(File, R.Options));
  });
}

/// The patch that applies the fixes of the findings that --fix names.
static Expected<std::string> fixes(const Request &R, const Report &Found,
                                   unsigned &Applied) {
  Changes Edits;
  std::set<std::pair<std::string, size_t>> Done;
  for (const Finding &F : Found.Findings) {
    if (F.Fixes.empty() || !wanted(F, R))
      continue;
    const Fix &X = F.Fixes.front();
    Expected<Changes::File *> File = Edits.open(X.Start.File, R.Db.Dir);
    if (!File)
      return File.takeError();
    StringRef Rest = (*File)->Old;
    for (unsigned Line = 1; Line < X.Start.Line; ++Line)
      Rest = Rest.drop_front(std::min(Rest.find('\n'), Rest.size() - 1) + 1);
    size_t Offset = (*File)->Old.size() - Rest.size() + X.Start.Column - 1;
    if (!StringRef((*File)->Old).substr(Offset).starts_with(X.Replaced))
      return createStringError(text(X.Start) + ": error: the file has changed");
    if (Done.insert({X.Start.File, Offset}).second) {
      (*File)->Edits.push_back(
          {Offset, X.End.Column - X.Start.Column, X.Replacement});
      errs() << "fencedep: " << text(X.Start) << ": " << X.Description << '\n';
    }
    ++Applied;
  }
  return Edits.patch();
}

int fencedep::runFixes(const Request &R, const Scope &Chosen) {
  Expected<LinkedDatabase> Linked = linkUnits(R, R.Db, Chosen, R.Run);
  if (!Linked)
    return fail(Linked.takeError());
  Report Found = checkLinked(*Linked);
  unsigned Applied = 0;
  Expected<std::string> Patch = fixes(R, Found, Applied);
  if (!Patch)
    return fail(Patch.takeError());
  if (!Applied)
    return fail("no finding that --fix names offers a change");
  if (Error E = writeOutput([&](raw_ostream &OS) { OS << *Patch; }))
    return fail(std::move(E));
  return reportFailures(Linked->Failed);
}

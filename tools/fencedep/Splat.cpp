//===- Splat.cpp - fencedep splat -----------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     fencedep splat FILE [PATH...]    what the reports in a kernel log say of
//                                      the program, and it of them
//
// Findings of every confidence are compared: a machine has run into it.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Rules/Splat.h"
#include "Options.h"
#include "fencedep/Driver/Files.h"
#include "fencedep/Report/Wording.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

/// After this many, more of the same helps nobody.
static constexpr size_t MaxMatches = 3;

static const char *words(SplatAnswer::Match::Grade G) {
  switch (G) {
  case SplatAnswer::Match::Exact:
    return "confirms";
  case SplatAnswer::Match::OtherWay:
    return "confirms, on another way,";
  case SplatAnswer::Match::Half:
    return "has one half in common with";
  }
  return "";
}

static void print(const SplatAnswer::Match &X, StringRef File,
                  raw_ostream &OS) {
  const Finding &F = *X.F;
  OS << "  " << words(X.G) << ' ' << text(F.Sink) << ": " << headline(F) << " ["
     << F.Rule << "] " << F.Fingerprint << '\n';
  for (const auto &[Line, What] : X.Differences)
    OS << "    " << File << ':' << Line << ": " << What << '\n';
}

static void print(const Splat &S, const SplatAnswer &A, StringRef File,
                  raw_ostream &OS) {
  OS << File << ':' << S.Line << ": " << S.Title;
  if (!S.Task.empty())
    OS << ", in " << S.Task;
  if (!S.Kernel.empty())
    OS << ", on " << S.Kernel;
  OS << '\n';
  for (const auto &[Class, Means] : A.Classes)
    OS << "  " << Class << " is "
       << (Means.empty() ? "nothing that the program knows" : Means) << '\n';
  if (!A.NotOurs.empty()) {
    OS << "  not looked for: " << A.NotOurs << '\n';
    return;
  }
  size_t Shown = 0;
  for (const auto &X : ArrayRef(A.Matches).take_front(MaxMatches)) {
    // What is not as close as the first is of no interest if that is exact.
    if (Shown && A.Matches.front().G == SplatAnswer::Match::Exact &&
        X.G != SplatAnswer::Match::Exact)
      break;
    print(X, File, OS);
    ++Shown;
  }
  if (size_t More = A.Matches.size() - Shown)
    OS << "  and " << More << " more with the same locks\n";
  if (A.confirmed())
    return;
  OS << "  no finding has all of it:\n";
  for (const auto &[Line, What] : A.Known)
    OS << "    " << File << ':' << Line << ": known: " << What << '\n';
  for (const auto &[Line, What] : A.Lacks)
    OS << "    " << File << ':' << Line << ": " << What << '\n';
}

int fencedep::runSplat() {
  if (Inputs.empty())
    return fail("usage: fencedep splat FILE [PATH...]");
  std::string File = Inputs[0];
  Inputs.erase(Inputs.begin());
  if (Error E = checkOutput())
    return fail(std::move(E));
  Expected<std::string> Text = readWhole(File);
  if (!Text)
    return fail(Text.takeError());
  if (File == "-")
    File = "<stdin>";
  SplatLog Log = readSplats(*Text, File);
  for (const std::string &E : Log.Errors)
    errs() << E << '\n';
  if (Log.Splats.empty())
    return Log.Errors.empty() ? fail("no report of lockdep in '" + File + "'")
                              : ExitError;
  auto Linked = linkDatabase();
  if (!Linked)
    return fail(Linked.takeError());
  Linked->Options.MinConfidence = Confidence::Possible;
  Linked->Options.ListOpenCalls = true;
  Report R = checkLinked(*Linked);
  std::vector<SplatAnswer> Answers =
      explainSplats(*Linked->P, R, Log.Splats, Linked->Options);
  Error E = writeOutput([&](raw_ostream &OS) {
    for (const auto &[S, A] : zip(Log.Splats, Answers))
      print(S, A, File, OS);
  });
  if (E)
    return fail(std::move(E));
  if (int Status = reportFailures(Linked->Failed))
    return Status;
  if (!Log.Errors.empty())
    return ExitError;
  return any_of(Answers,
                [](const SplatAnswer &A) {
                  return A.NotOurs.empty() && !A.confirmed();
                })
             ? ExitFindings
             : ExitClean;
}

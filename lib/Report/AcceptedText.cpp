//===- AcceptedText.cpp - accepted findings for people --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nothing is silenced in silence: how many findings are accepted, and by what,
// is always said.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Wording.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencedep;
using llvm::raw_ostream;

static void note(raw_ostream &OS, const Position &P, const llvm::Twine &Text) {
  if (P.Line) {
    OS.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true);
    OS << text(P) << ": ";
    OS.resetColor();
  }
  OS.changeColor(raw_ostream::CYAN, /*Bold=*/true) << "note: ";
  OS.resetColor() << Text << '\n';
}

static void show(const AcceptedFinding &A, raw_ostream &OS) {
  const bool IsOld = A.By == AcceptedFinding::Kind::Baseline;
  note(OS, A.F.Sink,
       (IsOld ? "in the baseline: " : "suppressed: ") + headline(A.F) + " [" +
           A.F.Rule + "]");
  if (!IsOld)
    note(OS, A.Where, "suppressed here" + (A.Why.empty() ? "" : ": " + A.Why));
}

static void counts(unsigned Suppressed, unsigned Old, bool Shown,
                   raw_ostream &OS) {
  if (!Suppressed && !Old)
    return;
  OS << "fencedep: ";
  if (Suppressed)
    OS << Suppressed << (Suppressed == 1 ? " finding" : " findings")
       << " suppressed" << (Old ? ", " : "");
  if (Old)
    OS << Old
       << (Suppressed ? ""
           : Old == 1 ? " finding"
                      : " findings")
       << " in the baseline";
  OS << (Shown ? "" : " (--show-suppressed lists them)") << '\n';
}

void fencedep::printAccepted(const Report &R, const TextOptions &Opts,
                             raw_ostream &OS) {
  const bool HadColors = OS.colors_enabled();
  OS.enable_colors(Opts.Colors);
  unsigned Suppressed = 0, Old = 0;
  for (const AcceptedFinding &A : R.Accepted) {
    if (A.F.Conf < Opts.MinConfidence)
      continue;
    ++(A.By == AcceptedFinding::Kind::Baseline ? Old : Suppressed);
    if (Opts.ShowAccepted)
      show(A, OS);
  }
  counts(Suppressed, Old, Opts.ShowAccepted, OS);
  for (const Reason &U : R.Unused)
    note(OS, U.Where, U.Text);
  for (const GoneFinding &G : R.Gone)
    if (G.Conf >= Opts.MinConfidence)
      note(OS, {},
           "gone from the baseline: " + G.Message + " [" + G.Rule + "]");
  OS.enable_colors(HadColors);
}

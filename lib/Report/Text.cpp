//===- Text.cpp - findings for people
//---------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The layout is clang's, so that every editor, pager and CI that reads compiler
// output reads ours:
//
//     SINK: warning: MESSAGE [RULE]
//     BEGIN: note: signalling critical section begins here in 'f'
//     CALL: note: 'f' calls 'g' through ops::run      one per hop
//     PLACE: note: why the sink is forbidden          one per reason
//
// each on one line however long, as tools expect, with the source line under
// those that a reader would look up first; and the coverage statement last: no
// findings mean nothing without it.
//
//===----------------------------------------------------------------------===//

#include "Text.h"
#include "fencedep/Report/Wording.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include <set>

using namespace fencedep;
using llvm::raw_ostream;
using llvm::StringRef;

namespace {

struct Number {
  unsigned N;
  StringRef One, Many;
};

raw_ostream &operator<<(raw_ostream &OS, const Number &C) {
  return OS << C.N << ' ' << (C.N == 1 ? C.One : C.Many);
}

class Printer {
public:
  Printer(raw_ostream &OS, const TextOptions &Opts)
      : OS(OS), Opts(Opts), HadColors(OS.colors_enabled()) {
    OS.enable_colors(Opts.Colors);
  }
  ~Printer() { OS.enable_colors(HadColors); }

  void heading(const WarningGroup &G);
  void warning(const Warning &W);
  /// What is left to say if there were no findings but \p R.Hidden.
  void nothingFound(const Report &R);
  void nextStep(llvm::ArrayRef<WarningGroup> Groups);
  void coverage(const Coverage &C);

private:
  void line(const Position &P, StringRef Level, StringRef Message);
  void note(const Position &P, StringRef Message) { line(P, "note", Message); }
  void snippet(const Position &P, bool IsEnd);
  void others(const Warning &W);
  void rootCoverage(const RootCoverage &R);

  raw_ostream &OS;
  const TextOptions &Opts;
  const bool HadColors;
  bool First = true; ///< nothing has been printed yet
  /// Lines of the finding at hand that were shown.
  std::set<std::pair<std::string, unsigned>> Shown;
};

raw_ostream::Colors colorOf(StringRef Level) {
  if (Level == "error")
    return raw_ostream::RED;
  if (Level == "warning")
    return raw_ostream::MAGENTA;
  return raw_ostream::CYAN;
}

} // namespace

std::string fencedep::wording(const Coverage &C) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  OS << C.Analysed << " of " << Number{C.Units, "unit", "units"}
     << " analysed, " << C.Annotated << " annotated and " << C.Contract
     << " contract roots, " << Number{C.Functions, "function", "functions"}
     << " reached, " << Number{C.OpenCalls, "call", "calls"} << " left open";
  return OS.str();
}

std::string fencedep::leftOut(const Report &R, Confidence Shown) {
  const unsigned Hidden =
      R.Hidden + llvm::count_if(R.Findings, [&](const Finding &F) {
        return F.Conf < Shown;
      });
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  if (Hidden)
    OS << Number{Hidden, "finding", "findings"} << " below '" << name(Shown)
       << "' not shown";
  if (Hidden && R.NotFollowed)
    OS << ", and ";
  if (R.NotFollowed)
    OS << Number{R.NotFollowed, "call that is", "calls that are"}
       << " only possible not followed";
  if (Hidden || R.NotFollowed)
    OS << " (--min-confidence=possible shows all)";
  return OS.str();
}

namespace {

void Printer::line(const Position &P, StringRef Level, StringRef Message) {
  if (P.Line) {
    OS.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true);
    OS << text(P) << ": ";
    OS.resetColor();
  }
  OS.changeColor(colorOf(Level), /*Bold=*/true);
  OS << Level << ": ";
  OS.resetColor();
  // clang prints the message itself bold, except in notes.
  if (Level != "note")
    OS.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true);
  OS << Message;
  OS.resetColor();
  OS << '\n';
}

void Printer::heading(const WarningGroup &G) {
  if (G.Name.empty())
    return;
  if (!First)
    OS << '\n';
  First = true;
  OS.changeColor(raw_ostream::SAVEDCOLOR, /*Bold=*/true);
  OS << "== " << G.Name << ": "
     << Number{unsigned(G.Warnings.size()), "finding", "findings"} << " ==";
  OS.resetColor();
  OS << '\n';
}

/// The first line at \p P of the finding at hand.
void Printer::snippet(const Position &P, bool IsEnd) {
  if (Opts.Sources && (IsEnd || Opts.Snippets == SnippetChoice::All) &&
      Opts.Snippets != SnippetChoice::None &&
      Shown.insert({P.File, P.Line}).second)
    printSnippet(OS, *Opts.Sources, P);
}

void Printer::warning(const Warning &W) {
  const Finding &F = *W.Best;
  // Without snippets, it is what a compiler prints.
  if (!First && Opts.Sources && Opts.Snippets != SnippetChoice::None)
    OS << '\n';
  First = false;
  Shown.clear();
  line(F.Sink, F.Severity, headline(F) + " [" + F.Rule + "]");
  snippet(F.Sink, /*IsEnd=*/true);
  std::vector<Note> Notes = notesOn(F);
  for (const Note &N : Opts.FullPaths ? Notes : elided(Notes)) {
    note(N.Where, N.Text);
    snippet(N.Where,
            N.K == Note::Acquires || N.K == Note::Ends || N.K == Note::Because);
  }
  others(W);
}

void Printer::others(const Warning &W) {
  constexpr size_t MaxNamed = 4;
  const Finding &F = *W.Best;
  std::string Names;
  std::set<StringRef> Named{F.Root.Function};
  for (const Finding *X : W.Folded)
    if (Named.size() <= MaxNamed && Named.insert(X->Root.Function).second)
      Names += (Names.empty() ? "'" : ", '") + X->Root.Function + "'";
  const size_t Known = Named.size() - 1;
  if (!Known && F.OtherRoots)
    return note({}, F.OtherRoots == 1 ? "1 other root reaches this call"
                                      : std::to_string(F.OtherRoots) +
                                            " other roots reach this call");
  if (!Known)
    return;
  if (F.OtherRoots > Known)
    Names += " and " + std::to_string(F.OtherRoots - Known) + " more";
  note({}, "also reached from " + Names + " (--each-root shows the ways)");
}

void Printer::rootCoverage(const RootCoverage &R) {
  OS << text(R.Root.Where) << ": " << name(R.Root.Kind) << " root '"
     << R.Root.Function << '\'';
  if (!R.Root.Id.empty())
    OS << " (" << R.Root.Id << ')';
  OS << ": " << Number{R.Functions, "function", "functions"} << " reached, "
     << Number{R.OpenCalls, "call", "calls"} << " left open\n";
  for (const OpenCall &C : R.Open)
    OS << "  " << text(C.Where) << ": '" << C.Function << "' calls " << C.Callee
       << ": " << C.Why << '\n';
}

void Printer::coverage(const Coverage &C) {
  if (Opts.FullCoverage)
    for (const RootCoverage &R : C.Roots)
      rootCoverage(R);
  for (const FailedUnit &U : C.Failed)
    OS << "fencedep: not analysed: " << U.File << ": " << U.Error << '\n';
  for (const std::string &F : C.Incomplete)
    OS << "fencedep: not all ways through '" << F
       << "' were followed: sections in it may be longer than was seen\n";
  OS << "fencedep: " << wording(C)
     << (C.OpenCalls && !Opts.FullCoverage ? " (--coverage lists them)" : "")
     << '\n';
}

void Printer::nothingFound(const Report &R) {
  OS << "fencedep: no " << (R.HasBaseline ? "new " : "") << "findings";
  if (Opts.MinConfidence != Confidence::Possible)
    OS << " of confidence '" << name(Opts.MinConfidence) << "' or above";
  if (R.Cov.Roots.empty() && !(R.Cov.Annotated + R.Cov.Contract))
    OS << ", and no section was found to check";
  OS << '\n';
  if (Opts.FullCoverage || R.Cov.Roots.empty())
    return;
  // Who reads that nothing was found should see where it was looked for.
  constexpr size_t MaxNamed = 4;
  std::vector<std::string> Names;
  for (const RootCoverage &C : R.Cov.Roots)
    if (!llvm::is_contained(Names, "'" + C.Root.Function + "'"))
      Names.push_back("'" + C.Root.Function + "'");
  const size_t All = Names.size();
  Names.resize(std::min(All, MaxNamed));
  OS << "fencedep: looked at all that is reached from "
     << llvm::join(Names, ", ");
  if (All > MaxNamed)
    OS << " and " << All - MaxNamed << " more (--coverage lists them)";
  OS << '\n';
}

/// Where to read on; of several rules, the first finding's is the example.
void Printer::nextStep(llvm::ArrayRef<WarningGroup> Groups) {
  OS << "fencedep: 'fencedep explain "
     << Groups.front().Warnings.front().Best->Rule
     << "' says what is wrong there and what to do about it\n";
}

} // namespace

void fencedep::printText(const Report &R, const TextOptions &Opts,
                         raw_ostream &OS) {
  Printer P(OS, Opts);
  const std::vector<WarningGroup> Groups = groupWarnings(R, Opts);
  for (const WarningGroup &G : Groups) {
    P.heading(G);
    for (const Warning &W : G.Warnings)
      P.warning(W);
  }
  if (Opts.Quiet)
    return;
  printAccepted(R, Opts, OS);
  printSummary(OS, Groups, Opts);
  if (Groups.empty())
    P.nothingFound(R);
  else
    P.nextStep(Groups);
  if (std::string Text = leftOut(R, Opts.MinConfidence); !Text.empty())
    OS << "fencedep: " << Text << '\n';
  P.coverage(R.Cov);
}

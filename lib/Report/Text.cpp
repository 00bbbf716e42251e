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
// and the coverage statement last: no findings mean nothing without it.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Finding.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include <set>

using namespace fencedep;
using llvm::any_of;
using llvm::enumerate;
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

  /// \p Folded: findings at the same sink that are not printed.
  void finding(const Finding &F, llvm::ArrayRef<Finding> Folded);
  void coverage(const Coverage &C);
  void hidden(const Report &R);

private:
  void line(const Position &P, StringRef Level, StringRef Message);
  void note(const Position &P, StringRef Message) { line(P, "note", Message); }
  void others(const Finding &F, llvm::ArrayRef<Finding> Folded);
  void rootCoverage(const RootCoverage &R);

  raw_ostream &OS;
  const TextOptions &Opts;
  const bool HadColors;
};

bool operator==(const Position &A, const Position &B) {
  return A.File == B.File && A.Line == B.Line && A.Column == B.Column;
}

raw_ostream::Colors colorOf(StringRef Level) {
  if (Level == "error")
    return raw_ostream::RED;
  if (Level == "warning")
    return raw_ostream::MAGENTA;
  return raw_ostream::CYAN;
}

/// The hop's call in words, with how it was resolved unless it is a plain one.
std::string describeCall(const Hop &H) {
  const std::string Caller = "'" + H.Function + "'",
                    Callee = "'" + H.Callee + "'";
  const std::string Calls = Caller + " calls " + Callee;
  StringRef Edge = H.Edge;
  // Where a section that is still open ends with its function.
  if (H.Callee == "return")
    return Caller + " returns";
  if (H.Callee == "store")
    return Caller + " stores";
  if (Edge.consume_front("completion"))
    return Caller + " waits for what " + Callee + " completes" +
           (Edge.empty() ? "" : "," + Edge.str());
  if (Edge.consume_front("work "))
    return Caller + " waits for " + Callee + ", the work of " + Edge.str();
  if (Edge.consume_front("field "))
    return Calls + " through " + Edge.str();
  if (Edge == "macro")
    return Caller + " uses " + Callee + ", which is a macro";
  if (Edge == "callback")
    return Caller + " has " + Callee + " called back";
  if (Edge == "argument")
    return Calls + " through a pointer passed as an argument";
  if (Edge == "argument of any caller")
    return Calls +
           " through a parameter, for which any caller's argument may stand";
  if (Edge == "array")
    return Calls + " through an array of pointers";
  if (Edge == "virtual")
    return Calls + ", which is virtual";
  if (Edge == "cleanup")
    return Calls + " when a variable goes out of scope";
  if (Edge == "direct" || Edge.empty())
    return Calls;
  return Calls + " by " + Edge.str();
}

} // namespace

std::string fencedep::wording(const Hop &H) {
  std::string More = H.Detail;
  if (H.Conf != Confidence::Certain)
    More += (More.empty() ? "" : "; ") + name(H.Conf).str();
  return describeCall(H) + (More.empty() ? "" : " (" + More + ")");
}

std::string fencedep::wording(const RootInfo &R) {
  if (R.Kind == RootKind::Annotated)
    return (R.Why.empty() ? "signalling critical section" : R.Why) +
           " begins here in '" + R.Function + "'";
  if (R.Kind == RootKind::Entry)
    return "userspace calls '" + R.Function + "': " + R.Why;
  if (R.Kind == RootKind::Published)
    return "a fence becomes visible to others here in '" + R.Function + "'";
  return "'" + R.Function +
         (R.Critical ? "' is critical by contract: "
                     : "' is an entry point: ") +
         R.Why;
}

std::string fencedep::wording(const Coverage &C) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  OS << C.Analysed << " of " << Number{C.Units, "unit", "units"}
     << " analysed, " << C.Annotated << " annotated and " << C.Contract
     << " contract roots, " << Number{C.Functions, "function", "functions"}
     << " reached, " << Number{C.OpenCalls, "call", "calls"} << " left open";
  return OS.str();
}

namespace {

/// The root's own note already shows the call that opens the section.
bool isBegin(const Hop &H, const RootInfo &R) {
  return R.Kind == RootKind::Annotated && H.Where == R.Where;
}

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

void Printer::finding(const Finding &F, llvm::ArrayRef<Finding> Folded) {
  std::string Message = F.Message;
  if (F.Conf != Confidence::Certain)
    Message += " (" + name(F.Conf).str() + ")";
  line(F.Sink, F.Severity, Message + " [" + F.Rule + "]");
  for (const Reason &N : explain(F))
    note(N.Where, N.Text);
  others(F, Folded);
}

void Printer::others(const Finding &F, llvm::ArrayRef<Finding> Folded) {
  constexpr size_t MaxNamed = 4;
  std::string Names;
  std::set<StringRef> Named{F.Root.Function};
  for (const Finding &X : Folded)
    if (Named.size() <= MaxNamed && Named.insert(X.Root.Function).second)
      Names += (Names.empty() ? "'" : ", '") + X.Root.Function + "'";
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

void Printer::hidden(const Report &R) {
  unsigned Hidden =
      R.Hidden + llvm::count_if(R.Findings, [&](const Finding &F) {
        return F.Conf < Opts.MinConfidence;
      });
  if (Hidden)
    OS << "fencedep: " << Number{Hidden, "finding", "findings"} << " below '"
       << name(Opts.MinConfidence)
       << "' not shown (--min-confidence=possible shows all)\n";
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

} // namespace

static void explain(const OtherSide &O, unsigned Cpu,
                    std::vector<Reason> &Notes) {
  const std::string Who =
      O.SameThread ? "" : "CPU" + std::to_string(Cpu) + ": ";
  if (!O.Source.empty()) {
    Notes.push_back({Who + "'" + O.Function + "' holds " + O.Lock +
                         " meanwhile (the model says so, from " + O.Source +
                         ")",
                     {}});
    return;
  }
  Notes.push_back(
      {Who + "'" + O.Function + "' acquires " + O.Lock + " here, and holds it",
       O.Acquired});
  for (const Hop &H : O.Path)
    Notes.push_back({Who + wording(H), H.Where});
}

std::vector<Reason> fencedep::explain(const Finding &F) {
  std::vector<Reason> Notes;
  // An unbalanced begin or end is root and sink at once.
  if (!F.Root.Where.Line || !(F.Root.Where == F.Sink))
    Notes.push_back({wording(F.Root), F.Root.Where});
  // As lockdep prints a cycle, but without a CPU that has seen it.
  const bool Cycle = any_of(F.Others, [](auto &O) { return !O.SameThread; });
  for (const Hop &H : F.Path)
    if (!isBegin(H, F.Root))
      Notes.push_back({(Cycle ? "CPU0: " : "") + wording(H), H.Where});
  for (const auto &[I, O] : enumerate(F.Others))
    ::explain(O, I + 1, Notes);
  llvm::append_range(Notes, F.Reasons);
  return Notes;
}

void fencedep::printText(const Report &R, const TextOptions &Opts,
                         raw_ostream &OS) {
  Printer P(OS, Opts);
  // Those of one sink follow each other, the best first.
  for (size_t I = 0, Next; I != R.Findings.size(); I = Next) {
    const Finding &F = R.Findings[I];
    auto Folds = [&](const Finding &X) {
      return X.Conf >= Opts.MinConfidence && X.Rule == F.Rule &&
             X.Sink == F.Sink && X.SinkFunction == F.SinkFunction &&
             X.RanksLast == F.RanksLast;
    };
    Next = I + 1;
    if (F.Conf < Opts.MinConfidence)
      continue;
    while (!Opts.EachRoot && Next != R.Findings.size() &&
           Folds(R.Findings[Next]))
      ++Next;
    P.finding(F, llvm::ArrayRef(R.Findings).slice(I + 1, Next - I - 1));
  }
  if (Opts.Quiet)
    return;
  printAccepted(R, Opts, OS);
  P.hidden(R);
  P.coverage(R.Cov);
}

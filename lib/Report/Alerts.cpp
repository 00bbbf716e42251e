//===- Alerts.cpp - findings as other programs list them ------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A finding is a way from a root to a sink. Four roots that reach one
// allocation are four findings, but one place to look at and mend: listed one
// by one, they would be four alerts on one line, to be dismissed four times.
// So the findings of one sink are one alert, as the text report has them.
//
// What identifies an alert must not depend on which of its ways is the best at
// the moment: it is made of the rule and the sink, and not of the lines. Two
// calls of one function in one function are twins, which are counted.
//
//===----------------------------------------------------------------------===//

#include "Alerts.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace fencedep;
using llvm::StringRef;
namespace fs = llvm::sys::fs;

/// How many UTF-16 code units \p Bytes of UTF-8 are. A byte that is not UTF-8
/// counts for the replacement character that a reader makes of it.
static unsigned utf16Units(StringRef Bytes) {
  unsigned Units = 0;
  for (unsigned char C : utf8(Bytes))
    Units += ((C & 0xC0) != 0x80) + (C >= 0xF0);
  return Units;
}

static std::string realPath(StringRef Path) {
  llvm::SmallString<256> Real;
  if (fs::real_path(Path, Real))
    Real = Path;
  return std::string(Real);
}

Places::Places(const RunInfo &Run)
    : Sources(Run.BaseDir),
      Root(realPath(Run.SourceRoot.empty() ? Run.BaseDir : Run.SourceRoot)) {}

const std::string &Places::path(StringRef File) {
  auto [It, New] = Paths.try_emplace(File);
  if (New) {
    llvm::SmallString<256> Path(File);
    fs::make_absolute(Sources.baseDir(), Path);
    llvm::sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
    std::string Real = realPath(Path);
    StringRef Rest = Real;
    if (Rest.consume_front(StringRef(Root).rtrim('/')) &&
        Rest.consume_front("/"))
      Real = Rest.str();
    It->second = std::move(Real);
  }
  return It->second;
}

std::optional<Region> Places::region(const Position &P) {
  if (!P.Line)
    return std::nullopt;
  unsigned Column = std::max(P.Column, 1U), Width = 1;
  if (std::optional<StringRef> Line = Sources.line(P.File, P.Line)) {
    Width = std::max(utf16Units(Sources.token(P)), 1U);
    Column = utf16Units(Line->take_front(Column - 1)) + 1;
  }
  return Region{P.Line, Column, Column + Width};
}

std::optional<Region> Places::region(const Fix &X) {
  std::optional<Region> Result = region(X.Start);
  if (Result)
    Result->EndColumn = Result->Column + utf16Units(X.Replaced);
  return Result;
}

const Position &fencedep::place(const Finding &F) {
  return F.Sink.Line ? F.Sink : F.Root.Where;
}

std::string Alert::identity() const {
  return SinkHash + ':' + std::to_string(Twin);
}

static bool acceptedAlike(const AcceptedFinding *A, const AcceptedFinding *B) {
  return A == B ||
         (A && B && A->By == B->By && A->Why == B->Why && A->Where == B->Where);
}

/// Adds \p F to the last alert if it belongs there: those of one sink follow
/// each other.
static void add(std::vector<Alert> &Alerts, const Finding &F,
                const AcceptedFinding *Accepted) {
  if (Alerts.empty() || !sameSink(Alerts.back().best(), F) ||
      !acceptedAlike(Alerts.back().Accepted, Accepted)) {
    Alerts.emplace_back();
    Alerts.back().Accepted = Accepted;
  }
  Alerts.back().Ways.push_back(&F);
}

static std::string hashOfSink(const Finding &F, Places &Where) {
  std::string Text;
  for (const std::string *Part :
       {&F.Rule, &Where.path(place(F).File), &F.sinkCaller(), &F.SinkFunction})
    (Text += *Part) += '\n';
  return hexHash(Text);
}

std::vector<Alert> fencedep::alerts(const Report &R, const RunInfo &Run,
                                    Places &Where, bool WithAccepted) {
  std::vector<Alert> Result;
  for (const Finding &F : R.Findings)
    if (F.Conf >= Run.MinConfidence)
      add(Result, F, /*Accepted=*/nullptr);
  if (WithAccepted)
    for (const AcceptedFinding &A : R.Accepted)
      if (A.F.Conf >= Run.MinConfidence)
        add(Result, A.F, &A);
  llvm::StringMap<unsigned> Twins;
  for (Alert &A : Result) {
    A.SinkHash = hashOfSink(A.best(), Where);
    A.Twin = ++Twins[A.SinkHash];
  }
  return Result;
}

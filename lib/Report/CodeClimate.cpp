//===- CodeClimate.cpp - Code Climate's JSON, for GitLab ------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An array with an issue for each alert. GitLab shows the description, the
// severity and the line; it compares a merge request with its target by the
// fingerprints, and shows only one of those that have the same.
//
// A unit that could not be analysed is an issue, too: an empty array would tell
// that all is well.
//
//===----------------------------------------------------------------------===//

#include "Alerts.h"
#include "fencedep/Report/Formats.h"
#include "llvm/Support/JSON.h"

using namespace fencedep;
using llvm::StringRef;
namespace json = llvm::json;

namespace {

/// How much it hurts is the same for all, so how sure it is decides.
StringRef severity(const Finding &F) {
  if (F.Severity == "error")
    return "blocker";
  if (F.Severity == "note")
    return "info";
  switch (F.Conf) {
  case Confidence::Certain:
    return "major";
  case Confidence::Likely:
    return "minor";
  case Confidence::Possible:
    return "info";
  }
  return "info";
}

class Writer {
public:
  Writer(const RunInfo &Run, llvm::raw_ostream &OS)
      : Where(Run), J(OS, /*IndentSize=*/2) {}

  void report(const Report &R, const RunInfo &Run);

private:
  void issue(StringRef Check, StringRef Description, StringRef Severity,
             StringRef Identity, llvm::function_ref<void()> More);
  void lines(StringRef File, unsigned Line);
  void alert(const Alert &A);
  void failed(const FailedUnit &U);

  Places Where;
  json::OStream J;
};

void Writer::issue(StringRef Check, StringRef Description, StringRef Severity,
                   StringRef Identity, llvm::function_ref<void()> More) {
  J.object([&] {
    J.attribute("type", "issue");
    J.attribute("check_name", Check);
    J.attribute("description", utf8(Description));
    J.attributeArray("categories", [&] { J.value("Bug Risk"); });
    J.attribute("severity", Severity);
    J.attribute("fingerprint", Identity);
    More();
  });
}

void Writer::lines(StringRef File, unsigned Line) {
  J.attribute("path", utf8(Where.path(File)));
  J.attributeObject("lines", [&] {
    J.attribute("begin", Line);
    J.attribute("end", Line);
  });
}

void Writer::alert(const Alert &A) {
  const Finding &F = A.best();
  const Position &Place = place(F);
  std::string Body;
  for (const Reason &N : explain(F))
    Body += "- " +
            (N.Where.Line ? Where.path(N.Where.File) + ":" +
                                std::to_string(N.Where.Line) + ": "
                          : "") +
            N.Text + "\n";
  issue(F.Rule, headline(F), severity(F), hexHash(A.identity()), [&] {
    J.attributeObject("location",
                      [&] { lines(Place.File, std::max(Place.Line, 1U)); });
    J.attributeArray("other_locations", [&] {
      for (const Reason &N : explain(F))
        if (N.Where.Line)
          J.object([&] { lines(N.Where.File, N.Where.Line); });
    });
    J.attributeObject("content", [&] { J.attribute("body", utf8(Body)); });
  });
}

void Writer::failed(const FailedUnit &U) {
  issue("not-analysed", "not analysed: " + U.Error, "info",
        hexHash("not-analysed\n" + Where.path(U.File)),
        [&] { J.attributeObject("location", [&] { lines(U.File, 1); }); });
}

void Writer::report(const Report &R, const RunInfo &Run) {
  J.array([&] {
    for (const Alert &A : alerts(R, Run, Where, /*WithAccepted=*/false))
      alert(A);
    for (const FailedUnit &U : R.Cov.Failed)
      failed(U);
  });
}

} // namespace

void fencedep::printCodeClimate(const Report &R, const RunInfo &Run,
                                llvm::raw_ostream &OS) {
  Writer(Run, OS).report(R, Run);
  OS << '\n';
}

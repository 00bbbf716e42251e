//===- GitHub.cpp - annotations of GitHub's workflows ---------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The log has the text report, as it is; then come workflow commands, which the
// runner makes annotations of:
//
//     ::warning file=F,line=L,endLine=L,col=C,endColumn=E,title=T::MESSAGE
//
// It takes no more than ten of each kind from a step, and drops the others
// without a word. So the tenth says how many there are more, if there are, and
// where: the log above has them all.
//
//===----------------------------------------------------------------------===//

#include "Alerts.h"
#include "fencedep/Report/Formats.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencedep;
using llvm::StringRef;

static constexpr size_t MaxOfKind = 10;

/// \p Text with each of \p Special percent-encoded. Workflow commands know no
/// other escapes than these: "%" itself, line ends, and in properties ":" and
/// ",".
static std::string escaped(StringRef Text, StringRef Special) {
  std::string Result;
  for (char C : Text) {
    if (!Special.contains(C))
      Result += C;
    else
      Result += C == '%'    ? "%25"
                : C == '\r' ? "%0D"
                : C == '\n' ? "%0A"
                : C == ':'  ? "%3A"
                            : "%2C";
  }
  return Result;
}

static std::string property(StringRef Text) { return escaped(Text, "%\r\n:,"); }

static std::string body(StringRef Text) { return escaped(Text, "%\r\n"); }

static StringRef kind(StringRef Severity) {
  return Severity == "note" ? "notice" : Severity;
}

static std::string annotation(const Finding &F, Places &Where) {
  const Position &P = place(F);
  std::string Text = ("::" + kind(F.Severity) + " ").str();
  if (std::optional<Region> Token = Where.region(P))
    Text += "file=" + property(Where.path(P.File)) +
            ",line=" + std::to_string(Token->Line) +
            ",endLine=" + std::to_string(Token->Line) +
            ",col=" + std::to_string(Token->Column) +
            ",endColumn=" + std::to_string(Token->EndColumn) + ",";
  Text += "title=" + property(F.Rule) + "::" + body(headline(F));
  for (const Reason &N : explain(F)) {
    Text += "%0A";
    if (N.Where.Line)
      Text += body(Where.path(N.Where.File)) + ":" +
              std::to_string(N.Where.Line) + ": ";
    Text += body(N.Text);
  }
  return Text + "\n";
}

static std::string ofUnits(llvm::ArrayRef<FailedUnit> Failed) {
  std::string Text = "::warning title=fencedep::" +
                     body("not analysed: " + Failed.front().File + ": " +
                          Failed.front().Error);
  if (Failed.size() > 1)
    Text += "%0Aand " + std::to_string(Failed.size() - 1) +
            " more; the log of this step has them";
  return Text + "\n";
}

void fencedep::printGitHub(const Report &R, const RunInfo &Run,
                           const TextOptions &Opts, llvm::raw_ostream &OS) {
  printText(R, Opts, OS);
  Places Where(Run);
  llvm::MapVector<StringRef, std::vector<std::string>> Kinds;
  if (!R.Cov.Failed.empty())
    Kinds["warning"].push_back(ofUnits(R.Cov.Failed));
  for (const Alert &A : alerts(R, Run, Where, /*WithAccepted=*/false))
    Kinds[kind(A.best().Severity)].push_back(annotation(A.best(), Where));
  for (const auto &[Kind, Texts] : Kinds) {
    size_t Shown = Texts.size() > MaxOfKind ? MaxOfKind - 1 : Texts.size();
    for (const std::string &Text : llvm::ArrayRef(Texts).take_front(Shown))
      OS << Text;
    if (Texts.size() > Shown)
      OS << "::" << Kind << " title=fencedep::" << Texts.size() - Shown
         << " more are not shown here; the log of this step has them all\n";
  }
}

//===- Accept.cpp - what a run does not report ----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Accept.h"
#include "fencedep/Driver/Database.h"
#include "fencedep/Driver/Files.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace fencedep;

static std::vector<std::string> allRuleIds() {
  std::vector<std::string> Ids;
  for (const Rule &R : allRules())
    Ids.push_back(R.Id);
  return Ids;
}

static RuleNames ruleNames(const CheckOptions &Options) {
  RuleNames Names;
  Names.All = allRuleIds();
  for (const Rule &R : allRules())
    if (R.Default)
      Names.Default.push_back(R.Id);
  Names.On = Options.Rules.empty() ? Names.Default : Options.Rules;
  return Names;
}

Expected<AcceptFiles> fencedep::readAcceptFiles() {
  AcceptFiles Files;
  for (const std::string &Name : SuppressionFiles) {
    Expected<std::unique_ptr<MemoryBuffer>> Text = openInput(Name);
    if (!Text)
      return Text.takeError();
    Expected<SuppressionFile> File =
        SuppressionFile::parse(std::move(*Text), allRuleIds());
    if (!File)
      return File.takeError();
    Files.Suppressions.push_back(std::move(*File));
  }
  if (!NewBaseline.empty())
    if (Error E = checkWritable(NewBaseline))
      return std::move(E);
  if (BaselineFile.empty())
    return Files;
  Expected<std::unique_ptr<MemoryBuffer>> Text = openInput(BaselineFile);
  if (!Text)
    return Text.takeError();
  Expected<Baseline> Known = Baseline::parse(**Text);
  if (!Known)
    return Known.takeError();
  Files.Known = std::move(*Known);
  return Files;
}

/// The files with functions of \p P that Options.Paths choose, sorted, as
/// findings name them.
static std::vector<std::string> chosenFiles(const Program &P,
                                            const CheckOptions &Options) {
  DenseSet<std::pair<uint32_t, StringId>> Seen;
  std::set<std::string> Files;
  for (const Func &F : P.Funcs)
    if (F.Body && Seen.insert({F.Unit, F.Body->Where.File}).second)
      if (StringRef File = P.str(F, F.Body->Where.File);
          selected(File, Options))
        Files.insert(relativePath(File, Options.BaseDir));
  return {Files.begin(), Files.end()};
}

Acceptor::Acceptor(AcceptFiles &Files, const CheckOptions &Options,
                   const WholeRun *Looked)
    : Files(Files), Options(Options), Looked(Looked), Rules(ruleNames(Options)),
      Sources(Options.BaseDir), Comments(Sources, Rules) {
  if (Looked)
    Chosen = chosenFiles(Looked->P, Options);
}

bool Acceptor::needsAll() {
  return !Files.Suppressions.empty() || Files.Known || !NewBaseline.empty() ||
         Comments.read(Chosen, Options.Jobs);
}

/// \p P is in a file that was named from the current directory.
void Acceptor::placeInReport(Position &P) const {
  if (P.Line)
    P.File = relativePath(makeAbsolute(P.File, currentDir()), Options.BaseDir);
}

std::optional<Acceptance> Acceptor::ask(const Finding &F) {
  // Each is asked: a later one may be of use, too, once the first is gone.
  std::optional<Acceptance> First = Comments.accepts(F);
  for (SuppressionFile &File : Files.Suppressions)
    if (std::optional<Acceptance> A = File.accepts(F); A && !First) {
      First = std::move(A);
      placeInReport(First->Where);
    }
  if (Files.Known)
    if (std::optional<Acceptance> A = Files.Known->accepts(F, MinConfidence);
        A && !First)
      First = std::move(A);
  if (First || NewBaseline.empty())
    return First;
  return Acceptance{AcceptedFinding::Kind::Baseline, "", {}};
}

/// Would a run with these options have found \p E?
bool Acceptor::isJudged(const BaselineEntry &E) const {
  if (!is_contained(Rules.On, E.Rule) ||
      !selected(makeAbsolute(E.File, Options.BaseDir), Options) ||
      !(E.Kind == RootKind::Annotated ? Options.Annotated : Options.Contract))
    return false;
  return E.RootId.empty() || any_of(Looked->P.M.Roots, [&](const RootModel &R) {
           return R.Id == E.RootId &&
                  (R.Default || is_contained(Options.RootGroups, R.Id));
         });
}

/// What the old baseline has of code that was not looked at stays.
Error Acceptor::writeNew(const Report &R,
                         function_ref<bool(const BaselineEntry &)> Judged) {
  std::vector<BaselineEntry> Entries;
  for (const AcceptedFinding &A : R.Accepted)
    if (A.By == AcceptedFinding::Kind::Baseline)
      Entries.emplace_back(A.F);
  if (Files.Known)
    append_range(Entries, Files.Known->unjudged(Judged));
  std::string Text;
  raw_string_ostream OS(Text);
  writeBaseline(std::move(Entries), OS);
  return writeFile(NewBaseline, StringRef(Text));
}

Error Acceptor::judge(Report &R) {
  const bool Partly = !Options.Paths.empty();
  Comments.findUnused(Chosen, Partly, Options.Jobs, R.Unused);
  // Of a file for a whole tree, few entries are about some paths.
  std::vector<Reason> OfFiles;
  for (const SuppressionFile &File : Files.Suppressions)
    File.findUnused(Rules, Partly, !Partly || Verbose, OfFiles);
  for (Reason &U : OfFiles) {
    placeInReport(U.Where);
    R.Unused.push_back(std::move(U));
  }
  auto Judged = [&](const BaselineEntry &E) {
    return R.Cov.Failed.empty() && isJudged(E) &&
           (Looked->FromDatabase ||
            std::binary_search(Chosen.begin(), Chosen.end(), E.File));
  };
  if (Files.Known)
    R.Gone = Files.Known->gone(Judged);
  return NewBaseline.empty() ? Error::success() : writeNew(R, Judged);
}

Error Acceptor::accept(Report &R) {
  if (Files.Known)
    Files.Known->lookFor(R.Findings);
  acceptFindings(R, [&](const Finding &F) { return ask(F); });
  R.HasBaseline = Files.Known || !NewBaseline.empty();
  if (!Comments.unreadable().empty() && !Quiet)
    errs() << "fencedep: no comment of a file that cannot be read is known: "
           << join(Comments.unreadable(), ", ") << '\n';
  return Looked ? judge(R) : Error::success();
}

//===- Suggest.cpp - fencedep suggest -------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     fencedep suggest [PATH...]             code that completes fences with no
//                                            section open, what gains most
//                                            first
//     fencedep suggest --patch [PATH...]     the sections, as a patch
//     fencedep suggest --fix=X [PATH...]     what findings offer, as a patch
//
// What a section is worth is what it would show. So all of them are put into
// the text at once, and the program is checked again with that text, of which
// nothing is written to disk.
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "fencedep/Driver/Adjust.h"
#include "fencedep/Driver/Files.h"
#include "fencedep/Extract/Section.h"
#include "fencedep/Report/Source.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include <map>
#include <set>

using namespace llvm;
using namespace fencedep;

namespace {

/// Changes of files, by path relative to the database where that can be.
struct Changes {
  struct File {
    std::string Old;
    std::vector<TextEdit> Edits;
  };
  std::map<std::string, File> Files;

  Expected<File *> open(StringRef Name, StringRef BaseDir) {
    auto [It, New] = Files.try_emplace(Name.str());
    if (!New)
      return &It->second;
    Expected<std::string> Text = readWhole(makeAbsolute(Name, BaseDir));
    if (!Text) {
      Files.erase(It);
      return Text.takeError();
    }
    It->second.Old = std::move(*Text);
    return &It->second;
  }

  std::string patch() const {
    std::string Out;
    for (const auto &[Name, F] : Files)
      Out += unifiedDiff(Name, F.Old, F.Edits);
    return Out;
  }
};

/// A function that should open a section.
struct Suggestion {
  Finding F;
  SectionEdit Edit;
  std::string ByHand; ///< why there is no Edit; "": there is one
  /// No section there ever shows anything: begin does nothing where nothing may
  /// sleep.
  bool Atomic = false;
  std::vector<Finding> Shows; ///< that the section would
  unsigned Reaches = 0;       ///< functions

  std::string file() const { return F.Root.Where.File; }
  bool isRoot(const RootInfo &R) const {
    return R.Kind == RootKind::Annotated && R.Function == F.Root.Function &&
           R.Where.File == file();
  }
};

class Suggester {
public:
  Suggester(Request &R, Scope Chosen) : R(R), Chosen(std::move(Chosen)) {}

  Error run() {
    if (Error E = findBeginAndEnd())
      return E;
    if (Error E = findFunctions())
      return E;
    Adjuster Adjust;
    for (Suggestion &S : All)
      plan(S, Adjust);
    return tryOut();
  }

  std::vector<Suggestion> All; ///< what gains most first
  Changes Edits;
  std::vector<FailedUnit> Failed; ///< with and without the sections

private:
  /// The model's functions for sections with a cookie.
  Error findBeginAndEnd() {
    for (const FunctionModel &F : R.M->Functions) {
      if (Begin.empty() && is_contained(F.Opens, Region::Section) &&
          F.Cookie.K == Place::Return)
        Begin = F.Name;
      if (End.empty() && is_contained(F.Closes, Region::Section) &&
          F.Cookie.K == Place::Arg)
        End = F.Name;
    }
    if (Begin.empty() || End.empty())
      return createStringError("the model has no pair of functions that opens "
                               "and closes a section with a cookie");
    return Error::success();
  }

  Error findFunctions() {
    CheckOptions Opts = R.Options;
    Opts.Rules = {"fence-missing-section"};
    Expected<LinkedDatabase> Linked = linkUnits(R, R.Db, Chosen, R.Run);
    if (!Linked)
      return Linked.takeError();
    Linked->Options = Opts;
    for (Finding &F : checkLinked(*Linked).Findings) {
      Suggestion &S = All.emplace_back();
      S.Atomic = isAtomic(*Linked->P, F.Root.Function);
      S.F = std::move(F);
    }
    Failed = Linked->Failed;
    // Two programs at once would need twice the memory.
    delete Linked->P;
    return Error::success();
  }

  /// Is \p Function called where nothing may sleep?
  static bool isAtomic(const Program &P, StringRef Function) {
    return any_of(P.M.Roots, [&](const RootModel &X) {
      return is_contained(X.Roles, RootRole::Atomic) &&
             any_of(P.storedIn(X.Slot), [&](const SlotTarget &T) {
               return P.Funcs[T.Target].Name == Function;
             });
    });
  }

  const BuildCommand *commandOf(StringRef File) const {
    const std::string Path = makeAbsolute(File, R.Db.Dir);
    for (const BuildCommand &C : R.Db.Commands)
      if (C.File == Path || sys::fs::equivalent(C.File, Path))
        return &C;
    return nullptr;
  }

  void plan(Suggestion &S, Adjuster &Adjust) {
    const Position &Where = S.F.Root.Where, &Last = S.F.Reasons.back().Where;
    if (Error E = plan(S, Adjust, Where, Last))
      S.ByHand = toString(std::move(E));
  }

  Error plan(Suggestion &S, Adjuster &Adjust, const Position &Where,
             const Position &Last) {
    const BuildCommand *Command = commandOf(Where.File);
    if (!Command)
      return createStringError("it is in no unit's own file");
    if (Where.File != Last.File)
      return createStringError("a part of it is in another file");
    Expected<AdjustedCommand> Adjusted = Adjust.adjust(*Command);
    if (!Adjusted)
      return Adjusted.takeError();
    SectionRequest Wanted{S.F.Root.Function,
                          makeAbsolute(Where.File, R.Db.Dir),
                          Where.Line,
                          Last.Line,
                          Last.Column,
                          Begin,
                          End};
    Expected<SectionEdit> Edit = sectionEdit(Adjusted->Command, Wanted);
    if (!Edit)
      return Edit.takeError();
    Expected<Changes::File *> File = Edits.open(Where.File, R.Db.Dir);
    if (!File)
      return File.takeError();
    S.Edit = std::move(*Edit);
    append_range((*File)->Edits, S.Edit.Edits);
    return Error::success();
  }

  /// Checks the program with all sections in it.
  Error tryOut() {
    auto Texts = makeIntrusiveRefCnt<BaseFiles>();
    for (const auto &[Name, F] : Edits.Files)
      Texts->add(makeAbsolute(Name, R.Db.Dir), applied(F.Old, F.Edits));
    RunOptions Run = R.Run;
    Run.Base = Texts;
    Expected<LinkedDatabase> Linked = linkUnits(R, R.Db, Chosen, Run);
    if (!Linked)
      return Linked.takeError();
    Report With = checkLinked(*Linked);
    for (FailedUnit &U : Linked->Failed)
      if (none_of(Failed, [&](auto &X) { return X.File == U.File; }))
        Failed.push_back(std::move(U));
    for (Suggestion &S : All) {
      for (const Finding &F : With.Findings)
        if (F.Conf >= Confidence::Likely && S.isRoot(F.Root))
          S.Shows.push_back(F);
      for (const RootCoverage &C : With.Cov.Roots)
        if (S.isRoot(C.Root))
          S.Reaches = std::max(S.Reaches, C.Functions);
    }
    auto Gain = [](const Suggestion &S) {
      return std::make_tuple(
          S.Atomic, !S.ByHand.empty(), -static_cast<int>(S.Shows.size()),
          -static_cast<int>(S.Reaches), StringRef(S.F.Root.Where.File),
          S.F.Root.Where.Line);
    };
    std::vector<Suggestion *> Order;
    for (Suggestion &S : All)
      Order.push_back(&S);
    llvm::sort(Order, [&](const Suggestion *A, const Suggestion *B) {
      return Gain(*A) < Gain(*B);
    });
    std::vector<Suggestion> Sorted;
    for (Suggestion *S : Order)
      Sorted.push_back(std::move(*S));
    All = std::move(Sorted);
    return Error::success();
  }

  Request &R;
  Scope Chosen;
  std::string Begin, End;
};

} // namespace

static void print(const Suggestion &S, raw_ostream &OS) {
  const Finding &F = S.F;
  OS << text(F.Root.Where) << ": '" << F.Root.Function << "' signals through '"
     << F.SinkFunction << "', " << F.Path.size()
     << (F.Path.size() == 1 ? " call" : " calls")
     << " away: " << F.Reasons.front().Text << '\n';
  if (!S.ByHand.empty()) {
    OS << "  to be done by hand: " << S.ByHand << '\n';
    return;
  }
  OS << "  the section would be "
     << (S.Edit.Wrapped ? "around a call of its body"
                        : "in it, up to line " +
                              std::to_string(F.Reasons.back().Where.Line))
     << ", reach " << S.Reaches << (S.Reaches == 1 ? " function" : " functions")
     << ", and show "
     << (S.Shows.empty()
             ? "nothing that is forbidden"
             : std::to_string(S.Shows.size()) +
                   (S.Shows.size() == 1 ? " finding:" : " findings:"))
     << '\n';
  for (const Finding &X : S.Shows)
    OS << "    " << X.Message << " [" << X.Rule << "]\n";
  if (S.Atomic)
    OS << "  nothing may sleep there, so that lockdep would learn nothing\n";
}

/// Does --fix name \p F: by fingerprint, or by rule if the change would be in a
/// file under the PATHs? Who asks for many means his own.
static bool wanted(const Finding &F, const Request &R) {
  const std::string File = makeAbsolute(F.Fixes.front().Start.File, R.Db.Dir);
  return any_of(FixWanted, [&](const std::string &Word) {
    return Word == F.Fingerprint ||
           (Word == F.Rule && (R.Options.Paths.empty() ||
                               any_of(R.Options.Paths, [&](StringRef Path) {
                                 return StringRef(File).starts_with(Path);
                               })));
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
    if (Done.insert({X.Start.File, Offset}).second) {
      (*File)->Edits.push_back(
          {Offset, X.End.Column - X.Start.Column, X.Replacement});
      errs() << "fencedep: " << text(X.Start) << ": " << X.Description << '\n';
    }
    ++Applied;
  }
  return Edits.patch();
}

static int runFixes(Request &R, const Scope &Chosen) {
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
  return reportFailures(*Linked);
}

int fencedep::runSuggest() {
  if (Error E = checkOutput())
    return fail(std::move(E));
  if (WantPatch && !FixWanted.empty())
    return fail("--patch and --fix are two patches: ask for one at a time");
  Expected<Request> R = readRequest();
  if (!R)
    return fail(R.takeError());
  Expected<Scope> Chosen = chooseScope(R->Db, absoluteInputs(), WhichUnits,
                                       R->Run.Vocab, R->Run.Jobs);
  if (!Chosen)
    return fail(Chosen.takeError());
  if (!FixWanted.empty())
    return runFixes(*R, *Chosen);
  Suggester S(*R, std::move(*Chosen));
  if (Error E = S.run())
    return fail(std::move(E));
  Error E = writeOutput([&](raw_ostream &OS) {
    if (WantPatch) {
      OS << S.Edits.patch();
      return;
    }
    for (const Suggestion &X : S.All)
      print(X, OS);
  });
  if (E)
    return fail(std::move(E));
  if (S.All.empty())
    errs() << "fencedep: all that completes fences here is in a section\n";
  for (const Suggestion &X : S.All)
    if (WantPatch && !X.ByHand.empty())
      errs() << "fencedep: not in the patch: '" << X.F.Root.Function
             << "': " << X.ByHand << '\n';
  for (const FailedUnit &U : S.Failed)
    errs() << "fencedep: not analysed: " << U.File << ": " << U.Error << '\n';
  if (!S.Failed.empty())
    return ExitIncomplete;
  return S.All.empty() ? ExitClean : ExitFindings;
}

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

#include "Changes.h"
#include "Options.h"
#include "fencedep/Driver/Adjust.h"
#include "fencedep/Extract/Section.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;
using namespace fencedep;

namespace {

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
    llvm::sort(All, [&](const Suggestion &A, const Suggestion &B) {
      return Gain(A) < Gain(B);
    });
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

int fencedep::runSuggest() {
  if (Error E = checkOutput())
    return fail(std::move(E));
  if (WantPatch && !FixWanted.empty())
    return fail("--patch and --fix are two patches: ask for one at a time");
  Expected<Request> R = readRequest();
  if (!R)
    return fail(R.takeError());
  Expected<Scope> Chosen = chosenUnits(*R);
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
  if (int Status = reportFailures(S.Failed))
    return Status;
  return S.All.empty() ? ExitClean : ExitFindings;
}

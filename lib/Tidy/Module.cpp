//===- Module.cpp - the rules as clang-tidy checks ------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One check per rule, named as the rule. A finding is shown at its last place
// in the file at hand: at the sink, or at the call that leaves for it, or where
// the section begins; the rest of its path is notes, into other files as well.
//
// clangd runs matchers over the declarations of the main file only, so the
// translation unit itself is never matched: functions are.
//
//===----------------------------------------------------------------------===//

#include "Module.h"
#include "Session.h"
#include "clang-tidy/ClangTidyCheck.h"
#include "clang-tidy/ClangTidyModule.h"
#include "clang-tidy/ClangTidyModuleRegistry.h"
#include "fencedep/Report/Wording.h"
#include "fencedep/Rules/Check.h"
#include "clang/ASTMatchers/ASTMatchFinder.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/ADT/StringExtras.h"
#include <map>
#include <set>

using namespace clang;
using namespace clang::tidy;
using namespace fencedep;

static constexpr llvm::StringLiteral IndexKey = "fence.Index",
                                     ModelKey = "fence.Model",
                                     ConfidenceKey = "fence.MinConfidence";

static std::string option(const ClangTidyContext &C, llvm::StringRef Key) {
  const ClangTidyOptions::OptionMap &Map = C.getOptions().CheckOptions;
  auto It = Map.find(Key);
  return It == Map.end() ? "" : It->getValue().Value;
}

namespace {

class RuleCheck : public ClangTidyCheck {
public:
  RuleCheck(llvm::StringRef Name, ClangTidyContext *C)
      : ClangTidyCheck(Name, C), Rule(Name.substr(Name.find("fence-"))),
        Shared(Session::of(C)), Index(option(*C, IndexKey)),
        ModelFile(option(*C, ModelKey)),
        MinConfidence(option(*C, ConfidenceKey)) {
    Shared->want(Rule);
  }

  void storeOptions(ClangTidyOptions::OptionMap &Opts) override {
    Opts[IndexKey] = ClangTidyOptions::ClangTidyValue(Index);
    Opts[ModelKey] = ClangTidyOptions::ClangTidyValue(ModelFile);
    Opts[ConfidenceKey] = ClangTidyOptions::ClangTidyValue(MinConfidence);
  }

  void registerPPCallbacks(const SourceManager &, Preprocessor *PP,
                           Preprocessor *) override {
    std::optional<Confidence> Level = confidence(MinConfidence);
    if (!Level && !MinConfidence.empty())
      configurationDiag("invalid value '%0' of the option '%1'; legal ones are "
                        "certain, likely, possible")
          << MinConfidence << ConfidenceKey;
    Shared->attach(*PP, {Index, ModelFile, Level});
  }

  void registerMatchers(ast_matchers::MatchFinder *Finder) override {
    using namespace ast_matchers;
    Finder->addMatcher(functionDecl(isDefinition()), this);
  }

  void check(const ast_matchers::MatchFinder::MatchResult &Result) override {
    Shared->saw(*Result.Context);
  }

  void onEndOfTranslationUnit() override {
    // Of those that end at one place, the best is shown and names the others.
    std::map<std::pair<SourceLocation, std::string>, size_t> Shown;
    std::vector<std::vector<const Finding *>> Groups;
    std::vector<SourceLocation> Places;
    for (const Finding &F : Shared->findings()) {
      SourceLocation At = F.Rule == Rule ? place(F) : SourceLocation();
      if (At.isInvalid())
        continue;
      auto [It, New] = Shown.try_emplace(
          {At, F.SinkFunction + " at " + text(F.Sink)}, Groups.size());
      if (New) {
        Groups.emplace_back();
        Places.push_back(At);
      }
      Groups[It->second].push_back(&F);
    }
    for (size_t I = 0; I != Groups.size(); ++I)
      show(Places[I], Groups[I]);
    if (std::string Problem = Shared->takeProblem(); !Problem.empty())
      configurationDiag("%0") << Problem;
  }

private:
  /// Where \p P is; invalid if its file cannot be read.
  SourceLocation locate(const Position &P) const {
    if (!P.Line || !Shared->context())
      return {};
    FileID Id = Shared->fileOf(P);
    if (Id.isInvalid())
      return {};
    return Shared->context()->getSourceManager().translateLineCol(Id, P.Line,
                                                                  P.Column);
  }

  SourceLocation inMainFile(const Position &P) const {
    return Shared->isHere(P) ? locate(P) : SourceLocation();
  }

  /// The finding's last place in the file at hand.
  SourceLocation place(const Finding &F) const {
    if (SourceLocation L = inMainFile(F.Sink); L.isValid())
      return L;
    for (const Hop &H : llvm::reverse(F.Path))
      if (SourceLocation L = inMainFile(H.Where); L.isValid())
        return L;
    if (SourceLocation L = inMainFile(F.Root.Where); L.isValid())
      return L;
    for (const OtherSide &O : F.Others) {
      for (const Hop &H : llvm::reverse(O.Path))
        if (SourceLocation L = inMainFile(H.Where); L.isValid())
          return L;
      if (SourceLocation L = inMainFile(O.Acquired); L.isValid())
        return L;
    }
    return {};
  }

  /// None if the text is not what it was: an editor's differs from the disk's.
  std::optional<FixItHint> hint(const Fix &X, SourceLocation Start) const {
    const SourceManager &SM = Shared->context()->getSourceManager();
    if (!llvm::StringRef(SM.getCharacterData(Start)).starts_with(X.Replaced))
      return std::nullopt;
    return FixItHint::CreateReplacement(
        CharSourceRange::getCharRange(
            Start, Start.getLocWithOffset(X.Replaced.size())),
        X.Replacement);
  }

  void show(SourceLocation At, llvm::ArrayRef<const Finding *> Group) {
    const Finding &F = *Group.front();
    diag(At, "%0") << headline(F);
    // What is offered comes last. On a note, clang-tidy applies it with
    // --fix-notes only.
    const std::vector<Reason> Notes = explain(F);
    for (const auto &[I, N] : llvm::enumerate(Notes)) {
      SourceLocation L = locate(N.Where);
      // A note has to be somewhere.
      auto Note = diag(L.isValid() ? L : At, "%0", DiagnosticIDs::Note);
      Note << N.Text;
      const size_t Left = Notes.size() - I;
      if (L.isValid() && Left <= F.Fixes.size())
        if (auto Hint = hint(F.Fixes[F.Fixes.size() - Left], L))
          Note << *Hint;
    }
    std::set<llvm::StringRef> Others;
    for (const Finding *X : Group.drop_front())
      if (X->Root.Function != F.Root.Function)
        Others.insert(X->Root.Function);
    if (!Others.empty())
      diag(At, "%0", DiagnosticIDs::Note)
          << "also reached from '" + llvm::join(Others, "', '") + "'";
    if (!Shared->caution().empty())
      diag(At, "%0", DiagnosticIDs::Note) << Shared->caution();
  }

  std::string Rule;
  std::shared_ptr<Session> Shared;
  std::string Index, ModelFile, MinConfidence;
};

class FenceModule : public ClangTidyModule {
public:
  void addCheckFactories(ClangTidyCheckFactories &Factories) override {
    for (const fencedep::Rule &R : allRules())
      Factories.registerCheck<RuleCheck>(R.Id);
  }
};

} // namespace

static ClangTidyModuleRegistry::Add<FenceModule>
    Registered("fence-module", "Deadlocks around dma-fences.");

void fencedep::addAliases(ClangTidyCheckFactories &Factories,
                          llvm::StringRef Prefix) {
  for (const fencedep::Rule &R : allRules())
    if (R.Default)
      Factories.registerCheck<RuleCheck>((Prefix + "-" + R.Id).str());
}

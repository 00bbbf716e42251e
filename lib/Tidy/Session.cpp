//===- Session.cpp - one unit in clang-tidy or clangd ---------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Alone, the unit is the program. With an index, the units that the last
// `fencedep check` linked are read from its cache, this one as it is now takes
// the place of the one there, and the whole is linked and checked again. An
// editor asks again and again: what was read is kept as long as no file that it
// depends on has changed, and so is the answer as long as this unit's summary
// is the same. Units that changed since the check are not in it, and
// whoever gets a finding is told.
//
//===----------------------------------------------------------------------===//

#include "Session.h"
#include "fencedep/Config/Config.h"
#include "fencedep/Driver/ProgramFile.h"
#include "fencedep/Driver/Watch.h"
#include "fencedep/Rules/Choose.h"
#include "clang/AST/ASTContext.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Threading.h"
#include <map>
#include <memory>
#include <mutex>

using namespace llvm;
using namespace fencedep;

std::shared_ptr<Session> Session::of(const void *Context) {
  static std::mutex Lock;
  static std::map<const void *, std::weak_ptr<Session>> Sessions;
  std::lock_guard<std::mutex> Guard(Lock);
  for (auto It = Sessions.begin(); It != Sessions.end();)
    It = It->second.expired() ? Sessions.erase(It) : std::next(It);
  std::weak_ptr<Session> &Known = Sessions[Context];
  std::shared_ptr<Session> S = Known.lock();
  if (!S)
    Known = S = std::make_shared<Session>();
  return S;
}

/// The model is the same for all units of a process that want the same files.
static Expected<const Model *>
sharedModel(const std::vector<std::string> &Files) {
  static std::mutex Lock;
  static std::map<std::vector<std::string>, std::unique_ptr<Model>> Models;
  std::lock_guard<std::mutex> Guard(Lock);
  std::unique_ptr<Model> &Known = Models[Files];
  if (!Known) {
    Expected<Model> M = loadModel(Files);
    if (!M)
      return M.takeError();
    Known = std::make_unique<Model>(std::move(*M));
  }
  return Known.get();
}

/// What is kept while one file is edited.
struct fencedep::KeptFile {
  std::string MainFile;
  const Model *M = nullptr;
  KeptFunctions Functions;
  std::string Index; ///< where Rest is from, if anything was read
  StoredProgram Rest;
  /// Of Rest's files; null: somebody has to look at them all.
  std::unique_ptr<FileWatch> Watch;
  bool Looked = false;  ///< at all of them, since Watch began
  std::string Question; ///< the last one about Rest, and what came of it
  std::vector<Finding> Answer;

  /// Makes Rest what \p From has now, but for the unit of \p Own.
  Error read(StringRef From, StringRef Own) {
    if (Index == From && isCurrent())
      return Error::success();
    Index.clear();
    Question.clear();
    Expected<StoredProgram> Read = loadProgram(From, Own);
    if (!Read)
      return Read.takeError();
    Index = From.str();
    Rest = std::move(*Read);
    std::vector<std::string> Files;
    Files.reserve(Rest.From.size());
    for (const auto &[File, Stamp] : Rest.From)
      Files.push_back(File);
    Watch = FileWatch::of(Files);
    Looked = false;
    return Error::success();
  }

private:
  bool isCurrent() {
    if (Watch && Watch->quiet() && Looked)
      return true;
    Looked = true;
    return Rest.isCurrent();
  }
};

namespace {

/// One file at a time: its program may be large, and people edit one file after
/// the other. Whoever takes it gives it back; if somebody else needs it
/// meanwhile, it is made once more.
class Keeper {
public:
  /// \p MainFile, for those who use \p M.
  std::unique_ptr<KeptFile> take(StringRef MainFile, const Model *M) {
    {
      std::lock_guard<std::mutex> Guard(Lock);
      if (Kept && Kept->MainFile == MainFile && Kept->M == M)
        return std::move(Kept);
    }
    auto Fresh = std::make_unique<KeptFile>();
    Fresh->MainFile = MainFile.str();
    Fresh->M = M;
    return Fresh;
  }

  void giveBack(std::unique_ptr<KeptFile> File) {
    std::lock_guard<std::mutex> Guard(Lock);
    Kept = std::move(File);
  }

private:
  std::mutex Lock;
  std::unique_ptr<KeptFile> Kept;
};

} // namespace

static Keeper &keeper() {
  static Keeper Only;
  return Only;
}

static std::string workingDirectory(clang::Preprocessor &PP) {
  auto Dir =
      PP.getFileManager().getVirtualFileSystem().getCurrentWorkingDirectory();
  return Dir ? *Dir : "";
}

static std::string mainFile(clang::Preprocessor &PP) {
  const clang::SourceManager &SM = PP.getSourceManager();
  auto File = SM.getFileEntryRefForID(SM.getMainFileID());
  return File ? File->getName().str() : "";
}

/// Adds what the configuration above \p Source says to the check's own
/// options, which count more.
Error Session::configure(StringRef Source) {
  Expected<Config> C = findConfig(Source);
  if (!C)
    return C.takeError();
  std::vector<std::string> Models = C->texts("Models");
  if (!Opts.Model.empty())
    Models.push_back(Opts.Model);
  Expected<const Model *> Shared = sharedModel(Models);
  if (!Shared)
    return Shared.takeError();
  M = *Shared;
  if (Error E = checkConfig(*C, *M))
    return E;
  Check.RootGroups = C->texts("RootGroups");
  if (Opts.Index.empty())
    Opts.Index = C->text("CacheDir");
  if (!Opts.MinConfidence)
    Opts.MinConfidence = confidence(C->text("MinConfidence"));
  if (C->Values.count("Rules"))
    Chosen = cantFail(chooseRules(C->texts("Rules"))); // checked above
  return Error::success();
}

void Session::attach(clang::Preprocessor &PP, SessionOptions Options) {
  if (Live || !Problem.empty())
    return;
  Opts = std::move(Options);
  BaseDir = workingDirectory(PP);
  if (Error E = configure(absolute(mainFile(PP)))) {
    Problem = toString(std::move(E));
    return;
  }
  Opened = absolute(mainFile(PP));
  Live = std::make_unique<LiveUnit>(PP, BaseDir, M->Vocab);
}

std::string Session::absolute(StringRef File) const {
  SmallString<256> Path(File);
  sys::fs::make_absolute(BaseDir, Path);
  return std::string(Path);
}

clang::FileID Session::fileOf(const Position &P) {
  clang::SourceManager &SM = Ctx->getSourceManager();
  if (isHere(P))
    return SM.getMainFileID();
  // Whether the unit has the file is not asked: to answer, Clang would read the
  // places of everything in a precompiled header.
  auto [It, New] = Files.try_emplace(P.File);
  if (New)
    if (auto File = SM.getFileManager().getOptionalFileRef(absolute(P.File)))
      It->second = SM.createFileID(*File, clang::SourceLocation(),
                                   clang::SrcMgr::C_User);
  return It->second;
}

const std::vector<Finding> &Session::findings() {
  if (!Done && Live && Ctx)
    analyse();
  Done = true;
  return Findings;
}

std::string Session::indexOf(const Unit &Own) const {
  std::string Index = Opts.Index;
  if (Index.empty())
    Index = findProgramFile(Own.MainFile);
  if (Index.empty() && !BaseDir.empty())
    Index = findProgramFile(BaseDir);
  return Index.empty() || Index == "none" ? "" : absolute(Index);
}

/// What whoever gets a finding ought to know of the program that it is in.
static std::string cautionOf(const StoredProgram &Stored) {
  if (!Stored.Knows)
    return "this file was not part of the program when 'fencedep check' ran";
  const size_t N = Stored.Stale.size();
  if (!N)
    return "";
  return std::to_string(N) + (N == 1 ? " unit" : " units") +
         " changed since 'fencedep check' ran, and left out: " +
         Stored.Stale.front() + (N == 1 ? "" : ", ...");
}

/// All that the answer depends on, but for the model and the rest of the
/// program.
std::string Session::question(const Unit &Own) const {
  std::string Text = join(Check.Rules, " ") + '\n' +
                     join(Check.RootGroups, " ") + '\n' +
                     name(Check.MinConfidence).str() + '\n';
  return Text + writeSummary(Own);
}

/// Checks \p Own together with \p Rest, which is returned.
std::vector<Unit> Session::checkWith(Unit Own, std::vector<Unit> Rest) {
  const Symbol *const OwnSymbols = Own.Symbols.data();
  Rest.push_back(std::move(Own));
  llvm::sort(Rest, [](const Unit &L, const Unit &R) {
    return std::tie(L.MainFile, L.Module) < std::tie(R.MainFile, R.Module);
  });
  Check.BaseDir = BaseDir;
  Check.Jobs = hardware_concurrency().compute_thread_count();
  Program P(std::move(Rest), *M, Check.Jobs);
  Report Result = check(P, Check);
  for (Finding &F : Result.Findings)
    if (F.Conf >= Check.MinConfidence)
      Findings.push_back(std::move(F));
  // Nothing of P is asked any more: its units are the rest again.
  Rest = std::move(P.Units);
  llvm::erase_if(Rest,
                 [&](const Unit &U) { return U.Symbols.data() == OwnSymbols; });
  return Rest;
}

/// Adds the findings of \p Own in its program, which \p Kept is to have.
void Session::answer(Unit Own, KeptFile &Kept) {
  MainFile = Own.MainFile;
  const std::string Index = indexOf(Own);
  if (Index.empty()) {
    checkWith(std::move(Own), {});
    return;
  }
  if (Error E = Kept.read(Index, MainFile)) {
    Problem = toString(std::move(E));
    checkWith(std::move(Own), {});
    return;
  }
  Caution = cautionOf(Kept.Rest);
  if (!Kept.Rest.BaseDir.empty())
    BaseDir = Kept.Rest.BaseDir;
  // Most edits change nothing of what matters here: comments, half a word.
  std::string Asked = question(Own);
  if (Asked == Kept.Question) {
    Findings = Kept.Answer;
    return;
  }
  adoptBodies(Own, Kept.Rest.Units);
  Kept.Rest.Units = checkWith(std::move(Own), std::move(Kept.Rest.Units));
  Kept.Question = std::move(Asked);
  Kept.Answer = Findings;
}

void Session::analyse() {
  for (const std::string &Rule : Rules)
    if (Chosen.empty() || is_contained(Chosen, Rule))
      Check.Rules.push_back(Rule);
  if (Check.Rules.empty())
    return;
  Check.MinConfidence = Opts.MinConfidence.value_or(Confidence::Likely);
  std::unique_ptr<KeptFile> Kept = keeper().take(Opened, M);
  answer(Live->finish(*Ctx, &Kept->Functions), *Kept);
  keeper().giveBack(std::move(Kept));
}

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

namespace {

/// What is kept while one unit of a program is edited.
struct KeptProgram {
  std::string Index, MainFile;
  StoredProgram Rest;
  std::string Question; ///< the last one, and what came of it
  std::vector<Finding> Answer;
  /// Of Rest's files; null: somebody has to look at them all.
  std::unique_ptr<FileWatch> Watch;
  bool Looked = false; ///< at all of them, since Watch began

  /// Is Rest what would be read now?
  bool isCurrent() {
    if (Watch && Watch->quiet() && Looked)
      return true;
    Looked = true;
    return Rest.isCurrent();
  }
};

/// One program at a time: it may be large, and people edit one file after the
/// other. Whoever takes it gives it back; if somebody else needs it meanwhile,
/// it is read once more.
class Keeper {
public:
  Expected<std::unique_ptr<KeptProgram>> take(StringRef Index,
                                              StringRef MainFile) {
    std::unique_ptr<KeptProgram> Taken;
    {
      std::lock_guard<std::mutex> Guard(Lock);
      Taken = std::move(Kept);
    }
    if (Taken && Taken->Index == Index && Taken->MainFile == MainFile &&
        Taken->isCurrent())
      return Taken;
    Expected<StoredProgram> Rest = loadProgram(Index, MainFile);
    if (!Rest)
      return Rest.takeError();
    Taken = std::make_unique<KeptProgram>();
    Taken->Index = Index.str();
    Taken->MainFile = MainFile.str();
    Taken->Rest = std::move(*Rest);
    std::vector<std::string> Files;
    for (const auto &[File, Stamp] : Taken->Rest.From)
      Files.push_back(File);
    Taken->Watch = FileWatch::of(Files);
    return Taken;
  }

  void giveBack(std::unique_ptr<KeptProgram> Program) {
    std::lock_guard<std::mutex> Guard(Lock);
    Kept = std::move(Program);
  }

  /// What is known of the functions in \p MainFile, for those who use \p M.
  std::unique_ptr<KeptFunctions> takeFunctions(StringRef MainFile,
                                               const Model *M) {
    std::lock_guard<std::mutex> Guard(Lock);
    if (Functions && FunctionsOf == std::pair(MainFile.str(), M))
      return std::move(Functions);
    return std::make_unique<KeptFunctions>();
  }

  void giveBackFunctions(std::unique_ptr<KeptFunctions> Known,
                         StringRef MainFile, const Model *M) {
    std::lock_guard<std::mutex> Guard(Lock);
    Functions = std::move(Known);
    FunctionsOf = {MainFile.str(), M};
  }

private:
  std::mutex Lock;
  std::unique_ptr<KeptProgram> Kept;
  std::unique_ptr<KeptFunctions> Functions;
  std::pair<std::string, const Model *> FunctionsOf;
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

/// All that the answer depends on, but for the rest of the program.
std::string Session::question(const Unit &Own) const {
  std::string Text = join(Check.Rules, " ") + '\n' +
                     join(Check.RootGroups, " ") + '\n' +
                     name(Check.MinConfidence).str() + '\n' +
                     std::to_string(reinterpret_cast<uintptr_t>(M)) + '\n';
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

void Session::analyse() {
  for (const std::string &Rule : Rules)
    if (Chosen.empty() || is_contained(Chosen, Rule))
      Check.Rules.push_back(Rule);
  if (Check.Rules.empty())
    return;
  Check.MinConfidence = Opts.MinConfidence.value_or(Confidence::Likely);
  std::unique_ptr<KeptFunctions> Functions = keeper().takeFunctions(Opened, M);
  Unit Own = Live->finish(*Ctx, Functions.get());
  keeper().giveBackFunctions(std::move(Functions), Opened, M);
  MainFile = Own.MainFile;
  const std::string Index = indexOf(Own);
  if (Index.empty()) {
    checkWith(std::move(Own), {});
    return;
  }
  Expected<std::unique_ptr<KeptProgram>> Taken = keeper().take(Index, MainFile);
  if (!Taken) {
    Problem = toString(Taken.takeError());
    checkWith(std::move(Own), {});
    return;
  }
  KeptProgram *const Kept = Taken->get();
  Caution = cautionOf(Kept->Rest);
  if (!Kept->Rest.BaseDir.empty())
    BaseDir = Kept->Rest.BaseDir;
  // Most edits change nothing of what matters here: comments, half a word.
  std::string Asked = question(Own);
  if (Asked == Kept->Question) {
    Findings = Kept->Answer;
  } else {
    adoptBodies(Own, Kept->Rest.Units);
    Kept->Rest.Units = checkWith(std::move(Own), std::move(Kept->Rest.Units));
    Kept->Question = std::move(Asked);
    Kept->Answer = Findings;
  }
  keeper().giveBack(std::move(*Taken));
}

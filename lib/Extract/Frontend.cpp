//===- Frontend.cpp - from a compile command to a unit --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs Clang's front end in-process on one command. Nothing here is global:
// many calls run at once, so the working directory is a property of a file
// system of our own, and nothing that a command says about outputs (dependency
// files, serialised diagnostics) is obeyed.
//
// Constants are evaluated by Clang itself: the main file is read with a tail of
// enumerators `__fencedep_const_X = (X)`, each under #ifdef X. Errors in the
// tail are ignored (X may be no constant), but not in its first line, which a
// truncated file swallows, nor at the end of the file.
//
//===----------------------------------------------------------------------===//

#include "DirectoryView.h"
#include "Recorder.h"
#include "Summarize.h"
#include "Visit.h"
#include "clang/Basic/DiagnosticFrontend.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Frontend/Utils.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

using namespace clang;
using namespace fencedep;

namespace {

/// Where the appended constants are in the main file's buffer.
struct Tail {
  unsigned Begin = ~0u, End = ~0u;
};

/// Keeps the first error.
class FirstError : public DiagnosticConsumer {
public:
  explicit FirstError(const Tail &Appended) : Appended(Appended) {}

  void HandleDiagnostic(DiagnosticsEngine::Level Level,
                        const Diagnostic &Info) override {
    if (Level < DiagnosticsEngine::Error || !Message.empty())
      return;
    BadCommand |= Info.getID() == diag::err_fe_expected_compiler_job;
    llvm::raw_string_ostream OS(Message);
    if (Info.hasSourceManager() && Info.getLocation().isValid()) {
      const SourceManager &SM = Info.getSourceManager();
      auto [Id, Offset] = SM.getDecomposedExpansionLoc(Info.getLocation());
      if (Id == SM.getMainFileID() && Offset >= Appended.Begin &&
          Offset < Appended.End) {
        Ignored.push_back(Offset);
        return;
      }
      PresumedLoc At = SM.getPresumedLoc(Info.getLocation());
      if (At.isValid())
        OS << At.getFilename() << ":" << At.getLine() << ":" << At.getColumn()
           << ": ";
    }
    llvm::SmallString<128> Text;
    Info.FormatDiagnostic(Text);
    OS << "error: " << Text;
  }

  std::string Message;
  bool BadCommand = false;       ///< several compilations, or none
  std::vector<unsigned> Ignored; ///< offsets of errors in the tail

private:
  const Tail &Appended;
};

class Consumer : public ASTConsumer {
public:
  Consumer(Recorder &Rec, const FirstError &Errors, const Vocabulary &Vocab,
           Unit &Out)
      : Rec(Rec), Errors(Errors), Vocab(Vocab), Out(Out) {}

  bool shouldSkipFunctionBody(Decl *D) override { return Rec.shouldSkip(D); }
  void HandleTranslationUnit(ASTContext &Ctx) override {
    if (!Errors.Message.empty())
      return;
    Rec.BadConstants = Errors.Ignored;
    Out = summarize(Ctx, Vocab, &Rec);
  }

private:
  Recorder &Rec;
  const FirstError &Errors;
  const Vocabulary &Vocab;
  Unit &Out;
};

class Action : public ASTFrontendAction {
public:
  Action(const ExtractOptions &Opts, std::string Directory,
         const FirstError &Errors, Extracted &Out, uint64_t MainHash)
      : Opts(Opts), Directory(std::move(Directory)), Errors(Errors), Out(Out),
        MainHash(MainHash), Rec(Opts) {}

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &CI,
                                                 llvm::StringRef) override {
    Rec.attach(CI.getPreprocessor(), Directory);
    return std::make_unique<Consumer>(Rec, Errors, Opts.Vocab, Out.U);
  }

  void EndSourceFileAction() override {
    const SourceManager &SM = getCompilerInstance().getSourceManager();
    OptionalFileEntryRef Main = SM.getFileEntryRefForID(SM.getMainFileID());
    for (auto It = SM.fileinfo_begin(); It != SM.fileinfo_end(); ++It) {
      std::optional<llvm::StringRef> Content =
          It->second ? It->second->getBufferDataIfLoaded() : std::nullopt;
      if (!Content)
        continue;
      bool IsMain = Main && It->first == *Main;
      Out.Deps.push_back({absolutePath(It->first.getName(), Directory),
                          IsMain ? MainHash : llvm::xxh3_64bits(*Content)});
    }
    llvm::sort(Out.Deps, [](const Dependency &L, const Dependency &R) {
      return L.Path < R.Path;
    });
    Out.Deps.erase(llvm::unique(Out.Deps,
                                [](const Dependency &L, const Dependency &R) {
                                  return L.Path == R.Path;
                                }),
                   Out.Deps.end());
  }

private:
  const ExtractOptions &Opts;
  std::string Directory;
  const FirstError &Errors;
  Extracted &Out;
  uint64_t MainHash;
  Recorder Rec;
};

} // namespace

static llvm::Error failure(const llvm::Twine &Message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), Message);
}

static std::string withConstants(llvm::StringRef Content,
                                 const Vocabulary &Vocab, Tail &Appended) {
  std::string Text = Content.str();
  if (Vocab.Constants.empty())
    return Text;
  // Some files include themselves; there, it must not be added again.
  Text += "\n\n#if !__INCLUDE_LEVEL__\nenum { __fencedep_end };\n";
  Appended.Begin = Text.size();
  for (const std::string &Name : Vocab.Constants)
    Text += ("#ifdef " + llvm::Twine(Name) + "\nenum { " + ConstantPrefix +
             Name + " = (" + Name + ") };\n#endif\n")
                .str();
  Text += "#endif\n";
  Appended.End = Text.size() - 1; // Clang sees the file's end there
  return Text;
}

static llvm::IntrusiveRefCntPtr<DiagnosticsEngine>
makeDiagnostics(FirstError &Errors) {
  auto Options = llvm::makeIntrusiveRefCnt<DiagnosticOptions>();
  Options->IgnoreWarnings = true;
  return CompilerInstance::createDiagnostics(Options.get(), &Errors,
                                             /*ShouldOwnClient=*/false);
}

static constexpr llvm::StringLiteral SeedFlag = "-frandomize-layout-seed-file=";

static std::unique_ptr<CompilerInvocation>
makeInvocation(const tooling::CompileCommand &Cmd,
               llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS,
               FirstError &Errors) {
  std::vector<const char *> Args;
  std::string SeedArg;
  bool HasResourceDir = false;
  for (const std::string &Arg : Cmd.CommandLine) {
    HasResourceDir |= llvm::StringRef(Arg).starts_with("-resource-dir");
    Args.push_back(Arg.c_str());
    // The one file that Clang opens behind the file system's back.
    llvm::StringRef File = Arg;
    if (File.consume_front(SeedFlag)) {
      SeedArg = SeedFlag.str() + absolutePath(File, Cmd.Directory);
      Args.back() = SeedArg.c_str();
    }
  }
  if (!HasResourceDir)
    Args.insert(Args.begin() + !Args.empty(),
                {"-resource-dir", FENCEDEP_CLANG_RESOURCE_DIR});
  CreateInvocationOptions Options;
  Options.Diags = makeDiagnostics(Errors);
  Options.VFS = std::move(FS);
  std::unique_ptr<CompilerInvocation> Inv =
      createInvocation(Args, std::move(Options));
  if (!Inv)
    return nullptr;
  Inv->getDependencyOutputOpts() = DependencyOutputOptions();
  Inv->getDiagnosticOpts().DiagnosticSerializationFile.clear();
  Inv->getDiagnosticOpts().DiagnosticLogFile.clear();
  Inv->getDiagnosticOpts().VerifyDiagnostics = false;
  Inv->getDiagnosticOpts().IgnoreWarnings = true;
  Inv->getDiagnosticOpts().ErrorLimit = 0;
  Inv->getFrontendOpts().DisableFree = false;
  Inv->getFrontendOpts().ProgramAction = frontend::ParseSyntaxOnly;
  Inv->getFrontendOpts().SkipFunctionBodies = true;
  Inv->getFrontendOpts().StatsFile.clear();
  Inv->getPreprocessorOpts().RetainRemappedFileBuffers = false;
  return Inv;
}

llvm::Expected<Extracted>
fencedep::extractUnit(const tooling::CompileCommand &Cmd,
                      const ExtractOptions &Opts) {
  llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> FS = Opts.FS;
  if (!FS)
    FS = llvm::vfs::getRealFileSystem();
  FS = llvm::makeIntrusiveRefCnt<DirectoryView>(std::move(FS), Cmd.Directory);

  // The command, and what it compiles.
  Tail Appended;
  FirstError Errors(Appended);
  std::shared_ptr<CompilerInvocation> Inv = makeInvocation(Cmd, FS, Errors);
  if (Errors.BadCommand)
    return failure(Cmd.Filename +
                   ": error: the command is not one compilation of one file");
  if (!Errors.Message.empty())
    return failure(Errors.Message);
  if (!Inv || Inv->getFrontendOpts().Inputs.size() != 1 ||
      !Inv->getFrontendOpts().Inputs[0].isFile())
    return failure(Cmd.Filename + ": error: the command compiles no file");
  const FrontendInputFile &Input = Inv->getFrontendOpts().Inputs[0];
  std::string MainName = Input.getFile().str();
  if (Input.getKind().getLanguage() == Language::Asm ||
      Input.getKind().getLanguage() == Language::LLVM_IR)
    return failure(MainName + ": error: neither C nor C++");
  auto Main = FS->getBufferForFile(MainName);
  if (!Main)
    return failure(MainName + ": error: " + Main.getError().message());

  // The unit's constants, from its own definitions.
  llvm::StringRef Content = (*Main)->getBuffer();
  uint64_t MainHash = llvm::xxh3_64bits(Content);
  Inv->getPreprocessorOpts().addRemappedFile(
      MainName, llvm::MemoryBuffer::getMemBufferCopy(
                    withConstants(Content, Opts.Vocab, Appended), MainName)
                    .release());

  // Parse and summarise.
  Extracted Result;
  CompilerInstance CI;
  CI.setInvocation(Inv);
  CI.createDiagnostics(&Errors, /*ShouldOwnClient=*/false);
  CI.createFileManager(FS);
  CI.createSourceManager(CI.getFileManager());
  Action Act(Opts, Cmd.Directory, Errors, Result, MainHash);
  bool Ran = CI.ExecuteAction(Act);
  if (!Errors.Message.empty())
    return failure(Errors.Message);
  if (!Ran && Result.U.MainFile.empty())
    return failure(MainName + ": error: Clang could not process the file");
  Result.U.Module = moduleName(Inv->getPreprocessorOpts(), Opts.Vocab);
  return Result;
}

namespace {

/// Parses the bodies of some functions, and notes the first.
class BodyConsumer : public ASTConsumer {
public:
  BodyConsumer(llvm::function_ref<bool(const FunctionDecl &)> Wanted,
               llvm::function_ref<void(ASTContext &, const FunctionDecl &)> Use,
               const FirstError &Errors)
      : Wanted(Wanted), Use(Use), Errors(Errors) {}

  bool shouldSkipFunctionBody(Decl *D) override {
    const FunctionDecl *F = D->getAsFunction();
    if (!F || !Wanted(*F))
      return true;
    if (!Found)
      Found = F;
    return false;
  }
  void HandleTranslationUnit(ASTContext &Ctx) override {
    if (Found && Errors.Message.empty())
      Use(Ctx, *Found);
  }

private:
  llvm::function_ref<bool(const FunctionDecl &)> Wanted;
  llvm::function_ref<void(ASTContext &, const FunctionDecl &)> Use;
  const FirstError &Errors;
  const FunctionDecl *Found = nullptr;
};

class BodyAction : public ASTFrontendAction {
public:
  using WantedFn =
      llvm::function_ref<bool(const FunctionDecl &, const SourceManager &)>;
  using UseFn = llvm::function_ref<void(ASTContext &, const FunctionDecl &)>;

  BodyAction(WantedFn Wanted, UseFn Use, const FirstError &Errors)
      : Use(Use), Errors(Errors), IsWanted([=](const FunctionDecl &F) {
          return Wanted(F, F.getASTContext().getSourceManager());
        }) {}

  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &,
                                                 llvm::StringRef) override {
    return std::make_unique<BodyConsumer>(IsWanted, Use, Errors);
  }

private:
  UseFn Use;
  const FirstError &Errors;
  std::function<bool(const FunctionDecl &)> IsWanted;
};

} // namespace

llvm::Error fencedep::visitFunction(const tooling::CompileCommand &Cmd,
                                    BodyAction::WantedFn Wanted,
                                    BodyAction::UseFn Use) {
  auto FS = llvm::makeIntrusiveRefCnt<DirectoryView>(
      llvm::vfs::getRealFileSystem(), Cmd.Directory);
  Tail None;
  FirstError Errors(None);
  std::shared_ptr<CompilerInvocation> Inv = makeInvocation(Cmd, FS, Errors);
  if (!Errors.Message.empty())
    return failure(Errors.Message);
  if (!Inv || Inv->getFrontendOpts().Inputs.size() != 1)
    return failure(Cmd.Filename + ": error: the command compiles no file");
  CompilerInstance CI;
  CI.setInvocation(Inv);
  CI.createDiagnostics(&Errors, /*ShouldOwnClient=*/false);
  CI.createFileManager(FS);
  CI.createSourceManager(CI.getFileManager());
  BodyAction Act(Wanted, Use, Errors);
  bool Ran = CI.ExecuteAction(Act);
  if (!Errors.Message.empty())
    return failure(Errors.Message);
  return Ran ? llvm::Error::success()
             : failure(Cmd.Filename +
                       ": error: Clang could not process the file");
}

//===- Plugin.cpp - summaries while Clang compiles ------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clang -fplugin=libfencedep-plugin.so ...: once a unit is parsed its summary
// is written beside its object (X.o.fencedep), or into the object. The compiler
// goes on as if nothing had been there: no diagnostics, no exit status, and no
// instruction is touched. What goes wrong is said on stderr.
//
// To put the summary into the object the code generator's module is needed,
// which only a pass sees: the same library is a pass plugin, too.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Config/Config.h"
#include "fencedep/Driver/Database.h"
#include "fencedep/Extract/Live.h"
#include "fencedep/Model/Embedded.h"
#include "fencedep/Model/Model.h"
#include "fencedep/Summary/Embedded.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendPluginRegistry.h"
#include "clang/Lex/Preprocessor.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Passes/PassPlugin.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"
#include <dlfcn.h>

using namespace clang;
using namespace fencedep;

/// What the pass has to embed; one unit per process, or one after the other.
static std::string ToEmbed;

static void warn(const llvm::Twine &Message) {
  llvm::errs() << "fencedep: warning: " << Message << '\n';
}

static void write(const std::string &Path, llvm::StringRef Text) {
  if (llvm::Error E = llvm::writeToOutput(Path, [&](llvm::raw_ostream &OS) {
        OS << Text;
        return llvm::Error::success();
      }))
    warn("cannot write '" + Path + "': " + llvm::toString(std::move(E)));
}

static std::string currentDirectory() {
  llvm::SmallString<256> Path;
  if (llvm::sys::fs::current_path(Path))
    return "";
  return std::string(Path);
}

/// The model files that the configuration above \p Source names, and \p Given
/// if it is not "".
static llvm::Expected<std::vector<std::string>>
modelFiles(llvm::StringRef Source, const std::string &Given) {
  llvm::Expected<Config> C = findConfig(Source);
  if (!C)
    return C.takeError();
  std::vector<std::string> Files = C->texts("Models");
  if (!Given.empty())
    Files.push_back(Given);
  return Files;
}

/// The vocabulary of the embedded model, and of \p Files.
static llvm::Expected<Vocabulary>
vocabularyWith(const std::vector<std::string> &Files) {
  if (!Files.empty()) {
    llvm::Expected<Model> M = loadModel(Files);
    if (!M)
      return M.takeError();
    return std::move(M->Vocab);
  }
  Model M;
  for (const EmbeddedFile &Embedded : embeddedVocabulary())
    if (llvm::Error E = addModel(M, Embedded.Text, Embedded.Name))
      return std::move(E);
  return std::move(M.Vocab);
}

/// What the main file was named where it was preprocessed. A build farm reads
/// the source from stdin, and says on the command line whose it is, and where.
static std::string nameBefore(const CompilerInstance &CI) {
  const FrontendOptions &Opts = CI.getFrontendOpts();
  const std::string &Name = CI.getCodeGenOpts().MainFileName;
  bool Piped = Opts.Inputs.size() == 1 && Opts.Inputs[0].isFile() &&
               Opts.Inputs[0].getFile() == "-";
  return Piped && Name != "-" ? Name : "";
}

static std::string directoryOf(const CompilerInstance &CI) {
  const std::string &Before = CI.getCodeGenOpts().DebugCompilationDir;
  return nameBefore(CI).empty() || Before.empty() ? currentDirectory() : Before;
}

/// The main file, where it was written.
static std::string sourceOf(const CompilerInstance &CI) {
  llvm::ArrayRef<FrontendInputFile> Inputs = CI.getFrontendOpts().Inputs;
  std::string Name = nameBefore(CI);
  if (Name.empty() && !Inputs.empty() && Inputs[0].isFile())
    Name = Inputs[0].getFile().str();
  return makeAbsolute(Name, directoryOf(CI));
}

/// Whether the source came without its macros: with -E and no more, a build
/// farm expands them before it sends the source.
static bool lacksMacros(const CompilerInstance &CI) {
  const FrontendOptions &Opts = CI.getFrontendOpts();
  if (nameBefore(CI).empty() && !Opts.Inputs[0].getKind().isPreprocessed())
    return false;
  const Preprocessor &PP = CI.getPreprocessor();
  const SourceManager &SM = CI.getSourceManager();
  return llvm::none_of(PP.macros(), [&](const auto &Entry) {
    const MacroInfo *MI = PP.getMacroInfo(Entry.first);
    return MI && SM.isInFileID(MI->getDefinitionLoc(), SM.getMainFileID());
  });
}

namespace {

struct PluginOptions {
  bool Embed = false;
  std::string Model;
};

class Consumer : public ASTConsumer {
public:
  Consumer(CompilerInstance &CI, const Vocabulary &Vocab, bool Embed)
      : CI(CI), Embed(Embed),
        Live(CI.getPreprocessor(), directoryOf(CI), Vocab, nameBefore(CI)) {}

  void HandleTranslationUnit(ASTContext &Ctx) override {
    if (CI.getDiagnostics().hasErrorOccurred())
      return;
    if (lacksMacros(CI))
      warn("'" + CI.getCodeGenOpts().MainFileName +
           "' was preprocessed elsewhere: findings that depend on macros "
           "(GFP_KERNEL) are lost");
    std::string Text = writeSummary(Live.finish(Ctx));
    if (Embed)
      ToEmbed = packSummary(Text);
    else
      write(CI.getFrontendOpts().OutputFile + ".fencedep", Text);
  }

private:
  CompilerInstance &CI;
  bool Embed;
  LiveUnit Live;
};

class Action : public PluginASTAction {
protected:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &CI,
                                                 llvm::StringRef) override {
    ToEmbed.clear();
    frontend::ActionKind Kind = CI.getFrontendOpts().ProgramAction;
    llvm::StringRef Output = CI.getFrontendOpts().OutputFile;
    bool Compiles = Kind == frontend::EmitObj || Kind == frontend::EmitBC ||
                    Kind == frontend::EmitAssembly;
    // Probes for options compile nothing into nowhere.
    if (!Compiles || Output.empty() || Output == "-" ||
        Output.starts_with("/dev/") || CI.getLangOpts().AsmPreprocessor)
      return std::make_unique<ASTConsumer>();
    auto Files = modelFiles(sourceOf(CI), Opts.Model);
    llvm::Expected<Vocabulary> Vocab =
        Files ? vocabularyWith(*Files) : Files.takeError();
    if (!Vocab) {
      warn(llvm::toString(Vocab.takeError()));
      return std::make_unique<ASTConsumer>();
    }
    return std::make_unique<Consumer>(CI, *Vocab, Opts.Embed);
  }

  bool ParseArgs(const CompilerInstance &CI,
                 const std::vector<std::string> &Args) override {
    for (llvm::StringRef Arg : Args) {
      if (Arg == "embed")
        Opts.Embed = true;
      else if (Arg.consume_front("model="))
        Opts.Model = Arg.str();
      else
        warn("unknown plugin argument '" + Arg +
             "'; legal ones are embed, model=FILE");
    }
    Dl_info Own;
    if (Opts.Embed && dladdr(&ToEmbed, &Own))
      // The options are only read later, when the code generator starts.
      const_cast<CodeGenOptions &>(CI.getCodeGenOpts())
          .PassPlugins.push_back(Own.dli_fname);
    return true;
  }

  ActionType getActionType() override { return AddBeforeMainAction; }

private:
  PluginOptions Opts;
};

class EmbedPass : public llvm::PassInfoMixin<EmbedPass> {
public:
  llvm::PreservedAnalyses run(llvm::Module &M, llvm::ModuleAnalysisManager &) {
    if (ToEmbed.empty())
      return llvm::PreservedAnalyses::all();
    llvm::embedBufferInModule(M, llvm::MemoryBufferRef(ToEmbed, "fencedep"),
                              SummarySection);
    for (llvm::GlobalVariable &GV : M.globals())
      if (GV.getSection() == SummarySection) {
        llvm::GlobalValue::SanitizerMetadata None;
        None.NoAddress = None.NoHWAddress = true;
        GV.setSanitizerMetadata(None);
      }
    return llvm::PreservedAnalyses::none();
  }
  static bool isRequired() { return true; } // at -O0, too
};

} // namespace

static void addPass(llvm::ModulePassManager &PM, llvm::OptimizationLevel) {
  PM.addPass(EmbedPass());
}

static FrontendPluginRegistry::Add<Action>
    Registered("fencedep", "writes what fencedep needs to know of a unit");

extern "C" LLVM_ATTRIBUTE_WEAK llvm::PassPluginLibraryInfo
llvmGetPassPluginInfo() {
  return {LLVM_PLUGIN_API_VERSION, "fencedep", FENCEDEP_VERSION,
          [](llvm::PassBuilder &PB) {
            PB.registerOptimizerLastEPCallback(addPass);
          }};
}

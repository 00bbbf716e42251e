//===- Adjust.cpp - make a build's command acceptable to Clang ------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     written by the build -> response files expanded -> launcher and compiler
//     taken off -> options parsed by Clang's own table -> kept, neutralised
//     (concerns outputs only) or dropped (unknown) -> tried on Clang's driver,
//     and what that rejects dropped as well
//
// Nothing is keyed to a list of GCC's flags: an option that Clang's table does
// not have is unknown. The lists below name options that Clang has and that
// must not reach it, and GCC options whose value is a word of its own (the
// table cannot tell for options that it does not have).
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Adjust.h"
#include "clang/Basic/Diagnostic.h"
#include "clang/Basic/Sanitizers.h"
#include "clang/Basic/TargetInfo.h"
#include "clang/Driver/Options.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/Utils.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Path.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;
using namespace fencedep;
namespace options = clang::driver::options;

using Words = std::vector<std::string>;

/// Options (or groups) that only concern outputs, warnings, code generation
/// that cannot change the AST, or plugins.
static const unsigned Neutralised[] = {
    options::OPT_Action_Group,
    options::OPT_W_Group,
    options::OPT_R_Group,
    options::OPT_w,
    options::OPT_pedantic_Group,
    options::OPT_g_Group,
    options::OPT_M_Group,
    options::OPT_Link_Group,
    options::OPT_T_Group,
    options::OPT_o,
    options::OPT_c,
    options::OPT_S,
    options::OPT_E,
    options::OPT_v,
    options::OPT__HASH_HASH_HASH,
    options::OPT_save_temps,
    options::OPT_save_temps_EQ,
    options::OPT_dumpdir,
    options::OPT_pipe,
    options::OPT_pg,
    options::OPT_mfentry,
    options::OPT_mrecord_mcount,
    options::OPT_mnop_mcount,
    options::OPT_mllvm,
    options::OPT_Wa_COMMA,
    options::OPT_Wl_COMMA,
    options::OPT_Xassembler,
    options::OPT_Xlinker,
    options::OPT_include_pch,
    options::OPT_fplugin_EQ,
    options::OPT_fplugin_arg,
    options::OPT_fpass_plugin_EQ,
    options::OPT_fdiagnostics_color_EQ,
    options::OPT_fcolor_diagnostics,
    options::OPT_ftime_trace,
    options::OPT_ftime_trace_EQ,
    options::OPT__serialize_diags,
    options::OPT_frandomize_layout_seed_EQ,
    options::OPT_frandomize_layout_seed_file_EQ,
    options::OPT_fsanitize_coverage,
    options::OPT_fsanitize_coverage_allowlist,
    options::OPT_fsanitize_coverage_ignorelist,
    options::OPT_fsanitize_ignorelist_EQ,
    options::OPT_fprofile_generate,
    options::OPT_fprofile_generate_EQ,
    options::OPT_fprofile_use,
    options::OPT_fprofile_use_EQ,
    options::OPT_fprofile_instr_use,
    options::OPT_fprofile_instr_use_EQ,
    options::OPT_fprofile_sample_use_EQ,
    options::OPT_fprofile_dir,
    options::OPT_fprofile_arcs,
    options::OPT_ftest_coverage,
    options::OPT_coverage,
    options::OPT_flto,
    options::OPT_flto_EQ,
    options::OPT_flto_EQ_auto,
    options::OPT_flto_EQ_jobserver,
    options::OPT__param,
};

/// GCC options that Clang does not have and whose value is the next word.
static const StringLiteral UnknownWithValue[] = {
    "-aux-info", "-dumpbase",      "-dumpbase-ext", "-auxbase",
    "-wrapper",  "-auxbase-strip", "-imultilib",    "-imultiarch"};

/// What may stand before the compiler.
static const StringLiteral Launchers[] = {"ccache", "sccache", "distcc",
                                          "icecc",  "env",     "nice"};

Expected<Words> fencedep::expandedArguments(const BuildCommand &Command) {
  Words Args = Command.arguments();
  if (none_of(Args, [](StringRef Arg) { return Arg.starts_with("@"); }))
    return Args;
  BumpPtrAllocator Alloc;
  SmallVector<const char *, 256> Argv;
  for (const std::string &Arg : Args)
    Argv.push_back(Arg.c_str());
  cl::ExpansionContext Expansion(Alloc, cl::TokenizeGNUCommandLine);
  if (Error E =
          Expansion.setCurrentDir(Command.Directory).expandResponseFiles(Argv))
    return createStringError(Command.File +
                             ": error: " + toString(std::move(E)));
  // One that does not exist is left as it is.
  for (StringRef Arg : Argv)
    if (Arg.consume_front("@"))
      return createStringError(Command.File +
                               ": error: cannot read the response file '" +
                               Arg + "'");
  return Words(Argv.begin(), Argv.end());
}

namespace {

/// How the compiler was called: what its name says.
struct Compiler {
  bool Cxx = false;
  std::string Target; ///< "" if the name does not tell
};

/// Collects the errors of a trial.
class Errors : public clang::DiagnosticConsumer {
public:
  void HandleDiagnostic(clang::DiagnosticsEngine::Level Level,
                        const clang::Diagnostic &Info) override {
    clang::DiagnosticConsumer::HandleDiagnostic(Level, Info);
    if (Level < clang::DiagnosticsEngine::Error)
      return;
    SmallString<128> Text;
    Info.FormatDiagnostic(Text);
    Messages.emplace_back(Text);
  }
  std::vector<std::string> Messages;
};

} // namespace

/// Takes launchers and the compiler off the front of \p Args.
static Compiler takeCompiler(Words &Args) {
  size_t At = 0;
  while (At + 1 < Args.size() &&
         (is_contained(Launchers, sys::path::stem(Args[At])) ||
          (At && StringRef(Args[At]).contains('=') && Args[At][0] != '-')))
    ++At;
  Compiler Result;
  if (At == Args.size())
    return Result;
  // "aarch64-linux-gnu-g++-12" is a prefix, a program and a version.
  std::string Called = Args[At];
  Args.erase(Args.begin(), Args.begin() + At + 1);
  StringRef Name = sys::path::filename(Called);
  Name.consume_back(".exe");
  Name = Name.rtrim("0123456789.");
  Name.consume_back("-");
  Result.Cxx = Name.ends_with("++");
  auto [Prefix, Program] = Name.rsplit('-');
  if (!Program.empty() && Triple(Prefix).getArch() != Triple::UnknownArch)
    Result.Target = Prefix.str();
  return Result;
}

/// The preprocessor's options in "-Wp,-MMD,x.d,-DX=1".
static void keepPreprocessor(ArrayRef<const char *> Values, Words &Kept) {
  for (StringRef Value : Values)
    if (Value.starts_with("-D") || Value.starts_with("-U") ||
        Value.starts_with("-I"))
      Kept.push_back(Value.str());
}

/// "-fsanitize=" with the values that Clang knows: they define macros.
static void keepSanitizers(StringRef Flag, ArrayRef<const char *> Values,
                           Words &Kept, Words &Dropped) {
  Words Known;
  for (StringRef Value : Values) {
    if (clang::parseSanitizerValue(Value, /*AllowGroups=*/true))
      Known.push_back(Value.str());
    else
      Dropped.push_back((Flag + Value).str());
  }
  if (!Known.empty())
    Kept.push_back((Flag + join(Known, ",")).str());
}

/// Sorts \p Args into what Clang needs and what it does not know.
static void sift(const Words &Args, Words &Kept, Words &Dropped) {
  SmallVector<const char *, 256> Argv;
  for (size_t At = 0; At != Args.size(); ++At) {
    // Plugins are loaded by several -Xclang in a row; none of them is for us.
    bool Pair = Args[At] == "-Xclang" || Args[At] == "-Xpreprocessor";
    bool Unknown = is_contained(UnknownWithValue, Args[At]);
    if (Unknown)
      Dropped.push_back(Args[At]);
    if (Pair || Unknown)
      ++At;
    else
      Argv.push_back(Args[At].c_str());
    if (At == Args.size())
      break;
  }
  unsigned MissingIndex = 0, MissingCount = 0;
  opt::InputArgList Parsed = clang::driver::getDriverOptTable().ParseArgs(
      Argv, MissingIndex, MissingCount, opt::Visibility(options::ClangOption));
  unsigned End = MissingCount ? MissingIndex : Argv.size();
  for (auto It = Parsed.begin(); It != Parsed.end(); ++It) {
    const opt::Arg &A = **It;
    unsigned First = A.getIndex();
    unsigned Last =
        std::next(It) == Parsed.end() ? End : (*std::next(It))->getIndex();
    const opt::Option &Option = A.getOption().getUnaliasedOption();
    ArrayRef<const char *> Spelling = ArrayRef(Argv).slice(First, Last - First);
    if (Option.getKind() == opt::Option::UnknownClass ||
        Option.hasFlag(options::Unsupported))
      Dropped.push_back(join(Spelling, " "));
    else if (Option.matches(options::OPT_Wp_COMMA))
      keepPreprocessor(A.getValues(), Kept);
    else if (Option.matches(options::OPT_fsanitize_EQ) ||
             Option.matches(options::OPT_fno_sanitize_EQ))
      keepSanitizers(A.getSpelling(), A.getValues(), Kept, Dropped);
    else if (Option.matches(options::OPT__DASH_DASH) ||
             Option.hasFlag(options::LinkerInput) ||
             any_of(Neutralised,
                    [&](unsigned Id) { return Option.matches(Id); }))
      continue;
    else if (Option.getKind() != opt::Option::InputClass)
      Kept.insert(Kept.end(), Spelling.begin(), Spelling.end());
  }
}

/// The argument that the driver's \p Message complains about.
static Words::const_iterator blamed(const Words &Args, StringRef Message) {
  for (StringRef Rest = Message; Rest.contains('\'');) {
    StringRef Quoted;
    std::tie(Quoted, Rest) = Rest.split('\'').second.split('\'');
    if (Quoted.empty())
      continue;
    auto Same = [&](StringRef Arg) {
      return Arg == Quoted ||
             (Arg.starts_with("-") && Arg.ends_with(("=" + Quoted).str())) ||
             (Quoted.ends_with("=") && Arg.starts_with(Quoted));
    };
    if (auto It = find_if(Args, Same); It != Args.end() && It->front() == '-')
      return It;
  }
  return Args.end();
}

/// Tries \p Args on Clang's driver until it has no complaint about one of them.
static Words rejectedByDriver(Words Args, const std::string &File) {
  Words Result;
  while (true) {
    Errors Consumer;
    auto Diags = llvm::makeIntrusiveRefCnt<clang::DiagnosticsEngine>(
        new clang::DiagnosticIDs, new clang::DiagnosticOptions, &Consumer,
        /*ShouldOwnClient=*/false);
    SmallVector<const char *, 128> Argv;
    for (const std::string &Arg : Args)
      Argv.push_back(Arg.c_str());
    Argv.push_back(File.c_str());
    clang::CreateInvocationOptions Options;
    Options.Diags = Diags;
    Options.RecoverOnError = true;
    std::unique_ptr<clang::CompilerInvocation> Invocation =
        clang::createInvocation(Argv, Options);
    if (Invocation && Consumer.Messages.empty()) {
      auto Target =
          std::make_shared<clang::TargetOptions>(Invocation->getTargetOpts());
      llvm::IntrusiveRefCntPtr<clang::TargetInfo> Info =
          clang::TargetInfo::CreateTargetInfo(*Diags, Target);
    }
    bool Progress = false;
    for (const std::string &Message : Consumer.Messages) {
      auto It = blamed(Args, Message);
      if (It == Args.end())
        continue;
      Result.push_back(*It);
      Args.erase(It);
      Progress = true;
    }
    if (!Progress)
      return Result;
  }
}

Words Adjuster::rejected(const Words &Args, const std::string &File) {
  // Macros and paths are never rejected and differ from unit to unit.
  Words Flags;
  std::string Key = sys::path::extension(File).str();
  for (size_t At = 0; At != Args.size(); ++At) {
    StringRef Arg = Args[At];
    if (Arg == "-D" || Arg == "-U" || Arg == "-I" || Arg == "-include" ||
        Arg == "-isystem")
      ++At;
    else if (!Arg.starts_with("-D") && !Arg.starts_with("-U") &&
             !Arg.starts_with("-I"))
      Flags.push_back(Args[At]), Key += '\0', Key += Args[At];
  }
  {
    std::lock_guard<std::mutex> Guard(Lock);
    if (auto It = Rejected.find(Key); It != Rejected.end())
      return It->second;
  }
  Words Result = rejectedByDriver(std::move(Flags), File);
  std::lock_guard<std::mutex> Guard(Lock);
  return Rejected.try_emplace(Key, std::move(Result)).first->second;
}

Expected<AdjustedCommand> Adjuster::adjust(const BuildCommand &Command) {
  Expected<Words> Args = expandedArguments(Command);
  if (!Args)
    return Args.takeError();
  Compiler Called = takeCompiler(*Args);
  AdjustedCommand Result;
  Words Kept{Called.Cxx ? "clang++" : "clang"};
  sift(*Args, Kept, Result.Dropped);
  bool HasTarget = any_of(Kept, [](StringRef Arg) {
    return Arg.starts_with("--target=") || Arg == "-target";
  });
  if (!Called.Target.empty() && !HasTarget)
    Kept.insert(Kept.begin() + 1, "--target=" + Called.Target);
  for (const std::string &Flag : rejected(Kept, Command.File)) {
    erase(Kept, Flag);
    Result.Dropped.push_back(Flag);
  }
  if (none_of(Kept,
              [](StringRef Arg) { return Arg.starts_with("-resource-dir"); }))
    Kept.push_back("-resource-dir=" FENCEDEP_CLANG_RESOURCE_DIR);
  Kept.insert(Kept.end(), {"-fsyntax-only", "-w", Command.File});
  Result.Command = {Command.Directory, Command.File, std::move(Kept),
                    /*Output=*/""};
  return Result;
}

//===- Options.cpp - the command line -------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "Words.h"
#include "fencedep/Driver/ProgramFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Threading.h"

using namespace llvm;
using namespace fencedep;

namespace fencedep {

cl::SubCommand
    CheckCommand("check", "find deadlocks in the units of a compile database");
cl::SubCommand ExtractCommand(
    "extract",
    "summarise one unit: extract FILE -o X [-p DIR | -- COMMAND...]");
cl::SubCommand LinkCommand("link", "check summaries that extract wrote");
cl::SubCommand DumpCommand("dump", "print a summary");
cl::SubCommand
    ExplainCommand("explain",
                   "say what a rule means and what to do about its findings");
cl::SubCommand
    RootsCommand("roots", "list the critical sections that check starts from");
cl::SubCommand ModelCommand("model", "work with the model of the API");
cl::SubCommand LocksCommand(
    "locks",
    "show what is acquired under a lock, and under what it is acquired");
cl::SubCommand WhyCommand("why",
                          "show the way from a root to a function: why ROOT "
                          "SINK [PATH...]");
cl::SubCommand WhyNotCommand("why-not",
                             "the same, for a way that should not be there");
cl::SubCommand SplatCommand(
    "splat", "read lockdep reports of a running kernel, and say which finding "
             "each confirms: splat FILE [PATH...]");
cl::SubCommand SuggestCommand(
    "suggest",
    "list code that should be in a signalling section, and make it so");
cl::SubCommand GraphCommand("graph",
                            "draw what a root calls, or how locks are nested: "
                            "graph ROOT [PATH...]");
cl::SubCommand CcCommand("cc", "check what a build compiles: make C=1 "
                               "CHECK=\"fencedep cc\"");

cl::list<std::string> Inputs(cl::Positional, cl::desc("[PATH...]"),
                             cl::sub(CheckCommand), cl::sub(ExtractCommand),
                             cl::sub(LinkCommand), cl::sub(DumpCommand),
                             cl::sub(ExplainCommand), cl::sub(RootsCommand),
                             cl::sub(ModelCommand), cl::sub(LocksCommand),
                             cl::sub(WhyCommand), cl::sub(WhyNotCommand),
                             cl::sub(GraphCommand), cl::sub(SplatCommand),
                             cl::sub(SuggestCommand));

static cl::OptionCategory General("General options");
static cl::OptionCategory Selection("What is analysed");
static cl::OptionCategory Presentation("What is printed");
static cl::OptionCategory Project("The project's configuration");

cl::opt<std::string> Output("o", cl::desc("Write to FILE instead of stdout"),
                            cl::value_desc("FILE"), cl::cat(Presentation),
                            cl::sub(CheckCommand), cl::sub(ExtractCommand),
                            cl::sub(LinkCommand), cl::sub(RootsCommand),
                            cl::sub(LocksCommand), cl::sub(WhyCommand),
                            cl::sub(ModelCommand), cl::sub(WhyNotCommand),
                            cl::sub(GraphCommand), cl::sub(SplatCommand),
                            cl::sub(SuggestCommand));
cl::opt<bool> Verbose(
    "v", cl::desc("Say on stderr what was left out, and what took how long"),
    cl::cat(Presentation), cl::sub(CheckCommand), cl::sub(LinkCommand),
    cl::sub(ExtractCommand), cl::sub(RootsCommand), cl::sub(LocksCommand),
    cl::sub(WhyCommand), cl::sub(ModelCommand), cl::sub(WhyNotCommand),
    cl::sub(SplatCommand), cl::sub(SuggestCommand));

} // namespace fencedep

cl::opt<std::string> fencedep::BuildDir(
    "p",
    cl::desc(
        "Directory of compile_commands.json (or that file); default: found "
        "upwards from the first PATH"),
    cl::value_desc("DIR"), cl::cat(Selection), cl::sub(CheckCommand),
    cl::sub(ExtractCommand), cl::sub(RootsCommand), cl::sub(LocksCommand),
    cl::sub(WhyCommand), cl::sub(ModelCommand), cl::sub(WhyNotCommand),
    cl::sub(GraphCommand), cl::sub(SplatCommand), cl::sub(SuggestCommand));
WordOpt<ScopeKind> fencedep::WhichUnits(
    "scope", cl::desc("Which units are read"),
    words(clEnumValN(ScopeKind::Auto, "auto",
                     "those under the PATHs and the modules whose symbols "
                     "they use (default)"),
          clEnumValN(ScopeKind::All, "all", "the whole database"),
          clEnumValN(ScopeKind::Paths, "paths", "those under the PATHs")),
    cl::init(ScopeKind::Auto), cl::cat(Selection), cl::sub(CheckCommand),
    cl::sub(RootsCommand), cl::sub(LocksCommand), cl::sub(WhyCommand),
    cl::sub(GraphCommand), cl::sub(ModelCommand), cl::sub(WhyNotCommand),
    cl::sub(SplatCommand), cl::sub(SuggestCommand));
static cl::opt<unsigned>
    Jobs("j", cl::desc("Number of threads (default: one per processor)"),
         cl::value_desc("N"), cl::Prefix, cl::init(0), cl::cat(General),
         cl::sub(CheckCommand), cl::sub(RootsCommand), cl::sub(LocksCommand),
         cl::sub(WhyCommand), cl::sub(ModelCommand), cl::sub(WhyNotCommand),
         cl::sub(GraphCommand), cl::sub(SplatCommand), cl::sub(SuggestCommand));
static cl::opt<std::string> CacheDir(
    "cache-dir",
    cl::desc(
        "Where summaries are kept (default: .fencedep beside the database, "
        "or .fencedep.cache if .fencedep is a configuration)"),
    cl::value_desc("DIR"), cl::cat(General), cl::sub(CheckCommand),
    cl::sub(RootsCommand), cl::sub(LocksCommand), cl::sub(WhyCommand),
    cl::sub(GraphCommand), cl::sub(ModelCommand), cl::sub(WhyNotCommand),
    cl::sub(SplatCommand), cl::sub(SuggestCommand));
static cl::opt<bool> NoCache("no-cache",
                             cl::desc("Neither read nor write kept summaries"),
                             cl::cat(General), cl::sub(CheckCommand),
                             cl::sub(RootsCommand), cl::sub(LocksCommand),
                             cl::sub(WhyCommand), cl::sub(ModelCommand),
                             cl::sub(GraphCommand), cl::sub(WhyNotCommand),
                             cl::sub(SplatCommand), cl::sub(SuggestCommand));
cl::opt<std::string> fencedep::DiffBase(
    "diff",
    cl::desc("Only findings that the git revision BASE does not have; or a "
             "patch file, or - for a patch on stdin, that is applied already"),
    cl::value_desc("BASE"), cl::cat(Selection), cl::sub(CheckCommand));
static cl::list<std::string> ModelFiles(
    "model", cl::desc("Add FILE to the model (repeatable)"),
    cl::value_desc("FILE"), cl::cat(Selection), cl::sub(CheckCommand),
    cl::sub(LinkCommand), cl::sub(ExtractCommand), cl::sub(RootsCommand),
    cl::sub(LocksCommand), cl::sub(WhyCommand), cl::sub(WhyNotCommand),
    cl::sub(GraphCommand), cl::sub(SplatCommand), cl::sub(SuggestCommand),
    cl::sub(ModelCommand), cl::sub(CcCommand));

enum class RootChoice { All, Annotated, Contract };
static WordOpt<RootChoice> Roots(
    "roots", cl::desc("Which critical sections are checked"),
    words(clEnumValN(RootChoice::All, "all", "both kinds (default)"),
          clEnumValN(RootChoice::Annotated, "annotated",
                     "between dma_fence_begin_signalling() and its end"),
          clEnumValN(RootChoice::Contract, "contract",
                     "functions that are critical because an API says so")),
    cl::init(RootChoice::All), cl::cat(Selection), cl::sub(CheckCommand),
    cl::sub(LinkCommand), cl::sub(RootsCommand), cl::sub(LocksCommand),
    cl::sub(GraphCommand), cl::sub(WhyCommand), cl::sub(WhyNotCommand),
    cl::sub(SplatCommand), cl::sub(SuggestCommand), cl::sub(CcCommand));
static cl::list<std::string> RootGroups(
    "root-group",
    cl::desc("Check the model's root ID as well, which is off by default "
             "(repeatable)"),
    cl::value_desc("ID"), cl::cat(Selection), cl::sub(CheckCommand),
    cl::sub(LinkCommand), cl::sub(RootsCommand), cl::sub(LocksCommand),
    cl::sub(GraphCommand), cl::sub(WhyCommand), cl::sub(WhyNotCommand),
    cl::sub(SplatCommand), cl::sub(SuggestCommand), cl::sub(CcCommand));
static cl::list<std::string>
    Rules("rules",
          cl::desc("Check only these; 'fence-lock*' is a pattern. A list that "
                   "begins with '-RULE' or '+RULE' changes what is on "
                   "(default: see --list-rules)"),
          cl::value_desc("RULE,..."), cl::CommaSeparated, cl::cat(Selection),
          cl::sub(CheckCommand), cl::sub(LinkCommand), cl::sub(CcCommand));
cl::list<std::string> fencedep::SuppressionFiles(
    "suppressions",
    cl::desc("Leave out what FILE accepts: see docs/suppressing.md "
             "(repeatable)"),
    cl::value_desc("FILE"), cl::cat(Selection), cl::sub(CheckCommand),
    cl::sub(LinkCommand), cl::sub(CcCommand));
cl::opt<std::string> fencedep::BaselineFile(
    "baseline",
    cl::desc("Only findings that FILE, which --write-baseline wrote, does not "
             "have"),
    cl::value_desc("FILE"), cl::cat(Selection), cl::sub(CheckCommand),
    cl::sub(LinkCommand), cl::sub(CcCommand));
cl::opt<std::string> fencedep::NewBaseline(
    "write-baseline",
    cl::desc("Write all findings to FILE, and take them for known"),
    cl::value_desc("FILE"), cl::cat(Selection), cl::sub(CheckCommand),
    cl::sub(LinkCommand));
cl::opt<bool> fencedep::ListRules(
    "list-rules", cl::desc("Say which rules there are, and do nothing else"),
    cl::cat(General), cl::sub(CheckCommand));

WordOpt<OutputFormat> fencedep::Format(
    "format", cl::desc("How findings are printed"),
    words(clEnumValN(OutputFormat::Text, "text", "as clang does (default)"),
          clEnumValN(OutputFormat::JSON, "json", "see docs/json.md"),
          clEnumValN(OutputFormat::SARIF, "sarif",
                     "SARIF 2.1.0; see docs/formats.md"),
          clEnumValN(OutputFormat::CodeClimate, "codeclimate",
                     "Code Climate's JSON, for GitLab"),
          clEnumValN(OutputFormat::GitHub, "github",
                     "text, and annotations for GitHub's workflows"),
          clEnumValN(OutputFormat::Lockdep, "lockdep",
                     "as lockdep would, see docs/lockdep.md"),
          clEnumValN(OutputFormat::HTML, "html",
                     "to look at; -o names a folder or FILE.html")),
    cl::init(OutputFormat::Text), cl::cat(Presentation), cl::sub(CheckCommand),
    cl::sub(LinkCommand));
cl::opt<std::string> fencedep::SourceRoot(
    "source-root",
    cl::desc("What paths in sarif, codeclimate and github are relative to "
             "(default: the git work tree that the database is in, else its "
             "directory)"),
    cl::value_desc("DIR"), cl::cat(Presentation), cl::sub(CheckCommand),
    cl::sub(LinkCommand));
WordOpt<Confidence> fencedep::MinConfidence(
    "min-confidence",
    cl::desc("Print, and count for the exit status, findings of this "
             "confidence and above (JSON has all)"),
    words(clEnumValN(Confidence::Certain, "certain", ""),
          clEnumValN(Confidence::Likely, "likely", "(default)"),
          clEnumValN(Confidence::Possible, "possible", "")),
    cl::init(Confidence::Likely), cl::cat(Presentation), cl::sub(CheckCommand),
    cl::sub(LinkCommand), cl::sub(CcCommand), cl::sub(GraphCommand));
cl::opt<bool> fencedep::FullCoverage(
    "coverage",
    cl::desc("List every section and every call that was left open"),
    cl::cat(Presentation), cl::sub(CheckCommand), cl::sub(LinkCommand));
cl::opt<bool> fencedep::EachRoot(
    "each-root",
    cl::desc("Print the way from every root to a call, not only the best"),
    cl::cat(Presentation), cl::sub(CheckCommand), cl::sub(LinkCommand),
    cl::sub(CcCommand));
WordOpt<SnippetChoice> fencedep::Snippets(
    "snippets", cl::desc("Which places the source line is shown of"),
    words(clEnumValN(SnippetChoice::None, "none", "no snippets"),
          clEnumValN(SnippetChoice::Ends, "ends",
                     "the call that is forbidden, where other threads "
                     "acquire a lock, and what they wait for (default)"),
          clEnumValN(SnippetChoice::All, "all", "each note, too")),
    cl::init(SnippetChoice::Ends), cl::cat(Presentation), cl::sub(CheckCommand),
    cl::sub(LinkCommand));
cl::opt<bool>
    fencedep::FullPaths("full-paths",
                        cl::desc("Print all calls of a way, however many"),
                        cl::cat(Presentation), cl::sub(CheckCommand),
                        cl::sub(LinkCommand), cl::sub(CcCommand));
WordOpt<Grouping> fencedep::GroupBy(
    "group-by", cl::desc("Print findings under headings"),
    words(clEnumValN(Grouping::None, "none", "the surest first (default)"),
          clEnumValN(Grouping::Rule, "rule", ""),
          clEnumValN(Grouping::File, "file", "of the forbidden call"),
          clEnumValN(Grouping::Folder, "folder",
                     "of the root: whose section it is"),
          clEnumValN(Grouping::Root, "root", ""),
          clEnumValN(Grouping::Lock, "lock", "the lock's class")),
    cl::init(Grouping::None), cl::cat(Presentation), cl::sub(CheckCommand),
    cl::sub(LinkCommand));
cl::opt<bool> fencedep::ShowSuppressed(
    "show-suppressed",
    cl::desc("List the findings that a comment, a suppression file or the "
             "baseline accepts; in SARIF, they are suppressed, unchanged and "
             "absent results, which GitHub would show as open"),
    cl::cat(Presentation), cl::sub(CheckCommand), cl::sub(LinkCommand));
cl::opt<bool> fencedep::Quiet("quiet",
                              cl::desc("Findings only, no coverage statement"),
                              cl::cat(Presentation), cl::sub(CheckCommand),
                              cl::sub(LinkCommand));

WordOpt<ColorChoice> fencedep::Color(
    "color",
    cl::desc("When to use colours; NO_COLOR, CLICOLOR_FORCE and FORCE_COLOR "
             "are honoured"),
    words(clEnumValN(ColorChoice::Auto, "auto", "on a terminal (default)"),
          clEnumValN(ColorChoice::Always, "always", ""),
          clEnumValN(ColorChoice::Never, "never", "")),
    cl::init(ColorChoice::Auto), cl::cat(Presentation), cl::sub(CheckCommand),
    cl::sub(LinkCommand), cl::sub(CcCommand));
WordOpt<GraphFormat> fencedep::LocksFormat(
    "format", cl::desc("How the graph is printed"),
    words(clEnumValN(GraphFormat::Text, "text", "(default)"),
          clEnumValN(GraphFormat::Dot, "dot", "for Graphviz"),
          clEnumValN(GraphFormat::JSON, "json", "see docs/json.md")),
    cl::init(GraphFormat::Text), cl::cat(Presentation), cl::sub(LocksCommand));
WordOpt<PictureFormat>
    fencedep::GraphPicture("format", cl::desc("How the picture is written"),
                           words(clEnumValN(PictureFormat::Dot, "dot",
                                            "in Graphviz's language (default)"),
                                 clEnumValN(PictureFormat::Svg, "svg",
                                            "for a browser; needs Graphviz")),
                           cl::init(PictureFormat::Dot), cl::cat(Presentation),
                           cl::sub(GraphCommand));
cl::opt<std::string> fencedep::GraphLock(
    "lock",
    cl::desc("Draw how locks of these classes, a glob, are nested with others"),
    cl::value_desc("CLASS"), cl::cat(Selection), cl::sub(GraphCommand));
cl::opt<bool> fencedep::GraphAll(
    "all",
    cl::desc("Draw every function that is reached (default: the ways to what "
             "is forbidden and to other effects, up to 40 functions)"),
    cl::cat(Selection), cl::sub(GraphCommand));
cl::opt<unsigned> fencedep::GraphDepth(
    "depth", cl::desc("Draw every function up to N calls from the root"),
    cl::value_desc("N"), cl::cat(Selection), cl::sub(GraphCommand));
cl::opt<std::string> fencedep::LockPattern(
    "class",
    cl::desc("Lock classes to show, as a glob: 'foo_device::*' (default: all)"),
    cl::value_desc("GLOB"), cl::init("*"), cl::cat(Selection),
    cl::sub(LocksCommand));
cl::opt<bool> fencedep::WantPatch(
    "patch", cl::desc("Print a patch that opens the sections, for git apply"),
    cl::cat(Presentation), cl::sub(SuggestCommand));
cl::list<std::string> fencedep::FixWanted(
    "fix",
    cl::desc("Print a patch that applies what findings offer: a fingerprint, "
             "or a rule for all of its (repeatable)"),
    cl::value_desc("FINGERPRINT|RULE"), cl::cat(Presentation),
    cl::sub(SuggestCommand));
cl::opt<bool> fencedep::FailOnFindings(
    "fail-on-findings",
    cl::desc("Exit with the status below, which fails the build; else with 0"),
    cl::cat(General), cl::sub(CcCommand));
cl::opt<bool> fencedep::DumpModel("dump", cl::desc("Print the effective model"),
                                  cl::cat(General), cl::sub(ModelCommand));
cl::opt<bool> fencedep::VocabularyOnly(
    "vocabulary", cl::desc("With --dump: only what sources are asked for"),
    cl::cat(General), cl::sub(ModelCommand));
cl::opt<bool> fencedep::LearnModel(
    "learn",
    cl::desc("Write what the exported functions of the database's units do"),
    cl::cat(General), cl::sub(ModelCommand));

cl::opt<std::string> fencedep::ConfigText(
    "config",
    cl::desc("Use this text instead of a .fencedep file: "
             "'{MinConfidence: possible}'"),
    cl::value_desc("YAML"), cl::cat(Project), cl::sub(CheckCommand),
    cl::sub(LinkCommand), cl::sub(ExtractCommand), cl::sub(RootsCommand),
    cl::sub(LocksCommand), cl::sub(WhyCommand), cl::sub(WhyNotCommand),
    cl::sub(ModelCommand), cl::sub(GraphCommand), cl::sub(SplatCommand),
    cl::sub(SuggestCommand), cl::sub(CcCommand));
cl::opt<std::string> fencedep::ConfigFile(
    "config-file",
    cl::desc("Use FILE instead of the .fencedep found upwards from the first "
             "PATH"),
    cl::value_desc("FILE"), cl::cat(Project), cl::sub(CheckCommand),
    cl::sub(LinkCommand), cl::sub(ExtractCommand), cl::sub(RootsCommand),
    cl::sub(LocksCommand), cl::sub(WhyCommand), cl::sub(WhyNotCommand),
    cl::sub(ModelCommand), cl::sub(GraphCommand), cl::sub(SplatCommand),
    cl::sub(SuggestCommand), cl::sub(CcCommand));
cl::opt<bool> fencedep::NoConfig("no-config", cl::desc("Use no .fencedep file"),
                                 cl::cat(Project), cl::sub(CheckCommand),
                                 cl::sub(LinkCommand), cl::sub(ExtractCommand),
                                 cl::sub(RootsCommand), cl::sub(LocksCommand),
                                 cl::sub(WhyCommand), cl::sub(WhyNotCommand),
                                 cl::sub(ModelCommand), cl::sub(GraphCommand),
                                 cl::sub(SplatCommand), cl::sub(SuggestCommand),
                                 cl::sub(CcCommand));
cl::opt<bool> fencedep::DumpConfig(
    "dump-config",
    cl::desc("Print what applies, and who said so, and do nothing else"),
    cl::cat(Project), cl::sub(CheckCommand));
cl::opt<bool> fencedep::VerifyConfig(
    "verify-config",
    cl::desc("Look for mistakes in the .fencedep files above the PATHs, and do "
             "nothing else"),
    cl::cat(Project), cl::sub(CheckCommand));
cl::opt<bool> fencedep::PrintConfigSchema(
    "print-config-schema",
    cl::desc("Print a JSON Schema for .fencedep files, and do nothing else"),
    cl::cat(Project), cl::sub(CheckCommand));

std::string fencedep::currentDir() {
  SmallString<256> Dir;
  if (sys::fs::current_path(Dir))
    return "";
  return std::string(Dir);
}

std::vector<std::string> fencedep::absoluteInputs() {
  std::vector<std::string> Result;
  for (const std::string &Input : Inputs)
    Result.push_back(makeAbsolute(Input, currentDir()));
  return Result;
}

Expected<Model> fencedep::effectiveModel() {
  return loadModel(std::vector<std::string>(ModelFiles));
}

Expected<Database> fencedep::openDatabase() {
  std::string Path;
  if (!BuildDir.empty()) {
    Path = makeAbsolute(BuildDir, currentDir());
    if (sys::fs::is_directory(Path))
      Path += "/compile_commands.json";
  } else {
    std::vector<std::string> Paths = absoluteInputs();
    Expected<std::string> Found =
        findDatabase(Paths.empty() ? currentDir() : Paths.front());
    if (!Found)
      return Found.takeError();
    Path = *Found;
  }
  return loadDatabase(Path);
}

Expected<CheckOptions> fencedep::checkOptions(const Model &M) {
  CheckOptions Options;
  Options.Annotated = Roots != RootChoice::Contract;
  Options.Contract = Roots != RootChoice::Annotated;
  Options.RootGroups = RootGroups;
  Options.ListOpenCalls = FullCoverage;
  Options.Jobs = numberOfJobs();
  if (Format != OutputFormat::JSON) // which has all
    Options.MinConfidence = MinConfidence;
  for (const std::string &Group : RootGroups)
    if (Error E = M.checkRootGroup(Group))
      return createStringError(whereSet("RootGroups", Group) +
                               toString(std::move(E)));
  if (Rules.empty())
    return Options;
  Expected<std::vector<std::string>> Chosen =
      chooseRules(std::vector<std::string>(Rules));
  if (!Chosen)
    return Chosen.takeError();
  Options.Rules = std::move(*Chosen);
  return Options;
}

Expected<Settings> fencedep::readSettings() {
  Settings S;
  Expected<Model> M = effectiveModel();
  if (!M)
    return M.takeError();
  S.M = std::move(*M);
  Expected<CheckOptions> Options = checkOptions(S.M);
  if (!Options)
    return Options.takeError();
  S.Options = std::move(*Options);
  S.Options.BaseDir = currentDir();
  return S;
}

std::string fencedep::cacheDirectory(const Database &Db) {
  if (NoCache)
    return "";
  return CacheDir.empty() ? defaultCacheDir(Db.Dir)
                          : makeAbsolute(CacheDir, currentDir());
}

unsigned fencedep::numberOfJobs() {
  return Jobs ? unsigned(Jobs) : hardware_concurrency().compute_thread_count();
}

ArrayRef<const cl::OptionCategory *> fencedep::optionCategories() {
  static const cl::OptionCategory *Ours[] = {&Selection, &Presentation,
                                             &Project, &General};
  return Ours;
}

void fencedep::hideForeignOptions() {
  for (cl::SubCommand *Command : cl::getRegisteredSubcommands())
    cl::HideUnrelatedOptions(optionCategories(), *Command);
}

//===- Options.h - the command line ---------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function per subcommand, and what they have in common. Findings and
// requested texts go to stdout (or -o), all else to stderr.
//
// To add a subcommand, you must:
//  - declare it here, define it in Options.cpp and its function in a file of
//  its
//    own;
//  - dispatch to it in main.cpp; test it in test/cli.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_TOOLS_OPTIONS_H
#define FENCEDEP_TOOLS_OPTIONS_H

#include "Words.h"
#include "fencedep/Driver/Run.h"
#include "fencedep/Model/Model.h"
#include "fencedep/Rules/Check.h"
#include "fencedep/Rules/Choose.h"
#include "llvm/Support/CommandLine.h"

namespace fencedep {

extern llvm::cl::SubCommand CheckCommand, ExtractCommand, LinkCommand,
    DumpCommand, ExplainCommand, RootsCommand, ModelCommand, LocksCommand,
    GraphCommand, WhyCommand, WhyNotCommand, SplatCommand, SuggestCommand,
    CcCommand;

extern llvm::cl::list<std::string>
    Inputs; ///< what stands on the line without a dash
extern llvm::cl::opt<std::string> Output;

enum class OutputFormat {
  Text,
  JSON,
  SARIF,
  CodeClimate,
  GitHub,
  Lockdep,
  HTML
};
enum class GraphFormat { Text, Dot, JSON };
extern WordOpt<GraphFormat> LocksFormat;
extern llvm::cl::opt<std::string> LockPattern;
enum class PictureFormat { Dot, Svg };
extern WordOpt<PictureFormat> GraphPicture;
extern llvm::cl::opt<std::string> GraphLock; ///< no occurrence: a call graph
extern llvm::cl::opt<bool> GraphAll;
extern llvm::cl::opt<unsigned> GraphDepth; ///< no occurrence: any
enum class ColorChoice { Auto, Always, Never };
extern WordOpt<OutputFormat> Format;
extern WordOpt<ColorChoice> Color;
extern WordOpt<SnippetChoice> Snippets;
extern WordOpt<Grouping> GroupBy;
extern WordOpt<ScopeKind> WhichUnits;
extern WordOpt<Confidence> MinConfidence;
extern llvm::cl::opt<bool> WantPatch;         ///< suggest --patch
extern llvm::cl::list<std::string> FixWanted; ///< suggest --fix
extern llvm::cl::opt<std::string> DiffBase;   ///< "": no comparison
extern llvm::cl::list<std::string> SuppressionFiles;
extern llvm::cl::opt<std::string> BaselineFile, NewBaseline;
extern llvm::cl::opt<bool> ShowSuppressed;
extern llvm::cl::opt<std::string> SourceRoot; ///< "": the git work tree
extern llvm::cl::opt<bool> FullCoverage, FullPaths, Quiet, EachRoot, Verbose,
    DumpModel, VocabularyOnly, LearnModel, ListRules, FailOnFindings;
extern llvm::cl::opt<std::string> BuildDir, ConfigText, ConfigFile;
extern llvm::cl::opt<bool> NoConfig, DumpConfig, VerifyConfig,
    PrintConfigSchema;

int runCheck();
/// \p Command: what stands after "--".
int runExtract(llvm::ArrayRef<std::string> Command);
int runLink();
int runDump();
int runExplain();
int runRoots();
int runModel();
int runLearn(); ///< model --learn
int runLocks();
int runWhy(bool Expected); ///< Expected: why; else why-not
int runSplat();
int runSuggest();
int runGraph();
int runListRules(); ///< check --list-rules
/// \p Words: what parseCc returned.
int runCc(llvm::ArrayRef<std::string> Words);
/// Parses "fencedep cc WORD...", and returns the WORDs that are not ours.
std::vector<std::string> parseCc(llvm::ArrayRef<const char *> Argv);

/// Prints \p Message and returns ExitError.
int fail(const llvm::Twine &Message);
int fail(llvm::Error E);

struct AcceptFiles;
/// check --diff
int runDiff(AcceptFiles &Accepted);

/// Has the options say what the command line and the project's configuration,
/// the file above \p From, say together. To be called once, before any other of
/// the functions below; main() does, but for cc.
llvm::Error applyConfig(llvm::StringRef From);
/// The same with the file above the first PATH, for commands with --config.
llvm::Error applyConfig();
/// "FILE:LINE:COL: error: " if a file has set \p Key to \p Text, else "".
std::string whereSet(llvm::StringRef Key, llvm::StringRef Text);
/// check --dump-config and what is like it
bool asksForConfig();
int runConfig();

/// The model that --model asks for.
llvm::Expected<Model> effectiveModel();

/// The database that -p names, or the one found from the first input.
llvm::Expected<Database> openDatabase();

/// What --roots, --root-group and --rules ask for; the names are checked.
llvm::Expected<CheckOptions> checkOptions(const Model &M);

/// Both of these; findings are told relative to the current directory.
struct Settings {
  Model M;
  CheckOptions Options;
};
llvm::Expected<Settings> readSettings();

/// Says that no function or section is called \p Root.
std::string noSuchRoot(llvm::StringRef Root);

unsigned numberOfJobs();
std::string cacheDirectory(const Database &Db); ///< "" for --no-cache
std::string currentDir();

/// The categories of our own options, in the order of --help.
llvm::ArrayRef<const llvm::cl::OptionCategory *> optionCategories();
/// Leaves LLVM's own options out of --help.
void hideForeignOptions();

/// The inputs as absolute paths.
std::vector<std::string> absoluteInputs();

/// Links \p Units. The program is never freed: the process ends soon, and to
/// free millions of small objects takes as long as a search.
const Program &link(std::vector<Unit> Units, const Model &M, unsigned Jobs);

/// The units that the inputs and options choose, linked.
struct LinkedDatabase {
  const Program *P;
  CheckOptions Options;
  unsigned Units, Analysed;
  std::vector<FailedUnit> Failed;
};
llvm::Expected<LinkedDatabase> linkDatabase();

/// What linkDatabase() reads before it looks at sources.
struct Request {
  const Model *M; ///< as long as the program
  CheckOptions Options;
  RunOptions Run;
  Database Db;
};
llvm::Expected<Request> readRequest();
/// The units of its database that the inputs and --scope choose.
llvm::Expected<Scope> chosenUnits(const Request &R);
/// Summarises and links the units of \p Db, which may be fewer than those of
/// \p R.
llvm::Expected<LinkedDatabase> linkUnits(const Request &R, const Database &Db,
                                         const Scope &Chosen,
                                         const RunOptions &Run);
/// suggest --fix
int runFixes(const Request &R, const Scope &Chosen);
Report checkLinked(const LinkedDatabase &Linked);
/// Names the units that failed on stderr; ExitIncomplete if there are any.
int reportFailures(llvm::ArrayRef<FailedUnit> Failed);

/// Prints \p R as --format, --coverage and so on ask, to -o or stdout, and
/// returns the exit status. Its positions are relative to \p BaseDir.
int emit(const Report &R, llvm::StringRef BaseDir);

/// The page of \p R, or its one sentence where it has none.
std::string rulePage(const Rule &R);

/// Prints the findings of \p R, and nothing else, on stderr.
void warn(const Report &R);

/// Writes \p R to -o as one page or, unless that ends in .html, as a folder.
llvm::Error emitHtml(const Report &R, const RunInfo &Run);
/// Whether -o names the folder of an HTML report.
bool isHtmlFolder();

/// Whether \p R has findings of --min-confidence.
bool hasFindings(const Report &R);

/// Has \p Write print to -o or stdout.
llvm::Error writeOutput(llvm::function_ref<void(llvm::raw_ostream &)> Write);

/// Fails if -o names a place that cannot be written: better now than after the
/// analysis.
llvm::Error checkOutput();
/// The same of \p Path, which an option names.
llvm::Error checkWritable(llvm::StringRef Path);

} // namespace fencedep

#endif // FENCEDEP_TOOLS_OPTIONS_H

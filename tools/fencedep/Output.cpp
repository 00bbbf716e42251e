//===- Output.cpp - where things are printed -----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "fencedep/Driver/Files.h"
#include "fencedep/Report/Formats.h"
#include "fencedep/Report/Source.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace fencedep;

/// NO_COLOR beats CLICOLOR_FORCE beats FORCE_COLOR beats what is known about
/// the stream.
static bool wantColors(bool IsTerminal) {
  auto IsSet = [](const char *Name) {
    const char *Value = getenv(Name);
    return Value && *Value;
  };
  if (Color != ColorChoice::Auto)
    return Color == ColorChoice::Always;
  if (IsSet("NO_COLOR"))
    return false;
  for (const char *Name : {"CLICOLOR_FORCE", "FORCE_COLOR"})
    if (IsSet(Name))
      return StringRef(getenv(Name)) != "0";
  const char *Terminal = getenv("TERM");
  return IsTerminal && Terminal && StringRef(Terminal) != "dumb";
}

int fencedep::fail(const Twine &Message) {
  WithColor::setAutoDetectFunction(
      [](const raw_ostream &OS) { return wantColors(OS.is_displayed()); });
  std::string Text = Message.str();
  // What is located in a file says "error" itself.
  if (StringRef(Text).contains(": error: "))
    errs() << Text << '\n';
  else
    WithColor::error(errs(), "fencedep") << Text << '\n';
  return ExitError;
}

int fencedep::fail(Error E) { return fail(toString(std::move(E))); }

Error fencedep::checkWritable(StringRef Path) {
  bool Exists = sys::fs::exists(Path);
  StringRef Dir = sys::path::parent_path(Path);
  StringRef Place = Exists ? Path : Dir.empty() ? "." : Dir;
  if (sys::fs::is_directory(Path))
    return createStringError("cannot write '" + Path + "': it is a directory");
  if (std::error_code EC = sys::fs::access(Place, sys::fs::AccessMode::Write))
    return createStringError(EC,
                             "cannot write '" + Path + "': " + EC.message());
  return Error::success();
}

Error fencedep::checkOutput() {
  if (!SourceRoot.empty() && !sys::fs::is_directory(SourceRoot))
    return createStringError("--source-root: '" + SourceRoot +
                             "' is no directory");
  if (isHtmlFolder() && sys::fs::exists(Output)) {
    if (!sys::fs::is_directory(Output))
      return createStringError("cannot write '" + Output +
                               "': it is no directory (a report in one file "
                               "ends in .html)");
    SmallString<256> Index(Output);
    sys::path::append(Index, "index.html");
    return checkWritable(Index);
  }
  return Output.empty() || Output == "-" ? Error::success()
                                         : checkWritable(Output);
}

Error fencedep::writeOutput(function_ref<void(raw_ostream &)> Write) {
  bool ToStdout = Output.empty() || Output == "-";
  bool Regular = !sys::fs::exists(Output) || sys::fs::is_regular_file(Output);
  if (!ToStdout && Regular) {
    std::string Text;
    raw_string_ostream OS(Text);
    Write(OS);
    return writeFile(Output, StringRef(Text));
  }
  std::error_code EC;
  raw_fd_ostream OS(ToStdout ? "-" : StringRef(Output), EC);
  if (!EC) {
    Write(OS);
    OS.flush();
    EC = OS.error();
    OS.clear_error();
  }
  if (EC)
    return createStringError(
        EC, "cannot write " + (ToStdout ? "to stdout" : "'" + Output + "'") +
                ": " + EC.message());
  return Error::success();
}

static TextOptions textOptions(const raw_ostream &OS) {
  TextOptions Options;
  Options.Colors = wantColors(OS.is_displayed());
  Options.Snippets = Snippets;
  Options.FullPaths = FullPaths;
  Options.GroupBy = GroupBy;
  Options.FullCoverage = FullCoverage;
  Options.Quiet = Quiet;
  Options.EachRoot = EachRoot;
  Options.ShowAccepted = ShowSuppressed;
  Options.MinConfidence = MinConfidence;
  return Options;
}

bool fencedep::hasFindings(const Report &R) {
  return any_of(R.Findings,
                [](const Finding &F) { return F.Conf >= MinConfidence; });
}

void fencedep::warn(const Report &R) {
  TextOptions Options = textOptions(errs());
  Options.Quiet = true;
  // At once: under `make -j`, others write to the same place.
  std::string Text;
  raw_string_ostream OS(Text);
  printText(R, Options, OS);
  errs() << Text;
}

static int exitStatus(const Report &R) {
  if (!R.Cov.Failed.empty())
    return ExitIncomplete;
  return hasFindings(R) ? ExitFindings : ExitClean;
}

/// The work tree around \p Dir, or "".
static std::string workTree(StringRef Dir) {
  for (; !Dir.empty(); Dir = sys::path::parent_path(Dir)) {
    SmallString<256> Git(Dir);
    sys::path::append(Git, ".git"); // a file in further work trees
    if (sys::fs::exists(Git))
      return Dir.str();
  }
  return "";
}

/// What those who read the formats of others know as the top.
static std::string sourceRoot(StringRef BaseDir) {
  if (!SourceRoot.empty())
    return makeAbsolute(SourceRoot, currentDir());
  std::string Top = workTree(BaseDir);
  return Top.empty() ? BaseDir.str() : Top;
}

int fencedep::emit(const Report &R, StringRef BaseDir) {
  RunInfo Run;
  Run.BaseDir = BaseDir.str();
  Run.SourceRoot = sourceRoot(BaseDir);
  Run.ShowAccepted = ShowSuppressed;
  Run.MinConfidence = MinConfidence;
  Run.ExitStatus = exitStatus(R);
  for (const Rule &X : allRules())
    Run.Rules.push_back({X.Id, X.Summary, rulePage(X), X.Default});
  if (Format == OutputFormat::HTML) {
    if (Error E = emitHtml(R, Run))
      return fail(std::move(E));
    return Run.ExitStatus;
  }
  SourceFiles Sources(Run.BaseDir);
  Error E = writeOutput([&](raw_ostream &OS) {
    TextOptions Text = textOptions(OS);
    Text.Sources = &Sources;
    switch (Format.getValue()) {
    case OutputFormat::Text:
      return printText(R, Text, OS);
    case OutputFormat::JSON:
      return printJSON(R, OS);
    case OutputFormat::SARIF:
      return printSARIF(R, Run, OS);
    case OutputFormat::CodeClimate:
      return printCodeClimate(R, Run, OS);
    case OutputFormat::GitHub:
      return printGitHub(R, Run, Text, OS);
    case OutputFormat::Lockdep:
      return printLockdep(R, Run, EachRoot, OS);
    case OutputFormat::HTML:
      break; // it may be more than one file
    }
  });
  return E ? fail(std::move(E)) : Run.ExitStatus;
}

//===- Help.cpp - what the program says of itself -------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's own --help puts all descriptions into one column to the right of the
// longest option, which leaves them no room on a terminal of 80 columns.
//
//===----------------------------------------------------------------------===//

#include "Help.h"
#include "Options.h"
#include "Words.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"

using namespace llvm;
using namespace fencedep;

namespace {

/// Exit statuses, each line of a text without its number.
struct StatusText {
  StringLiteral Clean, Findings, Incomplete; ///< "": never
};

struct CommandText {
  StringLiteral Name, Operands, Text;
  const StatusText *Status;
};

} // namespace

static constexpr StatusText Checks = {
    "no findings of --min-confidence",
    "findings",
    "some unit could not be analysed, so the result is incomplete (findings "
    "are printed all the same)",
};
static constexpr StatusText Asked = {
    "the answer is as expected",
    "it is not: there is no way (why), or there is one (why-not)",
    "some unit could not be analysed, so the answer may be wrong",
};
static constexpr StatusText Splats = {
    "a finding confirms each report that is about fences",
    "no finding confirms one of them",
    "some unit could not be analysed, so findings may be missing",
};
static constexpr StatusText Suggests = {
    "nothing to suggest",
    "there are suggestions",
    "some unit could not be analysed, so the result is incomplete",
};
static constexpr StatusText Reads = {
    "success",
    "",
    "some unit could not be analysed, so the result is incomplete",
};
static constexpr StatusText Builds = {
    "unless --fail-on-findings is given, whatever was found",
    "findings, with --fail-on-findings",
    "the unit could not be analysed, with --fail-on-findings",
};
static constexpr StatusText Simple = {"success", "", ""};

static constexpr CommandText Texts[] = {
    {"cc", "[--OPTION...] COMPILER-OPTION... FILE",
     "Stands where a build expects a checker: what is not an option below is "
     "the compiler's command. Findings in that one file are printed as the "
     "compiler would, and a summary is left beside the object, so that "
     "'fencedep link' can look at all files together afterwards. Options have "
     "two dashes, and '=' before a value.",
     &Builds},
    {"check", "[OPTION...] [PATH...]",
     "Checks the sources below the PATHs, or all of the database, and prints "
     "findings on stdout. Summaries of units are kept, so that a second run "
     "only reads what has changed.",
     &Checks},
    {"dump", "FILE", "Prints a summary that extract, cc or the plugin wrote.",
     &Simple},
    {"explain", "[RULE...]",
     "Prints the pages of the RULEs; without any, a list of the rules.",
     &Simple},
    {"extract", "FILE -o X [-p DIR | -- COMMAND...]",
     "Writes the summary of FILE to X, for link. How FILE is compiled is in "
     "the "
     "database, or is the COMMAND.",
     &Reads},
    {"graph", "[OPTION...] ROOT [PATH...] | --lock=CLASS [PATH...]",
     "Draws what the section or function ROOT calls, with what the calls do in "
     "colours; or what is acquired around the locks of a class.",
     &Reads},
    {"link", "[OPTION...] FILE-OR-DIR...",
     "Checks summaries together: files that extract wrote, objects and "
     "archives that the plugin has put summaries into, or everything that cc "
     "or the plugin left below a directory.",
     &Checks},
    {"locks", "[OPTION...] [PATH...]",
     "Shows the graph of the lock classes: which is acquired while which is "
     "held, and where.",
     &Reads},
    {"model", "--dump [--model FILE]... | --learn [OPTION...] [PATH...]",
     "Prints the model of the API that is in use, or writes one: what the "
     "exported functions of the database's units do, for checking code whose "
     "callees are not at hand.",
     &Reads},
    {"roots", "[OPTION...] [PATH...]",
     "Lists where check starts: sections between annotations, and functions "
     "that are critical because an API says so.",
     &Reads},
    {"splat", "[OPTION...] FILE [PATH...]",
     "Reads the lockdep reports in a kernel's log, FILE, and says of each "
     "which "
     "finding it confirms, or what fencedep lacks to find it.",
     &Splats},
    {"suggest", "[OPTION...] [PATH...]",
     "Lists code that completes fences with no section open, what gains most "
     "first, or writes the sections, or what findings offer, as a patch.",
     &Suggests},
    {"why", "[OPTION...] ROOT SINK [PATH...]",
     "Shows how the function or section ROOT reaches the function SINK, call "
     "by call; or where the way was cut, and why.",
     &Asked},
    {"why-not", "[OPTION...] ROOT SINK [PATH...]",
     "The same as why, for scripts that want no way to be there.", &Asked},
};

static CommandText textFor(StringRef Name) {
  const CommandText *Found =
      find_if(Texts, [&](const CommandText &T) { return T.Name == Name; });
  return Found != std::end(Texts)
             ? *Found
             : CommandText{"", "[OPTION...] [PATH...]", "", &Checks};
}

std::vector<const cl::SubCommand *> fencedep::allCommands() {
  std::vector<const cl::SubCommand *> Commands;
  for (const cl::SubCommand *Sub : cl::getRegisteredSubcommands())
    if (!Sub->getName().empty())
      Commands.push_back(Sub);
  llvm::sort(Commands, [](const auto *L, const auto *R) {
    return L->getName() < R->getName();
  });
  return Commands;
}

const cl::SubCommand *fencedep::commandNamed(StringRef Name) {
  for (const cl::SubCommand *Sub : allCommands())
    if (Sub->getName() == Name)
      return Sub;
  return nullptr;
}

static OptionText describe(StringRef Name, const cl::Option &O) {
  OptionText T;
  T.Name = ((Name.size() == 1 ? "-" : "--") + Name).str();
  if (O.getValueExpectedFlag() == cl::ValueRequired)
    T.Value = O.ValueStr.empty() ? "value" : O.ValueStr.str();
  T.Help = O.HelpStr;
  if (auto It = wordOptions().find(&O); It != wordOptions().end())
    for (unsigned I = 0; I != It->second.Words->getNumOptions(); ++I)
      T.Words.emplace_back(It->second.Words->getOption(I),
                           It->second.Words->getDescription(I));
  return T;
}

std::vector<OptionText> fencedep::optionsOf(const cl::SubCommand &Command) {
  std::vector<OptionText> All;
  for (const cl::OptionCategory *Category : optionCategories()) {
    size_t First = All.size();
    for (const auto &[Name, O] : Command.OptionsMap)
      if (is_contained(O->Categories, Category) &&
          O->getOptionHiddenFlag() == cl::NotHidden) {
        All.push_back(describe(Name, *O));
        All.back().Category = Category->getName();
      }
    std::sort(All.begin() + First, All.end(), [](const auto &L, const auto &R) {
      return StringRef(L.Name).ltrim('-') < StringRef(R.Name).ltrim('-');
    });
  }
  return All;
}

/// Prints \p Text in 80 columns; the cursor is in \p Column, and further lines
/// begin at \p Indent.
static void wrap(StringRef Text, unsigned Column, unsigned Indent,
                 raw_ostream &OS) {
  SmallVector<StringRef, 32> Words;
  Text.split(Words, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  bool First = true;
  for (StringRef Word : Words) {
    bool Fits = Column + 1 + Word.size() <= 80;
    if (!First && Fits)
      OS << ' ';
    if (!First && !Fits)
      (OS << '\n').indent(Indent);
    Column = First  ? Column + Word.size()
             : Fits ? Column + 1 + Word.size()
                    : Indent + Word.size();
    OS << Word;
    First = false;
  }
  OS << '\n';
}

static void paragraph(StringRef Text, unsigned Indent, raw_ostream &OS) {
  wrap(Text, Indent, Indent, OS.indent(Indent));
}

static void printOption(const OptionText &T, raw_ostream &OS) {
  OS << "  " << T.Name;
  if (T.takesValue())
    OS << (T.isLong() ? "=" : " ") << '<' << T.Value << '>';
  OS << '\n';
  paragraph(T.Help, 8, OS);
  size_t Width = 0;
  for (const auto &[Word, Help] : T.Words)
    Width = std::max(Width, Word.size());
  for (const auto &[Word, Help] : T.Words) {
    OS << "          =";
    if (Help.empty())
      OS << Word << '\n';
    else
      wrap(Help, Width + 13, Width + 13, OS << left_justify(Word, Width + 2));
  }
}

static void printStatus(const StatusText &S, raw_ostream &OS) {
  OS << "\nExit status:\n";
  wrap(S.Clean, 5, 5, OS << "  0  ");
  wrap("usage or internal error; nothing was checked", 5, 5, OS << "  1  ");
  if (!S.Findings.empty())
    wrap(S.Findings, 5, 5, OS << "  2  ");
  if (!S.Incomplete.empty())
    wrap(S.Incomplete, 5, 5, OS << "  3  ");
}

static void printProgram(raw_ostream &OS) {
  OS << "fencedep finds deadlocks around dma-fences at compile time.\n\n"
        "Usage: fencedep COMMAND [OPTION...] [ARGUMENT...]\n\n"
        "  fencedep check -p BUILDDIR drivers/gpu/drm/foo\n\nCommands:\n";
  size_t Width = 0;
  for (const cl::SubCommand *Sub : allCommands())
    Width = std::max(Width, Sub->getName().size());
  for (const cl::SubCommand *Sub : allCommands())
    wrap(Sub->getDescription(), Width + 4, Width + 4,
         OS << "  " << left_justify(Sub->getName(), Width + 2));
  OS << "\nOptions:\n  --help     this text, or with a command, that of the "
        "command\n  --version  the versions of fencedep and of LLVM\n\n"
        "The manual, 'man fencedep', has all commands in one place.\n";
  printStatus(Checks, OS);
}

void fencedep::printHelp(const cl::SubCommand *Command, raw_ostream &OS) {
  if (!Command)
    return printProgram(OS);
  CommandText T = textFor(Command->getName());
  std::string Title =
      ("fencedep " + Command->getName() + ": " + Command->getDescription())
          .str();
  paragraph(Title, 0, OS);
  OS << "\nUsage: fencedep " << Command->getName() << ' ' << T.Operands
     << "\n\n";
  if (!T.Text.empty())
    paragraph(T.Text, 0, OS);
  StringRef Category;
  for (const OptionText &O : optionsOf(*Command)) {
    if (O.Category != Category)
      OS << '\n' << O.Category << ":\n";
    Category = O.Category;
    printOption(O, OS);
  }
  printStatus(*T.Status, OS);
}

static json::Array optionsJSON(const cl::SubCommand &Command) {
  json::Array Options;
  for (const OptionText &O : optionsOf(Command)) {
    json::Array Words;
    for (const auto &[Word, Help] : O.Words)
      Words.push_back(json::Array{Word, Help});
    Options.push_back(json::Object{{"name", O.Name},
                                   {"value", O.Value},
                                   {"help", O.Help},
                                   {"words", std::move(Words)},
                                   {"category", O.Category}});
  }
  return Options;
}

void fencedep::printCommands(raw_ostream &OS) {
  json::Array All;
  for (const cl::SubCommand *Sub : allCommands()) {
    CommandText T = textFor(Sub->getName());
    const StatusText &S = *T.Status;
    All.push_back(
        json::Object{{"name", Sub->getName()},
                     {"summary", Sub->getDescription()},
                     {"operands", T.Operands},
                     {"text", T.Text},
                     {"status", json::Array{S.Clean, S.Findings, S.Incomplete}},
                     {"options", optionsJSON(*Sub)}});
  }
  OS << formatv("{0:2}\n", json::Value(std::move(All)));
}

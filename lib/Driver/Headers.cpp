//===- Headers.cpp - names behind the names in headers --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Breadth first over the include graph, each header once however many units
// have it. Search paths of all commands are put together, and conditionals
// ignored: a name may stand for more than it does in some unit, never for less,
// unless a header's name is computed by a macro.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Headers.h"
#include "fencedep/Driver/Scope.h"
#include "fencedep/Support/Parallel.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace fencedep;

namespace {

/// A header to be read, as an include spells it.
struct Include {
  std::string Spelling; ///< with its quote or bracket
  std::string Dir;      ///< of the file that includes it
};

/// The places where headers are looked for, each once.
struct SearchPath {
  std::vector<std::string> Dirs;
  StringSet<> Seen;

  void insert(std::string Dir) {
    if (Seen.insert(Dir).second)
      Dirs.push_back(std::move(Dir));
  }
};

} // namespace

static std::vector<StringRef> identifiers(StringRef Text) {
  std::vector<StringRef> Result;
  scanIdentifiers(Text, [&](StringRef Name) { Result.push_back(Name); });
  llvm::sort(Result);
  Result.erase(std::unique(Result.begin(), Result.end()), Result.end());
  return Result;
}

/// The directive that \p Text starts with, without its '#', continued lines
/// included.
static StringRef directive(StringRef Text) {
  size_t End = Text.find('\n');
  while (End != StringRef::npos && End && Text[End - 1] == '\\')
    End = Text.find('\n', End + 1);
  return Text.take_front(End).ltrim(" \t");
}

HeaderNames::Header HeaderNames::scan(StringRef File) const {
  Header Result;
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = FS.getBufferForFile(
      File, /*FileSize=*/-1, /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return Result;
  Result.Text = std::move(*Buffer);
  StringRef Text = Result.Text->getBuffer();
  for (size_t At = Text.find('#'); At != StringRef::npos;
       At = Text.find('#', At + 1)) {
    if (!Text.take_front(At).rtrim(" \t").ends_with("\n") && At)
      continue;
    StringRef Line = directive(Text.drop_front(At + 1));
    if (Line.consume_front("include")) {
      Line = Line.ltrim(" \t");
      char Close = Line.starts_with("<") ? '>' : '"';
      if (Line.starts_with("<") || Line.starts_with("\""))
        Result.Includes.push_back(Line.take_front(Line.find(Close, 1)).str());
    } else if (Line.consume_front("define")) {
      Line = Line.ltrim(" \t");
      StringRef Name =
          Line.take_while([](char C) { return isAlnum(C) || C == '_'; });
      // A number, as in the many thousands of registers, needs no further look.
      StringRef Body = Line.drop_front(Name.size());
      if (Body.empty() ||
          isDigit(Body.ltrim(" \t").empty() ? '0' : Body.ltrim(" \t")[0]))
        continue;
      if (auto Behind = identifiers(Body); !Behind.empty())
        Result.Names.emplace_back(Name, std::move(Behind));
    }
  }
  scanFunctions(Text, [&](StringRef Name, bool, StringRef Body) {
    Result.Names.emplace_back(Name, identifiers(Body));
  });
  return Result;
}

const std::string &HeaderNames::resolve(StringRef Spelling, StringRef Dir,
                                        ArrayRef<std::string> Search) {
  bool Quoted = Spelling.starts_with("\"");
  StringRef Name = Spelling.drop_front();
  auto [It, New] = Resolved.try_emplace(
      Quoted ? (Spelling + Twine('\0') + Dir).str() : Spelling.str());
  // An entry stays where it is when the map grows, as it does below; an
  // iterator does not.
  std::string &Result = It->second;
  if (!New)
    return Result;
  if (Quoted) {
    std::string Path = makeAbsolute(Name, Dir);
    Result = FS.exists(Path)
                 ? Path
                 : std::string(resolve(("<" + Name).str(), Dir, Search));
    return Result;
  }
  for (StringRef Place : Search)
    if (std::string Path = makeAbsolute(Name, Place); FS.exists(Path)) {
      Result = Path;
      break;
    }
  return Result;
}

/// Adds what \p Command says about includes to \p Search and \p Work.
static void readCommand(const BuildCommand &Command, SearchPath &Search,
                        std::vector<Include> &Work) {
  std::vector<std::string> Args = Command.arguments();
  for (size_t I = 0; I != Args.size(); ++I) {
    StringRef Arg = Args[I];
    for (StringRef Flag : {"-include", "-isystem", "-iquote", "-I"}) {
      if (!Arg.consume_front(Flag))
        continue;
      if (Arg.empty() && I + 1 != Args.size())
        Arg = Args[++I];
      if (Flag == "-include")
        Work.push_back({("\"" + Arg).str(), Command.Directory});
      else
        Search.insert(makeAbsolute(Arg, Command.Directory));
      break;
    }
  }
}

ArrayRef<StringRef> HeaderNames::behind(StringRef Name) const {
  auto It = Names.find(Name);
  return It == Names.end() ? ArrayRef<StringRef>() : ArrayRef(It->second);
}

void HeaderNames::add(ArrayRef<const BuildCommand *> Commands, unsigned Jobs) {
  SearchPath Search;
  std::vector<Include> Work;
  std::vector<std::string> Files;
  for (const BuildCommand *Command : Commands) {
    readCommand(*Command, Search, Work);
    Files.push_back(Command->File);
  }
  bool Sources = true; // a source's own functions are not a header's
  while (!Files.empty()) {
    std::vector<Header> Headers(Files.size());
    parallelFor(Jobs, Files.size(),
                [&](size_t I) { Headers[I] = scan(Files[I]); });
    for (size_t I = 0; I != Files.size(); ++I) {
      for (std::string &Spelling : Headers[I].Includes)
        Work.push_back(
            {std::move(Spelling), sys::path::parent_path(Files[I]).str()});
      if (Sources || !Headers[I].Text)
        continue;
      for (auto &[Name, Behind] : Headers[I].Names)
        append_range(Names[Name], Behind);
      Texts.push_back(std::move(Headers[I].Text));
    }
    Sources = false;
    Files.clear();
    for (const Include &I : Work)
      if (const std::string &File = resolve(I.Spelling, I.Dir, Search.Dirs);
          !File.empty() && Seen.insert(File).second)
        Files.push_back(File);
    Work.clear();
  }
}

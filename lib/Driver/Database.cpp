//===- Database.cpp - read compile_commands.json --------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's JSON parser is fast (16 MB in a tenth of a second) and says where a
// syntax error is, but its values have no positions. They are only needed once
// something is wrong with an entry, so only then the text is scanned again for
// the place where that entry starts. (Clang's JSONCompilationDatabase has
// neither the speed nor the positions.)
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Database.h"
#include "clang/Driver/Types.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"

using namespace llvm;
using namespace fencedep;

static std::vector<std::string> split(StringRef Line) {
  BumpPtrAllocator Alloc;
  StringSaver Saver(Alloc);
  SmallVector<const char *, 256> Argv;
  cl::TokenizeGNUCommandLine(Line, Saver, Argv);
  return {Argv.begin(), Argv.end()};
}

std::vector<std::string> BuildCommand::arguments() const {
  return Line.empty() ? Arguments : split(Line);
}

std::optional<std::string> BuildCommand::define(StringRef Name) const {
  std::string Flag = ("-D" + Name).str();
  auto Value = [&](StringRef Arg) -> std::optional<std::string> {
    if (!Arg.consume_front(Flag))
      return std::nullopt;
    if (Arg.empty())
      return "1";
    if (!Arg.consume_front("="))
      return std::nullopt;
    return Arg.str();
  };
  for (const std::string &Arg : Arguments)
    if (std::optional<std::string> Found = Value(Arg))
      return Found;
  // A whole line is never split for this: only the word that starts at Flag is.
  for (size_t At = Line.find(Flag); At != std::string::npos;
       At = Line.find(Flag, At + 1)) {
    if (At && !isSpace(Line[At - 1]))
      continue;
    size_t End = At;
    char Quote = 0;
    for (; End != Line.size() && (Quote || !isSpace(Line[End])); ++End) {
      if (Line[End] == '\\' && Quote != '\'')
        ++End;
      else if (Quote ? Line[End] == Quote
                     : Line[End] == '"' || Line[End] == '\'')
        Quote = Quote ? 0 : Line[End];
    }
    std::vector<std::string> Words = split(StringRef(Line).slice(At, End));
    if (std::optional<std::string> Found =
            Words.empty() ? std::nullopt : Value(Words[0]))
      return Found;
  }
  return std::nullopt;
}

std::string fencedep::makeAbsolute(StringRef Path, StringRef Dir) {
  SmallString<256> Result(Path);
  sys::fs::make_absolute(Dir, Result);
  sys::path::remove_dots(Result, /*remove_dot_dot=*/true);
  return std::string(Result);
}

bool fencedep::isSource(StringRef File) {
  namespace types = clang::driver::types;
  StringRef Extension = sys::path::extension(File);
  if (Extension.empty())
    return false;
  switch (types::lookupTypeForExtension(Extension.drop_front())) {
  case types::TY_C:
  case types::TY_PP_C:
  case types::TY_CXX:
  case types::TY_PP_CXX:
    return true;
  default:
    return false;
  }
}

namespace {

/// Reads one file's entries; errors are located in it.
class Reader {
public:
  Reader(Database &Db, StringRef Text) : Db(Db), Text(Text) {}

  Error read() {
    Expected<json::Value> Root = json::parse(Text);
    if (!Root)
      return syntaxError(Root.takeError());
    const json::Array *Entries = Root->getAsArray();
    if (!Entries)
      return error(0, "expected an array of compile commands");
    if (Entries->empty())
      return error(0, "there are no compile commands in it");
    Db.Commands.reserve(Entries->size());
    for (const json::Value &Entry : *Entries)
      if (Error E = readEntry(Entry, &Entry - &Entries->front()))
        return E;
    llvm::sort(Db.Commands, [](const BuildCommand &L, const BuildCommand &R) {
      return L.File < R.File;
    });
    llvm::sort(Db.OtherFiles);
    return Error::success();
  }

private:
  Error readEntry(const json::Value &Entry, size_t Index) {
    const json::Object *Object = Entry.getAsObject();
    if (!Object)
      return error(entryOffset(Index), "expected an object with 'directory', "
                                       "'file' and 'command' or 'arguments'");
    for (const char *Key : {"directory", "file"})
      if (!Object->getString(Key))
        return error(entryOffset(Index), Twine("expected the string '") + Key +
                                             "' in this compile command");
    std::string Dir = makeAbsolute(*Object->getString("directory"), Db.Dir);
    std::string File = makeAbsolute(*Object->getString("file"), Dir);
    BuildCommand Command;
    if (const json::Array *Arguments = Object->getArray("arguments")) {
      for (const json::Value &Argument : *Arguments) {
        if (!Argument.getAsString())
          return error(entryOffset(Index),
                       "'arguments' must be an array of strings");
        Command.Arguments.push_back(Argument.getAsString()->str());
      }
    } else if (std::optional<StringRef> Line = Object->getString("command")) {
      Command.Line = Line->str();
    }
    if (StringRef(Command.Line).trim().empty() && Command.Arguments.empty())
      return error(entryOffset(Index),
                   "expected a 'command' string or an 'arguments' array in "
                   "this compile command");
    if (!Seen.insert(File).second) {
      ++Db.Duplicates;
      return Error::success();
    }
    if (!isSource(File)) {
      Db.OtherFiles.push_back(std::move(File));
      return Error::success();
    }
    Command.Directory = std::move(Dir);
    Command.File = std::move(File);
    Db.Commands.push_back(std::move(Command));
    return Error::success();
  }

  /// Where the array's element \p Index starts in a text that did parse.
  size_t entryOffset(size_t Index) const {
    unsigned Depth = 0;
    bool Start = false; // the next character that is no space starts an element
    for (size_t At = 0; At != Text.size(); ++At) {
      char C = Text[At];
      if (isSpace(C))
        continue;
      if (Start && Index-- == 0)
        return At;
      Start = false;
      if (C == '"') {
        for (++At; Text[At] != '"'; ++At)
          At += Text[At] == '\\';
      } else if (C == '[' || C == '{') {
        Start = Depth++ == 0;
      } else if (C == ']' || C == '}') {
        --Depth;
      } else if (C == ',') {
        Start = Depth == 1;
      }
    }
    return Text.size();
  }

  Error error(size_t Offset, const Twine &Cause) const {
    StringRef Before = Text.take_front(Offset);
    return located(Before.count('\n') + 1,
                   Offset - (Before.rfind('\n') + 1) + 1, Cause);
  }

  Error located(unsigned Line, unsigned Column, const Twine &Cause) const {
    return createStringError(Twine(Db.Path) + ":" + Twine(Line) + ":" +
                             Twine(Column) + ": error: " + Cause);
  }

  /// LLVM says "[LINE:COL, byte=N]: Cause".
  Error syntaxError(Error E) const {
    std::string Message = toString(std::move(E));
    StringRef Rest = Message;
    unsigned Line = 1, Column = 0; // the column from 0 on
    if (Rest.consume_front("[") && !Rest.consumeInteger(10, Line) &&
        Rest.consume_front(":"))
      Rest.consumeInteger(10, Column);
    StringRef Cause =
        Rest.contains("]: ") ? Rest.split("]: ").second : StringRef(Message);
    return located(Line, Column + 1, "not valid JSON: " + Cause);
  }

  Database &Db;
  StringRef Text;
  StringSet<> Seen;
};

} // namespace

Expected<std::string> fencedep::findDatabase(StringRef From) {
  for (StringRef Dir = From; !Dir.empty(); Dir = sys::path::parent_path(Dir)) {
    SmallString<256> Path(Dir);
    sys::path::append(Path, "compile_commands.json");
    if (sys::fs::exists(Path))
      return std::string(Path);
  }
  return createStringError("no compile_commands.json in '" + From +
                           "' or above it; name its directory with -p");
}

Expected<Database> fencedep::loadDatabase(StringRef Path) {
  Database Db;
  Db.Path = Path.str();
  Db.Dir = sys::path::parent_path(Path).str();
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(Path);
  if (!Buffer)
    return createStringError(
        Buffer.getError(),
        Path + ": error: cannot read it: " + Buffer.getError().message());
  if (Error E = Reader(Db, (*Buffer)->getBuffer()).read())
    return std::move(E);
  return Db;
}

//===- Git.cpp - ask git --------------------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Git.h"
#include "fencedep/Driver/Files.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include <unistd.h>

using namespace llvm;
using namespace fencedep;

static Error failure(const Twine &Message) {
  return createStringError(inconvertibleErrorCode(), Message);
}

Git::~Git() {
  if (!Temp.empty())
    (void)sys::fs::remove_directories(Temp, /*IgnoreErrors=*/true);
}

Error Git::open() {
  ErrorOr<std::string> Found = sys::findProgramByName("git");
  if (!Found)
    return failure("--diff needs git, which is not in PATH");
  Program = *Found;
  SmallString<128> Dir;
  if (std::error_code EC = sys::fs::createUniqueDirectory("fencedep", Dir))
    return failure("cannot create a temporary directory: " + EC.message());
  if (sys::fs::real_path(Dir, Temp))
    Temp = Dir;
  // A hook is told about its repository in variables, some of them relative to
  // its directory; the one that is wanted here is found from the sources. The
  // rest of these is set below.
  static constexpr StringRef Dropped[] = {
      "GIT_DIR=",        "GIT_WORK_TREE=",          "GIT_INDEX_FILE=",
      "GIT_COMMON_DIR=", "GIT_IMPLICIT_WORK_TREE=", "GIT_PREFIX=",
      "LC_ALL=",         "GIT_OPTIONAL_LOCKS=",     "GIT_TERMINAL_PROMPT="};
  for (char **Entry = environ; *Entry; ++Entry)
    if (none_of(Dropped, [&](StringRef Name) {
          return StringRef(*Entry).starts_with(Name);
        }))
      Environment.push_back(*Entry);
  Environment.push_back("LC_ALL=C");
  // Do not write to the index, nor ask for passwords.
  Environment.push_back("GIT_OPTIONAL_LOCKS=0");
  Environment.push_back("GIT_TERMINAL_PROMPT=0");
  return Error::success();
}

Expected<std::string> Git::run(StringRef Dir, ArrayRef<StringRef> Args,
                               StringRef Input, int MaxStatus) {
  std::vector<StringRef> Command{Program, "-C", Dir};
  append_range(Command, Args);
  std::vector<StringRef> Env(Environment.begin(), Environment.end());
  // The temporary directory belongs to no repository, wherever it is.
  constexpr StringRef Ceiling = "GIT_CEILING_DIRECTORIES=";
  std::string Above = (Ceiling + sys::path::parent_path(Temp)).str();
  if (Dir.starts_with(Temp)) {
    erase_if(Env, [&](StringRef Entry) { return Entry.starts_with(Ceiling); });
    Env.push_back(Above);
  }
  std::string Out = temp("out"), Err = temp("err"), Message;
  // Files are opened, but not made empty.
  (void)sys::fs::remove(Out);
  (void)sys::fs::remove(Err);
  int Status = sys::ExecuteAndWait(
      Program, Command, ArrayRef(Env), {Input, StringRef(Out), StringRef(Err)},
      /*SecondsToWait=*/0, /*MemoryLimit=*/0, &Message);
  if (Status < 0)
    return failure("cannot run git: " + Message);
  if (Status > MaxStatus) {
    Expected<std::string> Said = readWhole(Err);
    if (!Said)
      return Said.takeError();
    std::string Text;
    for (StringRef Line : split(StringRef(*Said).trim(), '\n')) {
      // "error:" stands in front of the whole message already.
      if (Line.starts_with("warning: "))
        continue;
      if (!Line.consume_front("error: "))
        Line.consume_front("fatal: ");
      Text += (Text.empty() ? "" : "; ") + Line.str();
    }
    if (Text.empty())
      Text = "status " + std::to_string(Status);
    return failure("git: " + Text);
  }
  return readWhole(Out);
}

Error fencedep::eachChange(StringRef Text,
                           function_ref<void(const RawChange &)> Found) {
  auto Next = [&] {
    auto [Item, Rest] = Text.split('\0');
    Text = Rest;
    return Item;
  };
  while (!Text.empty()) {
    RawChange C;
    SmallVector<StringRef, 5> Fields;
    StringRef Head = Next();
    bool Good = Head.consume_front(":");
    Head.split(Fields, ' ');
    if (!Good || Fields.size() != 5 || Fields[4].empty())
      return failure("cannot make sense of what git diff --raw said");
    C.OldMode = Fields[0];
    C.NewMode = Fields[1];
    C.OldHash = Fields[2];
    C.Status = Fields[4][0];
    C.OldPath = C.NewPath = Next();
    if (C.Status == 'R' || C.Status == 'C')
      C.NewPath = Next();
    if (C.OldPath.empty() || C.NewPath.empty())
      return failure("cannot make sense of what git diff --raw said");
    Found(C);
  }
  return Error::success();
}

void fencedep::eachName(StringRef Names, function_ref<void(StringRef)> Found) {
  while (!Names.empty()) {
    auto [Name, Rest] = Names.split('\0');
    Found(Name);
    Names = Rest;
  }
}

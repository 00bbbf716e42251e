//===- Checker.cpp - read the command that a checker was given ------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Checker.h"
#include "fencedep/Driver/Adjust.h"
#include "clang/Driver/Options.h"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace fencedep;
namespace options = clang::driver::options;

/// The object that kbuild's dependency file \p Deps, DIR/.NAME.o.d, is of; ""
/// if it is not named so.
static std::string objectOf(StringRef Deps) {
  StringRef Name = sys::path::filename(Deps);
  if (!Name.consume_front(".") || !Name.consume_back(".d") ||
      !Name.ends_with(".o"))
    return "";
  SmallString<256> Object(sys::path::parent_path(Deps));
  sys::path::append(Object, Name);
  return std::string(Object);
}

Expected<CheckedUnit> fencedep::checkedUnit(ArrayRef<std::string> Words,
                                            StringRef Directory,
                                            StringRef Compiler) {
  CheckedUnit Result;
  BuildCommand &Command = Result.Command;
  Command.Directory = Directory.str();
  SmallVector<StringRef, 4> Called;
  Compiler.split(Called, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  if (Called.empty())
    Called.push_back("cc");
  for (StringRef Word : Called)
    Command.Arguments.push_back(Word.str());
  Command.Arguments.insert(Command.Arguments.end(), Words.begin(), Words.end());

  Expected<std::vector<std::string>> Args = expandedArguments(Command);
  if (!Args)
    return Args.takeError();
  SmallVector<const char *, 256> Argv;
  for (const std::string &Arg : ArrayRef(*Args).drop_front(Called.size()))
    Argv.push_back(Arg.c_str());
  unsigned MissingIndex = 0, MissingCount = 0;
  opt::InputArgList Parsed = clang::driver::getDriverOptTable().ParseArgs(
      Argv, MissingIndex, MissingCount, opt::Visibility(options::ClangOption));
  std::string Object, FromDeps;
  std::vector<std::string> Files;
  for (const opt::Arg *A : Parsed) {
    const opt::Option &Option = A->getOption();
    if (Option.getKind() == opt::Option::InputClass &&
        isSource(A->getValue())) {
      Files.push_back(makeAbsolute(A->getValue(), Directory));
    } else if (Option.matches(options::OPT_o)) {
      Object = A->getValue();
    } else if (Option.matches(options::OPT_Wp_COMMA) && A->getNumValues() > 1 &&
               (StringRef(A->getValue(0)) == "-MMD" ||
                StringRef(A->getValue(0)) == "-MD")) {
      FromDeps = objectOf(A->getValue(1));
    }
  }
  if (Files.size() != 1)
    return createStringError(Files.empty()
                                 ? "the command names no C or C++ source"
                                 : "the command names several sources");
  Command.File = std::move(Files.front());
  if (!FromDeps.empty())
    Object = std::move(FromDeps);
  if (Object.empty()) {
    SmallString<256> Beside(Command.File);
    sys::path::replace_extension(Beside, "o");
    Object = std::string(Beside);
  }
  Result.Object = makeAbsolute(Object, Directory);
  return Result;
}

//===- Help.h - what the program says of itself ---------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// --help, completion in shells and the manual are made from the registry of
// options, so none of them can lack one. What the registry does not know, how
// a subcommand is called and what its exit status means, is a table in
// Help.cpp.
//
// To describe a new subcommand, you must:
//  - add a line to that table;
//  - run scripts/generate, which brings the manual up to date.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_TOOLS_HELP_H
#define FENCEDEP_TOOLS_HELP_H

#include "llvm/Support/CommandLine.h"
#include <string>
#include <vector>

namespace fencedep {

struct OptionText {
  std::string Name;  ///< "--scope", "-j"
  std::string Value; ///< "DIR"; "": takes none
  llvm::StringRef Help;
  std::vector<std::pair<llvm::StringRef, llvm::StringRef>> Words;
  llvm::StringRef Category;

  bool takesValue() const { return !Value.empty(); }
  bool isLong() const { return Name.size() > 2; }
};

/// The options of \p Command that --help shows, by category and name.
std::vector<OptionText> optionsOf(const llvm::cl::SubCommand &Command);

/// All subcommands, by name.
std::vector<const llvm::cl::SubCommand *> allCommands();
/// Null if there is none of that name.
const llvm::cl::SubCommand *commandNamed(llvm::StringRef Name);

/// --help of the program or of \p Command, in 80 columns.
void printHelp(const llvm::cl::SubCommand *Command, llvm::raw_ostream &OS);

/// The same as JSON, for scripts/generate.
void printCommands(llvm::raw_ostream &OS);

/// What the last of \p Words, those after the program's name, may become:
/// lines of a word, and if it is described, a tab and the description. Nothing:
/// a file.
void complete(llvm::ArrayRef<llvm::StringRef> Words, llvm::raw_ostream &OS);

} // namespace fencedep

#endif // FENCEDEP_TOOLS_HELP_H

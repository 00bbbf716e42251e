//===- Config.h - a project's settings ------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A `.fencedep` file above the sources says what a project always wants, so
// that everyone who checks it, by whatever door, gets the same findings. Its
// keys are those options of the command line that belong to a project and not
// to a person or a terminal.
//
// All keys stand in one table. The reader of files, --dump-config, the JSON
// Schema and the table in docs/config.md are made from it.
//
// To add a key, you must:
//  - add a line to the table in lib/Config/Keys.cpp; if the command line has
//    an option of that name (Flag), nothing else;
//  - run scripts/generate; add samples to test/config/Inputs.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_CONFIG_CONFIG_H
#define FENCEDEP_CONFIG_CONFIG_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace fencedep {

struct Model;

struct ConfigKey {
  enum Kind : uint8_t {
    Word,  ///< one of Legal
    File,  ///< a file or directory that is there
    Place, ///< a file or directory that may be made later
    Files, ///< like File; nearer ones are added to those further away
    Names, ///< texts that are added likewise
    Rules, ///< patterns, see Choose.h
  };
  llvm::StringLiteral Name; ///< "MinConfidence"
  Kind K;
  llvm::StringLiteral Flag;    ///< the option: "min-confidence"
  llvm::StringLiteral Legal;   ///< Word: the values, with spaces between
  llvm::StringLiteral Default; ///< in words, unless it is one of Legal
  llvm::StringLiteral Help;    ///< for docs and editors; a sentence or two

  bool isList() const { return K == Files || K == Names || K == Rules; }
  std::vector<llvm::StringRef> legal() const;
};

/// The table, in the order of the documentation.
llvm::ArrayRef<ConfigKey> configKeys();

/// One text of a key's value.
struct ConfigValue {
  std::string Text;  ///< paths are absolute
  std::string Where; ///< "FILE:LINE:COL", or the option that said it
};

struct Config {
  std::vector<std::string> Files; ///< that were read, nearest first
  llvm::StringMap<std::vector<ConfigValue>> Values; ///< by the key's name
  bool Inherit = false;                             ///< InheritParentConfig

  /// The texts of a key's value; empty if nobody has set it.
  std::vector<std::string> texts(llvm::StringRef Key) const;
  /// The one text of a key's value, or "".
  std::string text(llvm::StringRef Key) const;
};

/// Reads \p Text. Relative paths in it are below \p Dir. Every mistake is one
/// line of the error's message, "NAME:LINE:COL: error: ...", listing what is
/// legal.
llvm::Expected<Config> parseConfig(llvm::StringRef Text, llvm::StringRef Name,
                                   llvm::StringRef Dir);
llvm::Expected<Config> readConfigFile(llvm::StringRef Path);

/// What the files above \p From, a file or directory, say: the nearest, and
/// those above it as long as they inherit. Without any file, nothing.
llvm::Expected<Config> findConfig(llvm::StringRef From);

/// \p Near where it says something, else \p Far.
Config overlay(const Config &Near, const Config &Far);

/// Fails if the rules that \p C names are not there, or if it leaves none on.
/// Every mistake is one line, as above.
llvm::Error checkRules(const Config &C);

/// Fails also if \p M, the model with the files that \p C names, lacks
/// something that it names.
llvm::Error checkConfig(const Config &C, const Model &M);

/// Prints \p C, and defaults, as a file that says the same, with comments
/// where each value comes from.
void dumpConfig(const Config &C, llvm::raw_ostream &OS);

/// Prints a JSON Schema for the files.
void printConfigSchema(llvm::raw_ostream &OS);

} // namespace fencedep

#endif // FENCEDEP_CONFIG_CONFIG_H

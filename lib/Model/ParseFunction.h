//===- ParseFunction.h - function and macro entries ----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One entry may name several functions: each gets a FunctionModel of its own.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_MODEL_PARSEFUNCTION_H
#define FENCEDEP_LIB_MODEL_PARSEFUNCTION_H

#include "Reader.h"

namespace fencedep {

class FunctionReader : Reader {
public:
  /// \p IsMacro: only keys without arguments are legal.
  FunctionReader(Diagnostics &Diags, bool IsMacro)
      : Reader(Diags), IsMacro(IsMacro),
        What(IsMacro ? "a macro entry" : "a function entry") {}

  /// Reads one entry and appends what it says to \p Out.
  void read(const YamlNode &N, std::vector<FunctionModel> &Out);

private:
  std::vector<Key> keys();
  void regions(const YamlNode &N, std::vector<Region> &Out);
  void lockOperand(const YamlNode &N, std::string &Class,
                   std::optional<unsigned> &Arg);
  void syncRun(const YamlNode &N);
  void registration(const YamlNode &N);
  void queueing(const YamlNode &N);
  void timedWait(const YamlNode &N);
  void storing(const YamlNode &N);
  /// One field or a list of them.
  void fields(const YamlNode &N, std::vector<FieldName> &Out);
  void conditions(const YamlNode &N, std::vector<Condition> &Out);
  /// \p Complete: every key of the entry could be read.
  void check(const YamlNode &N, bool Complete);

  const bool IsMacro;
  const llvm::StringRef What;
  llvm::StringMap<unsigned> Lines; ///< name -> line of its entry

  // The entry that is being read.
  FunctionModel F;
  std::vector<YamlNode> Names;
};

} // namespace fencedep

#endif // FENCEDEP_LIB_MODEL_PARSEFUNCTION_H

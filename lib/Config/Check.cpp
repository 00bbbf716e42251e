//===- Check.cpp - what a configuration names is there --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Apart from the reader, as the compiler plugin reads configurations and has no
// rules.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Config/Config.h"
#include "fencedep/Model/Model.h"
#include "fencedep/Rules/Choose.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace fencedep;

static std::string located(const ConfigValue &V, Error E) {
  return V.Where + ": error: " + toString(std::move(E));
}

Error fencedep::checkRules(const Config &C) {
  std::vector<ConfigValue> Patterns = C.Values.lookup("Rules");
  std::vector<std::string> Lines;
  for (const ConfigValue &V : Patterns)
    if (Error E = checkRulePattern(V.Text))
      Lines.push_back(located(V, std::move(E)));
  if (!Lines.empty())
    return createStringError(join(Lines, "\n"));
  if (auto Rules = chooseRules(C.texts("Rules")); !Rules) {
    consumeError(Rules.takeError()); // it speaks of --rules
    return createStringError(Patterns.back().Where +
                             ": error: Rules leaves no rule to check");
  }
  return Error::success();
}

Error fencedep::checkConfig(const Config &C, const Model &M) {
  if (Error E = checkRules(C))
    return E;
  std::vector<std::string> Lines;
  for (const ConfigValue &V : C.Values.lookup("RootGroups"))
    if (Error E = M.checkRootGroup(V.Text))
      Lines.push_back(located(V, std::move(E)));
  return Lines.empty() ? Error::success()
                       : createStringError(join(Lines, "\n"));
}

//===- Choose.cpp - which rules are checked -------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Rules/Choose.h"
#include "fencedep/Rules/Check.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/GlobPattern.h"

using namespace llvm;
using namespace fencedep;

Error fencedep::noSuchRule(StringRef Word) {
  std::string Known;
  for (const Rule &R : allRules())
    (Known += " ") += R.Id;
  return createStringError("there is no rule '" + Word +
                           "'; the rules are:" + Known);
}

/// Adds what \p Word names to \p On, or removes it.
static Error applyPattern(StringRef Word, BitVector &On) {
  bool Add = !Word.consume_front("-");
  if (Add)
    Word.consume_front("+");
  Expected<GlobPattern> Pattern = GlobPattern::create(Word);
  if (!Pattern)
    return createStringError("'" + Word + "' is no pattern of rules: " +
                             toString(Pattern.takeError()));
  bool Matched = false;
  for (const auto &[I, R] : enumerate(allRules()))
    if (Pattern->match(R.Id)) {
      On[I] = Add;
      Matched = true;
    }
  return Matched ? Error::success() : noSuchRule(Word);
}

Error fencedep::checkRulePattern(StringRef Word) {
  BitVector On(allRules().size());
  return applyPattern(Word.trim(), On);
}

Expected<std::vector<std::string>>
fencedep::chooseRules(ArrayRef<std::string> Words) {
  ArrayRef<Rule> All = allRules();
  BitVector On(All.size());
  if (Words.empty() || changesRules(Words.front()))
    for (const auto &[I, R] : enumerate(All))
      On[I] = R.Default;
  for (StringRef Word : Words)
    if (Error E = applyPattern(Word.trim(), On))
      return std::move(E);
  if (On.none())
    return createStringError("--rules=" + join(Words, ",") +
                             " leaves no rule to check");
  std::vector<std::string> Ids;
  for (unsigned I : On.set_bits())
    Ids.push_back(All[I].Id);
  return Ids;
}

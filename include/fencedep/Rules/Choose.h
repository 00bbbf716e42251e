//===- Choose.h - which rules are checked ---------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// --rules, and Rules in a configuration, are read as clang-tidy reads -checks:
// from left to right, each pattern adds the rules that match it, or with a dash
// in front removes them. A list that begins with a dash or a plus changes what
// is on (by default, or by a list further away); any other says it all. Unlike
// there, a pattern without a match is a mistake: it would check less than its
// author believes.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_RULES_CHOOSE_H
#define FENCEDEP_RULES_CHOOSE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace fencedep {

/// Whether a list that begins with \p Word changes what is on.
inline bool changesRules(llvm::StringRef Word) {
  Word = Word.ltrim();
  return Word.starts_with("-") || Word.starts_with("+");
}

/// The ids of the rules that \p Words leave on.
llvm::Expected<std::vector<std::string>>
chooseRules(llvm::ArrayRef<std::string> Words);

/// Says that \p Word names no rule, and which there are.
llvm::Error noSuchRule(llvm::StringRef Word);

/// Fails if \p Word is no pattern, or matches no rule.
llvm::Error checkRulePattern(llvm::StringRef Word);

} // namespace fencedep

#endif // FENCEDEP_RULES_CHOOSE_H

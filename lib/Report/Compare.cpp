//===- Compare.cpp - what a change brought -------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A finding is the same on both sides if its fingerprint is. There may be
// several of one: two calls in one function differ in nothing but their lines.
// Then as many are old as there were before, first those that stayed in place.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Finding.h"
#include "llvm/ADT/StringMap.h"

using namespace fencedep;

/// What must agree for findings to count as one. Those that are shown are
/// compared among themselves: one that was too unsure to be shown and is not
/// any more is new to the reader.
static std::string keyOf(const Finding &F, Confidence Min) {
  return (F.Conf >= Min ? "+" : "-") + F.Fingerprint;
}

static std::string keyAt(const Finding &F, Confidence Min,
                         const Position &Place) {
  return keyOf(F, Min) + ' ' + text(Place);
}

/// Takes one of what is counted under \p Key, if there is one left.
static bool take(llvm::StringMap<unsigned> &Counts, const std::string &Key) {
  auto It = Counts.find(Key);
  if (It == Counts.end() || It->second == 0)
    return false;
  --It->second;
  return true;
}

Comparison
fencedep::keepNew(Report &After, const Report &Before, Confidence Min,
                  llvm::function_ref<Position(const Position &)> OldPlace) {
  llvm::StringMap<unsigned> Known, Places;
  Comparison Result;
  for (const Finding &F : Before.Findings) {
    ++Known[keyOf(F, Min)];
    ++Places[keyAt(F, Min, F.Sink)];
    Result.Gone += F.Conf >= Min;
  }
  std::vector<bool> IsOld(After.Findings.size());
  for (bool InPlace : {true, false})
    for (size_t I = 0; I != IsOld.size(); ++I) {
      const Finding &F = After.Findings[I];
      if (IsOld[I] ||
          (InPlace && !take(Places, keyAt(F, Min, OldPlace(F.Sink)))) ||
          !take(Known, keyOf(F, Min)))
        continue;
      IsOld[I] = true;
      if (F.Conf < Min)
        continue;
      ++Result.Old;
      --Result.Gone;
    }
  std::vector<Finding> New;
  for (size_t I = 0; I != IsOld.size(); ++I)
    if (!IsOld[I]) {
      Result.New += After.Findings[I].Conf >= Min;
      New.push_back(std::move(After.Findings[I]));
    }
  After.Findings = std::move(New);
  return Result;
}

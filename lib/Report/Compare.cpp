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
// An old one is news, too, if the change adds a way to its sink: if a function
// that led there before is now called there more often. Calls that only moved,
// into a new function, say, are as many as they were.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Finding.h"
#include "llvm/ADT/StringMap.h"
#include <map>

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

using Callers = std::map<std::string, unsigned>;

/// By function that is called: who calls it, and how often.
static std::map<std::string, Callers>
callersOf(const std::vector<OtherCall> &Calls) {
  std::map<std::string, Callers> Result;
  for (const OtherCall &C : Calls)
    ++Result[C.Callee][C.Function];
  return Result;
}

static unsigned total(const Callers &C) {
  unsigned N = 0;
  for (const auto &[Function, Count] : C)
    N += Count;
  return N;
}

/// The calls of \p After that make a way which \p Before did not have.
static std::vector<OtherCall> addedCalls(const std::vector<OtherCall> &After,
                                         const std::vector<OtherCall> &Before) {
  const std::map<std::string, Callers> Now = callersOf(After);
  std::map<std::string, Callers> Then = callersOf(Before);
  std::vector<OtherCall> Added;
  for (const OtherCall &C : After) {
    auto Old = Then.find(C.Callee);
    const Callers &Of = Now.at(C.Callee);
    if (Old != Then.end() && total(Of) > total(Old->second) &&
        Of.at(C.Function) > Old->second[C.Function])
      Added.push_back(C);
  }
  return Added;
}

Comparison
fencedep::keepNew(Report &After, const Report &Before, Confidence Min,
                  llvm::function_ref<Position(const Position &)> OldPlace) {
  llvm::StringMap<unsigned> Known, Places;
  llvm::StringMap<const Finding *> OldOnes;
  Comparison Result;
  for (const Finding &F : Before.Findings) {
    ++Known[keyOf(F, Min)];
    OldOnes[keyOf(F, Min)] = &F;
    ++Places[keyAt(F, Min, F.Sink)];
    Result.Gone += F.Conf >= Min;
  }
  enum class State : uint8_t { Unknown, Old, NewWay };
  std::vector<State> States(After.Findings.size());
  for (bool InPlace : {true, false})
    for (size_t I = 0; I != States.size(); ++I) {
      Finding &F = After.Findings[I];
      const std::string Key = keyOf(F, Min);
      if (States[I] != State::Unknown ||
          (InPlace && !take(Places, keyAt(F, Min, OldPlace(F.Sink)))) ||
          !take(Known, Key))
        continue;
      States[I] = State::Old;
      if (F.Conf < Min)
        continue;
      --Result.Gone;
      for (const OtherCall &C :
           addedCalls(F.OtherCalls, OldOnes[Key]->OtherCalls)) {
        States[I] = State::NewWay;
        F.Reasons.push_back({"the change adds a way there: '" + C.Function +
                                 "' calls '" + C.Callee + "'",
                             C.Where});
      }
      Result.Old += States[I] == State::Old;
    }
  std::vector<Finding> New;
  for (size_t I = 0; I != States.size(); ++I)
    if (States[I] != State::Old) {
      Finding &F = After.Findings[I];
      Result.New += F.Conf >= Min;
      llvm::erase_if(F.OtherCalls, [](const OtherCall &C) { return !C.Joins; });
      New.push_back(std::move(F));
    }
  After.Findings = std::move(New);
  return Result;
}

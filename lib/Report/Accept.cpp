//===- Accept.cpp - findings that somebody knows of -----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Accept.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencedep;
using namespace llvm;

bool RuleNames::judge(function_ref<bool(StringRef)> Named) const {
  auto IsOn = [&](const std::string &Id) { return is_contained(On, Id); };
  return any_of(On, Named) && all_of(Default, [&](const std::string &Id) {
           return !Named(Id) || IsOn(Id);
         });
}

SmallVector<const Position *, 16> fencedep::placesOf(const Finding &F) {
  SmallVector<const Position *, 16> Places{&F.Sink};
  auto Add = [&](const std::vector<Hop> &Path) {
    for (const Hop &H : reverse(Path))
      Places.push_back(&H.Where);
  };
  Add(F.Path);
  Places.push_back(&F.Root.Where);
  for (const OtherSide &O : F.Others) {
    Add(O.Path);
    Places.push_back(&O.Acquired);
  }
  erase_if(Places, [](const Position *P) { return !P->Line; });
  return Places;
}

void fencedep::acceptFindings(
    Report &R, function_ref<std::optional<Acceptance>(const Finding &)> Ask) {
  std::vector<Finding> Left;
  for (Finding &F : R.Findings) {
    std::optional<Acceptance> A = Ask(F);
    if (A)
      R.Accepted.push_back(
          {std::move(F), A->By, std::move(A->Why), std::move(A->Where)});
    else
      Left.push_back(std::move(F));
  }
  R.Findings = std::move(Left);
}

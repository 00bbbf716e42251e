//===- Bodies.cpp - header bodies that nobody provides --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a unit's own functions mention must be there with exactly that body;
// what a header body mentions, with some body.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Rules/Check.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

static std::string placeOf(const Unit &U, const Symbol &S) {
  return (U.str(S.File) + Twine('\0') + U.str(S.Key)).str();
}

std::vector<std::pair<unsigned, std::vector<std::string>>>
fencedep::missingBodies(ArrayRef<const Unit *> Units) {
  using Place = std::pair<StringRef, StringRef>;
  DenseSet<std::pair<Place, uint64_t>> Provided;
  DenseSet<Place> ProvidedPlaces;
  for (const Unit *U : Units)
    for (const Function &F : U->Functions) {
      const Symbol &S = U->Symbols[F.Sym];
      if (S.Link != Linkage::Header)
        continue;
      Place P(U->str(S.File), U->str(S.Key));
      Provided.insert({P, S.BodyHash});
      ProvidedPlaces.insert(P);
    }
  std::vector<std::pair<unsigned, std::vector<std::string>>> Missing;
  // The first unit that needs a body is the one to provide it.
  DenseSet<std::pair<Place, uint64_t>> Asked;
  for (unsigned I = 0; I != Units.size(); ++I) {
    const Unit &U = *Units[I];
    std::vector<std::string> Keys;
    for (const Symbol &S : U.Symbols) {
      if (S.Kind != SymbolKind::Function || S.Link != Linkage::Header)
        continue;
      Place P(U.str(S.File), U.str(S.Key));
      bool There = S.BodyHash ? Provided.contains({P, S.BodyHash})
                              : ProvidedPlaces.contains(P);
      if (!There && Asked.insert({P, S.BodyHash}).second)
        Keys.push_back(placeOf(U, S));
    }
    if (!Keys.empty())
      Missing.push_back({I, std::move(Keys)});
  }
  return Missing;
}

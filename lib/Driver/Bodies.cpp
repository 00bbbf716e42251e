//===- Bodies.cpp - header bodies that units share ----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Bodies.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include <map>
#include <set>

using namespace llvm;
using namespace fencedep;

/// How header functions are named between here, Rules and Extract.
static std::string bodyName(const Unit &U, SymbolId Id) {
  const Symbol &S = U.Symbols[Id];
  return (U.str(S.File) + Twine('\0') + U.str(S.Key)).str();
}

std::vector<std::string> fencedep::providedBodies(const Unit &U) {
  std::vector<std::string> Result;
  for (const Function &F : U.Functions)
    if (U.Symbols[F.Sym].Link == Linkage::Header)
      Result.push_back(bodyName(U, F.Sym));
  return Result;
}

Unit fencedep::onlyBodies(Unit U) {
  U.Module.clear();
  U.Initializers.clear();
  U.TableRefs.clear();
  U.TableKinds.clear();
  U.Overrides.clear();
  U.Exports.clear();
  erase_if(U.Functions, [&](const Function &F) {
    return U.Symbols[F.Sym].Link != Linkage::Header;
  });
  return U;
}

std::vector<Unit> fencedep::borrowBodies(std::vector<Unit> Donors,
                                         ArrayRef<const Unit *> Present,
                                         const StringSet<> &Wanted) {
  using Offer = std::pair<size_t, size_t>; // donor, function
  StringMap<std::vector<Offer>> Offers;
  for (size_t D = 0; D != Donors.size(); ++D)
    for (size_t F = 0; F != Donors[D].Functions.size(); ++F)
      Offers[bodyName(Donors[D], Donors[D].Functions[F].Sym)].push_back({D, F});
  StringSet<> Have;
  std::set<std::pair<std::string, uint64_t>> Given; // name, hash
  for (const Unit *U : Present)
    for (const Function &F : U->Functions)
      if (const Symbol &S = U->Symbols[F.Sym]; S.Link == Linkage::Header) {
        Have.insert(bodyName(*U, F.Sym));
        Given.emplace(bodyName(*U, F.Sym), S.BodyHash);
      }

  StringSet<> Seen;
  std::vector<std::string> Work;
  for (const auto &Name : Wanted)
    if (Offers.count(Name.first()) && Seen.insert(Name.first()).second)
      Work.push_back(Name.first().str());
  std::map<size_t, std::set<size_t>> Taken; // donor -> functions
  while (!Work.empty()) {
    std::string Name = std::move(Work.back());
    Work.pop_back();
    auto It = Offers.find(Name);
    if (It == Offers.end() && !Have.contains(Name))
      return {};
    if (It == Offers.end())
      continue;
    for (auto [D, F] : It->second) {
      const Unit &Donor = Donors[D];
      const Function &Body = Donor.Functions[F];
      if (!Given.emplace(Name, Donor.Symbols[Body.Sym].BodyHash).second)
        continue;
      Taken[D].insert(F);
      // What the body calls comes along.
      for (const Expr &E : Body.Exprs)
        if (E.Kind == ExprKind::FuncAddr &&
            Donor.Symbols[E.A].Link == Linkage::Header)
          if (std::string Callee = bodyName(Donor, E.A);
              Seen.insert(Callee).second)
            Work.push_back(std::move(Callee));
    }
  }
  std::vector<Unit> Gifts;
  for (const auto &[D, Functions] : Taken) {
    std::vector<Function> Bodies;
    for (size_t F : Functions)
      Bodies.push_back(std::move(Donors[D].Functions[F]));
    Donors[D].Functions = std::move(Bodies);
    Gifts.push_back(std::move(Donors[D]));
  }
  return Gifts;
}

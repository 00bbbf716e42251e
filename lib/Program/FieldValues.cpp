//===- FieldValues.cpp - fields with one known value ----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A mask that is kept in a structure is known if the whole program only ever
// stores one constant there. Only fields of the model's types (gfp_t) are
// looked at: in any other field the zero it starts with is a value like any
// other. What code outside the program stores is not seen; masks that come from
// there are in structures that the program does not define.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Program.h"

using namespace llvm;
using namespace fencedep;

void fencedep::findFieldValues(Program &P) {
  DenseMap<SlotId, std::optional<int64_t>> Known; // nullopt: several, unknown
  auto Add = [&](SlotId S, std::optional<int64_t> V) {
    auto [It, New] = Known.try_emplace(S, V);
    if (!New && It->second != V)
      It->second = std::nullopt;
  };
  for (uint32_t I = 0, N = P.Units.size(); I != N; ++I)
    for (const FieldValue &V : P.Units[I].FieldValues)
      Add(P.slot(I, V.Field), V.Value);
  for (const Func &F : P.Funcs) {
    if (!F.Body)
      continue;
    for (const Event &E : F.Body->Events) {
      if (E.Kind != EventKind::Store)
        continue;
      const Expr &To = F.Body->Exprs[E.Args[0]];
      if (To.Kind != ExprKind::FieldAddr || !P.Units[F.Unit].Fields[To.A].Type)
        continue;
      const Expr &V = F.Body->Exprs[E.Args[1]];
      Add(P.slot(F.Unit, To.A),
          V.Kind == ExprKind::Const ? std::optional(V.Value) : std::nullopt);
    }
  }
  for (const auto &[S, V] : Known)
    if (V)
      P.OnlyValues[S] = *V;
}

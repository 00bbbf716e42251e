//===- Kinds.cpp - what is done for one kind of object only ---------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `if (dev->family == SOUTHERN_ISLANDS)`, or a case of `switch (dev->family)`:
// what can only be reached after such a test is done for one kind of device.
// That goes badly with a second fact about its kind, which no test tells us of:
// that a pointer holds this one of several functions.
//
// One walk over the blocks that does not follow the branches of such tests;
// each block is visited once.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Program.h"

using namespace llvm;
using namespace fencedep;

/// Is a field known to hold one constant of several where this successor of
/// \p B is taken? Zero is none: it says that something is not there.
static bool testsKind(const Function &F, const Block &B, unsigned Succ,
                      ExprId Except) {
  auto IsField = [&](const Expr &E) {
    return E.Kind == ExprKind::FieldLoad && (!Except || E.B != Except);
  };
  const Expr &Cond = F.Exprs[B.Cond];
  if (Succ < B.Cases.size())
    return IsField(Cond) && !B.Cases[Succ].empty();
  return Cond.Kind == ExprKind::Binary &&
         Cond.Oper == (Succ == 0 ? Op::Eq : Op::Ne) &&
         IsField(F.Exprs[Cond.A]) && F.Exprs[Cond.B].Kind == ExprKind::Const &&
         F.Exprs[Cond.B].Value != 0;
}

BitVector fencedep::eventsOfOneKind(const Function &F, ExprId Except) {
  BitVector OfOne(F.Events.size(), true), Seen(F.Blocks.size());
  SmallVector<BlockId, 16> Work{0};
  while (!Work.empty()) {
    BlockId Id = Work.pop_back_val();
    if (Seen.test(Id))
      continue;
    Seen.set(Id);
    const Block &B = F.Blocks[Id];
    OfOne.reset(B.FirstEvent, B.FirstEvent + B.NumEvents);
    for (unsigned I = 0; I != B.Succs.size(); ++I)
      if (!testsKind(F, B, I, Except))
        Work.push_back(B.Succs[I]);
  }
  return OfOne;
}

//===- Conditions.cpp - what has to hold for a call to be made ------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A branch is a condition of a call if every way to the call comes by it and
// goes on in one direction only, while the other one goes on to what is done
// after the call, too:
//
//     if (!dev)            no condition: an early return
//       return;
//     if (dev->recover)    a condition
//       reset(dev);
//     start(dev);
//
// Each is counted as one, whatever it asks; nobody knows whether all those on a
// way can hold together. One walk for each direction of each branch, in which a
// block is visited once.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Conditions.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

BitVector fencedep::reachedWithout(const Function &F, BlockId Start,
                                   BlockId Not) {
  BitVector Seen(F.Blocks.size());
  SmallVector<BlockId, 16> Work{Start};
  while (!Work.empty()) {
    BlockId Id = Work.pop_back_val();
    if (Id == Not || Seen.test(Id))
      continue;
    Seen.set(Id);
    append_range(Work, F.Blocks[Id].Succs);
  }
  return Seen;
}

/// Does \p B do more than to put one thing in order, and return?
static bool goesOn(const Function &F, const Block &B) {
  return !B.Succs.empty() || count_if(F.eventsOf(B), [](const Event &E) {
                               return E.Kind != EventKind::Return;
                             }) > 1;
}

static unsigned conditions(const Function &F, EventId Call) {
  const auto Block = F.blockOf(Call);
  if (!Block)
    return 0;
  const BlockId At = *Block;
  BitVector After = reachedWithout(F, At, NoId);
  for (unsigned Id : After.set_bits())
    if (!goesOn(F, F.Blocks[Id]))
      After.reset(Id);
  auto IsCondition = [&](BlockId Id) {
    bool There = false, Past = false;
    for (BlockId Succ : F.Blocks[Id].Succs) {
      const BitVector Way = reachedWithout(F, Succ, Id);
      if (Way.test(At))
        There = true;
      else
        Past |= Way.anyCommon(After);
    }
    return There && Past && !reachedWithout(F, 0, Id).test(At);
  };
  unsigned N = 0;
  for (BlockId Id = 0; Id != F.Blocks.size(); ++Id)
    N += Id != At && F.Blocks[Id].Succs.size() > 1 && IsCondition(Id);
  return N;
}

unsigned ConditionTable::of(ArrayRef<CallSite> Way) {
  unsigned N = 0;
  for (const CallSite &Call : Way) {
    auto [It, New] = Known.try_emplace(Call, 0);
    if (New)
      It->second = conditions(*P.Funcs[Call.first].Body, Call.second);
    N += It->second;
  }
  return N;
}

//===- Presence.cpp - function pointers that a module always sets ---------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Libraries ask `if (ops->f) ops->f(..); else default_f(..);`. For a thread
// that came through a driver whose own tables of that type all set f, the
// default is never used. One walk over the initialisers.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Program.h"
#include <map>
#include <set>

using namespace llvm;
using namespace fencedep;

void fencedep::findPresentFields(Program &P) {
  // A table: a variable, or the structure at a path inside it.
  using Table = std::pair<VarId, std::vector<SlotId>>;
  std::map<std::pair<StringRef, ModuleId>, std::set<Table>> Tables;
  std::map<std::pair<SlotId, ModuleId>, std::set<Table>> Setting;
  for (const auto &Targets : P.SlotTargets)
    for (const SlotTarget &T : Targets) {
      if (T.Holder == NoId || T.Module == NoModule)
        continue;
      SlotId Slot = T.Path.back();
      Table In(T.Holder, {T.Path.begin(), T.Path.end() - 1});
      Tables[{P.Slots[Slot].first, T.Module}].insert(In);
      Setting[{Slot, T.Module}].insert(std::move(In));
    }
  for (const auto &[Key, Set] : Setting)
    if (Set.size() == Tables[{P.Slots[Key.first].first, Key.second}].size())
      P.Always.insert(Key);
}

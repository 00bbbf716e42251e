//===- OldLines.cpp - where a line was before a change --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/OldLines.h"
#include "llvm/ADT/DenseMap.h"

using namespace llvm;
using namespace fencedep;

/// The lines from 1 on; in front of them and behind, nothing.
static std::vector<StringRef> split(StringRef Text) {
  std::vector<StringRef> Lines{{}};
  while (!Text.empty()) {
    StringRef Line;
    std::tie(Line, Text) = Text.split('\n');
    Lines.push_back(Line);
  }
  Lines.emplace_back();
  return Lines;
}

std::vector<unsigned> fencedep::mapLines(StringRef Old, StringRef New) {
  std::vector<StringRef> OldText = split(Old), NewText = split(New);
  struct Places {
    unsigned Olds = 0, News = 0, Old = 0;
  };
  DenseMap<StringRef, Places> Seen;
  for (unsigned I = 1; I != OldText.size() - 1; ++I) {
    Places &P = Seen[OldText[I]];
    ++P.Olds;
    P.Old = I;
  }
  for (unsigned I = 1; I != NewText.size() - 1; ++I)
    ++Seen[NewText[I]].News;

  // The ends of the files belong together, too.
  unsigned Last = NewText.size() - 1;
  std::vector<unsigned> Map(NewText.size());
  std::vector<bool> Taken(OldText.size());
  auto Take = [&](unsigned Line, unsigned Was) {
    Map[Line] = Was;
    Taken[Was] = true;
  };
  for (unsigned I = 1; I != Last; ++I)
    if (const Places &P = Seen[NewText[I]]; P.Olds == 1 && P.News == 1)
      Take(I, P.Old);
  Map[Last] = OldText.size() - 1;
  auto Extend = [&](unsigned From, unsigned Line, int Step) {
    unsigned Was = Map[From] + Step;
    if ((Map[From] || From == 0) && !Map[Line] && Was != 0 &&
        Was < OldText.size() - 1 && !Taken[Was] &&
        OldText[Was] == NewText[Line])
      Take(Line, Was);
  };
  for (unsigned I = 1; I != Last; ++I)
    Extend(I - 1, I, 1);
  for (unsigned I = Last - 1; I != 0; --I)
    Extend(I + 1, I, -1);
  return Map;
}

unsigned OldLines::at(StringRef File, unsigned Line) {
  if (!Files->changed(File))
    return Line;
  auto [It, New] = Maps.try_emplace(File);
  if (New) {
    auto Old = Files->getBufferForFile(File);
    auto Now = vfs::getRealFileSystem()->getBufferForFile(File);
    if (Old && Now)
      It->second = mapLines((*Old)->getBuffer(), (*Now)->getBuffer());
  }
  return Line < It->second.size() ? It->second[Line] : 0;
}

//===- Source.cpp - the text that positions point at ----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Source.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"

using namespace fencedep;
using llvm::StringRef;

const SourceFiles::Text &SourceFiles::open(StringRef File) {
  auto [It, New] = Files.try_emplace(File);
  Text &T = It->second;
  if (!New)
    return T;
  llvm::SmallString<256> Path(File);
  llvm::sys::fs::make_absolute(BaseDir, Path);
  if (auto Read = llvm::MemoryBuffer::getFile(Path))
    T.Buffer = std::move(*Read);
  if (!T.Buffer)
    return T;
  StringRef Rest = T.Buffer->getBuffer();
  while (!Rest.empty()) {
    StringRef Line;
    std::tie(Line, Rest) = Rest.split('\n');
    T.Lines.push_back(Line.rtrim('\r'));
  }
  return T;
}

std::optional<StringRef> SourceFiles::text(StringRef File) {
  const Text &T = open(File);
  if (!T.Buffer)
    return std::nullopt;
  return T.Buffer->getBuffer();
}

unsigned SourceFiles::lines(StringRef File) { return open(File).Lines.size(); }

std::optional<StringRef> SourceFiles::line(StringRef File, unsigned Number) {
  const Text &T = open(File);
  if (!Number || Number > T.Lines.size())
    return std::nullopt;
  return T.Lines[Number - 1];
}

StringRef SourceFiles::token(const Position &P) {
  std::optional<StringRef> Line = line(P.File, P.Line);
  if (!Line || !P.Column || P.Column > Line->size())
    return "";
  auto IsWord = [](char C) { return llvm::isAlnum(C) || C == '_'; };
  StringRef Rest = Line->drop_front(P.Column - 1);
  StringRef Word = Rest.take_while(IsWord);
  return Word.empty() ? Rest.take_front() : Word;
}

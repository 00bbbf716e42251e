//===- ProgramFile.cpp - what a run leaves for editors --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lines of text: the format, the base directory, then per unit its key in the
// cache and its main file. The borrowed bodies are summaries in a file beside
// it. A unit whose dependencies have changed since is not loaded: the cache
// tells.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/ProgramFile.h"
#include "fencedep/Summary/Embedded.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/LineIterator.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace fencedep;

static constexpr StringLiteral Format = "fencedep-program 1";

static std::string fileIn(StringRef Dir, StringRef Name) {
  SmallString<256> Path(Dir);
  sys::path::append(Path, Name);
  return std::string(Path);
}

static std::string programIn(StringRef Dir) { return fileIn(Dir, "program"); }
static std::string bodiesIn(StringRef Dir) {
  return fileIn(Dir, "program.bodies");
}

Error fencedep::writeProgramFile(StringRef CacheDir, StringRef BaseDir,
                                 ArrayRef<ProgramFile::Entry> Entries,
                                 ArrayRef<Unit> Borrowed) {
  std::string Bodies, Text = (Format + "\n" + BaseDir + "\n").str();
  for (const Unit &U : Borrowed)
    Bodies += packSummary(writeSummary(U));
  for (const ProgramFile::Entry &E : Entries)
    Text += (E.Key.str() + Twine(' ') + E.MainFile + "\n").str();
  // The bodies first: a program without its bodies is worse than an old one.
  if (Error E = writeFile(bodiesIn(CacheDir), StringRef(Bodies)))
    return E;
  return writeFile(programIn(CacheDir), StringRef(Text));
}

static Error damaged(const std::string &Path) {
  return createStringError(Path + ": not a program file of this fencedep; "
                                  "run 'fencedep check' again");
}

Expected<ProgramFile> fencedep::readProgramFile(StringRef CacheDir) {
  std::string Path = programIn(CacheDir);
  Expected<std::string> Text = readWhole(Path);
  if (!Text)
    return Text.takeError();
  std::unique_ptr<MemoryBuffer> Buffer =
      MemoryBuffer::getMemBuffer(*Text, Path);
  line_iterator Line(*Buffer, /*SkipBlanks=*/false);
  if (Line.is_at_end() || *Line != Format)
    return damaged(Path);
  ++Line;
  if (Line.is_at_end())
    return damaged(Path);
  ProgramFile P;
  P.BaseDir = (Line++)->str();
  for (; !Line.is_at_end() && !Line->empty(); ++Line) {
    auto [Key, File] = Line->split(' ');
    std::optional<CacheKey> Parsed = CacheKey::parse(Key);
    if (!Parsed || File.empty())
      return damaged(Path);
    P.Entries.push_back({*Parsed, File.str()});
  }
  Expected<std::string> Bodies = readWhole(bodiesIn(CacheDir));
  if (!Bodies)
    return Bodies.takeError();
  auto Packed = packedSummaries(*Bodies, bodiesIn(CacheDir));
  if (!Packed)
    return Packed.takeError();
  for (const NamedSummary &S : *Packed) {
    Expected<Unit> U = readSummary(S.Text, S.From);
    if (!U)
      return U.takeError();
    P.Borrowed.push_back(std::move(*U));
  }
  return P;
}

std::string fencedep::defaultCacheDir(StringRef Dir) {
  std::string Cache = fileIn(Dir, ".fencedep");
  return sys::fs::is_regular_file(Cache) ? Cache + ".cache" : Cache;
}

std::string fencedep::findProgramFile(StringRef From) {
  for (StringRef Dir = From; !Dir.empty(); Dir = sys::path::parent_path(Dir)) {
    std::string Cache = defaultCacheDir(Dir);
    if (sys::fs::exists(programIn(Cache)))
      return Cache;
  }
  return "";
}

Expected<StoredProgram> fencedep::loadProgram(StringRef CacheDir,
                                              StringRef MainFile) {
  StoredProgram Result;
  // Stamps first: what is written meanwhile is read again.
  for (const std::string &Path : {programIn(CacheDir), bodiesIn(CacheDir)})
    Result.From.emplace_back(Path, stampOf(Path));
  Expected<ProgramFile> P = readProgramFile(CacheDir);
  if (!P)
    return P.takeError();
  Cache Stored;
  if (Error E = Stored.open(CacheDir))
    return std::move(E);
  Result.BaseDir = P->BaseDir;
  for (const ProgramFile::Entry &E : P->Entries) {
    if (E.MainFile == MainFile)
      Result.Knows = true;
    else if (std::optional<Unit> U = Stored.load(E.Key))
      Result.Units.push_back(std::move(*U));
    else
      Result.Stale.push_back(E.MainFile);
  }
  std::move(P->Borrowed.begin(), P->Borrowed.end(),
            std::back_inserter(Result.Units));
  append_range(Result.From, Stored.filesSeen());
  return Result;
}

bool StoredProgram::isCurrent() const {
  return all_of(From, [](const auto &Seen) {
    return stampOf(Seen.first) == Seen.second;
  });
}

void fencedep::adoptBodies(Unit &U, ArrayRef<Unit> Others) {
  // By file and key; a function has several bodies only if macros decide.
  StringMap<uint64_t> Known;
  auto Name = [](const Unit &Of, const Symbol &S) {
    return (Of.str(S.File) + Twine('\0') + Of.str(S.Key)).str();
  };
  auto IsOpen = [](const Symbol &S) {
    return S.Kind == SymbolKind::Function && S.Link == Linkage::Header &&
           S.BodyHash == 0;
  };
  for (const Symbol &S : U.Symbols)
    if (IsOpen(S))
      Known[Name(U, S)] = 0;
  if (Known.empty())
    return;
  for (const Unit &Other : Others)
    for (const Symbol &S : Other.Symbols)
      if (S.Link == Linkage::Header && S.BodyHash)
        if (auto It = Known.find(Name(Other, S));
            It != Known.end() && It->second == 0)
          It->second = S.BodyHash;
  for (Symbol &S : U.Symbols)
    if (IsOpen(S))
      S.BodyHash = Known[Name(U, S)];
}

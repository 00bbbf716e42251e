//===- Recorder.cpp - what only the parser sees ---------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See Recorder.h. Only equality of hashes matters, across units of one run and
// the summaries of earlier ones, so the hash depends on spellings alone, never
// on the order in which identifiers were met.
//
//===----------------------------------------------------------------------===//

#include "Recorder.h"
#include "UnitBuilder.h"
#include "clang/Basic/IdentifierTable.h"
#include "clang/Lex/MacroArgs.h"
#include "clang/Lex/PPCallbacks.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

using namespace clang;
using namespace fencedep;

bool BodyRegistry::claim(llvm::StringRef File, llvm::StringRef Key) {
  llvm::SmallString<256> Name(File);
  Name.push_back('\0');
  Name += Key;
  std::lock_guard<std::mutex> Guard(Lock);
  return Claimed.insert(Name).second;
}

namespace {

class MacroCallbacks : public PPCallbacks {
public:
  explicit MacroCallbacks(Recorder &Rec) : Rec(Rec) {}
  void MacroExpands(const Token &Name, const MacroDefinition &,
                    SourceRange Range, const MacroArgs *Args) override {
    Rec.expanded(Name, Range.getBegin(), Args);
  }

private:
  Recorder &Rec;
};

} // namespace

void Recorder::attach(Preprocessor &P, std::string WorkingDirectory,
                      bool HashBodies) {
  PP = &P;
  Directory = std::move(WorkingDirectory);
  for (const std::string &Name : Opts.Vocab.Macros)
    RolesByName[Name] |= Event;
  for (const std::string &Name : Opts.Vocab.Exports)
    RolesByName[Name] |= Export;
  PP->addPPCallbacks(std::make_unique<MacroCallbacks>(*this));
  if (HashBodies && !PP->getLangOpts().CPlusPlus)
    PP->setTokenWatcher([this](const Token &Tok) {
      if (Hashing)
        token(Tok);
    });
}

void Recorder::expanded(const Token &Name, SourceLocation Begin,
                        const MacroArgs *Args) {
  const auto [It, New] = Roles.try_emplace(Name.getIdentifierInfo(), 0);
  if (New)
    It->second = RolesByName.lookup(It->first->getName());
  if (!It->second)
    return;
  SourceManager &SM = PP->getSourceManager();
  SourceLocation At = SM.getExpansionLoc(Begin);
  if (It->second & Event) {
    auto &Names = Macros[At];
    if (!llvm::is_contained(Names, It->first))
      Names.push_back(It->first);
  }
  if ((It->second & Export) && Args && inMainFile(At))
    if (Args->getNumMacroArguments() != 0)
      if (const IdentifierInfo *II =
              Args->getUnexpArgument(0)->getIdentifierInfo())
        if (!llvm::is_contained(Exports, II))
          Exports.push_back(II);
}

bool Recorder::inMainFile(SourceLocation L) const {
  const SourceManager &SM = PP->getSourceManager();
  L = SM.getExpansionLoc(L);
  if (!SM.isInFileID(L, SM.getMainFileID()))
    return false;
  if (Rewritten.empty())
    return true;
  PresumedLoc At = SM.getPresumedLoc(L);
  return At.isValid() && At.getFilename() == llvm::StringRef(Rewritten);
}

llvm::StringRef Recorder::fileOf(FileID Id) {
  std::string &Path = Files[Id];
  if (Path.empty())
    if (OptionalFileEntryRef File =
            PP->getSourceManager().getFileEntryRefForID(Id))
      Path = absolutePath(File->getName(), Directory);
  return Path;
}

bool Recorder::mayTake(llvm::StringRef File, llvm::StringRef Key) const {
  if (!Opts.Bodies)
    return true;
  llvm::SmallString<256> Name(File);
  Name.push_back('\0');
  Name += Key;
  // Claim even what is forced: the others need not parse it then.
  return Opts.Bodies->claim(File, Key) || Opts.Force.contains(Name);
}

bool Recorder::shouldSkip(const Decl *D) {
  const FunctionDecl *FD = D ? D->getAsFunction() : nullptr;
  if (!FD || PP->getLangOpts().CPlusPlus)
    return false;
  SourceManager &SM = PP->getSourceManager();
  FileID Id = SM.getFileID(SM.getExpansionLoc(FD->getLocation()));
  if (Id == SM.getMainFileID())
    return false;
  Hashing = FD;
  Depth = 1;
  AfterString = false;
  Text.clear();
  if (!mayTake(fileOf(Id), FD->getName()))
    return true;
  Taken.insert(FD);
  return false;
}

static bool hasDigit(llvm::StringRef S) {
  return llvm::any_of(S, [](char C) { return llvm::isDigit(C); });
}

/// Finding out where a token of an expansion is spelled takes a search, so the
/// answer is kept: for literals by their text in memory, which is exact, and
/// for identifiers by name (the first use decides).
bool Recorder::isScratch(const Token &Tok) {
  const void *Key = Tok.is(tok::identifier)
                        ? static_cast<const void *>(Tok.getIdentifierInfo())
                        : Tok.getLiteralData();
  auto [It, New] = Scratch.try_emplace(Key, false);
  if (New) {
    const SourceManager &SM = PP->getSourceManager();
    SourceLocation At = SM.getSpellingLoc(Tok.getLocation());
    auto Buffer = SM.getBufferOrNone(SM.getFileID(At));
    It->second = Buffer && Buffer->getBufferIdentifier() == "<scratch space>";
  }
  return It->second;
}

void Recorder::token(const Token &Tok) {
  if (Tok.isAnnotation())
    return;
  tok::TokenKind Kind = Tok.getKind();
  if (Kind == tok::l_brace)
    ++Depth;
  if ((Kind == tok::r_brace && --Depth == 0) || Kind == tok::eof) {
    BodyHashes[Hashing] = llvm::xxh3_64bits(Text.str());
    Hashing = nullptr;
    return;
  }

  // Adjacent string literals are one: pr_fmt() adds a prefix in some units.
  bool String = tok::isStringLiteral(Kind);
  if (String && AfterString)
    return;
  AfterString = String;
  Text.push_back(char(Kind & 0xff));
  Text.push_back(char(Kind >> 8));
  llvm::StringRef Spelling;
  if (Kind == tok::identifier)
    Spelling = Tok.getIdentifierInfo()->getName();
  else if (Tok.isLiteral() && !String && Tok.getLiteralData())
    Spelling = {Tok.getLiteralData(), Tok.getLength()};
  else
    return;

  // __UNIQUE_ID, __COUNTER__ and __LINE__ differ from unit to unit.
  if (Tok.getLocation().isMacroID() && hasDigit(Spelling) && isScratch(Tok)) {
    for (char C : Spelling)
      if (!llvm::isDigit(C))
        Text.push_back(C);
  } else {
    Text += Spelling;
  }
  Text.push_back('\0');
}

//===- Keys.cpp - what identifies a function or a record ------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// C goes by plain names, C++ by USRs. A closure has no name: its key is where
// it is written, plus the enclosing function, whose instantiations each have
// one.
//
//===----------------------------------------------------------------------===//

#include "UnitBuilder.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/Stmt.h"
#include "clang/Index/USRGeneration.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

using namespace clang;
using namespace fencedep;

std::string UnitBuilder::lambdaKey(const FunctionDecl *FD) {
  SourceLocation At = FD->getParent()->isRecord()
                          ? cast<CXXRecordDecl>(FD->getParent())->getLocation()
                          : FD->getLocation();
  Loc L = loc(At);
  std::string Key;
  llvm::raw_string_ostream OS(Key);
  OS << "lambda@" << U.str(L.File) << ":" << L.Line << ":" << L.Column;
  if (At.isMacroID())
    OS << ":" << SM.getFileOffset(SM.getSpellingLoc(At));
  // Instantiations of the enclosing function each have their own.
  for (const DeclContext *DC = FD->getParent()->getParent(); DC;
       DC = DC->getParent())
    if (const auto *Outer = dyn_cast<FunctionDecl>(DC)) {
      OS << "@" << keyOf(Outer);
      break;
    }
  return Key;
}

std::string UnitBuilder::keyOf(const FunctionDecl *FD) {
  if (!Ctx.getLangOpts().CPlusPlus || FD->isExternC())
    return FD->getNameAsString();
  std::string Key;
  if (const auto *MD = dyn_cast<CXXMethodDecl>(FD))
    if (MD->getParent()->isLambda())
      Key = lambdaKey(FD);
  llvm::SmallString<128> Usr;
  if (!index::generateUSRForDecl(FD, Usr))
    return Key.empty() ? std::string(Usr) : Key + "#" + std::string(Usr);
  return Key.empty() ? FD->getQualifiedNameAsString() : Key;
}

uint64_t UnitBuilder::bodyHash(const FunctionDecl *Def) {
  if (Rec) {
    auto It = Rec->BodyHashes.find(Def);
    if (It != Rec->BodyHashes.end())
      return It->second;
  }
  if (!Def->doesThisDeclarationHaveABody() || Def->isImplicit())
    return 0;
  const Stmt *Body = Def->getBody();
  if (!Body)
    return 0;
  SourceRange Range(SM.getExpansionLoc(Body->getBeginLoc()),
                    SM.getExpansionLoc(Body->getEndLoc()));
  return llvm::xxh3_64bits(Lexer::getSourceText(
      CharSourceRange::getTokenRange(Range), SM, Ctx.getLangOpts()));
}

std::string UnitBuilder::recordName(const RecordDecl *RD) {
  bool CXX = Ctx.getLangOpts().CPlusPlus;
  for (const DeclContext *DC = RD; DC; DC = DC->getParent()) {
    const auto *R = dyn_cast<RecordDecl>(DC);
    if (!R)
      break;
    if (R->getIdentifier())
      return CXX ? R->getQualifiedNameAsString() : R->getName().str();
    if (const TypedefNameDecl *T = R->getTypedefNameForAnonDecl())
      return CXX ? T->getQualifiedNameAsString() : T->getName().str();
  }
  return "";
}

/// The Vocabulary type that \p T is spelled with, or "".
llvm::StringRef UnitBuilder::vocabularyType(QualType T) const {
  while (const auto *TT = T->getAs<TypedefType>()) {
    llvm::StringRef Name = TT->getDecl()->getName();
    if (llvm::is_contained(Vocab.Types, Name))
      return Name;
    T = TT->desugar();
  }
  return "";
}

//===- UnitBuilder.cpp - the tables of a unit -----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See UnitBuilder.h. A function's linkage is decided by its definition: outside
// the main file it belongs to that file, whatever its storage class.
//
//===----------------------------------------------------------------------===//

#include "UnitBuilder.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/Stmt.h"
#include "clang/Index/USRGeneration.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace clang;
using namespace fencedep;

std::string fencedep::absolutePath(llvm::StringRef Path,
                                   llvm::StringRef Directory) {
  llvm::SmallString<256> Abs(Path);
  if (!llvm::sys::path::is_absolute(Path)) {
    Abs = Directory;
    llvm::sys::path::append(Abs, Path);
  }
  llvm::sys::path::remove_dots(Abs, /*remove_dot_dot=*/true);
  return std::string(Abs);
}

std::optional<int64_t> fencedep::inWord(const llvm::APSInt &V) {
  if (V.isSigned())
    return V.trySExtValue();
  if (V.getActiveBits() > 64)
    return std::nullopt;
  return int64_t(V.getZExtValue());
}

UnitBuilder::UnitBuilder(ASTContext &Ctx, const Vocabulary &Vocab,
                         const Recorder *Rec)
    : Ctx(Ctx), SM(Ctx.getSourceManager()), Vocab(Vocab), Rec(Rec) {
  StringIds[""] = 0;
  U.MainFile = U.str(mainFile()).str();
}

StringId UnitBuilder::mainFile() {
  if (Rec && !Rec->Rewritten.empty())
    return str(absolutePath(Rec->Rewritten, Rec->Directory));
  return file(SM.getMainFileID());
}

PresumedLoc UnitBuilder::before(SourceLocation L) {
  if (!Rec || Rec->Rewritten.empty() || !SM.isInFileID(L, SM.getMainFileID()))
    return PresumedLoc();
  return SM.getPresumedLoc(L);
}

StringId UnitBuilder::file(SourceLocation L) {
  if (L.isInvalid())
    return 0;
  L = SM.getExpansionLoc(L);
  PresumedLoc Before = before(L);
  if (Before.isInvalid())
    return file(SM.getFileID(L));
  llvm::StringRef Name = Before.getFilename();
  if (Name.starts_with("<")) // <built-in>, <command line>
    return 0;
  auto [It, New] = FilesBefore.try_emplace(Name, 0);
  if (New)
    It->second = str(absolutePath(Name, Rec->Directory));
  return It->second;
}

StringId UnitBuilder::str(llvm::StringRef S) {
  auto [It, New] = StringIds.try_emplace(S, U.Strings.size());
  if (New)
    U.Strings.push_back(S.str());
  return It->second;
}

StringId UnitBuilder::file(FileID Id) {
  auto [It, New] = Files.try_emplace(Id, 0);
  if (!New)
    return It->second;
  OptionalFileEntryRef Entry = SM.getFileEntryRefForID(Id);
  if (!Entry)
    return 0;
  std::string Directory;
  if (Rec)
    Directory = Rec->Directory;
  else if (auto Cwd = SM.getFileManager()
                          .getVirtualFileSystem()
                          .getCurrentWorkingDirectory())
    Directory = *Cwd;
  StringId Name = str(absolutePath(Entry->getName(), Directory));
  return Files[Id] = Name;
}

Loc UnitBuilder::loc(SourceLocation L) {
  Loc Result;
  if (L.isInvalid())
    return Result;
  Result.File = file(L);
  if (!Result.File)
    return Result;
  if (PresumedLoc Before = before(SM.getExpansionLoc(L)); Before.isValid()) {
    Result.Line = Before.getLine();
    Result.Column = Before.getColumn();
    return Result;
  }
  auto [Id, Offset] = SM.getDecomposedExpansionLoc(L);
  Result.Line = SM.getLineNumber(Id, Offset);
  Result.Column = SM.getColumnNumber(Id, Offset);
  return Result;
}

StringId UnitBuilder::macroOf(SourceLocation L) {
  SourceLocation Outermost;
  while (L.isMacroID()) {
    const SrcMgr::ExpansionInfo &Info =
        SM.getSLocEntry(SM.getFileID(L)).getExpansion();
    if (Info.isMacroArgExpansion()) {
      L = SM.getImmediateSpellingLoc(L);
      continue;
    }
    if (Info.isFunctionMacroExpansion())
      Outermost = Info.getExpansionLocStart();
    L = Info.getExpansionLocStart();
  }
  if (Outermost.isInvalid())
    return 0;
  llvm::SmallString<64> Buffer;
  return str(Lexer::getSpelling(SM.getSpellingLoc(Outermost), Buffer, SM,
                                Ctx.getLangOpts()));
}

bool UnitBuilder::inMainFile(SourceLocation L) {
  if (Rec)
    return Rec->inMainFile(L);
  return SM.isInFileID(SM.getExpansionLoc(L), SM.getMainFileID());
}

const FunctionDecl *UnitBuilder::definitionOf(const FunctionDecl *FD) {
  // A gnu_inline function may be defined a second time; the unit's own wins.
  const FunctionDecl *Any = nullptr;
  for (const FunctionDecl *D : FD->redecls()) {
    if (!D->isThisDeclarationADefinition())
      continue;
    if (inMainFile(D->getLocation()))
      return D;
    Any = D;
  }
  if (!Any)
    if (const FunctionDecl *Pattern = FD->getTemplateInstantiationPattern())
      return Pattern;
  return Any ? Any : FD;
}

SymbolId UnitBuilder::add(Symbol S) {
  llvm::SmallString<256> Id;
  llvm::raw_svector_ostream OS(Id);
  OS << int(S.Kind) << int(S.Link) << ' ' << S.Key << ' ' << S.File << ' '
     << S.BodyHash;
  auto [It, New] = SymbolIds.try_emplace(Id, U.Symbols.size());
  if (New)
    U.Symbols.push_back(std::move(S));
  return It->second;
}

Symbol UnitBuilder::describe(const FunctionDecl *FD, const FunctionDecl *Def,
                             bool WithHash) {
  Symbol S;
  std::string Key = keyOf(FD);
  S.Key = str(Key);
  S.Name =
      Ctx.getLangOpts().CPlusPlus ? str(FD->getQualifiedNameAsString()) : S.Key;
  S.NoReturn = FD->isNoReturn();

  bool Visible = FD->isExternallyVisible();
  bool Defined = Def->isThisDeclarationADefinition();
  SourceLocation At = Def->getLocation();
  if (At.isValid() && !inMainFile(At) && file(At) &&
      (Defined || !Visible || (FD->isInlined() && !FD->getBuiltinID()))) {
    S.Link = Linkage::Header;
    S.File = file(At);
    if (WithHash)
      S.BodyHash = bodyHash(Def);
  } else if (!Visible) {
    S.Link = Linkage::Internal;
    S.File = mainFile();
  }

  if (!Vocab.Types.empty()) {
    const auto *MD = dyn_cast<CXXMethodDecl>(FD);
    unsigned First = MD && !MD->isStatic();
    for (unsigned I = 0; I != FD->getNumParams(); ++I) {
      llvm::StringRef Type =
          vocabularyType(FD->getParamDecl(I)->getOriginalType());
      if (!Type.empty())
        S.TypedParams.push_back({First + I, str(Type)});
    }
  }
  return S;
}

void UnitBuilder::annotations(const Decl *D, bool OnField, uint32_t Of) {
  if (!D->hasAttrs())
    return;
  for (const Attr *A : D->attrs()) {
    llvm::StringRef Text;
    if (const auto *Tag = dyn_cast<BTFDeclTagAttr>(A))
      Text = Tag->getBTFDeclTag();
    else if (const auto *Any = dyn_cast<AnnotateAttr>(A))
      Text = Any->getAnnotation();
    if (!Text.consume_front("fencedep::"))
      continue;
    annotate({OnField, Of, str(Text), loc(A->getLocation())});
  }
}

void UnitBuilder::annotate(Annotation A) {
  if (Annotated.insert({A.OnField, A.Of, A.Text}).second)
    U.Annotations.push_back(A);
}

SymbolId UnitBuilder::function(const FunctionDecl *FD, bool FromHeaderBody) {
  auto [It, New] =
      FunctionIds[FromHeaderBody].try_emplace(FD->getCanonicalDecl(), 0);
  if (!New)
    return It->second;
  SymbolId Id = add(describe(FD, definitionOf(FD), !FromHeaderBody));
  // A declaration has what those before it have.
  annotations(FD->getMostRecentDecl(), /*OnField=*/false, Id);
  return FunctionIds[FromHeaderBody][FD->getCanonicalDecl()] = Id;
}

SymbolId UnitBuilder::definition(const FunctionDecl *Def, bool InHeader) {
  if (!InHeader)
    return function(Def, /*FromHeaderBody=*/false);
  return add(describe(Def, Def, /*WithHash=*/true));
}

SymbolId UnitBuilder::externalFunction(llvm::StringRef Name) {
  Symbol S;
  S.Key = S.Name = str(Name);
  return add(std::move(S));
}

SymbolId UnitBuilder::variable(const VarDecl *VD) {
  auto [It, New] = VariableIds.try_emplace(VD->getCanonicalDecl(), 0);
  if (!New)
    return It->second;
  Symbol S;
  S.Kind = SymbolKind::Variable;
  std::string Name = VD->getNameAsString(), Key = Name;
  bool CXX = Ctx.getLangOpts().CPlusPlus;
  if (VD->isStaticLocal()) {
    if (const auto *FD = dyn_cast<FunctionDecl>(VD->getDeclContext())) {
      Key = keyOf(FD) + "." + Name;
      Name = (CXX ? FD->getQualifiedNameAsString() : FD->getNameAsString()) +
             "." + Name;
    }
  } else if (CXX && !VD->isExternC()) {
    llvm::SmallString<128> Usr;
    if (!index::generateUSRForDecl(VD, Usr))
      Key = std::string(Usr);
    Name = VD->getQualifiedNameAsString();
  }
  S.Key = str(Key);
  S.Name = str(Name);
  const VarDecl *Def = VD->getDefinition();
  SourceLocation At = (Def ? Def : VD)->getLocation();
  if (!VD->isExternallyVisible() || VD->isStaticLocal()) {
    bool Main = inMainFile(At) || !file(At);
    S.Link = Main ? Linkage::Internal : Linkage::Header;
    S.File = Main ? mainFile() : file(At);
  }
  SymbolId Result = add(std::move(S));
  annotations(VD->getMostRecentDecl(), /*OnField=*/false, Result);
  return VariableIds[VD->getCanonicalDecl()] = Result;
}

FieldId UnitBuilder::field(const FieldDecl *FD) {
  auto [It, New] = FieldIds.try_emplace(FD, 0);
  if (!New)
    return It->second;
  FieldId Id = field(recordName(FD->getParent()), FD->getName());
  U.Fields[Id].Type = str(vocabularyType(FD->getType()));
  annotations(FD, /*OnField=*/true, Id);
  return FieldIds[FD] = Id;
}

FieldId UnitBuilder::field(llvm::StringRef Record, llvm::StringRef Name) {
  Field F{str(Record), str(Name), 0};
  auto [It, New] = FieldNames.try_emplace({F.Record, F.Name}, U.Fields.size());
  if (New)
    U.Fields.push_back(F);
  return It->second;
}

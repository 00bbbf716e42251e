//===- Summarize.cpp - from an AST to a unit ------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Collects what the unit defines, sorts it by position (so that nothing depends
// on the order in which Clang or the run's threads met it) and hands each piece
// on. A C unit is a flat list of declarations; C++ needs a visitor to get at
// members, instantiations, closures and local classes. Templates themselves are
// left out: only their instantiations have types.
//
//===----------------------------------------------------------------------===//

#include "Summarize.h"
#include "FunctionBuilder.h"
#include "KeptFunctions.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Lex/PreprocessorOptions.h"

using namespace clang;
using namespace fencedep;

namespace {

/// What the unit's declarations amount to.
struct Collected {
  std::vector<const FunctionDecl *> Functions;
  std::vector<const VarDecl *> Variables;
  std::vector<const CXXMethodDecl *> Overriders;
  std::vector<const EnumDecl *> Enums;
};

class CxxCollector : public RecursiveASTVisitor<CxxCollector> {
public:
  explicit CxxCollector(Collected &Out) : Out(Out) {}
  bool shouldVisitTemplateInstantiations() const { return true; }
  bool shouldVisitImplicitCode() const { return true; }
  bool TraverseTypeLoc(TypeLoc) { return true; }

  bool VisitFunctionDecl(FunctionDecl *FD) {
    if (FD->isDependentContext() || FD->isInvalidDecl())
      return true;
    // Of a closure only the call operator counts: it is what it evaluates to.
    const auto *MD = dyn_cast<CXXMethodDecl>(FD);
    bool Glue = MD && MD->getParent()->isLambda() &&
                MD->getOverloadedOperator() != OO_Call;
    if (FD->doesThisDeclarationHaveABody() && !Glue && Seen.insert(FD).second)
      Out.Functions.push_back(FD);
    if (MD && MD->isCanonicalDecl() && MD->size_overridden_methods() &&
        Seen.insert(MD->getParent()->getCanonicalDecl()).second)
      for (const CXXMethodDecl *M : MD->getParent()->methods())
        if (M->size_overridden_methods())
          Out.Overriders.push_back(M);
    return true;
  }
  bool VisitVarDecl(VarDecl *VD) {
    bool Global = VD->isFileVarDecl() || VD->isStaticDataMember();
    if (Global && VD->hasInit() && !VD->getDeclContext()->isDependentContext())
      Out.Variables.push_back(VD);
    return true;
  }
  bool VisitEnumDecl(EnumDecl *ED) {
    Out.Enums.push_back(ED);
    return true;
  }

private:
  Collected &Out;
  llvm::DenseSet<const Decl *> Seen;
};

class Summarizer {
public:
  Summarizer(ASTContext &Ctx, const Vocabulary &Vocab, const Recorder *Rec,
             const EditedFile *Edited)
      : B(Ctx, Vocab, Rec), Ctx(Ctx), Rec(Rec), Edited(Edited) {}

  Unit run() {
    collect();
    constants();
    exports();
    overrides();
    for (const VarDecl *VD : All.Variables)
      recordInitializer(B, VD);
    functions();
    return std::move(B.U);
  }

private:
  void collect();
  void collectC(const Decl *D);
  void constants();
  bool bad(const EnumConstantDecl *EC) const;
  void exports();
  void overrides();
  void functions();
  bool wanted(const FunctionDecl *FD, StringId File);

  UnitBuilder B;
  ASTContext &Ctx;
  const Recorder *Rec;
  const EditedFile *Edited;
  Collected All;
};

} // namespace

bool fencedep::isPartial(const ASTContext &Ctx) {
  std::vector<Decl *> Scope = Ctx.getTraversalScope();
  return Scope.size() != 1 || Scope[0] != Ctx.getTranslationUnitDecl();
}

void fencedep::eachDeclaration(const ASTContext &Ctx,
                               llvm::function_ref<void(Decl *)> Each) {
  if (isPartial(Ctx))
    llvm::for_each(Ctx.getTraversalScope(), Each);
  else
    llvm::for_each(Ctx.getTranslationUnitDecl()->decls(), Each);
}

void Summarizer::collectC(const Decl *D) {
  switch (D->getKind()) {
  case Decl::Function: {
    const auto *FD = cast<FunctionDecl>(D);
    if (FD->doesThisDeclarationHaveABody() && !FD->isInvalidDecl())
      All.Functions.push_back(FD);
    break;
  }
  case Decl::Var:
    if (cast<VarDecl>(D)->hasInit())
      All.Variables.push_back(cast<VarDecl>(D));
    break;
  case Decl::Enum:
    All.Enums.push_back(cast<EnumDecl>(D));
    break;
  default:
    break;
  }
}

void Summarizer::collect() {
  if (Ctx.getLangOpts().CPlusPlus) {
    CxxCollector(All).TraverseDecl(Ctx.getTranslationUnitDecl());
    return;
  }
  eachDeclaration(Ctx, [&](const Decl *D) { collectC(D); });
  if (!Rec || !isPartial(Ctx))
    return;
  for (const FunctionDecl *FD : Rec->Taken)
    collectC(FD);
  for (const VarDecl *VD : Rec->TakenVariables)
    collectC(VD);
}

/// Whether Clang complained about the line that \p EC is on.
bool Summarizer::bad(const EnumConstantDecl *EC) const {
  if (!Rec || Rec->BadConstants.empty())
    return false;
  auto [Id, Offset] = B.SM.getDecomposedExpansionLoc(EC->getLocation());
  unsigned Line = B.SM.getLineNumber(Id, Offset);
  return llvm::any_of(Rec->BadConstants, [&, Id = Id](unsigned Error) {
    return B.SM.getLineNumber(Id, Error) == Line;
  });
}

void Summarizer::constants() {
  if (B.Vocab.Constants.empty())
    return;
  // The appended enumerator wins over one of the unit's own.
  llvm::DenseMap<const IdentifierInfo *, std::pair<size_t, bool>> Wanted;
  for (size_t I = 0; I != B.Vocab.Constants.size(); ++I) {
    const std::string &Name = B.Vocab.Constants[I];
    Wanted[&Ctx.Idents.get(Name)] = {I, false};
    Wanted[&Ctx.Idents.get((ConstantPrefix + Name).str())] = {I, true};
  }
  struct Found {
    std::optional<int64_t> Own, Appended;
  };
  std::vector<Found> Values(B.Vocab.Constants.size());
  for (const EnumDecl *ED : All.Enums)
    for (const EnumConstantDecl *EC : ED->enumerators()) {
      auto It = Wanted.find(EC->getIdentifier());
      if (It == Wanted.end() || EC->isInvalidDecl())
        continue;
      auto [Index, Appended] = It->second;
      if (Appended && bad(EC))
        continue;
      auto &Slot = Appended ? Values[Index].Appended : Values[Index].Own;
      if (!Slot)
        Slot = inWord(EC->getInitVal());
    }
  for (size_t I = 0; I != Values.size(); ++I) {
    std::optional<int64_t> V =
        Values[I].Appended ? Values[I].Appended : Values[I].Own;
    if (Rec)
      if (auto It = Rec->Constants.find(B.Vocab.Constants[I]);
          It != Rec->Constants.end())
        V = It->second;
    if (V)
      B.U.Constants.push_back({B.str(B.Vocab.Constants[I]), *V});
  }
}

void Summarizer::exports() {
  if (!Rec || Rec->Exports.empty())
    return;
  llvm::DenseMap<const IdentifierInfo *, const NamedDecl *> Decls;
  for (const IdentifierInfo *Name : Rec->Exports)
    Decls[Name] = nullptr;
  eachDeclaration(Ctx, [&](const Decl *D) {
    if (const auto *ND = dyn_cast<NamedDecl>(D); ND && ND->getIdentifier())
      if (isa<FunctionDecl, VarDecl>(ND))
        if (auto It = Decls.find(ND->getIdentifier()); It != Decls.end())
          It->second = ND;
  });
  for (const IdentifierInfo *Name : Rec->Exports) {
    const NamedDecl *ND = Decls[Name];
    if (const auto *FD = dyn_cast_or_null<FunctionDecl>(ND))
      B.U.Exports.push_back(B.function(FD, /*FromHeaderBody=*/false));
    else if (const auto *VD = dyn_cast_or_null<VarDecl>(ND))
      B.U.Exports.push_back(B.variable(VD));
    else
      B.U.Exports.push_back(B.externalFunction(Name->getName()));
  }
}

void Summarizer::overrides() {
  for (const CXXMethodDecl *MD : All.Overriders)
    for (const CXXMethodDecl *Overridden : MD->overridden_methods())
      B.U.Overrides.push_back({B.function(MD, /*FromHeaderBody=*/false),
                               B.function(Overridden, false)});
}

/// Whether this unit is to summarise the header definition \p FD.
bool Summarizer::wanted(const FunctionDecl *FD, StringId File) {
  if (!Rec)
    return true;
  if (!Ctx.getLangOpts().CPlusPlus)
    return Rec->Taken.contains(FD);
  return Rec->mayTake(B.U.str(File), B.keyOf(FD));
}

void Summarizer::functions() {
  struct Item {
    const FunctionDecl *FD;
    bool InHeader;
    std::string File, Key;
    unsigned Offset;
  };
  std::vector<Item> Items;
  for (const FunctionDecl *FD : All.Functions) {
    StringId File = B.file(FD->getLocation());
    if (!File)
      continue; // Made up by the compiler.
    bool InHeader = !B.inMainFile(FD->getLocation());
    if (InHeader && !wanted(FD, File))
      continue;
    Items.push_back({FD, InHeader,
                     InHeader ? B.U.str(File).str() : std::string(),
                     B.keyOf(FD),
                     B.SM.getDecomposedExpansionLoc(FD->getLocation()).second});
  }
  llvm::sort(Items, [](const Item &L, const Item &R) {
    if (L.InHeader != R.InHeader)
      return R.InHeader;
    if (!L.InHeader)
      return std::tie(L.Offset, L.Key) < std::tie(R.Offset, R.Key);
    return std::tie(L.File, L.Key, L.Offset) <
           std::tie(R.File, R.Key, R.Offset);
  });
  std::optional<FunctionKeeper> Keeper;
  if (Edited) {
    std::vector<const FunctionDecl *> Own;
    for (const Item &I : Items)
      if (!I.InHeader)
        Own.push_back(I.FD);
    Keeper.emplace(B, *Edited, Own);
  }
  FunctionBuilder Builder(B);
  for (const Item &I : Items) {
    if (Keeper && !I.InHeader) {
      Keeper->add(I.FD);
      continue;
    }
    for (const VarDecl *VD : Builder.build(I.FD, I.InHeader))
      recordInitializer(B, VD);
  }
}

std::string fencedep::moduleName(const PreprocessorOptions &PP,
                                 const Vocabulary &Vocab) {
  if (Vocab.ModuleNameMacro.empty())
    return "";
  std::string Name;
  bool Named = false, Loadable = false;
  for (const auto &[Macro, IsUndef] : PP.Macros) {
    auto [Key, Value] = llvm::StringRef(Macro).split('=');
    if (Key == Vocab.ModuleNameMacro) {
      Named = !IsUndef;
      Name = Value.trim().trim('"').str();
    }
    if (Key == Vocab.ModuleMacro)
      Loadable = !IsUndef;
  }
  if (!Named)
    return "";
  return Loadable ? Name : "built-in";
}

Unit fencedep::summarize(ASTContext &Ctx, const Vocabulary &Vocab,
                         const Recorder *Rec, const EditedFile *Edited) {
  return Summarizer(Ctx, Vocab, Rec, Edited).run();
}

Unit fencedep::summarizeAST(ASTContext &Ctx, const Vocabulary &Vocab) {
  return summarize(Ctx, Vocab, /*Rec=*/nullptr);
}

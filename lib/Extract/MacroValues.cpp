//===- MacroValues.cpp - what macros are worth ----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where the unit is ours, Clang evaluates the vocabulary's constants, from
// enumerators that we append to it (Frontend.cpp). A unit that somebody else
// compiles must stay as it is, and his preprocessor must not even expand a
// macro more, since others listen to it. So the macros, and all that they
// mention, are written down as a little unit of their own, with the types and
// enumerators that they need, and Clang reads that one. Each name is written
// once.
//
//===----------------------------------------------------------------------===//

#include "MacroValues.h"
#include "Summarize.h"
#include "clang/Basic/TargetInfo.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "clang/Sema/IdentifierResolver.h"
#include <mutex>

using namespace clang;
using namespace fencedep;

namespace {

/// The little unit's text.
class Writer {
public:
  Writer(Preprocessor &PP, ASTContext &Ctx)
      : PP(PP), Ctx(Ctx), Partial(isPartial(Ctx)), Names(PP), OS(Text) {}

  std::string write(llvm::ArrayRef<std::string> Wanted) {
    for (const std::string &Name : Wanted) {
      IdentifierInfo *II = PP.getIdentifierInfo(Name);
      const MacroInfo *Macro = PP.getMacroInfo(II);
      if (Macro ? !Macro->isObjectLike() || Macro->tokens_empty()
                : !Partial || !isa_and_nonnull<EnumConstantDecl>(find(II)))
        continue;
      need(II);
      Tail += (llvm::Twine("enum { ") + ConstantPrefix + Name + " = (" + Name +
               ") };\n")
                  .str();
    }
    while (!Work.empty()) {
      IdentifierInfo *II = Work.back();
      Work.pop_back();
      if (const MacroInfo *Macro = PP.getMacroInfo(II))
        macro(II->getName(), *Macro);
      else
        declaration(II);
    }
    return Text + Declarations + Tail;
  }

private:
  void need(IdentifierInfo *II) {
    if (Seen.insert(II).second)
      Work.push_back(II);
  }

  void macro(llvm::StringRef Name, const MacroInfo &Macro) {
    if (Macro.isBuiltinMacro() || Macro.isGNUVarargs())
      return;
    OS << "#define " << Name;
    if (Macro.isFunctionLike()) {
      OS << '(';
      for (const IdentifierInfo *P : Macro.params()) {
        bool Rest = Macro.isVariadic() && P == Macro.params().back();
        OS << (P == Macro.params().front() ? "" : ", ")
           << (Rest ? llvm::StringRef("...") : P->getName());
      }
      OS << ')';
    }
    for (const Token &T : Macro.tokens()) {
      OS << ' ' << PP.getSpelling(T);
      if (IdentifierInfo *II = T.getIdentifierInfo();
          II && !llvm::is_contained(Macro.params(), II))
        need(II);
    }
    OS << '\n';
  }

  /// All enumerators and types by name: what a precompiled header declares in
  /// C cannot be looked up in the unit.
  void findDeclarations() {
    for (const Decl *D : Ctx.getTranslationUnitDecl()->decls())
      if (const auto *ED = llvm::dyn_cast<EnumDecl>(D)) {
        for (const EnumConstantDecl *EC : ED->enumerators())
          Declared.try_emplace(EC->getIdentifier(), EC);
      } else if (const auto *TD = llvm::dyn_cast<TypedefNameDecl>(D)) {
        Declared.try_emplace(TD->getIdentifier(), TD);
      }
  }

  const NamedDecl *find(IdentifierInfo *II) {
    if (Ctx.getLangOpts().CPlusPlus) {
      auto Found = Ctx.getTranslationUnitDecl()->lookup(II);
      return Found.empty() ? nullptr : Found.front();
    }
    // A precompiled header has what its names mean, and need not be read whole.
    if (Partial) {
      for (const NamedDecl *D : Names.decls(II))
        if (isa<EnumConstantDecl, TypedefNameDecl>(D))
          return D;
      return nullptr;
    }
    if (Declared.empty())
      findDeclarations();
    return Declared.lookup(II);
  }

  void declaration(IdentifierInfo *II) {
    const NamedDecl *D = find(II);
    if (const auto *EC = llvm::dyn_cast_or_null<EnumConstantDecl>(D)) {
      llvm::SmallString<32> Value;
      EC->getInitVal().toString(Value, 10);
      Declarations +=
          (llvm::Twine("enum { ") + II->getName() + " = " + Value + " };\n")
              .str();
    } else if (const auto *TD = llvm::dyn_cast_or_null<TypedefNameDecl>(D)) {
      QualType Type = TD->getUnderlyingType().getCanonicalType();
      if (Type->isIntegerType() && Type->isBuiltinType())
        Declarations += (llvm::Twine("typedef ") + Type.getAsString() + " " +
                         II->getName() + ";\n")
                            .str();
    }
  }

  Preprocessor &PP;
  ASTContext &Ctx;
  const bool Partial;
  IdentifierResolver Names; ///< reads what the parser's one has filled
  std::string Text;         ///< the macros
  std::string Declarations; ///< what they need
  std::string Tail;         ///< the enumerators with their values
  llvm::raw_string_ostream OS;
  std::vector<IdentifierInfo *> Work;
  llvm::DenseSet<IdentifierInfo *> Seen;
  llvm::DenseMap<const IdentifierInfo *, const NamedDecl *> Declared;
};

class Reader : public ASTConsumer {
public:
  explicit Reader(llvm::StringMap<int64_t> &Values) : Values(Values) {}

  void HandleTranslationUnit(ASTContext &Ctx) override {
    for (const Decl *D : Ctx.getTranslationUnitDecl()->decls())
      if (const auto *ED = llvm::dyn_cast<EnumDecl>(D))
        for (const EnumConstantDecl *EC : ED->enumerators())
          read(*EC);
  }

private:
  void read(const EnumConstantDecl &EC) {
    llvm::StringRef Name = EC.getName();
    const clang::Expr *Value = EC.getInitExpr();
    // Without a value, or with an error in it, it is no constant.
    if (!Name.consume_front(ConstantPrefix) || !Value ||
        Value->containsErrors() || EC.isInvalidDecl())
      return;
    if (auto Word = inWord(EC.getInitVal()))
      Values[Name] = *Word;
  }

  llvm::StringMap<int64_t> &Values;
};

class Action : public ASTFrontendAction {
public:
  explicit Action(llvm::StringMap<int64_t> &Values) : Values(Values) {}
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &,
                                                 llvm::StringRef) override {
    return std::make_unique<Reader>(Values);
  }

private:
  llvm::StringMap<int64_t> &Values;
};

} // namespace

/// What the enumerators in \p Text are worth in the language of \p Inv.
static llvm::StringMap<int64_t>
evaluate(const std::string &Text, std::shared_ptr<CompilerInvocation> Inv) {
  llvm::StringMap<int64_t> Values;
  const std::string Name = "constants.c";
  Inv->getFrontendOpts().ProgramAction = frontend::ParseSyntaxOnly;
  Inv->getFrontendOpts().Inputs = {
      {Name,
       InputKind(Inv->getLangOpts().CPlusPlus ? Language::CXX : Language::C)}};
  Inv->getPreprocessorOpts().UsePredefines = false;
  Inv->getPreprocessorOpts().addRemappedFile(
      Name, llvm::MemoryBuffer::getMemBufferCopy(Text, Name).release());
  CompilerInstance CI;
  CI.setInvocation(std::move(Inv));
  CI.createDiagnostics(new IgnoringDiagConsumer);
  CI.createFileManager(
      llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>());
  CI.createSourceManager(CI.getFileManager());
  Action Read(Values);
  CI.ExecuteAction(Read);
  return Values;
}

llvm::StringMap<int64_t>
fencedep::macroValues(Preprocessor &PP, ASTContext &Ctx,
                      llvm::ArrayRef<std::string> Names) {
  const std::string Text = Writer(PP, Ctx).write(Names);
  auto Inv = std::make_shared<CompilerInvocation>();
  Inv->getLangOpts() = PP.getLangOpts();
  Inv->getTargetOpts() = PP.getTargetInfo().getTargetOpts();
  // An editor asks the same after each edit, in the same language.
  const std::string Question = Inv->getModuleHash() + '\n' + Text;
  static std::mutex Lock;
  static std::string LastQuestion;
  static llvm::StringMap<int64_t> LastValues;
  std::lock_guard<std::mutex> Guard(Lock);
  if (Question != LastQuestion) {
    LastValues = evaluate(Text, std::move(Inv));
    LastQuestion = Question;
  }
  return LastValues;
}

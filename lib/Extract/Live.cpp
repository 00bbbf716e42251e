//===- Live.cpp - the unit that somebody else compiles --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel unit has thousands of header functions with bodies, and calls some
// dozens of them. Only what the main file's functions and all tables refer to,
// and what that refers to, is summarised: a work list over bodies, each once.
//
// clangd keeps all that is included first in a precompiled header. To look at
// each declaration there would read the whole of it after every edit, which
// takes several times as long as the rest: then only what is referred to is
// read, and headers' tables count only if somebody refers to them.
//
// Definitions of one header function differ between units if a macro decides.
// They are told apart by a hash of their text, printed from the AST, where an
// identifier's final digits do not count: __COUNTER__ makes them.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Extract/Live.h"
#include "MacroValues.h"
#include "Recorder.h"
#include "Summarize.h"
#include "clang/AST/Attr.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/xxhash.h"

using namespace clang;
using namespace fencedep;

namespace {

/// The functions and global variables that a body or an initialiser refers to.
class References : public RecursiveASTVisitor<References> {
public:
  explicit References(std::vector<const ValueDecl *> &Out) : Out(Out) {}

  bool VisitDeclRefExpr(DeclRefExpr *E) {
    const auto *VD = dyn_cast<VarDecl>(E->getDecl());
    if (VD ? VD->isFileVarDecl() : isa<FunctionDecl>(E->getDecl()))
      Out.push_back(E->getDecl());
    return true;
  }
  bool VisitVarDecl(VarDecl *VD) {
    if (const auto *A = VD->getAttr<CleanupAttr>())
      Out.push_back(A->getFunctionDecl());
    return true;
  }
  bool TraverseTypeLoc(TypeLoc) { return true; }

private:
  std::vector<const ValueDecl *> &Out;
};

} // namespace

static uint64_t hashOf(const FunctionDecl *FD, const PrintingPolicy &Policy) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  FD->getBody()->printPretty(OS, nullptr, Policy);
  std::string Kept;
  for (size_t I = 0; I != Text.size();) {
    if (!llvm::isAlpha(Text[I]) && Text[I] != '_') {
      Kept += Text[I++];
      continue;
    }
    size_t End = I;
    while (End != Text.size() && (llvm::isAlnum(Text[End]) || Text[End] == '_'))
      ++End;
    Kept += llvm::StringRef(Text).slice(I, End).rtrim("0123456789");
    I = End;
  }
  return llvm::xxh3_64bits(Kept);
}

/// Fills Taken, TakenVariables and BodyHashes.
static void takeReferred(ASTContext &Ctx, Recorder &Rec) {
  auto InMain = [&](const Decl *D) { return Rec.inMainFile(D->getLocation()); };
  PrintingPolicy Policy = Ctx.getPrintingPolicy();
  const bool Partial = isPartial(Ctx);
  std::vector<const ValueDecl *> Work;
  References Find(Work);
  eachDeclaration(Ctx, [&](Decl *D) {
    // Tables in headers are recorded, too.
    if (const auto *VD = dyn_cast<VarDecl>(D);
        VD ? VD->hasInit() : isa<FunctionDecl>(D) && InMain(D))
      Find.TraverseDecl(D);
  });
  while (!Work.empty()) {
    const ValueDecl *D = Work.back();
    Work.pop_back();
    if (const auto *VD = dyn_cast<VarDecl>(D)) {
      VD = Partial ? VD->getInitializingDeclaration() : nullptr;
      if (VD && !InMain(VD) && Rec.TakenVariables.insert(VD))
        Find.TraverseStmt(const_cast<clang::Expr *>(VD->getInit()));
      continue;
    }
    const FunctionDecl *FD = cast<FunctionDecl>(D)->getDefinition();
    if (!FD || !FD->getBody() || InMain(FD) || !Rec.Taken.insert(FD))
      continue;
    Rec.BodyHashes[FD] = hashOf(FD, Policy);
    Find.TraverseStmt(FD->getBody());
  }
}

LiveUnit::LiveUnit(Preprocessor &PP, std::string Directory,
                   const Vocabulary &Vocab, std::string Rewritten)
    : PP(PP), Opts(std::make_unique<ExtractOptions>()) {
  Opts->Vocab = Vocab;
  Rec = std::make_unique<Recorder>(*Opts);
  Rec->Rewritten = std::move(Rewritten);
  Rec->attach(PP, std::move(Directory), /*HashBodies=*/false);
}

LiveUnit::~LiveUnit() = default;

/// None if nothing can be kept from one edit to the next: what is included
/// first must be in a precompiled header, whose file tells whether it is still
/// the same one.
static std::optional<EditedFile> edited(Preprocessor &PP,
                                        KeptFunctions &Known) {
  const PreprocessorOptions &PO = PP.getPreprocessorOpts();
  const unsigned Size = PO.PrecompiledPreambleBytes.first;
  llvm::sys::fs::file_status Header;
  if (!Size || llvm::sys::fs::status(PO.ImplicitPCHInclude, Header))
    return std::nullopt;
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  OS << PO.ImplicitPCHInclude << ' ' << Header.getUniqueID().getDevice() << ' '
     << Header.getUniqueID().getFile() << ' ' << Header.getSize() << ' '
     << Header.getLastModificationTime().time_since_epoch().count() << '\n'
     << PP.getPredefines();
  return EditedFile{Known, llvm::xxh3_64bits(Text), Size};
}

Unit LiveUnit::finish(ASTContext &Ctx, KeptFunctions *Known) {
  if (!Ctx.getLangOpts().CPlusPlus)
    takeReferred(Ctx, *Rec);
  Rec->Constants = macroValues(PP, Ctx, Opts->Vocab.Constants);
  const std::optional<EditedFile> Edited =
      Known && !Ctx.getLangOpts().CPlusPlus ? edited(PP, *Known) : std::nullopt;
  Unit U = summarize(Ctx, Opts->Vocab, Rec.get(), Edited ? &*Edited : nullptr);
  U.Module = moduleName(PP.getPreprocessorOpts(), Opts->Vocab);
  return U;
}

//===- Section.cpp - where a section can be put into a function -----------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A body is a list of statements. The section begins after the declarations
// that it starts with, and ends after the statement with the last call that
// matters, if control cannot leave or enter what is in between:
//
//     {
//             declarations
//             bool cookie = begin();      inserted
//
//             statements: no return, no goto out or in
//             end(cookie);                inserted
//             the rest
//     }
//
// Otherwise the body becomes a function `__f` of its own, and `f` calls it in a
// section. That is right whatever the body does, and leaves its lines alone.
// What a macro has written is left alone as well.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Extract/Section.h"
#include "Visit.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace clang;
using namespace fencedep;
using llvm::StringRef;

static llvm::Error byHand(const llvm::Twine &Why) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), Why);
}

namespace {

/// How control goes through some statements.
class Exits : public RecursiveASTVisitor<Exits> {
public:
  bool Leaves = false; ///< by return, or to where it cannot be told
  std::vector<const LabelDecl *> Gotos, Labels;

  bool VisitReturnStmt(ReturnStmt *) { return !(Leaves = true); }
  bool VisitIndirectGotoStmt(IndirectGotoStmt *) { return !(Leaves = true); }
  bool VisitGCCAsmStmt(GCCAsmStmt *S) { return !(Leaves |= S->isAsmGoto()); }
  bool VisitGotoStmt(GotoStmt *S) {
    Gotos.push_back(S->getLabel());
    return true;
  }
  bool VisitLabelStmt(LabelStmt *S) {
    Labels.push_back(S->getDecl());
    return true;
  }
  // What a closure does is not done here.
  bool TraverseLambdaExpr(LambdaExpr *) { return true; }
};

class Editor {
public:
  Editor(ASTContext &Ctx, const FunctionDecl *F, const SectionRequest &R)
      : Ctx(Ctx), SM(Ctx.getSourceManager()), F(F), R(R),
        File(SM.getFileID(F->getLocation())), Text(SM.getBufferData(File)) {
    collectNames();
  }

  llvm::Expected<SectionEdit> run() {
    const auto *Body = dyn_cast_or_null<CompoundStmt>(F->getBody());
    if (!Body || Body->getLBracLoc().isMacroID() ||
        F->getLocation().isMacroID())
      return byHand("a macro has written it");
    if (Ctx.getTranslationUnitDecl()->lookup(&Ctx.Idents.get(R.Begin)).empty())
      return byHand("its unit does not declare '" + R.Begin +
                    "': include the header first");
    if (inPlace(Body))
      return std::move(Edit);
    Edit = SectionEdit();
    if (llvm::Error E = wrap(Body))
      return std::move(E);
    return std::move(Edit);
  }

private:
  size_t offset(SourceLocation L) const { return SM.getFileOffset(L); }

  void insert(size_t At, const llvm::Twine &What) {
    Edit.Edits.push_back({At, 0, What.str()});
  }

  /// Every word of the function, so that new names are new.
  void collectNames() {
    CharSourceRange Range = Lexer::getAsCharRange(
        SM.getExpansionRange(F->getSourceRange()), SM, Ctx.getLangOpts());
    StringRef Rest = Lexer::getSourceText(Range, SM, Ctx.getLangOpts());
    auto IsWord = [](char C) { return llvm::isAlnum(C) || C == '_'; };
    while (!Rest.empty()) {
      StringRef Word = Rest.take_while(IsWord);
      Names.insert(Word);
      Rest = Rest.drop_front(std::max<size_t>(1, Word.size()));
    }
  }

  std::string fresh(std::initializer_list<const char *> Wanted) {
    for (const char *Name : Wanted)
      if (Names.insert(Name).second)
        return Name;
    for (unsigned I = 2;; ++I)
      if (std::string Name = *Wanted.begin() + std::to_string(I);
          Names.insert(Name).second)
        return Name;
  }

  /// Behind \p S in the text, and behind its semicolon; 0: it is not in File.
  size_t endOf(const Stmt *S) const {
    CharSourceRange Range = SM.getExpansionRange(S->getSourceRange());
    if (SM.getFileID(Range.getEnd()) != File)
      return 0;
    SourceLocation End = Range.isTokenRange()
                             ? Lexer::getLocForEndOfToken(Range.getEnd(), 0, SM,
                                                          Ctx.getLangOpts())
                             : Range.getEnd();
    size_t At = offset(End);
    size_t Next = Text.find_first_not_of(" \t\r\n", At);
    return Next != StringRef::npos && Text[Next] == ';' ? Next + 1 : At;
  }

  size_t startOf(const Stmt *S) const {
    return offset(SM.getExpansionLoc(S->getBeginLoc()));
  }

  /// Where the line of \p At ends, if only a comment follows there; else At.
  size_t lineEnd(size_t At) const {
    size_t End = std::min(Text.find('\n', At), Text.size());
    StringRef Rest = Text.slice(At, End).trim();
    bool Comment = Rest.starts_with("//") ||
                   (Rest.starts_with("/*") && Rest.ends_with("*/"));
    return Rest.empty() || Comment ? End - (End && Text[End - 1] == '\r') : At;
  }

  /// The blanks before the first word of the line of \p At.
  StringRef indentation(size_t At) const {
    size_t Start = Text.rfind('\n', At);
    StringRef Line = Text.substr(Start == StringRef::npos ? 0 : Start + 1);
    return Line.take_front(Line.find_first_not_of(" \t"));
  }

  bool blankLineAfter(size_t LineEnd) const {
    StringRef Next = Text.substr(LineEnd).drop_front(LineEnd < Text.size());
    return Next.take_front(Next.find('\n')).trim().empty();
  }

  /// May control go from \p Inside elsewhere, or from elsewhere into it?
  static bool jumps(Exits &Inside, Exits &Outside) {
    auto To = [](const Exits &From, const Exits &Into) {
      return llvm::any_of(From.Gotos, [&](const LabelDecl *L) {
        return llvm::is_contained(Into.Labels, L);
      });
    };
    return Inside.Leaves || To(Inside, Outside) || To(Outside, Inside);
  }

  bool inPlace(const CompoundStmt *Body) {
    size_t Last = offset(SM.translateLineCol(File, R.LastLine, R.LastColumn));
    Exits Inside, Outside;
    const Stmt *Declarations = nullptr, *End = nullptr, *First = nullptr;
    for (Stmt *S : Body->body()) {
      if (!First && isa<DeclStmt>(S)) {
        Declarations = S;
        Outside.TraverseStmt(S);
        continue;
      }
      if (!First)
        First = S;
      (End ? Outside : Inside).TraverseStmt(S);
      size_t Behind = endOf(S);
      if (!Behind)
        return false;
      if (!End && startOf(S) <= Last && Last < Behind)
        End = S;
    }
    if (!End || jumps(Inside, Outside))
      return false;
    const std::string Cookie = fresh({"cookie", "fence_cookie"});
    const StringRef Indent = indentation(startOf(First));
    size_t At =
        Declarations ? endOf(Declarations) : offset(Body->getLBracLoc()) + 1;
    size_t Begin = At ? lineEnd(At) : 0, Behind = lineEnd(endOf(End));
    // All on one line, as `{ f(); }`, is for somebody else to lay out.
    if (!Begin || Text.substr(Begin, 2).ltrim('\r').take_front() != "\n" ||
        Text.substr(Behind, 2).ltrim('\r').take_front() != "\n")
      return false;
    insert(Begin, "\n" + Indent + "bool " + Cookie + " = " + R.Begin + "();" +
                      (blankLineAfter(Begin) ? "" : "\n"));
    insert(Behind, "\n" + Indent + R.End + "(" + Cookie + ");");
    return true;
  }

  llvm::Expected<std::string> arguments() {
    std::string List;
    for (const ParmVarDecl *P : F->parameters()) {
      if (P->getName().empty())
        return byHand("a parameter has no name");
      List += (List.empty() ? "" : ", ") + P->getName().str();
    }
    return List;
  }

  llvm::Error wrap(const CompoundStmt *Body) {
    if (isa<CXXMethodDecl>(F) || F->isVariadic() || F->isTemplated() ||
        F->isMain())
      return byHand("its body cannot be moved into another function");
    llvm::Expected<std::string> Arguments = arguments();
    if (!Arguments)
      return Arguments.takeError();
    SourceLocation Start = F->getOuterLocStart();
    if (Start.isMacroID())
      Start = SM.getExpansionLoc(Start);
    size_t Head = offset(Start), Name = offset(F->getLocation()),
           Brace = offset(Body->getLBracLoc()),
           End = offset(Body->getRBracLoc()) + 1;
    if (SM.getFileID(Start) != File || Head > Name || Name > Brace)
      return byHand("its head is not in one piece");
    std::string Inner = "__" + R.Function;
    if (!Ctx.getTranslationUnitDecl()->lookup(&Ctx.Idents.get(Inner)).empty())
      Inner += "_in_section";
    if (F->getStorageClass() != SC_Static)
      insert(Head, "static ");
    Edit.Edits.push_back({Name, R.Function.size(), Inner});
    const std::string Cookie = fresh({"cookie", "fence_cookie"});
    std::string Ret;
    if (!F->getReturnType()->isVoidType())
      Ret = fresh({"ret", "result"});
    const std::string Call = Inner + "(" + *Arguments + ");\n";
    std::string New = "\n\n" + Text.slice(Head, Brace).str() + "{\n\tbool " +
                      Cookie + " = " + R.Begin + "();\n";
    if (Ret.empty()) {
      New += "\n\t" + Call;
    } else {
      std::string Declared = Ret;
      PrintingPolicy Policy(Ctx.getLangOpts());
      F->getReturnType().getAsStringInternal(Declared, Policy);
      New += "\t" + Declared + ";\n\n\t" + Ret + " = " + Call;
    }
    New += "\t" + R.End + "(" + Cookie + ");\n";
    if (!Ret.empty())
      New += "\treturn " + Ret + ";\n";
    insert(End, New + "}");
    Edit.Wrapped = true;
    return llvm::Error::success();
  }

  ASTContext &Ctx;
  const SourceManager &SM;
  const FunctionDecl *F;
  const SectionRequest &R;
  FileID File;
  StringRef Text;
  llvm::StringSet<> Names;
  SectionEdit Edit;
};

} // namespace

llvm::Expected<SectionEdit>
fencedep::sectionEdit(const tooling::CompileCommand &Cmd,
                      const SectionRequest &R) {
  llvm::Expected<SectionEdit> Result =
      byHand("its definition is not where it was");
  auto Wanted = [&](const FunctionDecl &F, const SourceManager &SM) {
    return F.getNameInfo().getAsString() == R.Function &&
           SM.getSpellingLineNumber(SM.getExpansionLoc(F.getLocation())) ==
               R.Line;
  };
  auto Use = [&](ASTContext &Ctx, const FunctionDecl &F) {
    llvm::consumeError(Result.takeError());
    Result = Editor(Ctx, &F, R).run();
  };
  if (llvm::Error E = visitFunction(Cmd, Wanted, Use)) {
    llvm::consumeError(Result.takeError());
    return std::move(E);
  }
  return Result;
}

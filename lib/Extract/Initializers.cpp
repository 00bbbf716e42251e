//===- Initializers.cpp - functions in tables -----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Walks the initialiser of a global down to the addresses in it, keeping the
// path of fields. Array elements share one path, a compound literal whose
// address is taken continues it, and so does an anonymous member. Enumerators
// in the table's own fields tell what kind of table it is. The walk follows the
// tree.
//
//===----------------------------------------------------------------------===//

#include "Summarize.h"
#include "clang/AST/ExprCXX.h"

using namespace clang;
using namespace fencedep;

namespace {

class InitializerWalk {
public:
  InitializerWalk(UnitBuilder &B, const VarDecl *VD) : B(B), VD(VD) {}
  void run() {
    walk(VD->getInit());
    if (Holder) // else it is a mere list of numbers
      for (auto [FD, Value] : Kinds)
        B.U.TableKinds.push_back({*Holder, B.field(FD), Value});
  }

private:
  void walk(const clang::Expr *E);
  void list(const InitListExpr *List);
  void address(const clang::Expr *E);
  void function(const FunctionDecl *FD, SourceLocation At);
  std::optional<int64_t> constant(const clang::Expr *E) const {
    clang::Expr::EvalResult R;
    if (E->isValueDependent() || !E->EvaluateAsInt(R, B.Ctx))
      return std::nullopt; // a mistake in what is being typed, too
    return inWord(R.Val.getInt());
  }
  SymbolId holder() {
    if (!Holder)
      Holder = B.variable(VD);
    return *Holder;
  }

  UnitBuilder &B;
  const VarDecl *VD;
  std::optional<SymbolId> Holder;
  std::vector<FieldId> Path;
  std::vector<std::pair<const FieldDecl *, int64_t>> Kinds;
};

} // namespace

void InitializerWalk::function(const FunctionDecl *FD, SourceLocation At) {
  Initializer I;
  I.Holder = holder();
  I.Path = Path;
  I.Func = B.function(FD, /*FromHeaderBody=*/false);
  I.Where = B.loc(At);
  B.U.Initializers.push_back(std::move(I));
}

/// \p E is an lvalue whose address is stored.
void InitializerWalk::address(const clang::Expr *E) {
  E = E->IgnoreParenCasts();
  if (const auto *Literal = dyn_cast<CompoundLiteralExpr>(E))
    return walk(Literal->getInitializer());
  while (true) {
    if (const auto *ME = dyn_cast<MemberExpr>(E); ME && !ME->isArrow())
      E = ME->getBase()->IgnoreParenCasts();
    else if (const auto *ASE = dyn_cast<ArraySubscriptExpr>(E))
      E = ASE->getBase()->IgnoreParenCasts();
    else
      break;
  }
  const auto *DRE = dyn_cast<DeclRefExpr>(E);
  if (!DRE)
    return walk(E);
  if (const auto *FD = dyn_cast<FunctionDecl>(DRE->getDecl()))
    return function(FD, DRE->getLocation());
  const auto *Target = dyn_cast<VarDecl>(DRE->getDecl());
  if (!Target || Target->hasLocalStorage() ||
      Target->getCanonicalDecl() == VD->getCanonicalDecl())
    return;
  TableRef T;
  T.Holder = holder();
  T.Path = Path;
  T.Target = B.variable(Target);
  B.U.TableRefs.push_back(std::move(T));
}

void InitializerWalk::list(const InitListExpr *List) {
  if (const InitListExpr *Semantic = List->getSemanticForm())
    List = Semantic;
  const RecordDecl *RD = List->getType()->getAsRecordDecl();
  if (!RD) {
    const auto *AT = B.Ctx.getAsArrayType(List->getType());
    if (AT && AT->getElementType()->isArithmeticType())
      return;
    for (const clang::Expr *Init : List->inits())
      walk(Init);
    return;
  }
  const auto *Init = List->begin();
  auto Field = [&](const FieldDecl *FD) {
    if (Init == List->end())
      return;
    const auto *Value = cast_or_null<clang::Expr>(*Init++);
    if (!FD->getIdentifier())
      return walk(Value);
    if (!Value)
      return;
    if (!B.vocabularyType(FD->getType()).empty()) {
      if (auto V = constant(Value))
        B.U.FieldValues.push_back({B.field(FD), *V});
      return;
    }
    if (Path.empty() && FD->getType()->isEnumeralType()) {
      if (auto V = constant(Value))
        Kinds.push_back({FD, *V});
      return;
    }
    if (isa<ImplicitValueInitExpr, IntegerLiteral>(Value))
      return;
    Path.push_back(B.field(FD));
    walk(Value);
    Path.pop_back();
  };
  if (RD->isUnion()) {
    if (const FieldDecl *FD = List->getInitializedFieldInUnion())
      Field(FD);
    return;
  }
  if (const auto *Class = dyn_cast<CXXRecordDecl>(RD))
    for (unsigned I = 0; I != Class->getNumBases() && Init != List->end(); ++I)
      walk(cast<clang::Expr>(*Init++));
  for (const FieldDecl *FD : RD->fields())
    if (!FD->isUnnamedBitField())
      Field(FD);
}

void InitializerWalk::walk(const clang::Expr *E) {
  if (!E)
    return;
  E = E->IgnoreParens();
  if (E->isInstantiationDependent() || E->containsErrors())
    return;
  if (const auto *List = dyn_cast<InitListExpr>(E))
    return list(List);
  if (const auto *CE = dyn_cast<CastExpr>(E)) {
    switch (CE->getCastKind()) {
    case CK_ArrayToPointerDecay:
    case CK_FunctionToPointerDecay:
      return address(CE->getSubExpr());
    default:
      return walk(CE->getSubExpr());
    }
  }
  if (const auto *Full = dyn_cast<FullExpr>(E))
    return walk(Full->getSubExpr());
  if (const auto *Literal = dyn_cast<CompoundLiteralExpr>(E))
    return walk(Literal->getInitializer());
  if (const auto *UO = dyn_cast<UnaryOperator>(E))
    return UO->getOpcode() == UO_AddrOf ? address(UO->getSubExpr())
                                        : walk(UO->getSubExpr());
  if (const auto *DRE = dyn_cast<DeclRefExpr>(E)) {
    if (const auto *FD = dyn_cast<FunctionDecl>(DRE->getDecl()))
      function(FD, DRE->getLocation());
    return;
  }
  if (const auto *Lambda = dyn_cast<LambdaExpr>(E)) {
    if (!Lambda->isGenericLambda())
      function(Lambda->getCallOperator(), Lambda->getBeginLoc());
    return;
  }
  if (const auto *Call = dyn_cast<CallExpr>(E)) {
    // What a constant initialiser calls is not stored.
    for (const clang::Expr *Arg : Call->arguments())
      walk(Arg);
    return;
  }
  if (isa<UnaryExprOrTypeTraitExpr, StmtExpr, BlockExpr>(E))
    return;
  for (const Stmt *Child : E->children())
    if (const auto *Sub = dyn_cast_or_null<clang::Expr>(Child))
      walk(Sub);
}

void fencedep::recordInitializer(UnitBuilder &B, const VarDecl *VD) {
  if (VD->getInit() && !VD->getType()->isArithmeticType() &&
      !VD->isInvalidDecl())
    InitializerWalk(B, VD).run();
}

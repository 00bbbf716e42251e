//===- BodyScan.cpp - what a body's syntax says about its values ----------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See BodyScan.h. Recursion follows the tree; the context (Use, Target) is
// handed down through parentheses, casts, the arms of ?: and the last statement
// of a statement expression, which is where a value comes from unchanged.
//
//===----------------------------------------------------------------------===//

#include "BodyScan.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fencedep;

void BodyScan::declare(const VarDecl *VD) {
  if (VD->isStaticLocal())
    StaticLocals.push_back(VD);
  else if (VD->hasLocalStorage())
    Locals.push_back(VD);
  if (const auto *DD = dyn_cast<DecompositionDecl>(VD))
    for (const BindingDecl *B : DD->bindings())
      if (const VarDecl *Holding = B->getHoldingVar())
        declare(Holding);
  if (!VD->getInit() || VD->isStaticLocal())
    return;
  InitTarget Target;
  Target.Var = VD;
  visit(VD->getInit(), {ResultUse::Local, VD}, Target);
}

void BodyScan::discard(const Stmt *S) {
  visit(S, {ResultUse::Discarded, nullptr});
}

/// The local that \p E names.
static const VarDecl *localOf(const clang::Expr *E) {
  const auto *DRE = dyn_cast<DeclRefExpr>(E->IgnoreParenImpCasts());
  const auto *VD = DRE ? dyn_cast<VarDecl>(DRE->getDecl()) : nullptr;
  return VD && VD->hasLocalStorage() ? VD : nullptr;
}

void BodyScan::visit(const Stmt *S, CallUse Use, InitTarget Target) {
  if (!S || Unusable)
    return;
  const auto *E = dyn_cast<clang::Expr>(S);
  if (E && (E->containsErrors() || E->isInstantiationDependent())) {
    Unusable = true;
    return;
  }

  switch (S->getStmtClass()) {
  case Stmt::CompoundStmtClass:
    for (const Stmt *C : cast<CompoundStmt>(S)->body())
      discard(C);
    return;
  case Stmt::StmtExprClass: {
    const CompoundStmt *Body = cast<StmtExpr>(S)->getSubStmt();
    for (const Stmt *C : Body->body()) {
      const Stmt *Last = C == Body->body_back() ? C : nullptr;
      while (isa_and_nonnull<LabelStmt, AttributedStmt>(Last))
        Last = isa<LabelStmt>(Last) ? cast<LabelStmt>(Last)->getSubStmt()
                                    : cast<AttributedStmt>(Last)->getSubStmt();
      const auto *Value = dyn_cast_or_null<clang::Expr>(Last);
      if (!Value) {
        discard(C);
        continue;
      }
      Results.insert(Value->IgnoreParens());
      visit(Value, Use);
    }
    return;
  }
  case Stmt::DeclStmtClass:
    for (const Decl *D : cast<DeclStmt>(S)->decls())
      if (const auto *VD = dyn_cast<VarDecl>(D))
        declare(VD);
    return;
  case Stmt::IfStmtClass: {
    const auto *If = cast<IfStmt>(S);
    discard(If->getInit());
    visit(If->getConditionVariableDeclStmt());
    visit(If->getCond());
    discard(If->getThen());
    discard(If->getElse());
    return;
  }
  case Stmt::SwitchStmtClass: {
    const auto *Switch = cast<SwitchStmt>(S);
    discard(Switch->getInit());
    visit(Switch->getConditionVariableDeclStmt());
    visit(Switch->getCond());
    discard(Switch->getBody());
    return;
  }
  case Stmt::WhileStmtClass: {
    const auto *While = cast<WhileStmt>(S);
    visit(While->getConditionVariableDeclStmt());
    visit(While->getCond());
    discard(While->getBody());
    return;
  }
  case Stmt::DoStmtClass:
    discard(cast<DoStmt>(S)->getBody());
    visit(cast<DoStmt>(S)->getCond());
    return;
  case Stmt::ForStmtClass: {
    const auto *For = cast<ForStmt>(S);
    discard(For->getInit());
    visit(For->getConditionVariableDeclStmt());
    visit(For->getCond());
    discard(For->getInc());
    discard(For->getBody());
    return;
  }
  case Stmt::LabelStmtClass:
  case Stmt::AttributedStmtClass:
    for (const Stmt *C : S->children())
      discard(C);
    return;
  case Stmt::CaseStmtClass:
  case Stmt::DefaultStmtClass:
    discard(cast<SwitchCase>(S)->getSubStmt());
    return;
  case Stmt::CXXForRangeStmtClass: {
    const auto *For = cast<CXXForRangeStmt>(S);
    discard(For->getInit());
    visit(For->getRangeStmt());
    visit(For->getBeginStmt());
    visit(For->getEndStmt());
    visit(For->getCond());
    discard(For->getInc());
    visit(For->getLoopVarStmt());
    discard(For->getBody());
    return;
  }
  case Stmt::CXXCatchStmtClass:
    if (const VarDecl *VD = cast<CXXCatchStmt>(S)->getExceptionDecl())
      declare(VD);
    discard(cast<CXXCatchStmt>(S)->getHandlerBlock());
    return;
  case Stmt::LambdaExprClass: {
    const auto *L = cast<LambdaExpr>(S);
    for (const LambdaCapture &C : L->captures())
      if (C.capturesVariable() && C.getCaptureKind() == LCK_ByRef)
        if (const auto *VD = dyn_cast<VarDecl>(C.getCapturedVar()))
          CapturedByRef.insert(VD);
    for (const clang::Expr *Init : L->capture_inits())
      visit(Init);
    return;
  }
  case Stmt::BlockExprClass:
  case Stmt::UnaryExprOrTypeTraitExprClass: // unevaluated
    return;
  case Stmt::GenericSelectionExprClass:
    return visit(cast<GenericSelectionExpr>(S)->getResultExpr(), Use, Target);
  case Stmt::ChooseExprClass:
    return visit(cast<ChooseExpr>(S)->getChosenSubExpr(), Use, Target);
  case Stmt::OpaqueValueExprClass:
    return;
  case Stmt::ConditionalOperatorClass: {
    const auto *C = cast<ConditionalOperator>(S);
    visit(C->getCond());
    visit(C->getTrueExpr(), Use, Target);
    visit(C->getFalseExpr(), Use, Target);
    return;
  }
  case Stmt::BinaryConditionalOperatorClass: {
    const auto *C = cast<BinaryConditionalOperator>(S);
    visit(C->getCommon(), Use);
    visit(C->getFalseExpr(), Use);
    return;
  }
  case Stmt::BinaryOperatorClass: {
    const auto *BO = cast<BinaryOperator>(S);
    if (BO->getOpcode() == BO_Comma) {
      discard(BO->getLHS());
      return visit(BO->getRHS(), Use, Target);
    }
    visit(BO->getLHS());
    if (BO->getOpcode() != BO_Assign)
      return visit(BO->getRHS());
    const VarDecl *VD = localOf(BO->getLHS());
    InitTarget Copied;
    Copied.Elsewhere = true;
    return visit(BO->getRHS(), {VD ? ResultUse::Local : ResultUse::Other, VD},
                 Copied);
  }
  case Stmt::CXXDefaultArgExprClass:
    return visit(cast<CXXDefaultArgExpr>(S)->getExpr());
  case Stmt::CXXDefaultInitExprClass:
    return visit(cast<CXXDefaultInitExpr>(S)->getExpr(), {}, Target);
  case Stmt::CXXNewExprClass: {
    const auto *New = cast<CXXNewExpr>(S);
    for (unsigned I = 0; I != New->getNumPlacementArgs(); ++I)
      visit(New->getPlacementArg(I));
    if (New->isArray() && New->getArraySize())
      visit(*New->getArraySize());
    InitTarget T;
    T.New = New;
    return visit(New->getInitializer(), {}, T);
  }
  case Stmt::CXXConstructExprClass:
  case Stmt::CXXTemporaryObjectExprClass: {
    const auto *CE = cast<CXXConstructExpr>(S);
    Targets[CE] = Target;
    bool Elided = CE->isElidable();
    for (const clang::Expr *A : CE->arguments())
      visit(A, {}, Elided ? Target : InitTarget());
    return;
  }
  case Stmt::CompoundLiteralExprClass:
    Targets[cast<clang::Expr>(S)] = Target;
    return visit(cast<CompoundLiteralExpr>(S)->getInitializer());
  case Stmt::CallExprClass:
  case Stmt::CXXMemberCallExprClass:
  case Stmt::CXXOperatorCallExprClass:
  case Stmt::UserDefinedLiteralClass:
    if (Use.Use != ResultUse::Other)
      Uses[E] = Use;
    // __builtin_expect is its first argument.
    if (cast<CallExpr>(S)->getNumArgs() &&
        (cast<CallExpr>(S)->getBuiltinCallee() == Builtin::BI__builtin_expect ||
         cast<CallExpr>(S)->getBuiltinCallee() ==
             Builtin::BI__builtin_expect_with_probability))
      return visit(cast<CallExpr>(S)->getArg(0), Use);
    for (const Stmt *C : S->children())
      visit(C);
    return;
  default:
    break;
  }

  // Parentheses, casts and wrappers hand the context on.
  if (const auto *Cast = dyn_cast_or_null<CastExpr>(E)) {
    if (Cast->getCastKind() == CK_ToVoid)
      Use = {ResultUse::Discarded, nullptr};
    return visit(Cast->getSubExpr(), Use, Target);
  }
  bool Hands =
      E && (isa<ParenExpr, ExprWithCleanups, CXXBindTemporaryExpr, ConstantExpr,
                MaterializeTemporaryExpr, SubstNonTypeTemplateParmExpr>(E));
  if (const auto *UO = dyn_cast_or_null<UnaryOperator>(E))
    Hands = UO->getOpcode() == UO_Extension;
  for (const Stmt *C : S->children())
    if (Hands)
      visit(C, Use, Target);
    else
      visit(C);
}

void BodyScan::run(const FunctionDecl *FD) {
  for (const ParmVarDecl *P : FD->parameters())
    Locals.push_back(P);
  if (const auto *Ctor = dyn_cast<CXXConstructorDecl>(FD))
    for (const CXXCtorInitializer *Init : Ctor->inits()) {
      InitTarget Target;
      Target.Init = Init;
      visit(Init->getInit(), {}, Target);
    }
  visit(FD->getBody());
}

//===- Evaluate.cpp - Clang expressions as symbolic values ----------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Evaluation has no effects: those of nested calls and assignments have
// happened at their own CFG elements, which left their results in ValueOf. It
// recurses over the tree of the expression, so it terminates.
//
// Casts are transparent but for constants, which are wrapped to the new type,
// and for bool. An object of class, struct or array type stands for its
// address.
//
//===----------------------------------------------------------------------===//

#include "FunctionBuilder.h"
#include "clang/Basic/Builtins.h"

using namespace clang;
using namespace fencedep;

ExprId FunctionBuilder::remembered(const clang::Expr *E) {
  auto It = ValueOf.find(E->IgnoreParens());
  return It != ValueOf.end() ? It->second : eval(E);
}

ExprId FunctionBuilder::folded(const clang::Expr *E) {
  clang::Expr::EvalResult Result;
  if (E->getType()->isIntegralOrEnumerationType() &&
      E->EvaluateAsInt(Result, Ctx) && Result.Val.isInt())
    if (std::optional<int64_t> V = inWord(Result.Val.getInt()))
      return Exprs.constant(*V);
  return 0;
}

/// C++: the value of a constexpr or const integer variable.
ExprId FunctionBuilder::namedConstant(const clang::Expr *E) {
  const auto *DRE = dyn_cast<DeclRefExpr>(E->IgnoreParens());
  const auto *VD = DRE ? dyn_cast<VarDecl>(DRE->getDecl()) : nullptr;
  if (!VD || VD->getType()->isReferenceType() ||
      !VD->mightBeUsableInConstantExpressions(Ctx))
    return 0;
  return folded(E);
}

ExprId FunctionBuilder::evalCast(const CastExpr *CE) {
  const clang::Expr *Sub = CE->getSubExpr();
  switch (CE->getCastKind()) {
  case CK_LValueToRValue:
    if (Ctx.getLangOpts().CPlusPlus)
      if (ExprId Value = namedConstant(Sub))
        return Value;
    return load(lvalue(Sub), Sub->getType());
  case CK_ArrayToPointerDecay:
  case CK_FunctionToPointerDecay:
  case CK_BuiltinFnToFnPtr:
    return addressOf(lvalue(Sub));
  case CK_NullToPointer:
  case CK_NullToMemberPointer:
    return Exprs.constant(0);
  case CK_IntegralToBoolean:
  case CK_PointerToBoolean:
    return Exprs.toBool(eval(Sub));
  case CK_FloatingToIntegral:
  case CK_FloatingToBoolean:
  case CK_FixedPointToIntegral:
  case CK_FixedPointToBoolean:
  case CK_VectorSplat:
  case CK_Dynamic:
    return 0;
  default:
    break;
  }
  ExprId Value =
      Sub->isGLValue() ? load(lvalue(Sub), Sub->getType()) : eval(Sub);
  if (std::optional<int64_t> C = Exprs.constantOf(Value))
    return Exprs.constant(intType(CE->getType()).wrap(*C));
  return Value;
}

ExprId FunctionBuilder::evalUnary(const UnaryOperator *UO) {
  const clang::Expr *Sub = UO->getSubExpr();
  switch (UO->getOpcode()) {
  case UO_AddrOf:
    return addressOf(lvalue(Sub));
  case UO_Deref:
    return load(pointee(eval(Sub)), UO->getType());
  case UO_Plus:
  case UO_Extension:
    return eval(Sub);
  case UO_Minus:
    return Exprs.unary(Op::Neg, eval(Sub), intType(UO->getType()));
  case UO_Not:
    return Exprs.unary(Op::BitNot, eval(Sub), intType(UO->getType()));
  case UO_LNot:
    return Exprs.unary(Op::Not, remembered(Sub), intType(Sub->getType()));
  default:
    return 0; // ++ and -- have run at their own element.
  }
}

/// Pointer plus or minus an integer.
ExprId FunctionBuilder::step(QualType Pointer, BinaryOperatorKind Opc, ExprId P,
                             ExprId Offset) {
  if (Exprs.constantOf(Offset) == 0)
    return P;
  QualType To = Pointer->getPointeeType();
  bool Bytes = To.isNull() || To->isVoidType() || To->isFunctionType() ||
               To->isCharType();
  if (!Bytes)
    return Exprs.elemAddr(P);
  leak(P);
  return Exprs.binary(Opc == BO_Sub ? Op::Sub : Op::Add, P, Offset, {64, true});
}

static Op opOf(BinaryOperatorKind Opc) {
  switch (Opc) {
  case BO_Mul:
    return Op::Mul;
  case BO_Div:
    return Op::Div;
  case BO_Rem:
    return Op::Rem;
  case BO_Add:
    return Op::Add;
  case BO_Sub:
    return Op::Sub;
  case BO_Shl:
    return Op::Shl;
  case BO_Shr:
    return Op::Shr;
  case BO_And:
    return Op::And;
  case BO_Xor:
    return Op::Xor;
  case BO_Or:
    return Op::Or;
  case BO_LAnd:
    return Op::LAnd;
  case BO_LOr:
    return Op::LOr;
  case BO_EQ:
    return Op::Eq;
  case BO_NE:
    return Op::Ne;
  case BO_LT:
    return Op::Lt;
  case BO_LE:
    return Op::Le;
  case BO_GT:
    return Op::Gt;
  case BO_GE:
    return Op::Ge;
  default:
    return Op::None;
  }
}

ExprId FunctionBuilder::arithmetic(BinaryOperatorKind Opc, ExprId L, ExprId R,
                                   QualType LType, QualType RType) {
  Op Oper = opOf(Opc);
  if (Oper == Op::None)
    return 0;
  if (BinaryOperator::isAdditiveOp(Opc)) {
    bool LPtr = LType->isAnyPointerType(), RPtr = RType->isAnyPointerType();
    if (LPtr && RPtr)
      return 0;
    if (LPtr)
      return step(LType, Opc, L, R);
    if (RPtr)
      return step(RType, Opc, R, L);
  }
  IntType Type = intType(LType);
  if (Type.Bits == 0 || intType(RType).Bits == 0)
    return 0;
  if (!BinaryOperator::isComparisonOp(Opc) &&
      !BinaryOperator::isLogicalOp(Opc)) {
    leak(L);
    leak(R);
  }
  return Exprs.binary(Oper, L, R, Type);
}

ExprId FunctionBuilder::evalBinary(const BinaryOperator *BO) {
  BinaryOperatorKind Opc = BO->getOpcode();
  if (Opc == BO_Comma)
    return eval(BO->getRHS());
  QualType LType = BO->getLHS()->getType(), RType = BO->getRHS()->getType();
  if (BO->isLogicalOp())
    return Exprs.binary(opOf(Opc), remembered(BO->getLHS()),
                        remembered(BO->getRHS()), IntType());
  return arithmetic(Opc, eval(BO->getLHS()), eval(BO->getRHS()), LType, RType);
}

/// Calls that are values rather than events; 0 for all others.
ExprId FunctionBuilder::evalCall(const CallExpr *CE) {
  switch (CE->getBuiltinCallee()) {
  case Builtin::BI__builtin_expect:
  case Builtin::BI__builtin_expect_with_probability:
  case Builtin::BI__builtin_assume_aligned:
  case Builtin::BI__builtin_launder:
    return CE->getNumArgs() ? eval(CE->getArg(0)) : 0;
  case Builtin::BI__builtin_constant_p: {
    ExprId Value = folded(CE);
    return Value ? Value : Exprs.constant(0);
  }
  case Builtin::BI__builtin_addressof:
  case Builtin::BIaddressof:
  case Builtin::BI__addressof:
  case Builtin::BImove:
  case Builtin::BImove_if_noexcept:
  case Builtin::BIforward:
  case Builtin::BIforward_like:
  case Builtin::BIas_const:
    return CE->getNumArgs() ? addressOf(lvalue(CE->getArg(0))) : 0;
  default:
    return folded(CE);
  }
}

ExprId FunctionBuilder::eval(const clang::Expr *E) {
  E = E->IgnoreParens();
  if (Ctx.getLangOpts().CPlusPlus) {
    // A closure is its call operator, however it got here.
    const CXXRecordDecl *RD = E->getType()->getAsCXXRecordDecl();
    if (RD && RD->isLambda())
      if (const CXXMethodDecl *MD = callOperator(E->getType()))
        return funcAddr(MD);
  }
  if (const auto *CE = dyn_cast<CastExpr>(E))
    return evalCast(CE);
  if (E->isGLValue() && !isa<CallExpr>(E))
    return load(lvalue(E), E->getType());

  switch (E->getStmtClass()) {
  case Stmt::IntegerLiteralClass: {
    llvm::APInt V = cast<IntegerLiteral>(E)->getValue();
    if (V.getActiveBits() > 64)
      return 0;
    return Exprs.constant(intType(E->getType()).wrap(V.getZExtValue()));
  }
  case Stmt::CharacterLiteralClass:
    return Exprs.constant(cast<CharacterLiteral>(E)->getValue());
  case Stmt::CXXBoolLiteralExprClass:
    return Exprs.constant(cast<CXXBoolLiteralExpr>(E)->getValue());
  case Stmt::CXXNullPtrLiteralExprClass:
  case Stmt::GNUNullExprClass:
  case Stmt::ImplicitValueInitExprClass:
  case Stmt::CXXScalarValueInitExprClass:
    return isScalar(E->getType()) ? Exprs.constant(0) : 0;
  case Stmt::DeclRefExprClass:
    if (const auto *EC =
            dyn_cast<EnumConstantDecl>(cast<DeclRefExpr>(E)->getDecl())) {
      std::optional<int64_t> V = inWord(EC->getInitVal());
      return V ? Exprs.constant(*V) : 0;
    }
    return addressOf(lvalueOf(cast<DeclRefExpr>(E)));
  case Stmt::MemberExprClass:
    return load(lvalue(E), E->getType());
  case Stmt::UnaryExprOrTypeTraitExprClass:
  case Stmt::OffsetOfExprClass:
  case Stmt::TypeTraitExprClass:
  case Stmt::CXXNoexceptExprClass:
  case Stmt::SizeOfPackExprClass:
    return folded(E);
  case Stmt::UnaryOperatorClass:
    if (cast<UnaryOperator>(E)->isIncrementDecrementOp())
      break;
    return evalUnary(cast<UnaryOperator>(E));
  case Stmt::BinaryOperatorClass:
    if (cast<BinaryOperator>(E)->isAssignmentOp())
      break;
    return evalBinary(cast<BinaryOperator>(E));
  case Stmt::ConditionalOperatorClass: {
    const auto *CO = cast<ConditionalOperator>(E);
    ExprId Cond = remembered(CO->getCond());
    ExprId L = eval(CO->getTrueExpr()), R = eval(CO->getFalseExpr());
    if (!Exprs.constantOf(Cond)) {
      leak(L);
      leak(R);
    }
    return Exprs.select(Cond, L, R);
  }
  case Stmt::BinaryConditionalOperatorClass: {
    const auto *CO = cast<BinaryConditionalOperator>(E);
    ExprId L = remembered(CO->getCommon()), R = eval(CO->getFalseExpr());
    leak(L);
    leak(R);
    return Exprs.select(L, L, R);
  }
  case Stmt::OpaqueValueExprClass:
    if (const clang::Expr *Source = cast<OpaqueValueExpr>(E)->getSourceExpr())
      return remembered(Source);
    return 0;
  case Stmt::StmtExprClass: {
    const Stmt *Last = nullptr;
    if (!cast<StmtExpr>(E)->getSubStmt()->body_empty())
      Last = cast<StmtExpr>(E)->getSubStmt()->body_back();
    while (isa_and_nonnull<LabelStmt, AttributedStmt>(Last))
      Last = isa<LabelStmt>(Last) ? cast<LabelStmt>(Last)->getSubStmt()
                                  : cast<AttributedStmt>(Last)->getSubStmt();
    const auto *Value = dyn_cast_or_null<clang::Expr>(Last);
    return Value ? remembered(Value) : 0;
  }
  case Stmt::ConstantExprClass:
  case Stmt::ExprWithCleanupsClass:
    return eval(cast<FullExpr>(E)->getSubExpr());
  case Stmt::CXXBindTemporaryExprClass:
    return eval(cast<CXXBindTemporaryExpr>(E)->getSubExpr());
  case Stmt::SubstNonTypeTemplateParmExprClass:
    return eval(cast<SubstNonTypeTemplateParmExpr>(E)->getReplacement());
  case Stmt::CXXDefaultArgExprClass:
    return eval(cast<CXXDefaultArgExpr>(E)->getExpr());
  case Stmt::CXXDefaultInitExprClass:
    return eval(cast<CXXDefaultInitExpr>(E)->getExpr());
  case Stmt::CXXRewrittenBinaryOperatorClass:
    return eval(cast<CXXRewrittenBinaryOperator>(E)->getSemanticForm());
  case Stmt::CXXThisExprClass:
    return thisValue();
  case Stmt::AddrLabelExprClass:
    return Exprs.leaf(ExprKind::NonNull);
  case Stmt::InitListExprClass: {
    const auto *List = cast<InitListExpr>(E);
    if (isScalar(E->getType()))
      return List->getNumInits() ? eval(List->getInit(0)) : Exprs.constant(0);
    return addressOf(objectOf(E));
  }
  default:
    break;
  }
  auto It = ValueOf.find(E);
  if (It != ValueOf.end())
    return It->second;
  if (const auto *CE = dyn_cast<CallExpr>(E))
    return evalCall(CE);
  return 0;
}

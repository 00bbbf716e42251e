//===- LValues.cpp - places: locals and addresses -------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An lvalue is a local variable of this function or the place at an address. An
// object of class, struct or array type stands for its address; a reference for
// the place it is bound to. A pointer whose value is RefTo leads back to the
// local, so stores through `typeof(x) *p = &x` are seen. Recurses over the
// tree.
//
//===----------------------------------------------------------------------===//

#include "FunctionBuilder.h"

using namespace clang;
using namespace fencedep;

IntType FunctionBuilder::intType(QualType T) const {
  if (T->isBooleanType())
    return {8, true};
  if (T->isIntegralOrEnumerationType())
    return {Ctx.getIntWidth(T), T->isUnsignedIntegerOrEnumerationType()};
  if (T->isAnyPointerType() || T->isReferenceType() || T->isNullPtrType())
    return {64, true};
  return {0, false};
}

void FunctionBuilder::leak(ExprId Id) {
  const Expr &E = Exprs[Id];
  if (E.Kind != ExprKind::RefTo || E.B >= NumTracked || Leaked[E.B])
    return;
  Leaked[E.B] = true;
  Again = true;
}

uint32_t FunctionBuilder::localNumber(const void *DeclOrExpr) {
  auto [It, New] = Numbers.try_emplace(DeclOrExpr, F.LocalNames.size());
  if (New)
    F.LocalNames.push_back(0);
  return It->second;
}

ExprId FunctionBuilder::funcAddr(const FunctionDecl *Fn) {
  SymbolId Sym = B.function(Fn, InHeader);
  if (const auto *MD = dyn_cast<CXXMethodDecl>(Fn); MD && !MD->isStatic())
    Methods.insert(Sym);
  return Exprs.leaf(ExprKind::FuncAddr, Sym);
}

/// The call operator of a closure or other callable object.
const CXXMethodDecl *FunctionBuilder::callOperator(QualType T) {
  const CXXRecordDecl *RD = T->getAsCXXRecordDecl();
  if (!RD || !RD->hasDefinition() || RD->isDependentContext())
    return nullptr;
  if (RD->isLambda())
    return RD->isGenericLambda() ? nullptr : RD->getLambdaCallOperator();
  DeclarationName Call = Ctx.DeclarationNames.getCXXOperatorName(OO_Call);
  for (const NamedDecl *D : RD->lookup(Call))
    if (const auto *MD = dyn_cast<CXXMethodDecl>(D))
      return MD;
  return nullptr;
}

bool FunctionBuilder::isScalar(QualType T) {
  T = T.getNonReferenceType();
  if (const auto *Atomic = T->getAs<AtomicType>())
    T = Atomic->getValueType();
  if (T->isScalarType())
    return true;
  if (!Ctx.getLangOpts().CPlusPlus)
    return false;
  const CXXRecordDecl *RD = T->getAsCXXRecordDecl();
  if (!RD)
    return false;
  auto [It, New] = Callable.try_emplace(RD->getCanonicalDecl(), false);
  if (New)
    if (const CXXMethodDecl *MD = callOperator(T)) {
      llvm::StringRef Name =
          RD->getIdentifier() ? RD->getName() : llvm::StringRef();
      bool Wrapper = RD->isInStdNamespace() &&
                     (Name == "function" || Name == "move_only_function" ||
                      Name == "copyable_function" || Name == "function_ref");
      It->second = RD->isLambda() || Wrapper || !MD->isDefined();
    }
  return It->second;
}

ExprId FunctionBuilder::read(uint32_t Local) {
  if (Local >= NumTracked || Leaked[Local] || Cur[Local] == Unset)
    return 0;
  const Expr &E = Exprs[Cur[Local]];
  // A pointer to a local: what that local holds by now.
  if (E.Kind == ExprKind::RefTo && E.B != Local)
    return addressOf({true, E.B});
  return Cur[Local];
}

FunctionBuilder::LValue FunctionBuilder::pointee(ExprId Pointer) {
  const Expr &E = Exprs[Pointer];
  if (E.Kind == ExprKind::RefTo)
    return {true, E.B};
  return {false, Pointer};
}

ExprId FunctionBuilder::addressOf(LValue L) {
  if (!L.IsLocal)
    return L.Id;
  const VarDecl *VD = L.Id < Vars.size() ? Vars[L.Id] : nullptr;
  if (!VD || !isScalar(VD->getType()))
    return Exprs.refTo(0, L.Id);
  // A chain of pointers to locals is cut here, where it could be a ring.
  ExprId Value = 0;
  if (L.Id < NumTracked && !Leaked[L.Id] && Cur[L.Id] != Unset &&
      Exprs[Cur[L.Id]].Kind != ExprKind::RefTo)
    Value = Cur[L.Id];
  return Exprs.refTo(Value, L.Id);
}

ExprId FunctionBuilder::load(LValue L, QualType T) {
  if (!isScalar(T))
    return addressOf(L);
  if (T->isFloatingType() || T->isAnyComplexType())
    return 0;
  return L.IsLocal ? read(L.Id) : Exprs.load(L.Id);
}

ExprId FunctionBuilder::thisValue() {
  if (ThisCapture)
    return Exprs.load(Exprs.fieldAddr(B.field("lambda", "this"),
                                      Exprs.leaf(ExprKind::Param, 0)));
  return Exprs.leaf(ExprKind::Param, 0);
}

FunctionBuilder::LValue FunctionBuilder::lvalueOf(const DeclRefExpr *DRE) {
  const ValueDecl *D = DRE->getDecl();
  if (const auto *Fn = dyn_cast<FunctionDecl>(D))
    return {false, funcAddr(Fn)};
  if (const auto *Binding = dyn_cast<BindingDecl>(D))
    return Binding->getBinding() ? lvalue(Binding->getBinding())
                                 : LValue{false, 0};
  const auto *VD = dyn_cast<VarDecl>(D);
  if (!VD)
    return {false, 0};
  if (!VD->hasLocalStorage()) {
    ExprId Addr = Exprs.leaf(ExprKind::GlobalAddr, B.variable(VD));
    if (VD->getType()->isReferenceType())
      return pointee(Exprs.load(Addr));
    return {false, Addr};
  }
  auto It = Numbers.find(VD);
  if (It == Numbers.end()) {
    auto Capture = Captures.find(VD);
    if (Capture == Captures.end())
      return {false, 0};
    ExprId Addr = Exprs.fieldAddr(B.field("lambda", VD->getName()),
                                  Exprs.leaf(ExprKind::Param, 0));
    bool ByRef = Capture->second->getType()->isReferenceType();
    return {false, ByRef ? Exprs.load(Addr) : Addr};
  }
  if (VD->getType()->isReferenceType())
    return pointee(read(It->second));
  return {true, It->second};
}

FunctionBuilder::LValue FunctionBuilder::lvalueOf(const MemberExpr *ME) {
  const ValueDecl *D = ME->getMemberDecl();
  if (const auto *VD = dyn_cast<VarDecl>(D))
    return {false, Exprs.leaf(ExprKind::GlobalAddr, B.variable(VD))};
  if (const auto *Fn = dyn_cast<FunctionDecl>(D))
    return {false, funcAddr(Fn)};
  const auto *Field = dyn_cast<FieldDecl>(D);
  if (!Field)
    return {false, 0};
  ExprId Base =
      ME->isArrow() ? eval(ME->getBase()) : addressOf(lvalue(ME->getBase()));
  // Members of an anonymous struct belong to the record around it.
  if (!Field->getIdentifier())
    return {false, Base};
  ExprId Addr = Exprs.fieldAddr(B.field(Field), Base);
  if (Field->getType()->isReferenceType())
    return pointee(Exprs.load(Addr));
  return {false, Addr};
}

FunctionBuilder::LValue FunctionBuilder::lvalue(const clang::Expr *E) {
  E = E->IgnoreParens();
  if (const auto *DRE = dyn_cast<DeclRefExpr>(E))
    return lvalueOf(DRE);
  if (const auto *ME = dyn_cast<MemberExpr>(E))
    return lvalueOf(ME);
  if (const auto *UO = dyn_cast<UnaryOperator>(E)) {
    if (UO->getOpcode() == UO_Deref)
      return pointee(eval(UO->getSubExpr()));
    if (UO->isPrefix() && E->isLValue())
      return lvalue(UO->getSubExpr());
  }
  if (const auto *ASE = dyn_cast<ArraySubscriptExpr>(E)) {
    ExprId Base = eval(ASE->getBase());
    const Expr &BaseExpr = Exprs[Base];
    // A scalar local seen as an array of one.
    if (BaseExpr.Kind == ExprKind::RefTo && BaseExpr.B < NumTracked &&
        isScalar(Vars[BaseExpr.B]->getType()))
      return {true, BaseExpr.B};
    return {false, Exprs.elemAddr(Base)};
  }
  if (isa<StringLiteral, PredefinedExpr>(E))
    return {false, Exprs.leaf(ExprKind::NonNull)};
  if (isa<CompoundLiteralExpr>(E))
    return objectOf(E);
  if (const auto *MTE = dyn_cast<MaterializeTemporaryExpr>(E)) {
    ExprId Value = eval(MTE->getSubExpr());
    if (!isScalar(MTE->getType()))
      return pointee(Value);
    if (Exprs[Value].Kind == ExprKind::FuncAddr)
      return {false, Value};
    return {false, Exprs.refTo(Value, localNumber(MTE))};
  }
  if (const auto *CE = dyn_cast<CastExpr>(E))
    return lvalue(CE->getSubExpr());
  if (const auto *BO = dyn_cast<BinaryOperator>(E); BO && E->isGLValue()) {
    if (BO->isAssignmentOp())
      return lvalue(BO->getLHS());
    if (BO->getOpcode() == BO_Comma)
      return lvalue(BO->getRHS());
  }
  if (const auto *CO = dyn_cast<ConditionalOperator>(E); CO && E->isGLValue()) {
    ExprId L = addressOf(lvalue(CO->getTrueExpr()));
    ExprId R = addressOf(lvalue(CO->getFalseExpr()));
    leak(L);
    leak(R);
    return pointee(Exprs.select(remembered(CO->getCond()), L, R));
  }
  if (const auto *OVE = dyn_cast<OpaqueValueExpr>(E))
    return OVE->getSourceExpr() ? lvalue(OVE->getSourceExpr())
                                : LValue{false, 0};
  if (const auto *EWC = dyn_cast<FullExpr>(E))
    return lvalue(EWC->getSubExpr());
  if (const auto *Sub = dyn_cast<SubstNonTypeTemplateParmExpr>(E))
    return lvalue(Sub->getReplacement());
  if (const auto *Arg = dyn_cast<CXXDefaultArgExpr>(E))
    return lvalue(Arg->getExpr());
  if (const auto *Init = dyn_cast<CXXDefaultInitExpr>(E))
    return lvalue(Init->getExpr());
  // Calls that return a reference or, as an object, a struct. What else is an
  // lvalue would come back here from eval().
  if (E->isGLValue() && !isa<CallExpr>(E))
    return {false, 0};
  return pointee(eval(E));
}

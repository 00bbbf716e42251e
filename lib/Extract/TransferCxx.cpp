//===- TransferCxx.cpp - objects: construction, destruction, dispatch -----===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The implicit calls of C++, and of __attribute__((cleanup)) in C. Trivial and
// elided constructors are no calls. A closure, or a callable object that this
// unit cannot look into (std::function), is treated as the function pointer
// that it amounts to: copied, stored and called as a value.
//
//===----------------------------------------------------------------------===//

#include "FunctionBuilder.h"

using namespace clang;
using namespace fencedep;

FunctionBuilder::LValue FunctionBuilder::objectOf(const clang::Expr *E) {
  InitTarget T = Scan.Targets.lookup(E);
  if (T.Var && !T.Var->getType()->isReferenceType()) {
    auto It = Numbers.find(T.Var);
    if (It != Numbers.end())
      return {true, It->second};
  }
  if (T.New)
    return {false, ValueOf.lookup(T.New)};
  if (T.Init) {
    ExprId This = thisValue();
    if (T.Init->isAnyMemberInitializer())
      This = Exprs.fieldAddr(B.field(T.Init->getAnyMember()), This);
    return {false, This};
  }
  return {true, localNumber(E)};
}

void FunctionBuilder::construct(const CXXConstructExpr *CE) {
  const CXXConstructorDecl *Ctor = CE->getConstructor();
  if (isScalar(CE->getType())) {
    ValueOf[CE] = CE->getNumArgs() ? eval(CE->getArg(0)) : Exprs.constant(0);
    return;
  }
  if (CE->isElidable() && CE->getNumArgs()) {
    ValueOf[CE] = addressOf(lvalue(CE->getArg(0)));
    return;
  }
  ExprId Object = addressOf(objectOf(CE));
  ValueOf[CE] = Object;
  if (Ctor->isTrivial())
    return;
  CallSite Site;
  Site.Callee = funcAddr(Ctor);
  Site.Args.push_back(Object);
  for (unsigned I = 0; I != CE->getNumArgs(); ++I) {
    QualType Param;
    if (I < Ctor->getNumParams())
      Param = Ctor->getParamDecl(I)->getType();
    argument(Param, CE->getArg(I), Site.Args);
  }
  Site.At = CE->getLocation();
  call(Site);
}

void FunctionBuilder::initializer(const CXXCtorInitializer *Init) {
  const FieldDecl *Field = Init->getAnyMember();
  if (!Field || !Init->getInit())
    return; // The base's constructor has had its own element.
  ExprId Addr = Exprs.leaf(ExprKind::Param, 0);
  if (Field->getIdentifier())
    Addr = Exprs.fieldAddr(B.field(Field), Addr);
  if (Field->getType()->isReferenceType())
    store(Addr, addressOf(lvalue(Init->getInit())), Init->getSourceLocation());
  else if (isScalar(Field->getType()))
    store(Addr, eval(Init->getInit()), Init->getSourceLocation());
  else
    initialize({false, Addr}, Init->getInit(), Field->getType());
}

void FunctionBuilder::allocate(const CXXNewExpr *New) {
  const FunctionDecl *Operator = New->getOperatorNew();
  if (!Operator)
    return;
  if (Operator->isReservedGlobalPlacementOperator()) {
    ValueOf[New] = eval(New->getPlacementArg(0));
    return;
  }
  CallSite Site;
  Site.Callee = funcAddr(Operator);
  int64_t Size = 0;
  QualType T = New->getAllocatedType();
  if (!New->isArray() && !T->isDependentType() && !T->isIncompleteType())
    Size = Ctx.getTypeSizeInChars(T).getQuantity();
  Site.Args.push_back(Size ? Exprs.constant(Size) : 0);
  for (unsigned I = 0; I != New->getNumPlacementArgs(); ++I)
    argument(QualType(), New->getPlacementArg(I), Site.Args);
  Site.At = New->getBeginLoc();
  EventId Id = call(Site);
  ValueOf[New] = Exprs.leaf(ExprKind::Call, Id);
}

void FunctionBuilder::callDestructor(const CXXDestructorDecl *D, ExprId Object,
                                     bool Virtual, bool Implicit,
                                     SourceLocation At) {
  CallSite Site;
  Site.Callee = funcAddr(D);
  Site.Args.push_back(Object);
  Site.Virtual = Virtual;
  Site.Implicit = Implicit;
  Site.At = At;
  Site.Use.Use = ResultUse::Discarded;
  call(Site);
}

void FunctionBuilder::destroy(const CFGImplicitDtor &Dtor) {
  const CXXDestructorDecl *D = nullptr;
  ExprId Object = 0;
  SourceLocation At = FD->getEndLoc();
  bool Virtual = false, Implicit = true;
  if (auto Auto = Dtor.getAs<CFGAutomaticObjDtor>()) {
    const VarDecl *VD = Auto->getVarDecl();
    if (isScalar(VD->getType()))
      return;
    D = Dtor.getDestructorDecl(Ctx);
    At = VD->getLocation();
    auto It = Numbers.find(VD);
    if (It != Numbers.end())
      Object = Exprs.refTo(0, It->second);
  } else if (auto Temp = Dtor.getAs<CFGTemporaryDtor>()) {
    const CXXBindTemporaryExpr *E = Temp->getBindTemporaryExpr();
    if (isScalar(E->getType()))
      return;
    D = Dtor.getDestructorDecl(Ctx);
    Object = eval(E->getSubExpr());
    At = E->getExprLoc();
  } else if (auto Delete = Dtor.getAs<CFGDeleteDtor>()) {
    const CXXRecordDecl *RD = Delete->getCXXRecordDecl();
    D = RD ? RD->getDestructor() : nullptr;
    Object = eval(Delete->getDeleteExpr()->getArgument());
    At = Delete->getDeleteExpr()->getExprLoc();
    Virtual = D && D->isVirtual() && !RD->isEffectivelyFinal();
    Implicit = false;
  } else if (Dtor.getAs<CFGBaseDtor>()) {
    D = Dtor.getDestructorDecl(Ctx);
    Object = thisValue();
  } else if (auto Member = Dtor.getAs<CFGMemberDtor>()) {
    const FieldDecl *Field = Member->getFieldDecl();
    if (isScalar(Field->getType()))
      return;
    D = Dtor.getDestructorDecl(Ctx);
    Object = thisValue();
    if (Field->getIdentifier())
      Object = Exprs.fieldAddr(B.field(Field), Object);
  }
  if (D && !D->isTrivial())
    callDestructor(D, Object, Virtual, Implicit, At);
}

void FunctionBuilder::cleanup(const VarDecl *VD) {
  auto It = Numbers.find(VD);
  const auto *Attr = VD->getAttr<CleanupAttr>();
  if (It == Numbers.end() || !Attr)
    return;
  CallSite Site;
  Site.Callee = funcAddr(Attr->getFunctionDecl());
  Site.Args.push_back(addressOf({true, It->second}));
  Site.Implicit = true;
  Site.At = VD->getLocation();
  Site.Use.Use = ResultUse::Discarded;
  call(Site);
}

/// Fills in the callee of \p CE and its object argument; false: no call.
bool FunctionBuilder::calleeOf(const CallExpr *CE, CallSite &Site) {
  const LangOptions &LO = Ctx.getLangOpts();
  if (const auto *MCE = dyn_cast<CXXMemberCallExpr>(CE)) {
    const clang::Expr *Callee = MCE->getCallee()->IgnoreParens();
    const auto *ME = dyn_cast<MemberExpr>(Callee);
    if (!ME) {
      // (object.*pointer)()
      if (const auto *BO = dyn_cast<BinaryOperator>(Callee)) {
        Site.Args.push_back(BO->getOpcode() == BO_PtrMemI
                                ? eval(BO->getLHS())
                                : addressOf(lvalue(BO->getLHS())));
        Site.Callee = eval(BO->getRHS());
      }
      return true;
    }
    const CXXMethodDecl *MD = MCE->getMethodDecl();
    const clang::Expr *Object = ME->getBase();
    const CXXRecordDecl *RD = Object->getType()->getAsCXXRecordDecl();
    if (RD && RD->isLambda() && isa_and_nonnull<CXXConversionDecl>(MD))
      if (const CXXMethodDecl *Call = callOperator(Object->getType())) {
        ValueOf[CE] = funcAddr(Call);
        return false;
      }
    if (!MD) { // pseudo-destructor
      ValueOf[CE] = 0;
      return false;
    }
    if (MD->isVirtual() && ME->performsVirtualDispatch(LO)) {
      const CXXMethodDecl *Final =
          MD->getDevirtualizedMethod(Object, /*IsAppleKext=*/false);
      Site.Virtual = !Final;
      if (Final)
        MD = Final;
    }
    Site.Callee = funcAddr(MD);
    if (!MD->isStatic())
      Site.Args.push_back(ME->isArrow() ? eval(Object)
                                        : addressOf(lvalue(Object)));
    return true;
  }

  const FunctionDecl *Callee = CE->getDirectCallee();
  const auto *Operator = dyn_cast<CXXOperatorCallExpr>(CE);
  const auto *MD = dyn_cast_or_null<CXXMethodDecl>(Callee);
  if (Operator && MD && CE->getNumArgs()) {
    const clang::Expr *Object = CE->getArg(0);
    bool IsCallable =
        Object->getType()->isRecordType() && isScalar(Object->getType());
    if (IsCallable && Operator->getOperator() == OO_Equal) {
      assign(lvalue(Object), eval(CE->getArg(1)), Object->getType(),
             CE->getExprLoc());
      ValueOf[CE] = addressOf(lvalue(Object));
      return false;
    }
    if (IsCallable && Operator->getOperator() == OO_Call) {
      Site.Callee = eval(Object);
      // The closure itself, as far as it matters; plain functions have none.
      const fencedep::Expr &Known = Exprs[Site.Callee];
      if (Known.Kind != ExprKind::FuncAddr || Methods.contains(Known.A))
        Site.Args.push_back(0);
      return true;
    }
    Site.Virtual = MD->isVirtual() &&
                   !MD->getDevirtualizedMethod(Object, /*IsAppleKext=*/false);
    Site.Callee = funcAddr(MD);
    if (MD->isStatic())
      return true;
    Site.Args.push_back(addressOf(lvalue(Object)));
    return true;
  }
  Site.Callee = Callee ? funcAddr(Callee) : eval(CE->getCallee());
  return true;
}

void FunctionBuilder::cxxStatement(const Stmt *S) {
  switch (S->getStmtClass()) {
  case Stmt::CXXConstructExprClass:
  case Stmt::CXXTemporaryObjectExprClass:
    construct(cast<CXXConstructExpr>(S));
    return;
  case Stmt::CXXNewExprClass: {
    const auto *New = cast<CXXNewExpr>(S);
    const clang::Expr *Init = New->getInitializer();
    if (Init && !New->isArray() && isa<InitListExpr>(Init))
      initialize({false, ValueOf.lookup(New)}, Init, New->getAllocatedType());
    return;
  }
  case Stmt::CXXDeleteExprClass: {
    const auto *Delete = cast<CXXDeleteExpr>(S);
    const FunctionDecl *Operator = Delete->getOperatorDelete();
    if (!Operator)
      return;
    CallSite Site;
    Site.Callee = funcAddr(Operator);
    Site.Args.push_back(eval(Delete->getArgument()));
    Site.At = Delete->getExprLoc();
    Site.Use.Use = ResultUse::Discarded;
    call(Site);
    return;
  }
  default:
    return;
  }
}

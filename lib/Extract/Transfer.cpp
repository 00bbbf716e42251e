//===- Transfer.cpp - what the elements of a block do ---------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Moves the environment over one CFG element after the other. The same code
// runs in every round of the propagation; events are written in the last one
// only. A call is named by its place (block, element), so that its result is
// the same expression in every round, and gets its final number when it is
// written.
//
//===----------------------------------------------------------------------===//

#include "FunctionBuilder.h"
#include "clang/Basic/Builtins.h"
#include "llvm/Support/MathExtras.h"

using namespace clang;
using namespace fencedep;

Event &FunctionBuilder::emit(EventKind Kind, SourceLocation At) {
  Event &E = F.Events.emplace_back();
  E.Kind = Kind;
  E.Where = B.loc(At);
  E.Macro = B.macroOf(At);
  return E;
}

void FunctionBuilder::store(ExprId Addr, ExprId Value, SourceLocation At) {
  leak(Value);
  if (!Emitting)
    return;
  emit(EventKind::Store, At).Args = {Addr, Value};
}

void FunctionBuilder::assign(LValue L, ExprId Value, QualType T,
                             SourceLocation At) {
  if (!L.IsLocal) {
    if (isScalar(T))
      store(L.Id, Value, At);
    return;
  }
  if (L.Id >= NumTracked || Leaked[L.Id] || !isScalar(T)) {
    leak(Value);
    return;
  }
  // What the other local holds is looked up when the pointer is read.
  const Expr &E = Exprs[Value];
  Cur[L.Id] = E.Kind == ExprKind::RefTo ? Exprs.refTo(0, E.B) : Value;
}

EventId FunctionBuilder::call(const CallSite &Site) {
  auto [It, New] =
      Provisional.try_emplace({CurNode, CurElem}, Provisional.size());
  EventId Id = It->second;
  if (New)
    FinalOf.push_back(0);
  if (Emitting) {
    FinalOf[Id] = F.Events.size();
    Event &E = emit(EventKind::Call, Site.At);
    E.Callee = Site.Callee;
    E.Args.assign(Site.Args.begin(), Site.Args.end());
    E.Virtual = Site.Virtual;
    E.Implicit = Site.Implicit;
    E.Use = Site.Use.Use;
    if (Site.Use.Dest) {
      auto Dest = Numbers.find(Site.Use.Dest);
      if (Dest != Numbers.end())
        E.Dest = Dest->second;
      else
        E.Use = ResultUse::Other;
    }
  }
  for (unsigned I = 0; I != Site.Args.size(); ++I) {
    const Expr &Arg = Exprs[Site.Args[I]];
    if (Arg.Kind != ExprKind::RefTo || Arg.B >= NumTracked || Leaked[Arg.B] ||
        (I < 64 && (Site.ReadOnly >> I & 1)))
      continue;
    uint32_t Local = Arg.B;
    if (isScalar(Vars[Local]->getType()))
      Cur[Local] = Exprs.leaf(ExprKind::OutArg, Id, I);
  }
  return Id;
}

void FunctionBuilder::argument(QualType ParamType, const clang::Expr *Arg,
                               llvm::SmallVectorImpl<ExprId> &Args) {
  bool ByRef =
      !ParamType.isNull() ? ParamType->isReferenceType() : Arg->isGLValue();
  // A callable object is the function that it calls, by value or reference.
  if (ByRef && !(Arg->getType()->isRecordType() && isScalar(Arg->getType())))
    Args.push_back(addressOf(lvalue(Arg)));
  else
    Args.push_back(eval(Arg));
}

/// `__builtin_add_overflow(a, b, &sum)` is an assignment. That it does not
/// overflow is known of small constants.
bool FunctionBuilder::overflowing(const CallExpr *CE) {
  BinaryOperatorKind Opc;
  switch (CE->getBuiltinCallee()) {
  case Builtin::BI__builtin_add_overflow:
    Opc = BO_Add;
    break;
  case Builtin::BI__builtin_sub_overflow:
    Opc = BO_Sub;
    break;
  case Builtin::BI__builtin_mul_overflow:
    Opc = BO_Mul;
    break;
  default:
    return false;
  }
  QualType To = CE->getArg(2)->getType()->getPointeeType();
  ExprId L = eval(CE->getArg(0)), R = eval(CE->getArg(1));
  ExprId Value = arithmetic(Opc, L, R, To, To);
  auto IsSmall = [&](ExprId Id) {
    std::optional<int64_t> C = Exprs.constantOf(Id);
    return C && llvm::isUInt<15>(*C);
  };
  assign(pointee(eval(CE->getArg(2))), Value, To, CE->getExprLoc());
  bool Fits =
      IsSmall(L) && IsSmall(R) && Opc != BO_Sub && intType(To).Bits >= 32;
  ValueOf[CE] = Fits ? Exprs.constant(0) : Exprs.opaque(CE, 0);
  return true;
}

void FunctionBuilder::callExpr(const CallExpr *CE) {
  if (unsigned Id = CE->getBuiltinCallee()) {
    bool Value =
        Ctx.BuiltinInfo.isConst(Id) &&
        llvm::StringRef(Ctx.BuiltinInfo.getName(Id)).starts_with("__builtin_");
    if (Value || CE->isCallToStdMove() || Id == Builtin::BIforward ||
        Id == Builtin::BIas_const || Id == Builtin::BIaddressof ||
        Id == Builtin::BImove_if_noexcept) {
      ExprId V = evalCall(CE);
      ValueOf[CE] = V ? V : Exprs.opaque(CE, 0);
      return;
    }
  }

  if (overflowing(CE))
    return;
  CallSite Site;
  const FunctionDecl *Callee = CE->getDirectCallee();
  unsigned FirstArg = 0;
  if (Ctx.getLangOpts().CPlusPlus) {
    if (!calleeOf(CE, Site))
      return;
    const auto *Op = dyn_cast<CXXOperatorCallExpr>(CE);
    if (Op && isa_and_nonnull<CXXMethodDecl>(Callee))
      FirstArg = 1;
  } else {
    Site.Callee = Callee ? funcAddr(Callee) : eval(CE->getCallee());
  }

  const FunctionProtoType *Proto = nullptr;
  if (Callee) {
    Proto = Callee->getType()->getAs<FunctionProtoType>();
  } else {
    QualType T = CE->getCallee()->getType();
    if (const auto *PT = T->getAs<PointerType>())
      Proto = PT->getPointeeType()->getAs<FunctionProtoType>();
  }
  for (unsigned I = FirstArg; I != CE->getNumArgs(); ++I) {
    QualType Param;
    if (Proto && I - FirstArg < Proto->getNumParams())
      Param = Proto->getParamType(I - FirstArg);
    if (!Param.isNull() &&
        (Param->isAnyPointerType() || Param->isReferenceType()))
      if (Param->getPointeeType().isConstQualified() && Site.Args.size() < 64)
        Site.ReadOnly |= uint64_t(1) << Site.Args.size();
    argument(Param, CE->getArg(I), Site.Args);
  }
  Site.At = CE->getExprLoc();
  auto Use = Scan.Uses.find(CE);
  if (Use != Scan.Uses.end())
    Site.Use = Use->second;
  EventId Id = call(Site);
  if (Emitting)
    F.Events.back().Macro = B.macroOf(CE->getRParenLoc());
  copyBytes(CE, Site.Args);
  ValueOf[CE] = Exprs.leaf(ExprKind::Call, Id);
}

void FunctionBuilder::assignment(const BinaryOperator *BO) {
  QualType T = BO->getLHS()->getType();
  LValue L = lvalue(BO->getLHS());
  if (!isScalar(T)) {
    initialize(L, BO->getRHS(), T);
    ValueOf[BO] = addressOf(L);
    return;
  }
  ExprId Value;
  if (BO->getOpcode() == BO_Assign) {
    Value = eval(BO->getRHS());
  } else {
    BinaryOperatorKind Opc =
        BinaryOperator::getOpForCompoundAssignment(BO->getOpcode());
    const auto *Compound = cast<CompoundAssignOperator>(BO);
    Value =
        arithmetic(Opc, load(L, T), eval(BO->getRHS()),
                   Compound->getComputationLHSType(), BO->getRHS()->getType());
    if (std::optional<int64_t> C = Exprs.constantOf(Value))
      Value = Exprs.constant(intType(T).wrap(*C));
  }
  assign(L, Value, T, BO->getOperatorLoc());
  ValueOf[BO] = Value;
}

void FunctionBuilder::increment(const UnaryOperator *UO) {
  QualType T = UO->getSubExpr()->getType();
  LValue L = lvalue(UO->getSubExpr());
  ExprId Old = load(L, T);
  ExprId New = arithmetic(UO->isIncrementOp() ? BO_Add : BO_Sub, Old,
                          Exprs.constant(1), T, Ctx.IntTy);
  assign(L, New, T, UO->getOperatorLoc());
  ValueOf[UO] = UO->isPostfix() ? Old : New;
}

void FunctionBuilder::inlineAsm(const GCCAsmStmt *Asm) {
  auto Clobber = [&](LValue L, unsigned Index) {
    if (L.IsLocal && L.Id < NumTracked && !Leaked[L.Id])
      Cur[L.Id] = Exprs.opaque(Asm, Index);
  };
  for (unsigned I = 0; I != Asm->getNumInputs(); ++I)
    if (const clang::Expr *In = Asm->getInputExpr(I); !In->isGLValue()) {
      LValue L = pointee(eval(In));
      Clobber(L, Asm->getNumOutputs() + I);
    }
  for (unsigned I = 0; I != Asm->getNumOutputs(); ++I)
    Clobber(lvalue(Asm->getOutputExpr(I)), I);
}

void FunctionBuilder::macros(const Stmt *S) {
  SourceLocation L = S->getBeginLoc();
  if (!L.isMacroID())
    return;
  L = B.SM.getExpansionLoc(L);
  auto It = B.Rec->Macros.find(L);
  if (It == B.Rec->Macros.end() || !MacrosDone.insert(L).second)
    return;
  for (const IdentifierInfo *Name : It->second)
    emit(EventKind::Macro, L).Macro = B.str(Name->getName());
}

void FunctionBuilder::statement(const Stmt *S) {
  if (Emitting && B.Rec && !B.Rec->Macros.empty())
    macros(S);
  switch (S->getStmtClass()) {
  case Stmt::DeclStmtClass:
    for (const Decl *D : cast<DeclStmt>(S)->decls())
      if (const auto *VD = dyn_cast<VarDecl>(D))
        declare(VD);
    break;
  case Stmt::BinaryOperatorClass:
  case Stmt::CompoundAssignOperatorClass:
    if (cast<BinaryOperator>(S)->isAssignmentOp())
      assignment(cast<BinaryOperator>(S));
    break;
  case Stmt::UnaryOperatorClass:
    if (cast<UnaryOperator>(S)->isIncrementDecrementOp())
      increment(cast<UnaryOperator>(S));
    break;
  case Stmt::CallExprClass:
  case Stmt::CXXMemberCallExprClass:
  case Stmt::CXXOperatorCallExprClass:
  case Stmt::UserDefinedLiteralClass:
    callExpr(cast<CallExpr>(S));
    break;
  case Stmt::ReturnStmtClass: {
    const clang::Expr *Value = cast<ReturnStmt>(S)->getRetValue();
    ExprId V = 0;
    if (Value)
      V = Value->isGLValue() ? addressOf(lvalue(Value)) : eval(Value);
    if (!Emitting)
      break;
    Returned.emplace();
    Returned->Kind = EventKind::Return;
    Returned->Where = B.loc(S->getBeginLoc());
    Returned->Macro = B.macroOf(S->getBeginLoc());
    if (Value && !Value->getType()->isVoidType())
      Returned->Args = {V};
    break;
  }
  case Stmt::GCCAsmStmtClass:
    inlineAsm(cast<GCCAsmStmt>(S));
    break;
  case Stmt::CompoundLiteralExprClass: {
    const auto *Literal = cast<CompoundLiteralExpr>(S);
    InitTarget Target = Scan.Targets.lookup(Literal);
    if (!Target.Elsewhere && !Target.Var && !Literal->isFileScope())
      initialize(objectOf(Literal), Literal->getInitializer(),
                 Literal->getType());
    break;
  }
  case Stmt::AtomicExprClass: {
    const auto *Atomic = cast<AtomicExpr>(S);
    LValue L = pointee(eval(Atomic->getPtr()));
    bool Load = Atomic->getOp() == AtomicExpr::AO__atomic_load_n ||
                Atomic->getOp() == AtomicExpr::AO__c11_atomic_load;
    ValueOf[Atomic] = Load ? load(L, Atomic->getType()) : Exprs.opaque(S, 0);
    if (!Load && L.IsLocal && L.Id < NumTracked)
      Cur[L.Id] = Exprs.opaque(S, 1);
    break;
  }
  case Stmt::VAArgExprClass:
    ValueOf[S] = Exprs.opaque(S, 0);
    break;
  default:
    if (Ctx.getLangOpts().CPlusPlus)
      cxxStatement(S);
    break;
  }
  const auto *E = dyn_cast<clang::Expr>(S);
  if (E && Scan.Results.contains(E) && !E->getType()->isVoidType())
    ValueOf[E] = eval(E);
}

void FunctionBuilder::element(const CFGElement &Elem) {
  switch (Elem.getKind()) {
  case CFGElement::Statement:
  case CFGElement::Constructor:
  case CFGElement::CXXRecordTypedCall:
    return statement(Elem.castAs<CFGStmt>().getStmt());
  case CFGElement::Initializer:
    return initializer(Elem.castAs<CFGInitializer>().getInitializer());
  case CFGElement::NewAllocator:
    return allocate(Elem.castAs<CFGNewAllocator>().getAllocatorExpr());
  case CFGElement::AutomaticObjectDtor:
  case CFGElement::DeleteDtor:
  case CFGElement::BaseDtor:
  case CFGElement::MemberDtor:
  case CFGElement::TemporaryDtor:
    return destroy(Elem.castAs<CFGImplicitDtor>());
  case CFGElement::CleanupFunction:
    return cleanup(Elem.castAs<CFGCleanupFunction>().getVarDecl());
  default:
    return;
  }
}

/// The condition that \p N ends with, if it branches on a value.
void FunctionBuilder::branch(Node N) {
  const CFGBlock *Block = (*Graph)[N].Block;
  Conds[N] = 0;
  const Stmt *Term = Block->getTerminatorStmt();
  if (!Term || Block->succ_size() < 2 || !Block->getTerminator().isStmtBranch())
    return;
  if (isa<GCCAsmStmt, IndirectGotoStmt, CXXTryStmt>(Term))
    return;
  const clang::Expr *Cond = Block->getLastCondition();
  if (!Cond)
    return;
  ExprId Value = eval(Cond);
  ValueOf[Cond] = Value;
  Conds[N] = Value;
}

void FunctionBuilder::transfer(Node N) {
  CurNode = N;
  CurElem = 0;
  const CFGBlock *Block = (*Graph)[N].Block;
  EventId First = F.Events.size();
  for (const CFGElement &Elem : *Block) {
    element(Elem);
    ++CurElem;
  }
  branch(N);
  if (Returned) {
    F.Events.push_back(std::move(*Returned));
    Returned.reset();
  }
  if (Emitting)
    NodeEvents[N] = {First, EventId(F.Events.size() - First)};
}

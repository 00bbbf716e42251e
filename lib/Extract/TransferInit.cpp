//===- TransferInit.cpp - declarations and initialiser lists --------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What an initialiser puts into a scalar is its value; what it puts into the
// members of an object is one Store each, whether the object is local, on the
// heap or a compound literal, after a Copy of zeros to the whole of it.
// Recurses over the list, so it terminates.
//
//===----------------------------------------------------------------------===//

#include "FunctionBuilder.h"
#include "clang/Basic/Builtins.h"

using namespace clang;
using namespace fencedep;

void FunctionBuilder::declare(const VarDecl *VD) {
  auto It = Numbers.find(VD);
  if (It == Numbers.end())
    return;
  uint32_t Local = It->second;
  QualType T = VD->getType();
  const clang::Expr *Init = VD->getInit();
  Cur[Local] = Unset;
  if (!Init)
    return;
  if (T->isReferenceType()) {
    bool Object = T->getPointeeType()->isRecordType() && isScalar(T);
    Cur[Local] = Object ? eval(Init) : addressOf(lvalue(Init));
    return;
  }
  initialize({true, Local}, Init, T);
}

void FunctionBuilder::initialize(LValue Object, const clang::Expr *Init,
                                 QualType T) {
  if (isScalar(T))
    return assign(Object, eval(Init), T, Init->getExprLoc());
  while (true) {
    Init = Init->IgnoreParenImpCasts();
    if (const auto *Full = dyn_cast<FullExpr>(Init))
      Init = Full->getSubExpr();
    else if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(Init))
      Init = Default->getExpr();
    else if (const auto *Literal = dyn_cast<CompoundLiteralExpr>(Init))
      Init = Literal->getInitializer();
    else
      break;
  }
  ExprId To = addressOf(Object);
  if (const auto *List = dyn_cast<InitListExpr>(Init)) {
    copyWhole(To, Exprs.constant(0), T, Init->getExprLoc());
    initializeList(To, List);
  } else if (T->isRecordType() && !isa<CXXConstructExpr>(Init)) {
    ExprId From = Init->isGLValue() ? addressOf(lvalue(Init)) : eval(Init);
    copyWhole(To, From, T, Init->getExprLoc());
  }
}

/// Do some of its members share their place?
static bool hasUnion(const RecordDecl *RD) {
  return RD->isUnion() ||
         llvm::any_of(RD->fields(), [](const FieldDecl *Field) {
           return Field->isAnonymousStructOrUnion() &&
                  hasUnion(Field->getType()->getAsRecordDecl());
         });
}

void FunctionBuilder::copyWhole(ExprId To, ExprId From, QualType T,
                                SourceLocation At) {
  const RecordDecl *RD = T->getAsRecordDecl();
  if (!Emitting || !RD)
    return;
  Event &E = emit(EventKind::Copy, At);
  // That one member of a union is not zero is not seen in the others.
  E.Args = {To, hasUnion(RD) && Exprs.constantOf(From) ? 0 : From};
  E.Record = B.str(B.recordName(RD));
}

/// `memset(&x, 0, sizeof(x))` and `memcpy(&x, y, sizeof(x))` write all of x.
void FunctionBuilder::copyBytes(const CallExpr *CE,
                                llvm::ArrayRef<ExprId> Args) {
  if (Args.size() != 3)
    return;
  ExprId From = Args[1];
  switch (CE->getBuiltinCallee()) {
  case Builtin::BImemset:
  case Builtin::BI__builtin_memset:
    if (Exprs.constantOf(From) != 0)
      From = 0;
    break;
  case Builtin::BImemcpy:
  case Builtin::BI__builtin_memcpy:
  case Builtin::BImemmove:
  case Builtin::BI__builtin_memmove:
    break;
  default:
    return;
  }
  const clang::Expr *To = CE->getArg(0)->IgnoreParenImpCasts();
  QualType T = To->getType()->getPointeeType();
  if (!T.isNull() && T->isRecordType() && !T->isIncompleteType() &&
      Exprs.constantOf(Args[2]) == Ctx.getTypeSizeInChars(T).getQuantity())
    copyWhole(Args[0], From, T, CE->getExprLoc());
}

void FunctionBuilder::initializeList(ExprId Object, const InitListExpr *List) {
  if (const InitListExpr *Semantic = List->getSemanticForm())
    List = Semantic;
  auto Member = [&](ExprId Addr, QualType T, const clang::Expr *Init) {
    if (!Init || isa<ImplicitValueInitExpr, NoInitExpr>(Init))
      return;
    if (T->isReferenceType())
      store(Addr, addressOf(lvalue(Init)), Init->getExprLoc());
    else
      initialize({false, Addr}, Init, T);
  };

  const RecordDecl *RD = List->getType()->getAsRecordDecl();
  if (!RD) {
    const auto *AT = Ctx.getAsArrayType(List->getType());
    // Tables of numbers say nothing.
    if (!AT || AT->getElementType()->isArithmeticType())
      return;
    for (const clang::Expr *Init : List->inits())
      Member(Exprs.elemAddr(Object), AT->getElementType(), Init);
    return;
  }
  const auto *Init = List->begin();
  auto FieldInit = [&](const FieldDecl *Field) {
    if (Init == List->end())
      return;
    const auto *Value = cast_or_null<clang::Expr>(*Init++);
    ExprId Addr = Field->getIdentifier()
                      ? Exprs.fieldAddr(B.field(Field), Object)
                      : Object;
    Member(Addr, Field->getType(), Value);
  };
  if (RD->isUnion()) {
    if (const FieldDecl *Field = List->getInitializedFieldInUnion())
      FieldInit(Field);
    return;
  }
  if (const auto *Class = dyn_cast<CXXRecordDecl>(RD))
    for (unsigned I = 0; I != Class->getNumBases() && Init != List->end(); ++I)
      ++Init;
  for (const FieldDecl *Field : RD->fields())
    if (!Field->isUnnamedBitField())
      FieldInit(Field);
}

//===- FunctionBuilder.cpp - one function's skeleton ----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See FunctionBuilder.h. Buffers are members so that the next function reuses
// them: a kernel unit has hundreds of functions of a dozen blocks.
//
//===----------------------------------------------------------------------===//

#include "FunctionBuilder.h"

using namespace clang;
using namespace fencedep;

static CFG::BuildOptions cfgOptions(const LangOptions &LO) {
  CFG::BuildOptions Options;
  Options.PruneTriviallyFalseEdges = true;
  Options.AddImplicitDtors = true; // and __attribute__((cleanup))
  Options.AddInitializers = true;
  if (LO.CPlusPlus) {
    Options.AddTemporaryDtors = true;
    Options.AddCXXNewAllocator = true;
    Options.AddCXXDefaultInitExprInCtors = true;
    Options.AddCXXDefaultInitExprInAggregates = true;
  }
  // What has an effect, however deep in an expression.
  for (Stmt::StmtClass Class :
       {Stmt::BinaryOperatorClass, Stmt::CompoundAssignOperatorClass,
        Stmt::UnaryOperatorClass, Stmt::CallExprClass,
        Stmt::CXXMemberCallExprClass, Stmt::CXXOperatorCallExprClass,
        Stmt::UserDefinedLiteralClass, Stmt::CXXConstructExprClass,
        Stmt::CXXTemporaryObjectExprClass, Stmt::CXXNewExprClass,
        Stmt::CXXDeleteExprClass, Stmt::DeclStmtClass, Stmt::ReturnStmtClass,
        Stmt::GCCAsmStmtClass, Stmt::CompoundLiteralExprClass,
        Stmt::AtomicExprClass, Stmt::VAArgExprClass})
    Options.setAlwaysAdd(Class);
  return Options;
}

/// Drops expressions that nothing refers to and gives calls their final
/// numbers.
void FunctionBuilder::finish() {
  std::vector<bool> Live;
  auto Mark = [&](ExprId Id) {
    if (Live.size() <= Id)
      Live.resize(Id + 1);
    Live[Id] = true;
  };
  for (const Event &E : F.Events) {
    Mark(E.Callee);
    llvm::for_each(E.Args, Mark);
  }
  for (const Block &Block : F.Blocks)
    Mark(Block.Cond);
  std::vector<ExprId> Renumber;
  F.Exprs = Exprs.compact(Live, Renumber, FinalOf);
  for (Event &E : F.Events) {
    E.Callee = Renumber[E.Callee];
    for (ExprId &A : E.Args)
      A = Renumber[A];
  }
  for (Block &Block : F.Blocks)
    Block.Cond = Renumber[Block.Cond];
}

std::vector<const VarDecl *> FunctionBuilder::build(const FunctionDecl *Def,
                                                    bool FromHeader) {
  FD = Def;
  InHeader = FromHeader;
  Scan = BodyScan();
  Scan.run(FD);
  if (Scan.Unusable)
    return {};
  std::unique_ptr<CFG> Cfg =
      CFG::buildCFG(FD, FD->getBody(), &Ctx, cfgOptions(Ctx.getLangOpts()));
  if (!Cfg)
    return {};
  Graph.emplace(*Cfg);

  F = Function();
  Numbers.clear();
  Vars.clear();
  Captures.clear();
  ThisCapture = nullptr;
  ValueOf.clear();
  Provisional.clear();
  FinalOf.clear();
  Exprs.reset();
  auto Number = [&](const VarDecl *VD) {
    if (!Numbers.try_emplace(VD, Vars.size()).second)
      return;
    Vars.push_back(VD);
    F.LocalNames.push_back(B.str(VD->getName()));
  };
  const auto *MD = dyn_cast<CXXMethodDecl>(FD);
  if (MD && !MD->isStatic()) {
    Vars.push_back(nullptr);
    F.LocalNames.push_back(B.str("this"));
    if (MD->getParent()->isLambda()) {
      llvm::DenseMap<const ValueDecl *, FieldDecl *> Fields;
      FieldDecl *This = nullptr;
      MD->getParent()->getCaptureFields(Fields, This);
      ThisCapture = This;
      for (auto [Var, Field] : Fields)
        if (const auto *VD = dyn_cast<VarDecl>(Var))
          Captures[VD] = Field;
    }
  }
  for (const ParmVarDecl *P : FD->parameters())
    Number(P);
  F.NumParams = Vars.size();
  F.ParamNames = F.LocalNames;
  llvm::for_each(Scan.Locals, Number);
  NumTracked = Vars.size();
  Leaked.assign(NumTracked, false);
  for (const VarDecl *VD : Scan.CapturedByRef)
    if (auto It = Numbers.find(VD); It != Numbers.end())
      if (!VD->getType()->isRecordType())
        Leaked[It->second] = true;

  F.Sym = B.definition(FD, InHeader);
  F.Where = B.loc(FD->getLocation());
  F.End = B.loc(FD->getBody()->getEndLoc());
  propagate();
  blocks();
  finish();
  Graph.reset();
  B.U.Functions.push_back(std::move(F));
  return Scan.StaticLocals;
}

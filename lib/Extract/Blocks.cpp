//===- Blocks.cpp - the blocks of a skeleton ------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Most CFG blocks have no events. One that has none and leads to one place only
// is bypassed; a block that is the only way into its successor swallows it.
// What is left keeps the order of the graph (so the entry comes first and the
// events of a block are consecutive), plus one empty block for branches that
// return.
//
//===----------------------------------------------------------------------===//

#include "FunctionBuilder.h"
#include "clang/AST/Stmt.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace fencedep;

/// The values that lead to the switch successor \p Target; none: the default.
static std::vector<Block::Range> rangesOf(const CFGBlock *Target,
                                          const ASTContext &Ctx) {
  const auto *Case = dyn_cast_or_null<CaseStmt>(Target->getLabel());
  if (!Case || Case->getLHS()->isValueDependent())
    return {};
  auto Value = [&](const clang::Expr *E) {
    return inWord(E->EvaluateKnownConstInt(Ctx)).value_or(0);
  };
  int64_t Low = Value(Case->getLHS());
  return {{Low, Case->getRHS() ? Value(Case->getRHS()) : Low}};
}

/// Fills in the cases of a switch, one per distinct successor.
bool FunctionBuilder::switchCases(Node N, llvm::function_ref<Node(Node)> Target,
                                  Block &Out,
                                  llvm::SmallVectorImpl<Node> &Succs) {
  const FlowGraph::Info &Info = (*Graph)[N];
  const Stmt *Term = Info.Block->getTerminatorStmt();
  if (!Conds[N] || !Term || !isa<SwitchStmt>(Term))
    return false;
  llvm::SmallVector<bool, 8> Default;
  size_t I = 0;
  for (const CFGBlock::AdjacentBlock &Edge : Info.Block->succs()) {
    const CFGBlock *S = Edge.getReachableBlock();
    if (!S)
      continue;
    std::vector<Block::Range> Ranges = rangesOf(S, Ctx);
    Node To = Target(Info.Succs[I++]);
    size_t At = llvm::find(Succs, To) - Succs.begin();
    if (At == Succs.size()) {
      Succs.push_back(To);
      Out.Cases.emplace_back();
      Default.push_back(false);
    }
    Default[At] |= Ranges.empty();
    llvm::append_range(Out.Cases[At], Ranges);
  }
  for (size_t At = 0; At != Succs.size(); ++At)
    if (Default[At])
      Out.Cases[At].clear();
  Out.Cond = Conds[N];
  return true;
}

/// 1 + the index of the successor that is taken only when an assertion, which
/// the block's condition is the expansion of, has failed; 0: none.
uint32_t FunctionBuilder::unexpected(Node N) {
  const CFGBlock *Block = (*Graph)[N].Block;
  if (!Block || Block->succ_size() != 2 || B.Vocab.Asserts.empty())
    return 0;
  const clang::Expr *Cond = Block->getLastCondition();
  if (!Cond)
    return 0;
  uint32_t Failing = 1;
  Cond = Cond->IgnoreParenImpCasts();
  while (const auto *Not = dyn_cast<UnaryOperator>(Cond)) {
    if (Not->getOpcode() != UO_LNot)
      break;
    Failing = 3 - Failing;
    Cond = Not->getSubExpr()->IgnoreParenImpCasts();
  }
  const SourceManager &SM = Ctx.getSourceManager();
  for (SourceLocation At = Cond->getBeginLoc(); At.isMacroID();
       At = SM.getImmediateMacroCallerLoc(At))
    if (llvm::is_contained(B.Vocab.Asserts, Lexer::getImmediateMacroName(
                                                At, SM, Ctx.getLangOpts())))
      return Failing;
  return 0;
}

void FunctionBuilder::blocks() {
  size_t Size = Graph->size();
  std::vector<Node> Forward(Size);
  auto Target = [&](Node N) {
    while (N != FlowGraph::Exit && Forward[N] != N)
      N = Forward[N];
    return N;
  };
  for (Node N = 0; N != Size; ++N)
    Forward[N] = N;
  for (Node N = Size; N-- > 0;) {
    if (NodeEvents[N].second != 0 || (*Graph)[N].Succs.empty())
      continue;
    Node Only = Target((*Graph)[N].Succs[0]);
    if (Only != N && llvm::all_of((*Graph)[N].Succs,
                                  [&](Node S) { return Target(S) == Only; }))
      Forward[N] = Only;
  }

  // Successors between the blocks that stay.
  std::vector<Block> Made(Size);
  std::vector<llvm::SmallVector<Node, 2>> Succs(Size);
  std::vector<uint32_t> NumPreds(Size), Start(Size);
  std::vector<bool> Live(Size);
  Node First = Target(0);
  if (First == FlowGraph::Exit)
    First = 0;
  llvm::SmallVector<Node, 32> Work{First};
  Live[First] = true;
  while (!Work.empty()) {
    Node N = Work.pop_back_val();
    Block &Out = Made[N];
    std::tie(Out.FirstEvent, Out.NumEvents) = NodeEvents[N];
    if (!switchCases(N, Target, Out, Succs[N])) {
      for (Node S : (*Graph)[N].Succs)
        if (Node To = Target(S); !llvm::is_contained(Succs[N], To))
          Succs[N].push_back(To);
      Out.Cond = Conds[N];
    }
    if (Succs[N].size() == 2)
      Out.Unexpected = unexpected(N);
    if (Succs[N].size() < 2) {
      Out.Cond = 0;
      Out.Cases.clear();
    }
    if (Succs[N].size() == 1 && Succs[N][0] == FlowGraph::Exit)
      Succs[N].clear();
    for (Node S : Succs[N]) {
      if (S == FlowGraph::Exit)
        continue;
      ++NumPreds[S];
      if (!Live[S]) {
        Live[S] = true;
        Work.push_back(S);
      }
    }
  }

  // Straight lines become one block: Into[N] is the block that N ends up in.
  std::vector<Node> Into(Size), Last(Size);
  for (Node N = 0; N != Size; ++N)
    Into[N] = Last[N] = N;
  for (Node N = 0; N != Size; ++N) {
    if (!Live[N] || Into[N] != N)
      continue;
    while (Succs[Last[N]].size() == 1) {
      Node S = Succs[Last[N]][0];
      bool Follows =
          Made[N].FirstEvent + Made[N].NumEvents == Made[S].FirstEvent;
      if (S <= N || NumPreds[S] != 1 || !Follows)
        break;
      Made[N].NumEvents += Made[S].NumEvents;
      Made[N].Cond = Made[S].Cond;
      Made[N].Unexpected = Made[S].Unexpected;
      Made[N].Cases = std::move(Made[S].Cases);
      Into[S] = N;
      Last[N] = S;
    }
  }

  std::vector<BlockId> Number(Size);
  BlockId Count = NumPreds[First] ? 1 : 0; // The entry has no predecessors.
  for (Node N = 0; N != Size; ++N)
    if (Live[N] && Into[N] == N)
      Number[N] = Count++;
  F.Blocks.clear();
  if (NumPreds[First])
    F.Blocks.emplace_back().Succs = {Number[First]};
  bool NeedsExit = false;
  for (Node N = 0; N != Size; ++N) {
    if (!Live[N] || Into[N] != N)
      continue;
    Block &Out = F.Blocks.emplace_back(std::move(Made[N]));
    for (Node S : Succs[Last[N]]) {
      NeedsExit |= S == FlowGraph::Exit;
      Out.Succs.push_back(S == FlowGraph::Exit ? Count : Number[S]);
    }
  }
  if (NeedsExit)
    F.Blocks.emplace_back();
}

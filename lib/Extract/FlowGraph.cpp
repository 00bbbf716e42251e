//===- FlowGraph.cpp - the reachable part of a Clang CFG, in order --------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See FlowGraph.h. Null successors (edges that Clang proved dead) are dropped,
// so what is only reachable through them is no node. The depth-first search
// visits each block once; idoms only ever move towards the entry.
//
//===----------------------------------------------------------------------===//

#include "FlowGraph.h"
#include "llvm/ADT/STLExtras.h"

using namespace clang;
using namespace fencedep;

/// Regions between a branch and its join that are worth searching.
static constexpr unsigned MaxRegion = 64;

void FlowGraph::number(const CFG &Cfg) {
  struct Frame {
    const CFGBlock *B;
    CFGBlock::const_succ_iterator Next;
  };
  std::vector<bool> Seen(Cfg.getNumBlockIDs());
  std::vector<const CFGBlock *> PostOrder;
  llvm::SmallVector<Frame, 32> Stack;
  auto Enter = [&](const CFGBlock *B) {
    Seen[B->getBlockID()] = true;
    Stack.push_back({B, B->succ_begin()});
  };
  Enter(&Cfg.getEntry());
  while (!Stack.empty()) {
    Frame &F = Stack.back();
    if (F.Next == F.B->succ_end()) {
      PostOrder.push_back(F.B);
      Stack.pop_back();
      continue;
    }
    const CFGBlock *S = F.Next->getReachableBlock();
    ++F.Next;
    if (S && S != &Cfg.getExit() && !Seen[S->getBlockID()])
      Enter(S);
  }

  std::vector<Node> NodeOf(Cfg.getNumBlockIDs());
  Nodes.resize(PostOrder.size());
  for (Node N = 0; N != Nodes.size(); ++N) {
    Nodes[N].Block = PostOrder[PostOrder.size() - 1 - N];
    NodeOf[Nodes[N].Block->getBlockID()] = N;
  }
  for (Node N = 0; N != Nodes.size(); ++N)
    for (const CFGBlock::AdjacentBlock &Edge : Nodes[N].Block->succs()) {
      const CFGBlock *S = Edge.getReachableBlock();
      if (!S)
        continue;
      if (S == &Cfg.getExit()) {
        Nodes[N].Succs.push_back(Exit);
        continue;
      }
      Node To = NodeOf[S->getBlockID()];
      Nodes[N].Succs.push_back(To);
      if (Nodes[To].Preds.empty() || Nodes[To].Preds.back() != N)
        Nodes[To].Preds.push_back(N);
      if (To <= N)
        Nodes[To].IsHeader = Loops = true;
    }
}

void FlowGraph::dominate() {
  bool Changed = true;
  std::vector<bool> Known(Nodes.size());
  Known[0] = true;
  while (Changed) {
    Changed = false;
    for (Node N = 1; N < Nodes.size(); ++N) {
      Node Dom = Exit;
      for (Node P : Nodes[N].Preds) {
        if (!Known[P])
          continue;
        if (Dom == Exit) {
          Dom = P;
          continue;
        }
        for (Node Q = P; Q != Dom;)
          if (Q > Dom)
            Q = Nodes[Q].Idom;
          else
            Dom = Nodes[Dom].Idom;
      }
      if (!Known[N] || Nodes[N].Idom != Dom) {
        Known[N] = true;
        Nodes[N].Idom = Dom;
        Changed = true;
      }
    }
    if (!Loops)
      break; // One sweep in this order is exact.
  }
}

std::optional<llvm::SmallVector<Node, 4>>
FlowGraph::arrivals(Node From, Node Join, Node Top) const {
  llvm::SmallVector<Node, 4> Result;
  llvm::SmallVector<Node, 16> Work, Seen;
  Work.push_back(From);
  Seen.push_back(From);
  while (!Work.empty()) {
    Node N = Work.pop_back_val();
    for (Node S : Nodes[N].Succs) {
      if (S == Join && !llvm::is_contained(Result, N))
        Result.push_back(N);
      if (S == Join || S == Top || S == Exit || llvm::is_contained(Seen, S))
        continue;
      if (Seen.size() == MaxRegion)
        return std::nullopt;
      Seen.push_back(S);
      Work.push_back(S);
    }
  }
  return Result;
}

FlowGraph::FlowGraph(const CFG &Cfg) {
  number(Cfg);
  dominate();
}

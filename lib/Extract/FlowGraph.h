//===- FlowGraph.h - the reachable part of a Clang CFG, in order ----------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Numbers the reachable blocks of a CFG in reverse post-order (0 is the entry),
// with the facts that the value propagation needs: which edges retreat (only
// those can close a loop), immediate dominators, and which edges into a join
// can be taken after a given block.
//
// The CFG's exit block is not a node; an edge to it is the successor Exit.
// Dominators are those of Cooper, Harvey and Kennedy: a few sweeps over an
// array beat LLVM's generic tree for graphs of a dozen nodes.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_EXTRACT_FLOWGRAPH_H
#define FENCEDEP_LIB_EXTRACT_FLOWGRAPH_H

#include "clang/Analysis/CFG.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>
#include <vector>

namespace fencedep {

using Node = uint32_t;

class FlowGraph {
public:
  static constexpr Node Exit = ~0u;

  struct Info {
    const clang::CFGBlock *Block = nullptr;
    llvm::SmallVector<Node, 2> Succs; ///< in the CFG's order, Exit included
    llvm::SmallVector<Node, 2> Preds; ///< distinct, ascending
    Node Idom = 0;
    bool IsHeader = false; ///< some edge into it retreats
  };

  explicit FlowGraph(const clang::CFG &Cfg);

  size_t size() const { return Nodes.size(); }
  const Info &operator[](Node N) const { return Nodes[N]; }
  bool hasLoops() const { return Loops; }

  /// The predecessors of \p Join through which a path from \p From can arrive
  /// there for the first time without passing \p Top. Nothing if the region in
  /// between is too large to search.
  std::optional<llvm::SmallVector<Node, 4>> arrivals(Node From, Node Join,
                                                     Node Top) const;

private:
  void number(const clang::CFG &Cfg);
  void dominate();

  std::vector<Info> Nodes;
  bool Loops = false;
};

} // namespace fencedep

#endif // FENCEDEP_LIB_EXTRACT_FLOWGRAPH_H

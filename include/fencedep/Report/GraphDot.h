//===- GraphDot.h - graphs in Graphviz's language -------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_REPORT_GRAPHDOT_H
#define FENCEDEP_REPORT_GRAPHDOT_H

#include "fencedep/Rules/CallGraph.h"
#include "fencedep/Rules/Locks.h"

namespace fencedep {

/// Boxes of functions with their effects in colours, by file, and a legend of
/// what occurs in it.
void printDot(const CallGraph &G, llvm::raw_ostream &OS);

/// Lock classes and in which order they are acquired: each edge once, though
/// both of its ends may be wanted.
void printDot(llvm::ArrayRef<LockNode> Nodes, llvm::raw_ostream &OS);

} // namespace fencedep

#endif // FENCEDEP_REPORT_GRAPHDOT_H

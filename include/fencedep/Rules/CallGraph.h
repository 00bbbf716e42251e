//===- CallGraph.h - what a root calls, for people ------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The calls that a check follows from a root, as a graph that can be drawn: a
// node per function, with what it does that matters.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_RULES_CALLGRAPH_H
#define FENCEDEP_RULES_CALLGRAPH_H

#include "fencedep/Rules/Check.h"

namespace fencedep {

/// What a function does itself, the worst first.
struct Effect {
  enum Kind : uint8_t {
    Forbidden, ///< a rule says so
    Waits,     ///< for a fence
    Acquires,  ///< a lock
    Signals,   ///< a fence
    Publishes, ///< a fence
    Begins,    ///< a section
  } K;
  std::string Text; ///< "'mutex_lock' acquires foo::lock", as reports say it
  std::string Rule; ///< if it is forbidden
  unsigned Line = 0;
};

struct CalledFunction {
  std::string Name;
  Position Where;
  bool IsRoot = false;
  std::vector<Effect> Effects; ///< by kind, then line
  unsigned Hidden = 0; ///< functions that it calls and that are left out,
                       ///< though they lead to an effect
};

struct CallGraphEdge {
  unsigned From, To;  ///< indices into CallGraph::Functions
  std::string Edge;   ///< as Hop::Edge
  std::string Detail; ///< as Hop::Detail
  Confidence Conf = Confidence::Certain;
};

struct CallGraph {
  std::vector<RootInfo> Roots;           ///< empty: there is none of the name
  std::vector<CalledFunction> Functions; ///< the nearest to a root first
  std::vector<CallGraphEdge> Edges;      ///< each pair of functions once
  unsigned Reached = 0;                  ///< functions, drawn or not
  unsigned WithEffects = 0, DrawnWithEffects = 0; ///< of these
};

struct CallGraphOptions {
  CheckOptions Check; ///< ways below its MinConfidence are not followed
  bool All = false;   ///< every function, whether it leads to an effect or not
  std::optional<unsigned> Depth; ///< every function so many calls from a root
};

/// What the sections and critical functions in, or called, \p Root call: by
/// default the best ways to effects, as many as a person can read, what is
/// forbidden first.
CallGraph callGraph(const Program &P, llvm::StringRef Root,
                    const CallGraphOptions &Opts);

} // namespace fencedep

#endif // FENCEDEP_RULES_CALLGRAPH_H

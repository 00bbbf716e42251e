//===- Rule.h - what a rule is ----------------------------------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A sink rule judges one call at a time: the path from a root to it is the
// search's business.
//
// To add a rule, you must:
//  - write lib/Rules/<Name>.cpp with its match function;
//  - declare it below and enter it in the table in Rules.cpp;
//  - say in the model which functions have the effect;
//  - write docs/rules/<id>.md and tests in test/rules/<id>/.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_RULES_RULE_H
#define FENCEDEP_LIB_RULES_RULE_H

#include "fencedep/Program/Graph.h"
#include "fencedep/Rules/Check.h"

namespace fencedep {

/// A call as a rule sees it.
struct SiteView {
  Graph &G;
  const Node &N;
  const Site &S;
  const Func &F;
  const Event &E;

  const Program &program() const { return G.P; }
  bool in(Region R) const { return S.In & scope(R); }
  /// The callee's name as it was written: `kmem_cache_zalloc` is a macro in
  /// some kernels, and `_noprof` is nobody's business.
  std::string api() const;
  /// What is known of argument \p I; nothing if there is none.
  ValueId arg(unsigned I) const {
    return I < E.Args.size() ? G.Eval.value(F, E.Args[I], N.C) : Top;
  }
};

/// Why a call is forbidden in a section.
struct Verdict {
  Confidence Conf = Confidence::Certain;
  std::string What; ///< "'kmalloc' with GFP_KERNEL may enter direct reclaim"
  std::string Why;  ///< "a shrinker may wait for a fence"
  /// The argument that decides; where its value comes from is worth a note.
  std::optional<unsigned> Traced;
  std::string TracedWhat; ///< "the mask GFP_KERNEL"
};

using SinkMatcher = std::optional<Verdict> (*)(const SiteView &);

std::optional<Verdict> matchResvLock(const SiteView &S);
std::optional<Verdict> matchReclaim(const SiteView &S);
std::optional<Verdict> matchUserFault(const SiteView &S);

struct RuleEntry {
  Rule Info;
  SinkMatcher Match; ///< null: not a sink rule
};

/// The one table of rules.
llvm::ArrayRef<RuleEntry> ruleTable();

/// A root, as the search needs it.
struct Root {
  RootInfo Info;
  FuncId F;
  EventId Opener;  ///< annotated: the event that opens the section; else NoId
  ModuleId Module; ///< that the thread comes from
};

/// Turns places of the program into what reports show.
class Describer {
public:
  Describer(const Program &P, std::string BaseDir)
      : P(P), BaseDir(std::move(BaseDir)) {}

  Position position(uint32_t Unit, const Loc &L) const;
  Position position(const Func &F, const Loc &L) const {
    return position(F.Unit, L);
  }

private:
  const Program &P;
  std::string BaseDir;
};

/// All roots that \p Opts asks for, in a fixed order.
std::vector<Root> findRoots(const LinkedProgram &L, const CheckOptions &Opts,
                            const Describer &D);

/// What the rules say about the calls of each node; judged once, whatever roots
/// come by.
class SinkTable {
public:
  struct Sink {
    const RuleEntry *Rule;
    Site S;
    Verdict V;
  };

  SinkTable(Graph &G, std::vector<const RuleEntry *> Rules)
      : G(G), Rules(std::move(Rules)) {}

  const std::vector<Sink> &of(NodeId N);

private:
  Graph &G;
  std::vector<const RuleEntry *> Rules;
  std::deque<std::optional<std::vector<Sink>>> Sinks; ///< by node
};

/// A place of the program that several roots may reach.
using SinkPlace = std::tuple<const RuleEntry *, FuncId, EventId>;

/// What the search from one root found.
struct SearchResult {
  /// Where something forbidden was reached, sorted; of those that
  /// CheckOptions::MinConfidence lets through, the finding.
  std::vector<std::pair<SinkPlace, std::optional<Finding>>> Found;
  RootCoverage Cov;
  std::vector<FuncId> Reached;                  ///< sorted
  std::vector<std::pair<FuncId, EventId>> Open; ///< sorted
};

SearchResult searchRoot(Graph &G, const Root &R, SinkTable &Sinks,
                        const CheckOptions &Opts, const Describer &D);

/// fence-section-balance.
void checkBalance(const LinkedProgram &L, const CheckOptions &Opts,
                  const Describer &D, std::vector<Finding> &Findings);

/// Is \p File equal to or below one of \p Paths, or are there none?
bool selected(llvm::StringRef File, const CheckOptions &Opts);

/// A function's name without the suffix that spells the same function.
std::string apiName(const Model &M, llvm::StringRef Name);

/// Hex digest of the parts: stable under line changes.
std::string fingerprint(llvm::ArrayRef<std::string> Parts);

} // namespace fencedep

#endif // FENCEDEP_LIB_RULES_RULE_H

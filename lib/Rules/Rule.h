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

#include "fencedep/Program/Locks.h"
#include "fencedep/Rules/Check.h"

namespace fencedep {

/// A call as a rule sees it.
struct SiteView {
  SiteView(Graph &G, const Node &N, const Site &S)
      : G(G), N(N), S(S), F(G.P.Funcs[N.F]), E(F.Body->Events[S.Event]) {}

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
    return I < E.Args.size() ? G.Eval.argument(F, E, I, N.C) : Top;
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
  std::string Mask;       ///< GFP_KERNEL, if it is known and has a name
  std::string Lock;       ///< the class that is acquired
};

using SinkMatcher = std::optional<Verdict> (*)(const SiteView &);

std::optional<Verdict> matchResvLock(const SiteView &S);
std::optional<Verdict> matchReclaim(const SiteView &S);
std::optional<Verdict> matchUserFault(const SiteView &S);

std::optional<Verdict> matchFenceWait(const SiteView &S);
std::optional<Verdict> matchReclaimWait(const SiteView &S);
std::optional<Verdict> matchWaitAtomic(const SiteView &S);

/// The functions of work items that resolve faults: fence-page-fault.
std::set<FuncId> faultWork(const Program &P);
bool waitsForFence(const Func &F);
bool signalsFence(const Func &F);

struct Root;
struct SectionView;
struct CheckContext;

bool isGpuDriver(const Program &P, const Root &R); ///< fence-reclaim-wait

/// A rule is one of, or a combination of
struct RuleEntry {
  Rule Info;
  /// a question about each call that the roots of Role reach,
  SinkMatcher Match = nullptr;
  RootRole Role = RootRole::Section;
  /// (of other roles than Section: can a call of this be what it asks about?
  bool (*Acts)(const Func &) = nullptr;
  /// and is the root one that the rule does not hold for?)
  bool (*Excuses)(const Program &, const Root &) = nullptr;
  /// a look at what each section reaches,
  void (*Observe)(SectionView &) = nullptr;
  /// and a look at the whole program, after all searches.
  void (*Whole)(CheckContext &) = nullptr;
  bool NeedsLocks = false; ///< CheckContext::Locks, SectionView::Locks
};

/// What signals a fence: no rule of its own, but some ask for it.
extern const RuleEntry SignalSink;
/// The same of what makes a thread depend on others: by DependsOn.
enum DependsOn { OnFence, OnResv, OnMmap, OnReclaim };
extern const RuleEntry DependencySinks[4];

/// The one table of rules.
llvm::ArrayRef<RuleEntry> ruleTable();

/// A root, as the search needs it.
struct Root {
  RootInfo Info;
  FuncId F;
  EventId Opener;  ///< annotated: the event that opens the region; else NoId
  ModuleId Module; ///< that the thread comes from
  RootRole Role = RootRole::Section;
};

/// "in the signalling path of 'f'": how messages name the root.
std::string inRoot(const RootInfo &R, RootRole Role);

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

/// Where nothing may sleep.
struct AtomicFacts {
  RegionTable Regions;
  const llvm::BitVector &MaySleep; ///< functions that a rule asks about
};

/// All roots of \p Roles that \p Opts asks for, in a fixed order; of those that
/// may not sleep \p Atomic's regions, too, if it is not null.
std::vector<Root> findRoots(const LinkedProgram &L, const CheckOptions &Opts,
                            const std::set<RootRole> &Roles,
                            const AtomicFacts *Atomic, const Describer &D);

/// \p F, which has a body, as a root that is critical for \p Role because of
/// \p Why.
Root contractRoot(const Program &P, FuncId F, RootRole Role,
                  llvm::StringRef Why, const Describer &D);

/// The sections and critical functions in, or called, \p Name; if there are
/// none, the function itself; empty: it has no body.
std::vector<Root> rootsNamed(const LinkedProgram &L, const CheckOptions &Opts,
                             llvm::StringRef Name, const Describer &D);

/// All roots that the model names for \p Role, as findRoots has them.
std::vector<Root> contractRoots(const Program &P, const CheckOptions &Opts,
                                RootRole Role, const Describer &D);

/// The node that a search from \p R starts with.
NodeId startOf(Graph &G, const Root &R);

/// A place of the program that several roots may reach.
using SinkPlace = std::tuple<const RuleEntry *, FuncId, EventId>;

/// How good a way is: all that is certain first, then few hops that need a last
/// reference to be dropped, then few guesses, then few hops.
struct Rank {
  Confidence Conf = Confidence::Certain;
  unsigned LastRefs = 0;
  unsigned Odds = 1; ///< one in so many, if each of a pointer's functions is as
                     ///< likely as the others
  unsigned Hops = 0;
  bool OneKind = false; ///< some call is made for one kind of object only
  /// Odds are those of one table, and nothing else is known of the kind of
  /// object. The table's functions are for as many kinds, and each of these
  /// exists; two facts about the kind seldom come together.
  bool OneTable = false;
  bool OneOfMany = false; ///< some call is one for each of many kinds

  bool betterThan(const Rank &O) const {
    return std::tie(O.Conf, LastRefs, Odds, Hops) <
           std::tie(Conf, O.LastRefs, O.Odds, O.Hops);
  }
  /// The way on through a call that is resolved as \p T. \p CountInline: one
  /// into a function of a header is a hop, too.
  Rank then(const Target &T, bool CountInline = true) const;
  /// The way to such a call, which is not followed.
  Rank to(const Target &T) const;
  /// The same, if its calls are under that many conditions in all.
  Rank under(unsigned Conditions) const;
  /// Two halves of one deadlock: both must be believed.
  Rank with(const Rank &O) const;
  /// The same, \p O being what another thread does, maybe with another device:
  /// what is called for each kind here may be what that kind never meets there.
  Rank across(const Rank &O) const;

private:
  /// The same, graded down if too much has to come together.
  Rank believable() const;
};

/// What a search notes of nodes. It visits some, and there may be many more: so
/// what one search has written the next one does not clear, but does not see.
class NodeMarks {
public:
  static constexpr unsigned NotYet = ~0u;
  struct Mark {
    unsigned Search = 0;       ///< that wrote it
    unsigned Arrived = NotYet; ///< index into Search::visits()
    Rank Best;                 ///< of the ways in the queue
  };

  void forget() { ++Search; }
  /// Null if nothing was noted of \p N.
  const Mark *find(NodeId N) const {
    return N < ByNode.size() && ByNode[N].Search == Search ? &ByNode[N]
                                                           : nullptr;
  }
  unsigned arrived(NodeId N) const {
    const Mark *M = find(N);
    return M ? M->Arrived : NotYet;
  }
  /// Notes something of \p N, one of \p Nodes.
  void put(NodeId N, unsigned Arrived, const Rank &Best, size_t Nodes) {
    if (N >= ByNode.size())
      ByNode.resize(Nodes);
    ByNode[N] = {Search, Arrived, Best};
  }

private:
  std::vector<Mark> ByNode;
  unsigned Search = 0;
};

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

  /// For the next search to take, and to give back.
  std::unique_ptr<NodeMarks> Marks;

private:
  Graph &G;
  std::vector<const RuleEntry *> Rules;
  std::deque<std::optional<std::vector<Sink>>> Sinks; ///< by node
};

/// A lock that is waited for in a section: half of a deadlock, if somebody who
/// holds one of its class waits for a fence.
struct LockTaken {
  LockClass Class;
  /// The calls on the way to the acquisition, which is the last one.
  std::vector<CallSite> Calls;
  ModuleId Module; ///< that the thread came through
  Rank Way;
  Finding Sofar; ///< as of SectionView::finding
  /// If its holder here waits for nothing: who calls the same code with other
  /// arguments, for whom it may: `lock(); if (sync) wait(); unlock()`.
  std::vector<FuncId> Otherwise;
};

/// What the search from one root found.
struct SearchResult {
  /// Where something forbidden was reached, sorted; of those that
  /// CheckOptions::MinConfidence lets through, the finding.
  std::vector<std::pair<SinkPlace, std::optional<Finding>>> Found;
  std::vector<LockTaken> Locks;
  RootCoverage Cov;
  std::vector<FuncId> Reached;                  ///< sorted
  std::vector<std::pair<FuncId, EventId>> Open; ///< sorted
  std::vector<CallSite> NotFollowed;            ///< as Search::notFollowed()
  std::set<const Statement *> Said; ///< where calls were not followed
};

struct LockFacts;
class HeldSearch;
class Search;

/// What a root's search has visited, for rules that are not about single calls.
struct SectionView {
  Graph &G;
  const Root &R;
  Search &S;
  const LockFacts *Locks; ///< null if no rule that is on needs it
  HeldSearch *Held;       ///< the same
  const CheckOptions &Opts;
  const Describer &D;
  SearchResult &Result;
  const RuleEntry *Rule; ///< that looks

  /// A finding of Rule with the path to the call \p X in the visited node \p
  /// At. Its message only says where; the confidence and the rest are for the
  /// caller to fill in.
  Finding finding(NodeId At, const Site &X) const;
};

/// The rules, and what they need, of one search.
struct SearchPlan {
  llvm::ArrayRef<const RuleEntry *> Rules;
  SinkTable &Sinks;
  const llvm::BitVector *Within; ///< functions; null: all
  const LockFacts *Locks;
  HeldSearch *Held;
};

SearchResult searchRoot(Graph &G, const Root &R, const SearchPlan &Plan,
                        const CheckOptions &Opts, const Describer &D);

/// What lockdep would print of \p F: a finding whose words are complete.
std::vector<LockLink> lockCycle(const Model &M, const Finding &F);

/// The change of the allocation's mask that would mend a finding at \p S, not
/// yet placed. \p Shared: the caller is a helper.
std::optional<Fix> maskFix(const SiteView &S, const Verdict &V, bool Shared);
/// Finds the places of fixes in the sources, and drops those it does not find.
void placeFixes(std::vector<Finding> &Findings, llvm::StringRef BaseDir);

/// What rules that are not about single calls work with.
struct CheckContext {
  const LinkedProgram &L;
  const CheckOptions &Opts;
  const Describer &D;
  llvm::ArrayRef<Root> Roots;                  ///< that were searched
  llvm::MutableArrayRef<SearchResult> Results; ///< by root
  const LockFacts *Locks; ///< null if no rule that is on needs it
  std::vector<Finding> &Findings;
};

void checkBalance(CheckContext &C);         ///< fence-section-balance
void noteLocks(SectionView &V);             ///< fence-lock-cycle
void checkLockCycle(CheckContext &C);       ///< the same
void checkWaitLocked(SectionView &V);       ///< fence-wait-locked
void checkOpportunistic(CheckContext &C);   ///< fence-opportunistic-section
void checkCrossRelease(SectionView &V);     ///< fence-cross-release
void checkOwnWork(CheckContext &C);         ///< fence-cross-release-anywhere
void checkLateSection(CheckContext &C);     ///< fence-late-section
void checkMissingSection(CheckContext &C);  ///< fence-missing-section
void checkUserspaceSignal(CheckContext &C); ///< fence-userspace-signal
void checkPageFault(SectionView &V);        ///< fence-page-fault
void checkFaultHandlers(CheckContext &C);   ///< the same, in the handlers
void checkForeignTimeout(CheckContext &C);  ///< fence-foreign-timeout

/// The statement of the source that a section does not make the call \p T;
/// null: there is none.
const Statement *neverInSection(const Program &P, const Target &T);

/// A function's name without the suffix that spells the same function.
std::string apiName(const Model &M, llvm::StringRef Name);

/// Hex digest of what a finding is about: stable under line changes.
std::string fingerprint(llvm::StringRef Rule, llvm::StringRef Root,
                        llvm::StringRef Sink, llvm::ArrayRef<Hop> Path);
std::string fingerprint(llvm::ArrayRef<std::string> Parts);

} // namespace fencedep

#endif // FENCEDEP_LIB_RULES_RULE_H

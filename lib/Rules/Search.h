//===- Search.h - from a node to what is forbidden --------------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nodes in the order of (confidence of the way there, hops): all that can be
// reached with certainty first, the shortest way first. So the first way to a
// sink is the one to print. Each node is visited once per search; nodes are
// finite.
//
// The other ways to a sink are told by the calls on them: from the sink back to
// callers that were visited, as long as the way there and the way on together
// are good enough.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_RULES_SEARCH_H
#define FENCEDEP_LIB_RULES_SEARCH_H

#include "Rule.h"
#include "fencedep/Program/Conditions.h"
#include <functional>
#include <queue>

namespace fencedep {

/// Where not to go.
struct SearchLimits {
  Confidence Floor = Confidence::Possible; ///< ways below are not followed
  const llvm::BitVector *Within = nullptr; ///< functions; null: all
  Scopes Needs = 0; ///< not where none of these is open; 0: anywhere
  /// Not through a pointer that may hold one of several functions.
  bool KnownOnly = false;
  /// From where a section begins: the functions of a header are no hops, and
  /// Rank::OneTable holds at the start.
  bool FromRoot = false;
  bool PastSinks = true; ///< follow a call that is a sink itself
  /// Calls of a node that are neither followed nor judged; null: none.
  std::function<bool(const Node &, EventId, const Target &)> Skip = nullptr;
};

class Search {
public:
  struct Visit {
    Rank Way;
    unsigned Serial; ///< order of discovery: ties are broken the same way
                     ///< always
    NodeId Node;
    NodeId From;
    unsigned EdgeIndex;
    bool operator<(const Visit &O) const { // the greatest is taken first
      return O.Way.betterThan(Way) ||
             (!Way.betterThan(O.Way) && O.Serial < Serial);
    }
  };
  struct Hit {
    SinkTable::Sink At;
    Rank Way; ///< Conf: of the finding, too
    NodeId Node;
  };

  /// A call on some way.
  struct Lead {
    FuncId Caller;
    EventId Event;
    FuncId Callee;
    bool operator<(const Lead &O) const {
      return std::tie(Caller, Event, Callee) <
             std::tie(O.Caller, O.Event, O.Callee);
    }
  };

  Search(Graph &G, SinkTable &Sinks, SearchLimits Limits = {});
  ~Search() { Sinks.Marks = std::move(Marks); }
  Search(const Search &) = delete;
  Search &operator=(const Search &) = delete;

  /// Visits everything that \p Start reaches, the best ways first, until
  /// \p Enough: given the way of the next visit, it says that neither this one
  /// nor what follows matters. To be called once.
  void run(NodeId Start,
           llvm::function_ref<bool(const Rank &Next)> Enough = nullptr);

  const std::map<SinkPlace, Hit> &hits() const { return Hits; }
  /// In the order of their rank.
  llvm::ArrayRef<Visit> visits() const { return Visits; }

  /// Calls on ways below the floor, behind which nothing was visited.
  std::vector<CallSite> notFollowed() const;

  /// The calls from the start to \p Call in \p At, which is the last one.
  std::vector<CallSite> calls(const Visit &At, EventId Call) const;

  /// \p Way, the rank of these calls, graded down by what is to be known of
  /// them together only: the conditions that they are under, and references
  /// that somebody still holds.
  Rank believed(const Visit &At, EventId Call, Rank Way);

  /// The visits from the start to \p At, the start first.
  std::vector<Visit> way(NodeId At) const;

  /// All calls on likely ways from the start to \p Place, sorted; without what
  /// is called there.
  std::vector<Lead> leadsTo(const SinkPlace &Place);

private:
  Rank start() const {
    Rank Way;
    Way.OneTable = Limits.FromRoot;
    return Way;
  }
  Rank then(const Rank &Way, const Target &T) const {
    return Way.then(T, !Limits.FromRoot);
  }
  bool allowed(const Visit &V) const;
  bool skipped(const Node &N, EventId E, const Target &T) const {
    return Limits.Skip && Limits.Skip(N, E, T);
  }
  bool follows(const Node &N, const Edge &E,
               llvm::ArrayRef<SinkTable::Sink> Here) const;
  void findCallers();
  void push(Visit V);
  bool arrivedUnforgiven(NodeId N) const;
  void hit(const Visit &At, const Node &N, const SinkTable::Sink &Sink);

  Graph &G;
  SinkTable &Sinks;
  SearchLimits Limits;
  ConditionTable Conditions;
  std::priority_queue<Visit> Queue;
  std::unique_ptr<NodeMarks> Marks;
  std::vector<Visit> Visits;
  std::map<SinkPlace, Hit> Hits;
  unsigned NextSerial = 0;
  /// Below the floor: calls and where they lead to, and sinks.
  std::vector<std::pair<CallSite, NodeId>> Below;
  std::vector<SinkPlace> SinksBelow;

  /// For leadsTo(): by node, the visits that go on to it, and by which edge;
  /// and by function, its visits. Likely ones only.
  std::vector<std::vector<std::pair<unsigned, unsigned>>> Callers;
  std::map<FuncId, std::vector<unsigned>> VisitsOf;
};

/// The call \p Id in \p N, resolved as \p T, for people.
Hop hopOf(const Graph &G, const Describer &D, const Node &N, EventId Id,
          const Target &T, llvm::StringRef Callee);

/// The calls along \p Way, without what is done at its end.
std::vector<Hop> hopsOf(const Graph &G, const Describer &D,
                        llvm::ArrayRef<Search::Visit> Way);

/// A finding of \p Rule with \p Way from \p Root and then the call \p X in the
/// node where it ends; the confidence, the message and the reasons are for the
/// caller to fill in.
Finding findingAt(Graph &G, const Describer &D, llvm::StringRef Rule,
                  const RootInfo &Root, llvm::ArrayRef<Search::Visit> Way,
                  const Site &X);

} // namespace fencedep

#endif // FENCEDEP_LIB_RULES_SEARCH_H

//===- CallGraph.cpp - what a root calls, for people ----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same search as for findings. It visits a function once per context; a
// picture has it once. Which functions are chosen, from the visits in their
// order, the best first:
//
//     all, or all up to some depth                    if asked for; else
//     those that do what is forbidden, then those with other effects, each
//     with the way there, until MaxFunctions are drawn
//
//===----------------------------------------------------------------------===//

#include "fencedep/Rules/CallGraph.h"
#include "Search.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

/// More boxes are no picture, but a map.
static constexpr size_t MaxFunctions = 40;

namespace {

class GraphBuilder {
public:
  GraphBuilder(const Program &P, StringRef Name, const CallGraphOptions &Opts)
      : P(P), Opts(Opts), L(P, Opts.Check.Jobs), D(P, Opts.Check.BaseDir), G(L),
        Sinks(G, sectionRules()), Name(Name) {}

  CallGraph build() {
    CallGraph Result;
    for (const Root &R : rootsNamed(L, Opts.Check, Name, D)) {
      Result.Roots.push_back(R.Info);
      SearchLimits Limits{Opts.Check.MinConfidence};
      Limits.FromRoot = true;
      Searches.push_back(std::make_unique<Search>(G, Sinks, Limits));
      Searches.back()->run(startOf(G, R));
      RootFuncs.insert(R.F);
    }
    collect();
    addFindings();
    choose();
    draw(Result);
    return Result;
  }

private:
  struct Reached {
    unsigned Hops = 0;
    std::vector<FuncId> Way; ///< from the root, itself last
    std::map<EventId, Effect> Effects;
  };

  static std::vector<const RuleEntry *> sectionRules() {
    std::vector<const RuleEntry *> Rules;
    for (const RuleEntry &E : ruleTable())
      if (E.Match && E.Role == RootRole::Section)
        Rules.push_back(&E);
    return Rules;
  }

  void collect() {
    for (const std::unique_ptr<Search> &S : Searches)
      for (const Search::Visit &V : S->visits()) {
        const Node &N = G[V.Node];
        auto [It, New] = Found.try_emplace(N.F);
        if (New) {
          Order.push_back(N.F);
          It->second.Hops = V.Way.Hops;
          for (const Search::Visit &Step : S->way(V.Node))
            It->second.Way.push_back(G[Step.Node].F);
          addBegins(N.F, It->second);
        }
        addEffects(V.Node, It->second);
      }
  }

  void add(Reached &To, const Func &F, EventId Id, Effect::Kind K,
           std::string Text, StringRef Rule = "") {
    Effect E{K, std::move(Text), Rule.str(), F.Body->Events[Id].Where.Line};
    auto [It, New] = To.Effects.try_emplace(Id, E);
    if (!New && K < It->second.K)
      It->second = std::move(E);
  }

  void addBegins(FuncId Id, Reached &To) {
    const Func &F = P.Funcs[Id];
    if (!L.Regions.hasRegions(Id) || (F.Model && F.Model->hasEffect()))
      return;
    for (EventId Opener : G.Flows.run(F, EmptyContext).Opens)
      add(To, F, Opener, Effect::Begins, "a section begins");
  }

  void addEffects(NodeId Id, Reached &To) {
    const Node &N = G[Id];
    const Func &F = P.Funcs[N.F];
    // How dma_fence_signal() signals is not what it is about.
    if (F.Model && F.Model->hasEffect())
      return;
    for (const SinkTable::Sink &S : Sinks.of(Id))
      if (std::min(S.V.Conf, S.S.How.Conf) >= Opts.Check.MinConfidence)
        add(To, F, S.S.Event, Effect::Forbidden, S.V.What, S.Rule->Info.Id);
    for (const Site &X : N.Sites) {
      const std::string Api = "'" + SiteView(G, N, X).api() + "'";
      if (X.Model && X.Model->WaitsFence)
        add(To, F, X.Event, Effect::Waits, Api + " waits for a fence");
      if (auto Class = acquiredClass(G, N, X))
        add(To, F, X.Event, Effect::Acquires,
            Api + " acquires " + className(*Class));
      if (X.Model && X.Model->SignalsFence)
        add(To, F, X.Event, Effect::Signals, Api + " signals a fence");
      if (X.Model && X.Model->Publishes)
        add(To, F, X.Event, Effect::Publishes,
            Api + " makes a fence visible to others");
    }
  }

  std::string className(const LockClass &C) {
    if (!Locks)
      Locks.emplace(P, Opts.Check.Jobs);
    return Locks->name(C);
  }

  /// What only a look at the whole program tells: locks that are held elsewhere
  /// across a wait.
  void addFindings() {
    CheckOptions Check = Opts.Check;
    Check.Paths.clear();
    for (FuncId Id : RootFuncs)
      Check.Paths.push_back(
          P.str(P.Funcs[Id], P.Funcs[Id].Body->Where.File).str());
    if (Check.Paths.empty())
      return;
    std::map<std::tuple<std::string, unsigned, unsigned>, std::string> Rules;
    for (const Finding &F : check(P, Check).Findings)
      if (F.Conf >= Check.MinConfidence && F.Root.Function == Name)
        Rules[{F.Sink.File, F.Sink.Line, F.Sink.Column}] = F.Rule;
    for (auto &[Id, R] : Found)
      for (auto &[Event, E] : R.Effects) {
        const Func &F = P.Funcs[Id];
        Position W = D.position(F, F.Body->Events[Event].Where);
        auto It = Rules.find({W.File, W.Line, W.Column});
        if (It == Rules.end() || E.K == Effect::Forbidden)
          continue;
        E.K = Effect::Forbidden;
        E.Rule = It->second;
      }
  }

  bool hasForbidden(FuncId F) const {
    return any_of(Found.at(F).Effects, [](const auto &E) {
      return E.second.K == Effect::Forbidden;
    });
  }

  void choose() {
    auto Take = [&](auto Wanted) {
      for (FuncId F : Order) {
        const Reached &R = Found[F];
        size_t More =
            count_if(R.Way, [&](FuncId Step) { return !Chosen.count(Step); });
        if (Wanted(F, R) && Chosen.size() + More <= MaxFunctions)
          Chosen.insert(R.Way.begin(), R.Way.end());
      }
    };
    if (Opts.All || Opts.Depth) {
      for (FuncId F : Order)
        if (Opts.All || Found[F].Hops <= *Opts.Depth)
          Chosen.insert(F);
      return;
    }
    Chosen.insert(RootFuncs.begin(), RootFuncs.end());
    Take([&](FuncId F, const Reached &) { return hasForbidden(F); });
    Take([&](FuncId, const Reached &R) { return !R.Effects.empty(); });
  }

  void draw(CallGraph &Out) {
    Out.Reached = Order.size();
    for (FuncId Id : Order) {
      const Reached &R = Found[Id];
      Out.WithEffects += !R.Effects.empty();
      if (!Chosen.count(Id))
        continue;
      Out.DrawnWithEffects += !R.Effects.empty();
      const Func &F = P.Funcs[Id];
      CalledFunction C;
      C.Name = F.Name.str();
      C.Where = D.position(F, F.Body->Where);
      C.IsRoot = RootFuncs.count(Id);
      C.Effects = effectsOf(R);
      Drawn[Id] = Out.Functions.size();
      Out.Functions.push_back(std::move(C));
    }
    drawEdges(Out);
    countHidden(Out);
  }

  /// Each once, at its first line.
  static std::vector<Effect> effectsOf(const Reached &R) {
    std::map<std::pair<Effect::Kind, std::string>, Effect> Once;
    for (const auto &[Id, E] : R.Effects) {
      auto [It, New] = Once.try_emplace({E.K, E.Text}, E);
      It->second.Line = std::min(It->second.Line, E.Line);
    }
    std::vector<Effect> Effects;
    Effects.reserve(Once.size());
    for (auto &[Key, E] : Once)
      Effects.push_back(std::move(E));
    llvm::sort(Effects, [](const Effect &A, const Effect &B) {
      return std::tie(A.K, A.Line, A.Text) < std::tie(B.K, B.Line, B.Text);
    });
    return Effects;
  }

  /// Calls \p Each (caller, node, edge) for the calls that were followed.
  template <typename Fn> void eachEdge(Fn Each) const {
    std::set<NodeId> Seen;
    for (const std::unique_ptr<Search> &S : Searches)
      for (const Search::Visit &V : S->visits())
        if (Seen.insert(V.Node).second)
          for (const Edge &E : G[V.Node].Edges)
            if (Found.count(E.How.Callee) &&
                E.How.Conf >= Opts.Check.MinConfidence)
              Each(G[V.Node], E);
  }

  /// Of several calls between the same functions, the surest.
  void drawEdges(CallGraph &Out) {
    std::map<std::pair<unsigned, unsigned>, CallGraphEdge> Edges;
    eachEdge([&](const Node &N, const Edge &E) {
      auto From = Drawn.find(N.F), To = Drawn.find(E.How.Callee);
      if (From == Drawn.end() || To == Drawn.end())
        return;
      Hop H = hopOf(G, D, N, E.Event, E.How, "");
      CallGraphEdge X{From->second, To->second, H.Edge, H.Detail, H.Conf};
      auto [It, New] = Edges.try_emplace({X.From, X.To}, X);
      if (!New && It->second.Conf < X.Conf)
        It->second = std::move(X);
    });
    for (auto &[Ends, E] : Edges)
      Out.Edges.push_back(std::move(E));
  }

  void countHidden(CallGraph &Out) {
    std::map<FuncId, std::set<FuncId>> Callers, Callees;
    eachEdge([&](const Node &N, const Edge &E) {
      Callers[E.How.Callee].insert(N.F);
      Callees[N.F].insert(E.How.Callee);
    });
    std::set<FuncId> Leads;
    std::vector<FuncId> Work;
    for (const auto &[Id, R] : Found)
      if (!R.Effects.empty() && Leads.insert(Id).second)
        Work.push_back(Id);
    while (!Work.empty()) {
      FuncId F = Work.back();
      Work.pop_back();
      for (FuncId Caller : Callers[F])
        if (Leads.insert(Caller).second)
          Work.push_back(Caller);
    }
    for (const auto &[Id, Index] : Drawn)
      Out.Functions[Index].Hidden = count_if(Callees[Id], [&](FuncId F) {
        return !Drawn.count(F) && Leads.count(F);
      });
  }

  const Program &P;
  const CallGraphOptions &Opts;
  LinkedProgram L;
  Describer D;
  Graph G;
  SinkTable Sinks;
  StringRef Name;
  std::optional<LockTable> Locks;                ///< for the names of classes
  std::vector<std::unique_ptr<Search>> Searches; ///< by root
  std::set<FuncId> RootFuncs, Chosen;
  std::vector<FuncId> Order; ///< the best way there first
  std::map<FuncId, Reached> Found;
  std::map<FuncId, unsigned> Drawn; ///< index into CallGraph::Functions
};

} // namespace

CallGraph fencedep::callGraph(const Program &P, StringRef Root,
                              const CallGraphOptions &Opts) {
  return GraphBuilder(P, Root, Opts).build();
}

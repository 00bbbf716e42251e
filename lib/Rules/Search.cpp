//===- Search.cpp - from a root to what is forbidden ----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nodes in the order of (confidence of the way there, hops): all that can be
// reached with certainty first, the shortest way first. So the first way to a
// sink is the one to print. Each node is visited once per root; nodes are
// finite.
//
//===----------------------------------------------------------------------===//

#include "Rule.h"
#include "llvm/ADT/STLExtras.h"
#include <queue>

using namespace llvm;
using namespace fencedep;

/// Each hop holds under conditions that are not looked at together; after this
/// many nobody can say that all of them hold at once.
static constexpr unsigned MaxBelievableHops = 12;

namespace {

/// How good a way is: all that is certain first, then few hops that need a last
/// reference to be dropped, then few hops.
struct Rank {
  Confidence Conf;
  unsigned LastRefs;
  unsigned Hops;
  bool betterThan(const Rank &O) const {
    return std::tie(O.Conf, LastRefs, Hops) <
           std::tie(Conf, O.LastRefs, O.Hops);
  }
};

struct Visit {
  Rank Way;
  unsigned Serial; ///< order of discovery: ties are broken the same way always
  NodeId Node;
  NodeId From;
  unsigned EdgeIndex;
  bool operator<(const Visit &O) const { // the greatest is taken first
    return O.Way.betterThan(Way) ||
           (!Way.betterThan(O.Way) && O.Serial < Serial);
  }
};

class Search {
public:
  Search(Graph &G, const Root &R, SinkTable &Sinks, const Describer &D)
      : G(G), R(R), Sinks(Sinks), D(D) {}

  void run() {
    push({{Confidence::Certain, 0, 0},
          0,
          R.Opener == NoId ? G.node(R.F, EmptyContext, 0, R.Module)
                           : G.section(R.F, R.Opener),
          NoId,
          0});
    while (!Queue.empty()) {
      Visit V = Queue.top();
      Queue.pop();
      if (Arrived[V.Node] != NotYet || arrivedUnforgiven(V.Node))
        continue;
      Arrived[V.Node] = Visits.size();
      Visits.push_back(V);
      const Node &N = G.expand(V.Node);
      for (const SinkTable::Sink &S : Sinks.of(V.Node))
        hit(V, N, S);
      for (unsigned I = 0; I != N.Edges.size(); ++I) {
        const Edge &E = N.Edges[I];
        // One object may die here; that it takes a second one with it is rare.
        unsigned LastRefs = V.Way.LastRefs + E.How.LastRef;
        Confidence Conf = std::min(V.Way.Conf, E.How.Conf);
        if (LastRefs > 1 || V.Way.Hops >= MaxBelievableHops)
          Conf = Confidence::Possible;
        push({{Conf, LastRefs, V.Way.Hops + 1}, 0, E.To, V.Node, I});
      }
    }
  }

  SearchResult result(const CheckOptions &Opts) {
    SearchResult Result;
    for (const auto &[Key, H] : Hits) {
      auto &Found = Result.Found.emplace_back(Key, std::nullopt);
      if (H.Conf >= Opts.MinConfidence)
        Found.second = describe(H);
    }
    coverage(Opts, Result);
    return Result;
  }

private:
  struct Hit {
    SinkTable::Sink At;
    Confidence Conf;
    NodeId Node;
  };

  /// Has the same been looked at, on a better way, with no scope to forgive it?
  bool arrivedUnforgiven(NodeId N) const {
    if (!forgiving(G[N].In))
      return false;
    NodeId Worse = G.unforgiving(N);
    return Worse < Arrived.size() && Arrived[Worse] != NotYet;
  }

  /// Unless a way that is as good is known already.
  void push(Visit V) {
    if (V.Node >= Best.size()) {
      Best.resize(G.size());
      Arrived.resize(G.size(), NotYet);
    }
    std::optional<Rank> &Known = Best[V.Node];
    if (Known && !V.Way.betterThan(*Known))
      return;
    Known = V.Way;
    V.Serial = NextSerial++;
    Queue.push(V);
  }

  void hit(const Visit &At, const Node &N, const SinkTable::Sink &Sink) {
    Confidence Conf = std::min({At.Way.Conf, Sink.S.How.Conf, Sink.V.Conf});
    SinkPlace Key(Sink.Rule, N.F, Sink.S.Event);
    auto It = Hits.find(Key);
    if (It == Hits.end() || It->second.Conf < Conf)
      Hits.insert_or_assign(Key, Hit{Sink, Conf, At.Node});
  }

  Hop hop(const Node &N, EventId Id, const Target &T, StringRef Callee) {
    const Func &F = G.P.Funcs[N.F];
    Hop H;
    H.Function = F.Name.str();
    H.Callee = Callee.str();
    H.Where = D.position(F, F.Body->Events[Id].Where);
    H.Edge = edgeName(G.P, T);
    H.Conf = T.Conf;
    if (T.Among > 1)
      H.Detail = "one of " + std::to_string(T.Among) + " functions";
    return H;
  }

  /// The visits from the root to \p At, root first.
  std::vector<Visit> way(NodeId At) {
    std::vector<Visit> Way;
    for (NodeId N = At; N != NoId;) {
      Way.push_back(Visits[Arrived[N]]);
      N = Way.back().From;
    }
    std::reverse(Way.begin(), Way.end());
    return Way;
  }

  /// The parameter that decides the value of an expression, if it is one:
  /// passed on as it is, with bits added, or chosen by it.
  static std::optional<uint32_t> deciding(const Func &F, ExprId Id) {
    const Expr &E = F.Body->Exprs[Id];
    switch (E.Kind) {
    case ExprKind::Param:
      return E.A;
    case ExprKind::Unary:
    case ExprKind::Select:
      return deciding(F, E.A);
    case ExprKind::Binary:
      if (auto Left = deciding(F, E.A))
        return Left;
      return deciding(F, E.B);
    default:
      return std::nullopt;
    }
  }

  /// Follows the deciding argument up the path: to where the value is passed
  /// in, and on to where what chooses that value is.
  std::vector<Reason> origins(ArrayRef<Visit> Way, const Hit &H) {
    std::vector<Reason> Notes;
    const Node *N = &G[H.Node];
    EventId At = H.At.S.Event;
    unsigned Arg = *H.At.V.Traced;
    std::optional<Position> Where;
    bool Chosen = false;
    auto Note = [&] {
      if (Where)
        Notes.push_back({Chosen ? "what chooses it is passed here"
                                : H.At.V.TracedWhat + " is passed here",
                         *Where});
      Where.reset();
    };
    for (size_t I = Way.size(); I-- > 0;) {
      const Func &F = G.P.Funcs[N->F];
      const Event &E = F.Body->Events[At];
      std::optional<uint32_t> Param;
      if (Arg < E.Args.size() && I != 0)
        Param = deciding(F, E.Args[Arg]);
      if (!Param)
        break;
      if (F.Body->Exprs[E.Args[Arg]].Kind != ExprKind::Param) {
        Note();
        Chosen = true;
      }
      Arg = *Param;
      N = &G[Way[I].From];
      const Edge &Taken = N->Edges[Way[I].EdgeIndex];
      At = Taken.Event;
      if (Taken.How.Kind == EdgeKind::Work ||
          Taken.How.Kind == EdgeKind::Callback)
        break;
      Where =
          D.position(G.P.Funcs[N->F], G.P.Funcs[N->F].Body->Events[At].Where);
    }
    Note();
    return Notes;
  }

  Finding describe(const Hit &H) {
    Finding X;
    const Node &N = G[H.Node];
    SiteView S{G, N, H.At.S, G.P.Funcs[N.F],
               G.P.Funcs[N.F].Body->Events[H.At.S.Event]};
    X.Rule = H.At.Rule->Info.Id;
    X.Conf = H.Conf;
    X.Root = R.Info;
    X.SinkFunction = S.api();
    X.Sink = D.position(S.F, S.E.Where);
    X.Message = H.At.V.What + " in the signalling " +
                (R.Info.Kind == RootKind::Annotated ? "critical section of '"
                                                    : "path of '") +
                R.Info.Function + "'";
    std::vector<Visit> Way = way(H.Node);
    std::vector<std::string> Identity{X.Rule, R.Info.Function, X.SinkFunction};
    for (size_t I = 1; I < Way.size(); ++I) {
      const Node &From = G[Way[I].From];
      const Edge &E = From.Edges[Way[I].EdgeIndex];
      X.Path.push_back(hop(From, E.Event, E.How, G.P.Funcs[E.How.Callee].Name));
      Identity.push_back(X.Path.back().Edge + " " + X.Path.back().Callee);
    }
    X.Path.push_back(hop(N, H.At.S.Event, H.At.S.How, X.SinkFunction));
    if (H.At.S.Callee == NoId)
      X.Path.back().Edge = "macro";
    X.Reasons.push_back({H.At.V.Why, {}});
    if (H.At.V.Traced)
      append_range(X.Reasons, origins(Way, H));
    X.Fingerprint = fingerprint(Identity);
    return X;
  }

  /// What was reached, and what was left open on the way.
  void coverage(const CheckOptions &Opts, SearchResult &Result) const {
    std::vector<std::pair<std::pair<FuncId, EventId>, const OpenSite *>> Sites;
    for (const Visit &V : Visits) {
      const Node &N = G[V.Node];
      Result.Reached.push_back(N.F);
      for (const OpenSite &O : N.Open)
        Sites.push_back({{N.F, O.Event}, &O});
    }
    auto Unique = [](auto &List, auto Same) {
      List.erase(std::unique(List.begin(), List.end(), Same), List.end());
    };
    llvm::sort(Result.Reached);
    Unique(Result.Reached, std::equal_to<>());
    llvm::stable_sort(Sites, llvm::less_first());
    Unique(Sites, [](auto &A, auto &B) { return A.first == B.first; });
    Result.Cov.Root = R.Info;
    Result.Cov.Functions = Result.Reached.size();
    Result.Cov.OpenCalls = Sites.size();
    for (const auto &[Key, O] : Sites) {
      Result.Open.push_back(Key);
      if (!Opts.ListOpenCalls)
        continue;
      const Func &F = G.P.Funcs[Key.first];
      Result.Cov.Open.push_back(
          {F.Name.str(),
           O->Callee == NoId ? std::string("a function pointer")
                             : G.P.Funcs[O->Callee].Name.str(),
           D.position(F, F.Body->Events[O->Event].Where), O->Why});
    }
  }

  Graph &G;
  const Root &R;
  SinkTable &Sinks;
  const Describer &D;
  std::priority_queue<Visit> Queue;
  static constexpr unsigned NotYet = ~0u;
  std::vector<std::optional<Rank>> Best; ///< by node: of the ways in the queue
  std::vector<unsigned> Arrived;         ///< by node: index into Visits
  std::vector<Visit> Visits;
  std::map<SinkPlace, Hit> Hits;
  unsigned NextSerial = 0;
};

} // namespace

std::string SiteView::api() const {
  const Program &P = program();
  StringRef Name = P.str(F, E.Macro);
  if (S.Callee != NoId && (Name.empty() || !P.M.function(Name)))
    Name = P.Funcs[S.Callee].Name;
  return apiName(P.M, Name);
}

const std::vector<SinkTable::Sink> &SinkTable::of(NodeId Id) {
  if (Id >= Sinks.size())
    Sinks.resize(G.size());
  if (Sinks[Id])
    return *Sinks[Id];
  std::vector<Sink> &Found = Sinks[Id].emplace();
  const Node &N = G[Id];
  const Func &F = G.P.Funcs[N.F];
  for (const Site &S : N.Sites)
    for (const RuleEntry *Rule : Rules)
      if (auto V = Rule->Match({G, N, S, F, F.Body->Events[S.Event]}))
        Found.push_back({Rule, S, std::move(*V)});
  return Found;
}

SearchResult fencedep::searchRoot(Graph &G, const Root &R, SinkTable &Sinks,
                                  const CheckOptions &Opts,
                                  const Describer &D) {
  Search S(G, R, Sinks, D);
  S.run();
  return S.result(Opts);
}

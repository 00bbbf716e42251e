//===- Search.cpp - from a node to what is forbidden ----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Search.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

/// Each hop holds under conditions that are not looked at together; after this
/// many nobody can say that all of them hold at once. If one of them is a
/// guess, the others of the same half have to be fewer (docs/evaluation.md: of
/// the likely findings with more than eight hops, one in eight was true).
static constexpr unsigned MaxBelievableHops = 12, MaxLikelyHops = 8;

/// A way through one function of a dozen that a pointer may hold is seldom the
/// way that this root's objects go, nor is one of three, three times.
static constexpr unsigned MaxBelievableOdds = 8;

/// But for the functions of one table, if nothing else is a guess.
static constexpr unsigned MaxBelievableKinds = 12;

/// Hops and the conditions that they are under, together (docs/evaluation.md:
/// of 14 findings with more, nine were false; of 86 with up to 14, none).
static constexpr unsigned MaxBelievableSteps = 24;

/// If each of a table's functions is called on some device, it is no guess
/// which one is called here; but it is one fact about the kind of device.
static unsigned oddsOf(const Target &T) {
  return T.Kinds ? std::min(T.choices(), MaxBelievableKinds) : T.choices();
}

static bool isOneOfMany(const Target &T) {
  return T.Among > 1 && T.Kinds > MaxBelievableKinds;
}

Rank Rank::to(const Target &T) const {
  return with({T.Conf, T.LastRef, oddsOf(T), 0, T.OneKind, /*OneTable=*/false,
               isOneOfMany(T)});
}

Rank Rank::under(unsigned Conditions) const {
  Rank R = *this;
  if (Hops + 1 + Conditions > MaxBelievableSteps)
    R.Conf = Confidence::Possible;
  return R;
}

Rank Rank::believable() const {
  Rank R = *this;
  // A job may die here, and its buffers with it; that one of these takes a
  // third object with it is rare.
  if (LastRefs > 2 ||
      Odds > (OneTable ? MaxBelievableKinds : MaxBelievableOdds) ||
      Hops > MaxBelievableHops)
    R.Conf = Confidence::Possible;
  return R;
}

Rank Rank::then(const Target &T, bool CountInline) const {
  Rank R{std::min(Conf, T.Conf),
         LastRefs + T.LastRef,
         std::min(Odds * oddsOf(T), 1u << 16),
         Hops + (CountInline || !T.Inline),
         OneKind || T.OneKind,
         OneTable && !T.OneKind &&
             (T.choices() == 1 || (T.OfTable && Odds == 1)),
         OneOfMany || isOneOfMany(T)};
  if (R.Conf == Confidence::Likely && R.Hops > MaxLikelyHops)
    R.Conf = Confidence::Possible;
  return R.believable();
}

Rank Rank::with(const Rank &O) const {
  return Rank{std::min(Conf, O.Conf),
              LastRefs + O.LastRefs,
              std::min(Odds * O.Odds, 1u << 16),
              Hops + O.Hops,
              OneKind || O.OneKind,
              (OneTable && O.Odds == 1 && !O.OneKind) ||
                  (O.OneTable && Odds == 1 && !OneKind),
              OneOfMany || O.OneOfMany}
      .believable();
}

Rank Rank::across(const Rank &O) const {
  Rank R = with(O);
  if (R.OneOfMany)
    R.Conf = Confidence::Possible;
  return R;
}

Search::Search(Graph &G, SinkTable &Sinks, SearchLimits Limits)
    : G(G), Sinks(Sinks), Limits(std::move(Limits)), Conditions(G.P),
      Marks(std::move(Sinks.Marks)) {
  if (!Marks)
    Marks = std::make_unique<NodeMarks>();
  Marks->forget();
}

void Search::run(NodeId Start, function_ref<bool(const Rank &)> Enough) {
  push({start(), 0, Start, NoId, 0});
  while (!Queue.empty()) {
    Visit V = Queue.top();
    if (Enough && Enough(V.Way))
      return;
    Queue.pop();
    if (Marks->arrived(V.Node) != NodeMarks::NotYet ||
        arrivedUnforgiven(V.Node))
      continue;
    Marks->put(V.Node, Visits.size(), V.Way, G.size());
    Visits.push_back(V);
    const Node &N = G.expand(V.Node);
    const std::vector<SinkTable::Sink> &Here = Sinks.of(V.Node);
    for (const SinkTable::Sink &S : Here)
      if (!skipped(N, S.S.Event, S.S.How))
        hit(V, N, S);
    for (unsigned I = 0; I != N.Edges.size(); ++I)
      if (const Edge &E = N.Edges[I];
          follows(N, E, Here) && Marks->arrived(E.To) == NodeMarks::NotYet)
        push({then(V.Way, E.How), 0, E.To, V.Node, I});
  }
}

bool Search::follows(const Node &N, const Edge &E,
                     ArrayRef<SinkTable::Sink> Here) const {
  if (skipped(N, E.Event, E.How) || (Limits.KnownOnly && E.How.choices() > 1))
    return false;
  return Limits.PastSinks || none_of(Here, [&](const SinkTable::Sink &S) {
           return S.S.Event == E.Event;
         });
}

/// Has the same been looked at, on a better way, with no scope to forgive it?
bool Search::arrivedUnforgiven(NodeId N) const {
  if (!forgiving(G[N].In))
    return false;
  return Marks->arrived(G.unforgiving(N)) != NodeMarks::NotYet;
}

bool Search::allowed(const Visit &V) const {
  if (V.From == NoId)
    return true;
  const Node &N = G[V.Node];
  return (!Limits.Within || Limits.Within->test(N.F)) &&
         (!Limits.Needs || (Limits.Needs & N.In));
}

/// Unless a way that is as good is known already.
void Search::push(Visit V) {
  if (!allowed(V))
    return;
  if (V.Way.Conf < Limits.Floor) {
    const Node &From = G[V.From];
    Below.push_back({{From.F, From.Edges[V.EdgeIndex].Event}, V.Node});
    return;
  }
  const NodeMarks::Mark *Known = Marks->find(V.Node);
  if (Known && !V.Way.betterThan(Known->Best))
    return;
  Marks->put(V.Node, Known ? Known->Arrived : NodeMarks::NotYet, V.Way,
             G.size());
  V.Serial = NextSerial++;
  Queue.push(V);
}

void Search::hit(const Visit &At, const Node &N, const SinkTable::Sink &Sink) {
  Rank Way = At.Way.to(Sink.S.How);
  Way.Conf = std::min(Way.Conf, Sink.V.Conf);
  Way = believed(At, Sink.S.Event, Way);
  SinkPlace Key(Sink.Rule, N.F, Sink.S.Event);
  if (Way.Conf < Limits.Floor)
    return SinksBelow.push_back(Key);
  auto It = Hits.find(Key);
  if (It == Hits.end() || It->second.Way.Conf < Way.Conf)
    Hits.insert_or_assign(Key, Hit{Sink, Way, At.Node});
}

std::vector<CallSite> Search::notFollowed() const {
  std::vector<CallSite> Calls;
  for (const auto &[Call, To] : Below)
    if (Marks->arrived(To) == NodeMarks::NotYet)
      Calls.push_back(Call);
  for (const SinkPlace &Place : SinksBelow)
    if (!Hits.count(Place))
      Calls.push_back({std::get<1>(Place), std::get<2>(Place)});
  return Calls;
}

std::vector<CallSite> Search::calls(const Visit &At, EventId Call) const {
  std::vector<CallSite> Calls{{G[At.Node].F, Call}};
  for (const Visit *V = &At; V->From != NoId;
       V = &Visits[Marks->arrived(V->From)]) {
    const Node &From = G[V->From];
    Calls.push_back({From.F, From.Edges[V->EdgeIndex].Event});
  }
  std::reverse(Calls.begin(), Calls.end());
  return Calls;
}

Rank Search::believed(const Visit &At, EventId Call, Rank Way) {
  if (Way.Conf < Confidence::Likely)
    return Way;
  const std::vector<CallSite> Calls = calls(At, Call);
  Way = Way.under(Conditions.of(Calls));
  if (Way.LastRefs && dropsKept(G.P, Calls))
    Way.Conf = Confidence::Possible;
  return Way;
}

std::vector<Search::Visit> Search::way(NodeId At) const {
  std::vector<Visit> Way;
  for (NodeId N = At; N != NoId;) {
    Way.push_back(Visits[Marks->arrived(N)]);
    N = Way.back().From;
  }
  std::reverse(Way.begin(), Way.end());
  return Way;
}

void Search::findCallers() {
  Callers.resize(G.size());
  for (unsigned V = 0; V != Visits.size(); ++V) {
    if (Visits[V].Way.Conf < Confidence::Likely)
      break; // they are in order
    const NodeId Id = Visits[V].Node;
    VisitsOf[G[Id].F].push_back(V);
    const std::vector<SinkTable::Sink> &Here = Sinks.of(Id);
    const Node &N = G[Id];
    for (unsigned I = 0; I != N.Edges.size(); ++I)
      if (follows(N, N.Edges[I], Here))
        Callers[N.Edges[I].To].push_back({V, I});
  }
}

std::vector<Search::Lead> Search::leadsTo(const SinkPlace &Place) {
  if (Callers.empty())
    findCallers();
  const auto [Rule, F, Event] = Place;
  // A visit here is the rest of a way: from its node on to the sink.
  std::priority_queue<Visit> Work;
  unsigned Serial = 0;
  for (unsigned V : VisitsOf[F])
    for (const SinkTable::Sink &S : Sinks.of(Visits[V].Node))
      if (S.Rule == Rule && S.S.Event == Event)
        if (const Rank Way = start().to(S.S.How);
            std::min(Way.Conf, S.V.Conf) >= Confidence::Likely)
          Work.push({Way, Serial++, Visits[V].Node, NoId, 0});
  std::set<Lead> Leads;
  DenseSet<NodeId> Done;
  while (!Work.empty()) {
    const Visit R = Work.top();
    Work.pop();
    if (!Done.insert(R.Node).second)
      continue;
    for (auto [V, I] : Callers[R.Node]) {
      const Visit &From = Visits[V];
      const Node &N = G[From.Node];
      const Target &How = N.Edges[I].How;
      const Rank Whole = then(From.Way, How).with(R.Way);
      if (Whole.Conf < Confidence::Likely ||
          (Whole.Conf == Confidence::Likely && Whole.Hops > MaxLikelyHops))
        continue;
      Leads.insert({N.F, N.Edges[I].Event, G[R.Node].F});
      Work.push({then(start(), How).with(R.Way), Serial++, From.Node, NoId, 0});
    }
  }
  return {Leads.begin(), Leads.end()};
}

Hop fencedep::hopOf(const Graph &G, const Describer &D, const Node &N,
                    EventId Id, const Target &T, StringRef Callee) {
  const Func &F = G.P.Funcs[N.F];
  Hop H;
  H.Function = F.Name.str();
  H.Callee = Callee.str();
  H.Where = D.position(F, F.Body->Events[Id].Where);
  H.Edge = edgeName(G.P, T);
  H.Conf = T.Conf;
  if (T.Among > 1)
    H.Detail = "one of " + std::to_string(T.Among) + " functions";
  const char *Unless =
      T.Unless || !T.LastRef ? T.Unless : "only if it drops the last reference";
  if (Unless)
    H.Detail += (H.Detail.empty() ? "" : "; ") + std::string(Unless);
  return H;
}

std::vector<Hop> fencedep::hopsOf(const Graph &G, const Describer &D,
                                  ArrayRef<Search::Visit> Way) {
  std::vector<Hop> Hops;
  for (const Search::Visit &V : Way.drop_front()) {
    const Node &From = G[V.From];
    const Edge &E = From.Edges[V.EdgeIndex];
    Hops.push_back(
        hopOf(G, D, From, E.Event, E.How, G.P.Funcs[E.How.Callee].Name));
  }
  return Hops;
}

/// Does a thread that came through \p Through run where the effects of \p M
/// exist?
static bool isDriverOf(const Program &P, ModuleId Through,
                       const FunctionModel &M) {
  return M.DriversOf.empty() || any_of(M.DriversOf, [&](const FieldName &Bus) {
           return any_of(P.storedIn(Bus), [&](const SlotTarget &T) {
             return T.Module != NoModule && P.related(Through, T.Module);
           });
         });
}

const std::vector<SinkTable::Sink> &SinkTable::of(NodeId Id) {
  if (Id >= Sinks.size())
    Sinks.resize(G.size());
  if (Sinks[Id])
    return *Sinks[Id];
  std::vector<Sink> &Found = Sinks[Id].emplace();
  const Node &N = G[Id];
  for (const Site &S : N.Sites)
    for (const RuleEntry *Rule : Rules)
      if (auto V = Rule->Match({G, N, S}))
        Found.push_back({Rule, S, std::move(*V)});
  for (Sink &S : Found)
    if (S.S.Model && !isDriverOf(G.P, N.Through, *S.S.Model))
      S.V.Conf = Confidence::Possible;
  return Found;
}

Finding fencedep::findingAt(Graph &G, const Describer &D, StringRef Rule,
                            const RootInfo &Root, ArrayRef<Search::Visit> Way,
                            const Site &X) {
  const Node &N = G[Way.back().Node];
  SiteView View(G, N, X);
  Finding Found;
  Found.Rule = Rule.str();
  Found.Root = Root;
  Found.SinkFunction = View.api();
  Found.Sink = D.position(View.F, View.E.Where);
  Found.Path = hopsOf(G, D, Way);
  Found.Fingerprint =
      fingerprint(Rule, Root.Function, Found.SinkFunction, Found.Path);
  Found.Path.push_back(hopOf(G, D, N, X.Event, X.How, Found.SinkFunction));
  return Found;
}

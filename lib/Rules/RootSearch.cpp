//===- RootSearch.cpp - what one root reaches -----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One search from the root, then its hits in words: the path, why the sink is
// forbidden, and where the value that decides comes from.
//
//===----------------------------------------------------------------------===//

#include "HeldSide.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

std::string SiteView::api() const {
  const Program &P = program();
  StringRef Name = P.str(F, E.Macro);
  if (S.Callee != NoId && (Name.empty() || !P.M.function(Name)))
    Name = P.Funcs[S.Callee].Name;
  return apiName(P.M, Name);
}

std::string fencedep::inRoot(const RootInfo &R, RootRole Role) {
  switch (Role) {
  case RootRole::Section:
    return R.Kind == RootKind::Annotated
               ? "in the signalling critical section of '" + R.Function + "'"
               : "in the signalling path of '" + R.Function + "'";
  case RootRole::Atomic:
    return R.Kind == RootKind::Annotated
               ? "in the " + R.Why + " of '" + R.Function + "'"
               : "in '" + R.Function + "', which may not sleep";
  case RootRole::Reclaim:
    return "in '" + R.Function + "', on which memory reclaim waits";
  case RootRole::Entry:
    return "in '" + R.Function + "', which userspace calls";
  case RootRole::PageFault:
    return "in '" + R.Function + "', which resolves a page fault of the device";
  case RootRole::Opportunistic:
    return "in '" + R.Function + "', on which no fence relies";
  case RootRole::Completion:
    return "in '" + R.Function + "', behind which fences complete";
  }
  return "";
}

namespace {

class RootSearch {
public:
  RootSearch(Graph &G, const Root &R, const SearchPlan &Plan,
             const CheckOptions &Opts, const Describer &D)
      : G(G), R(R), Plan(Plan), Opts(Opts), D(D), S(G, Plan.Sinks, limits()) {}

  SearchResult run() {
    S.run(startOf(G, R));
    SearchResult Result;
    for (const auto &[Place, H] : S.hits()) {
      if (H.At.Rule->Excuses && H.At.Rule->Excuses(G.P, R))
        continue;
      auto &Found = Result.Found.emplace_back(Place, std::nullopt);
      if (H.Way.Conf >= Opts.MinConfidence)
        Found.second = describe(Place, H);
    }
    Result.Said = std::move(Said);
    if (R.Role != RootRole::Section)
      return Result;
    for (const RuleEntry *Rule : Plan.Rules)
      if (Rule->Observe) {
        SectionView V{G, R, S, Plan.Locks, Plan.Held, Opts, D, Result, Rule};
        Rule->Observe(V);
      }
    coverage(Result);
    return Result;
  }

private:
  /// All of a section is looked at, and its coverage counted; of other roots,
  /// the likely ways to what is asked for. Ways that are only possible, of a
  /// whole kernel 98 in 100, are followed if they are asked for.
  SearchLimits limits() {
    SearchLimits L;
    L.FromRoot = true;
    L.Floor = std::min(Opts.MinConfidence, Confidence::Likely);
    if (R.Role == RootRole::Section) {
      // Whether what the source says is of any use is told, too.
      if (!G.P.Statements.empty()) {
        L.Floor = Confidence::Possible;
        L.Skip = [this](const Node &, EventId, const Target &T) {
          const Statement *Why = neverInSection(G.P, T);
          if (Why)
            Said.insert(Why);
          return Why != nullptr;
        };
      }
      return L;
    }
    L.Floor = Confidence::Likely;
    L.Within = Plan.Within;
    L.PastSinks = false;
    if (R.Role == RootRole::Atomic) {
      L.Needs = AtomicScopes;
      L.KnownOnly = true;
    }
    return L;
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
  std::vector<Reason> origins(ArrayRef<Search::Visit> Way,
                              const Search::Hit &H) {
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
      if (isWait(Taken.How.Kind) || Taken.How.Kind == EdgeKind::Callback)
        break;
      Where =
          D.position(G.P.Funcs[N->F], G.P.Funcs[N->F].Body->Events[At].Where);
    }
    Note();
    return Notes;
  }

  /// The calls on other ways to \p Place than \p Way, those that lead into it
  /// nearest to its end first.
  std::vector<OtherCall> otherCalls(const SinkPlace &Place,
                                    ArrayRef<Search::Visit> Way) {
    std::map<FuncId, size_t> OnWay; // to the place on it
    std::set<std::pair<FuncId, EventId>> Taken;
    for (const auto &[I, V] : enumerate(Way)) {
      OnWay.try_emplace(G[V.Node].F, I);
      if (V.From != NoId)
        Taken.insert({G[V.From].F, G[V.From].Edges[V.EdgeIndex].Event});
    }
    auto Joins = [&](const Search::Lead &L) -> size_t {
      auto To = OnWay.find(L.Callee), From = OnWay.find(L.Caller);
      if (To == OnWay.end() || Taken.count({L.Caller, L.Event}) ||
          (From != OnWay.end() && From->second >= To->second))
        return 0;
      return To->second;
    };
    std::vector<std::pair<size_t, Search::Lead>> Leads;
    for (const Search::Lead &L : S.leadsTo(Place))
      if (size_t At = Joins(L); At || Opts.AllCalls)
        Leads.push_back({At, L});
    llvm::sort(Leads, [](auto &A, auto &B) {
      return A.first != B.first ? A.first > B.first : A.second < B.second;
    });
    std::vector<OtherCall> Calls;
    for (const auto &[At, L] : Leads) {
      const Func &F = G.P.Funcs[L.Caller];
      Calls.push_back({F.Name.str(), G.P.Funcs[L.Callee].Name.str(),
                       D.position(F, F.Body->Events[L.Event].Where), At != 0});
    }
    return Calls;
  }

  Finding describe(const SinkPlace &Place, const Search::Hit &H) {
    std::vector<Search::Visit> Way = S.way(H.Node);
    Finding X = findingAt(G, D, H.At.Rule->Info.Id, R.Info, Way, H.At.S);
    X.Conf = H.Way.Conf;
    X.Lock = H.At.V.Lock;
    X.Message = H.At.V.What + " " + inRoot(R.Info, R.Role);
    if (H.At.S.Callee == NoId)
      X.Path.back().Edge = "macro";
    X.Reasons.push_back({H.At.V.Why, {}});
    if (std::optional<Fix> Mask = maskFix({G, G[H.Node], H.At.S}, H.At.V,
                                          /*Shared=*/Way.size() > 1))
      X.Fixes.push_back(std::move(*Mask));
    if (H.At.V.Traced)
      append_range(X.Reasons, origins(Way, H));
    if (X.Conf >= Confidence::Likely)
      X.OtherCalls = otherCalls(Place, Way);
    return X;
  }

  /// What was reached, and what was left open on the way.
  void coverage(SearchResult &Result) const {
    std::vector<std::pair<std::pair<FuncId, EventId>, const OpenSite *>> Sites;
    for (const Search::Visit &V : S.visits()) {
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
    llvm::sort(Sites, [](auto &A, auto &B) {
      return std::make_pair(A.first, StringRef(A.second->Why)) <
             std::make_pair(B.first, StringRef(B.second->Why));
    });
    Unique(Sites, [](auto &A, auto &B) { return A.first == B.first; });
    Result.NotFollowed = S.notFollowed();
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
  const SearchPlan &Plan;
  const CheckOptions &Opts;
  const Describer &D;
  std::set<const Statement *> Said;
  Search S;
};

} // namespace

NodeId fencedep::startOf(Graph &G, const Root &R) {
  if (R.Opener != NoId)
    return G.region(R.F, R.Opener, G.Regions);
  Scopes In = R.Role == RootRole::Atomic ? AtomicScopes : 0;
  return G.node(R.F, EmptyContext, In, R.Module);
}

Finding SectionView::finding(NodeId At, const Site &X) const {
  Finding Found = findingAt(G, D, Rule->Info.Id, R.Info, S.way(At), X);
  Found.Message = inRoot(R.Info, R.Role);
  return Found;
}

SearchResult fencedep::searchRoot(Graph &G, const Root &R,
                                  const SearchPlan &Plan,
                                  const CheckOptions &Opts,
                                  const Describer &D) {
  return RootSearch(G, R, Plan, Opts, D).run();
}

//===- Learn.cpp - what exported functions do, as a model -----------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One search from each function, with nothing known of its parameters, for what
// the sink rules ask about. What it reaches with certainty becomes the entry's
// effects. A leaf is a function whose every way is understood and that reaches
// nothing: no effect that the model knows of, no lock that is waited for
// asleep, no callback, no region that is left open, no call into the unknown.
// Of all others nothing is said, so that calls of them stay open.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Rules/Learn.h"
#include "Search.h"
#include "fencedep/Support/Parallel.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

namespace {

class Learner {
public:
  Learner(const LinkedProgram &L, const RegionTable &Regions,
          const Describer &D)
      : P(L.P), Regions(Regions), D(D), G(L),
        Sinks(G, {&DependencySinks[OnFence], &DependencySinks[OnResv],
                  &DependencySinks[OnMmap], &DependencySinks[OnReclaim]}) {
    G.Eval.InSection = false;
  }

  std::optional<FunctionModel> learn(FuncId Id) {
    const Func &F = P.Funcs[Id];
    SearchLimits Limits;
    Limits.Skip = [&](const Node &, EventId, const Target &T) {
      return ofItsUsers(F, T);
    };
    Search S(G, Sinks, std::move(Limits));
    S.run(G.node(Id, EmptyContext, 0, F.Module));
    FunctionModel M;
    M.Name = F.Name.str();
    M.Fallback = true;
    for (const auto &[Place, H] : S.hits())
      if (H.Way.Conf == Confidence::Certain)
        add(M, S, H);
    M.Source = D.position(F, F.Body->Where).File + ", " + M.Name + "()" +
               (M.Source.empty() ? "" : "; " + M.Source);
    if (M.hasEffect())
      return M;
    // Masks that are harmless have been judged.
    if (!S.hits().empty() || Regions.outcomes(Id) || !isHarmless(S))
      return std::nullopt;
    M.Leaf = true;
    return M;
  }

private:
  /// The effect of a hit, and the way to it: "a() > b() > kmalloc()".
  void add(FunctionModel &M, const Search &S, const Search::Hit &H) {
    SiteView View(G, G[H.Node], H.At.S);
    const FunctionModel *Api = H.At.S.Model;
    auto On = static_cast<DependsOn>(H.At.Rule - DependencySinks);
    if (On == OnFence && !M.WaitsFence)
      M.WaitsFence = true;
    else if (On == OnResv && M.Acquires.empty())
      M.Acquires = H.At.V.Lock;
    else if (On == OnMmap && !M.Faults)
      M.Faults = true;
    else if (On == OnReclaim && M.GfpMask.empty() && !M.GfpArg)
      M.GfpMask = Api && !Api->GfpMask.empty() ? Api->GfpMask : H.At.V.Mask;
    else
      return;
    std::string Way;
    std::vector<Search::Visit> Steps = S.way(H.Node);
    for (const Search::Visit &V : drop_begin(Steps))
      Way += P.Funcs[G[V.Node].F].Name.str() + "() > ";
    M.Source += (M.Source.empty() ? "" : "; ") + Way + View.api() + "()";
  }

  /// Is it the code of somebody who uses \p F? Another one may come.
  bool ofItsUsers(const Func &F, const Target &T) const {
    return T.Kind != EdgeKind::Direct && T.Kind != EdgeKind::Cleanup &&
           P.Funcs[T.Callee].Module != F.Module;
  }

  bool isHarmless(const Search &S) const {
    return all_of(S.visits(), [&](const Search::Visit &V) {
      const Node &N = G[V.Node];
      const Func &F = P.Funcs[N.F];
      return N.Open.empty() &&
             none_of(N.Sites,
                     [](const Site &X) {
                       return X.Model &&
                              (X.Model->SignalsFence || X.Model->Publishes ||
                               X.Model->locks());
                     }) &&
             all_of(N.Edges,
                    [](const Edge &E) {
                      return E.How.Kind == EdgeKind::Direct ||
                             E.How.Kind == EdgeKind::Cleanup;
                    }) &&
             all_of(F.Body->Events, [&](const Event &E) {
               const FunctionModel *M = P.calledModel(F, E);
               return !M || (M->Registers.empty() && M->Queues.empty());
             });
    });
  }

  const Program &P;
  const RegionTable &Regions;
  const Describer &D;
  Graph G;
  SinkTable Sinks;
};

} // namespace

/// The functions that other modules may call.
static std::vector<FuncId> exported(const Program &P,
                                    const CheckOptions &Opts) {
  DenseSet<FuncId> Exported;
  for (uint32_t I = 0; I != P.Units.size(); ++I) {
    Func Scope;
    Scope.Unit = I;
    for (SymbolId S : P.Units[I].Exports)
      if (P.Units[I].Symbols[S].Kind == SymbolKind::Function)
        Exported.insert(P.func(Scope, S));
  }
  std::vector<FuncId> Found;
  for (FuncId Id = 0; Id != P.Funcs.size(); ++Id) {
    const Func &F = P.Funcs[Id];
    if (F.Body && !F.InHeader && !F.Model && F.Decl &&
        F.Decl->Link == Linkage::External &&
        (Exported.empty() || Exported.contains(Id)) &&
        selected(P.str(F, F.Body->Where.File), Opts))
      Found.push_back(Id);
  }
  return Found;
}

Learned fencedep::learnModel(const Program &P, const CheckOptions &Opts) {
  LinkedProgram L(P, Opts.Jobs);
  Tracked All;
  All.Locks = All.Atomic = true;
  RegionTable Regions(P, All, Opts.Jobs);
  Describer D(P, Opts.BaseDir);
  std::vector<FuncId> Candidates = exported(P, Opts);
  std::vector<std::optional<FunctionModel>> Found(Candidates.size());
  constexpr size_t Chunk = 64; // a graph each
  parallelFor(Opts.Jobs, (Candidates.size() + Chunk - 1) / Chunk,
              [&](size_t C) {
                Learner One(L, Regions, D);
                size_t End = std::min(Candidates.size(), (C + 1) * Chunk);
                for (size_t I = C * Chunk; I != End; ++I)
                  Found[I] = One.learn(Candidates[I]);
              });
  Learned Out;
  Out.Looked = Candidates.size();
  for (std::optional<FunctionModel> &M : Found)
    if (M)
      Out.Functions.push_back(std::move(*M));
  auto ByName = [](const FunctionModel &A, const FunctionModel &B) {
    return std::tie(A.Name, A.Source) < std::tie(B.Name, B.Source);
  };
  llvm::sort(Out.Functions, ByName);
  // Two modules may have functions of one name: neither is then known by it.
  std::vector<FunctionModel> Unique;
  for (size_t I = 0; I != Out.Functions.size(); ++I) {
    bool Twice = (I && Out.Functions[I - 1].Name == Out.Functions[I].Name) ||
                 (I + 1 != Out.Functions.size() &&
                  Out.Functions[I + 1].Name == Out.Functions[I].Name);
    if (!Twice)
      Unique.push_back(Out.Functions[I]);
  }
  Out.Functions = std::move(Unique);
  return Out;
}

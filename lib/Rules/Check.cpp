//===- Check.cpp - from a program to findings -----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     units => program => roots => findings per root => one sorted report
//
//===----------------------------------------------------------------------===//

#include "Rule.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace fencedep;

static std::vector<const RuleEntry *> sinkRules(const CheckOptions &Opts,
                                                bool &Balance) {
  std::vector<const RuleEntry *> Rules;
  for (const RuleEntry &E : ruleTable()) {
    bool On = Opts.Rules.empty() ? E.Info.Default
                                 : is_contained(Opts.Rules, E.Info.Id);
    if (!On)
      continue;
    if (E.Match)
      Rules.push_back(&E);
    else
      Balance = true;
  }
  return Rules;
}

/// Sorted for people (worst and shortest first within a file), and told how
/// many other roots come to the same place.
static void finish(std::vector<Finding> &Findings) {
  auto Place = [](const Finding &F) {
    return std::tie(F.Rule, F.Sink.File, F.Sink.Line, F.Sink.Column,
                    F.SinkFunction);
  };
  std::map<decltype(Place(Findings[0])), std::set<std::string>> RootsOf;
  auto RootName = [](const Finding &F) {
    return F.Root.Where.File + ":" + utostr(F.Root.Where.Line) + ":" +
           F.Root.Function;
  };
  for (const Finding &F : Findings)
    RootsOf[Place(F)].insert(RootName(F));
  std::vector<unsigned> Others;
  for (const Finding &F : Findings)
    Others.push_back(RootsOf[Place(F)].size() - 1);
  for (size_t I = 0; I != Findings.size(); ++I)
    Findings[I].OtherRoots = Others[I];
  auto Key = [](const Finding &F) {
    return std::make_tuple(StringRef(F.Sink.File), F.Sink.Line, F.Sink.Column,
                           StringRef(F.Rule), 2 - static_cast<int>(F.Conf),
                           F.Path.size(), StringRef(F.Root.Where.File),
                           F.Root.Where.Line, StringRef(F.Root.Function),
                           StringRef(F.Root.Id), StringRef(F.Message));
  };
  llvm::sort(Findings, [&](const Finding &A, const Finding &B) {
    return Key(A) < Key(B);
  });
}

Report fencedep::check(std::vector<Unit> Units, const Model &M,
                       const CheckOptions &Opts) {
  Program P(std::move(Units), M);
  Graph G(P);
  Describer D(P, Opts.BaseDir);
  bool Balance = false;
  SinkTable Sinks(G, sinkRules(Opts, Balance));

  Report Out;
  std::vector<bool> Reached(P.Funcs.size());
  std::set<std::pair<FuncId, EventId>> Open;
  for (const Root &R : findRoots(G, Opts, D)) {
    ++(R.Info.Kind == RootKind::Annotated ? Out.Cov.Annotated
                                          : Out.Cov.Contract);
    Out.Cov.Roots.push_back(
        searchRoot(G, R, Sinks, Opts, D, Out.Findings, Reached, Open));
  }
  if (Balance && Opts.Annotated)
    checkBalance(G, Opts, D, Out.Findings);
  Out.Cov.Functions = llvm::count(Reached, true);
  Out.Cov.OpenCalls = Open.size();
  if (!Out.Findings.empty())
    finish(Out.Findings);
  return Out;
}

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

#include "HeldSide.h"
#include "fencedep/Support/Parallel.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

static std::vector<const RuleEntry *> enabledRules(const CheckOptions &Opts) {
  std::vector<const RuleEntry *> Rules;
  for (const RuleEntry &E : ruleTable())
    if (Opts.Rules.empty() ? E.Info.Default
                           : is_contained(Opts.Rules, E.Info.Id))
      Rules.push_back(&E);
  return Rules;
}

/// Sorted for people: the surest and shortest first. What is found at one call
/// stays together, where its best finding stands.
static void sortFindings(std::vector<Finding> &Findings) {
  auto Worth = [](const Finding &F) {
    return std::make_tuple(F.RanksLast, 2 - static_cast<int>(F.Conf),
                           F.Path.size());
  };
  auto Place = [](const Finding &F) {
    return std::make_tuple(StringRef(F.Sink.File), F.Sink.Line, F.Sink.Column,
                           StringRef(F.Rule), StringRef(F.SinkFunction));
  };
  auto Root = [](const Finding &F) {
    return std::make_tuple(StringRef(F.Root.Where.File), F.Root.Where.Line,
                           StringRef(F.Root.Function), StringRef(F.Root.Id),
                           StringRef(F.Message));
  };
  // Of pointers, because strings that are moved are other strings.
  std::map<decltype(Place(Findings[0])), decltype(Worth(Findings[0]))> Best;
  std::vector<Finding *> Order;
  for (Finding &F : Findings) {
    Order.push_back(&F);
    auto [It, New] = Best.try_emplace(Place(F), Worth(F));
    It->second = std::min(It->second, Worth(F));
  }
  llvm::sort(Order, [&](const Finding *A, const Finding *B) {
    return std::make_tuple(Best.at(Place(*A)), Place(*A), Worth(*A), Root(*A)) <
           std::make_tuple(Best.at(Place(*B)), Place(*B), Worth(*B), Root(*B));
  });
  std::vector<Finding> Sorted;
  Sorted.reserve(Order.size());
  for (Finding *F : Order)
    Sorted.push_back(std::move(*F));
  Findings = std::move(Sorted);
}

/// The roots of each module, the largest modules first: a thread that came
/// through one module meets few of the nodes of another, so each gets a graph
/// of its own.
static std::vector<std::vector<size_t>> groupByModule(const Program &P,
                                                      ArrayRef<Root> Roots) {
  std::map<ModuleId, std::vector<size_t>> Groups;
  for (size_t I = 0; I != Roots.size(); ++I)
    Groups[Roots[I].Module].push_back(I);
  std::map<ModuleId, size_t> Size;
  for (const Func &F : P.Funcs)
    if (F.Body)
      ++Size[F.Module];
  std::vector<std::pair<size_t, ModuleId>> Order;
  Order.reserve(Groups.size());
  for (const auto &[Module, Members] : Groups)
    Order.push_back({Size[Module], Module});
  llvm::sort(Order, std::greater<>());
  std::vector<std::vector<size_t>> Sorted;
  Sorted.reserve(Order.size());
  for (const auto &[Functions, Module] : Order)
    Sorted.push_back(std::move(Groups[Module]));
  return Sorted;
}

namespace {

/// What rules need to know of the whole program before any search.
struct Prepared {
  std::optional<LockFacts> Locks;
  /// By role, Section aside: the functions that reach what its rules ask for.
  std::map<RootRole, BitVector> Within;
  /// Where nothing may sleep, if a rule asks that of functions that may wait.
  std::optional<AtomicFacts> Atomic;

  Prepared(const LinkedProgram &L, ArrayRef<const RuleEntry *> Rules,
           std::optional<LockTable> Table, unsigned Jobs) {
    const Program &P = L.P;
    for (const RuleEntry *R : Rules)
      if (R->Acts) {
        BitVector &Reached = Within[R->Role];
        Reached.resize(P.Funcs.size());
        Reached |= L.Calls.to(R->Acts);
      }
    parallelTasks(
        Jobs,
        [&] {
          if (Table)
            Locks.emplace(P, L.Calls, std::move(*Table));
        },
        [&] {
          if (const BitVector *MaySleep = within(RootRole::Atomic))
            Atomic.emplace(AtomicFacts{
                RegionTable(P, {/*Locks=*/false, /*Atomic=*/true, MaySleep},
                            Jobs),
                *MaySleep});
        });
  }

  /// Null: every function.
  const BitVector *within(RootRole Role) const {
    auto It = Within.find(Role);
    return It == Within.end() ? nullptr : &It->second;
  }
};

} // namespace

static std::vector<SearchResult>
searchAll(const LinkedProgram &L, ArrayRef<Root> Roots,
          ArrayRef<const RuleEntry *> Rules, const Prepared &Known,
          const CheckOptions &Opts, const Describer &D) {
  std::vector<SearchResult> Results(Roots.size());
  auto Groups = groupByModule(L.P, Roots);
  parallelFor(Opts.Jobs, Groups.size(), [&](size_t I) {
    Graph G(L);
    std::optional<Graph> AtomicGraph;
    if (Known.Atomic)
      AtomicGraph.emplace(L, Known.Atomic->Regions);
    std::map<RootRole, SinkTable> Sinks;
    std::optional<HeldSearch> Held;
    if (Known.Locks)
      Held.emplace(G, *Known.Locks, D);
    for (size_t N : Groups[I]) {
      const Root &R = Roots[N];
      Graph &Own = R.Role == RootRole::Atomic ? *AtomicGraph : G;
      auto It = Sinks.find(R.Role);
      if (It == Sinks.end()) {
        std::vector<const RuleEntry *> Wanted;
        copy_if(Rules, std::back_inserter(Wanted), [&](const RuleEntry *E) {
          return E->Match && E->Role == R.Role;
        });
        It = Sinks.try_emplace(R.Role, Own, std::move(Wanted)).first;
      }
      SearchPlan Plan{Rules, It->second, Known.within(R.Role),
                      Known.Locks ? &*Known.Locks : nullptr,
                      Held ? &*Held : nullptr};
      Results[N] = searchRoot(Own, R, Plan, Opts, D);
    }
  });
  return Results;
}

/// Moves what the searches found into the report.
static void collect(MutableArrayRef<SearchResult> Results, size_t Functions,
                    Report &Out) {
  std::map<SinkPlace, unsigned> RootsOf;
  BitVector Reached(Functions);
  std::set<std::pair<FuncId, EventId>> Open;
  std::set<CallSite> NotFollowed;
  for (const SearchResult &R : Results)
    for (const auto &[Place, Found] : R.Found)
      ++RootsOf[Place];
  for (SearchResult &R : Results) {
    for (auto &[Place, Found] : R.Found) {
      if (!Found) {
        ++Out.Hidden;
        continue;
      }
      Found->OtherRoots = RootsOf[Place] - 1;
      Out.Findings.push_back(std::move(*Found));
    }
    if (R.Reached.empty()) // not a section
      continue;
    ++(R.Cov.Root.Kind == RootKind::Annotated ? Out.Cov.Annotated
                                              : Out.Cov.Contract);
    for (FuncId F : R.Reached)
      Reached.set(F);
    Open.insert(R.Open.begin(), R.Open.end());
    NotFollowed.insert(R.NotFollowed.begin(), R.NotFollowed.end());
    Out.Cov.Roots.push_back(std::move(R.Cov));
  }
  Out.Cov.Functions = Reached.count();
  Out.Cov.OpenCalls = Open.size();
  Out.NotFollowed = NotFollowed.size();
}

const Statement *fencedep::neverInSection(const Program &P, const Target &T) {
  return P.neverInSection(T.Callee,
                          T.Kind == EdgeKind::Field ? T.Slot : SlotId(NoId));
}

/// What the source says and is a mistake, or of no use in this run.
static void judge(const Program &P, const std::set<const Statement *> &Said,
                  const CheckOptions &Opts, const Describer &D,
                  std::vector<Reason> &Unused) {
  for (const Statement &S : P.Statements) {
    if (!selected(P.Units[S.Unit].str(S.Where.File), Opts))
      continue;
    std::string What = S.K == Statement::NeverInSection ? "" : S.Text;
    if (S.K == Statement::NeverInSection && !Said.count(&S))
      What = Opts.Paths.empty()
                 ? "this annotation keeps no section from a call"
                 : "this annotation keeps no section of the given paths from a "
                   "call";
    if (!What.empty())
      Unused.push_back({std::move(What), D.position(S.Unit, S.Where)});
  }
}

Report fencedep::check(const Program &P, const CheckOptions &Opts) {
  std::vector<const RuleEntry *> Rules = enabledRules(Opts);
  std::optional<LinkedProgram> Linked;
  std::optional<LockTable> Locks;
  parallelTasks(
      Opts.Jobs, [&] { Linked.emplace(P, Opts.Jobs); },
      [&] {
        if (any_of(Rules, [](const RuleEntry *R) { return R->NeedsLocks; }))
          Locks.emplace(P, Opts.Jobs);
      });
  const LinkedProgram &L = *Linked;
  Describer D(P, Opts.BaseDir);
  std::set<RootRole> Roles{RootRole::Section}; // the coverage is about these
  for (const RuleEntry *R : Rules)
    Roles.insert(R->Role);
  Prepared Known(L, Rules, std::move(Locks), Opts.Jobs);
  std::vector<Root> Roots =
      findRoots(L, Opts, Roles, Known.Atomic ? &*Known.Atomic : nullptr, D);
  erase_if(Roots, [&](const Root &R) {
    const BitVector *Within = Known.within(R.Role);
    return Within && !Within->test(R.F);
  });
  std::vector<SearchResult> Results =
      searchAll(L, Roots, Rules, Known, Opts, D);

  Report Out;
  erase_if(Rules, [](const RuleEntry *R) { return !R->Whole; });
  std::vector<std::vector<Finding>> Found(Rules.size());
  parallelFor(Opts.Jobs, Rules.size(), [&](size_t I) {
    CheckContext Context{
        L,       Opts, D, Roots, Results, Known.Locks ? &*Known.Locks : nullptr,
        Found[I]};
    Rules[I]->Whole(Context);
  });
  for (std::vector<Finding> &OfRule : Found)
    std::move(OfRule.begin(), OfRule.end(), std::back_inserter(Out.Findings));
  std::set<const Statement *> Said;
  for (const SearchResult &R : Results)
    Said.insert(R.Said.begin(), R.Said.end());
  judge(P, Said, Opts, D, Out.Unused);
  collect(Results, P.Funcs.size(), Out);
  for (FuncId F : L.Regions.incomplete())
    if (selected(P.str(P.Funcs[F], P.Funcs[F].Body->Where.File), Opts))
      Out.Cov.Incomplete.push_back(P.Funcs[F].Name.str());
  sortFindings(Out.Findings);
  for (Finding &F : Out.Findings)
    F.Cycle = lockCycle(P.M, F);
  placeFixes(Out.Findings, Opts.BaseDir);
  return Out;
}

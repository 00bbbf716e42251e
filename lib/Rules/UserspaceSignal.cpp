//===- UserspaceSignal.cpp - fence-userspace-signal -----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A fence must complete within a finite time, whatever userspace does. So who
// makes fences of a type of its own needs somebody besides userspace to signal
// them. It is asked of each such module (of each unit, in code that is in no
// module), about all its calls that signal a fence together:
//
//     is any of them in reach of a thread, an interrupt, a section ... ?
//         by the coarsest call graph (Reach): one is enough to be silent
//     does userspace surely reach each of them?
//         by searches from the `entry` roots; else who does is not known
//
//===----------------------------------------------------------------------===//

#include "Search.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

namespace {

/// A module, or a unit that is in none.
using Maker = std::pair<ModuleId, uint32_t>;

class UserspaceSignals {
public:
  explicit UserspaceSignals(CheckContext &C)
      : C(C), P(C.L.P), R(C.L.Calls), G(C.L), Sinks(G, {&SignalSink}) {}

  void run() {
    findThreads();
    for (const Maker &M : makers())
      if (std::set<FuncId> Own = signallers(M);
          !Own.empty() && !othersSignal(M.first, Own))
        Candidates.emplace(M, std::move(Own));
    if (Candidates.empty())
      return;
    Within = R.to([&](const Func &F) {
      auto It = Candidates.find(maker(F.Module, F.Unit));
      return It != Candidates.end() && It->second.count(id(F));
    });
    searchEntries();
    for (const auto &[M, Own] : Candidates)
      if (all_of(Own, [&](FuncId F) { return Reached.count(F); }))
        for (FuncId F : Own)
          append_range(C.Findings, Reached[F]);
  }

private:
  FuncId id(const Func &F) const { return &F - P.Funcs.data(); }

  /// Everything that runs without userspace's asking.
  void findThreads() {
    P.eachStored(FieldModel::Thread,
                 [&](const SlotTarget &T) { Threads.insert(T.Target); });
    for (const RootModel &M : P.M.Roots)
      if (!is_contained(M.Roles, RootRole::Entry))
        for (const SlotTarget &T : P.storedIn(M.Slot))
          Threads.insert(T.Target);
  }

  Maker maker(ModuleId Module, uint32_t Unit) const {
    if (Module == NoModule)
      return {NoModule, NoId};
    StringRef Name = P.Modules[Module];
    bool InModule = !Name.empty() && Name != "built-in";
    return {Module, InModule ? NoId : Unit};
  }

  /// Who has a type of fence.
  std::set<Maker> makers() const {
    std::set<Maker> Found;
    P.eachStored(FieldModel::FenceType, [&](const SlotTarget &T) {
      if (T.Module != NoModule)
        Found.insert(maker(T.Module, T.Unit));
    });
    return Found;
  }

  bool signals(const Func &F) const {
    return any_of(F.Body->Events, [&](const Event &E) {
      const FunctionModel *M = P.calledModel(F, E);
      return M && M->SignalsFence;
    });
  }

  std::set<FuncId> signallers(const Maker &M) const {
    std::set<FuncId> Found;
    for (const Func &F : P.Funcs)
      if (F.Body && !F.InHeader && !F.Model && maker(F.Module, F.Unit) == M &&
          signals(F))
        Found.insert(id(F));
    return Found;
  }

  /// May anything but userspace get to one of \p Own?
  bool othersSignal(ModuleId Module, const std::set<FuncId> &Own) const {
    BitVector May = R.to([&](const Func &F) { return Own.count(id(F)) != 0; });
    return any_of(Threads, [&](FuncId T) {
      return May.test(T) && P.related(P.Funcs[T].Module, Module);
    });
  }

  void searchEntries() {
    CheckOptions All = C.Opts;
    All.Contract = true;
    All.Paths.clear();
    for (const Root &Root :
         findRoots(C.L, All, {RootRole::Entry}, nullptr, C.D)) {
      if (!Within.test(Root.F))
        continue;
      Search S(G, Sinks, {Confidence::Likely, &Within});
      S.run(startOf(G, Root));
      for (const auto &[Place, H] : S.hits()) {
        FuncId In = std::get<1>(Place);
        auto It = Candidates.find(maker(P.Funcs[In].Module, P.Funcs[In].Unit));
        if (It != Candidates.end() && It->second.count(In) &&
            Seen.insert(Place).second)
          report(Root, S, H);
      }
    }
  }

  void report(const Root &From, const Search &S, const Search::Hit &H) {
    const Node &N = G[H.Node];
    const Func &F = P.Funcs[N.F];
    std::vector<Finding> &Out = Reached[N.F];
    if (!selected(P.str(F, F.Body->Where.File), C.Opts))
      return;
    Finding X = findingAt(G, C.D, "fence-userspace-signal", From.Info,
                          S.way(H.Node), H.At.S);
    X.Conf = std::min(H.Way.Conf, Confidence::Likely);
    X.Message = "'" + X.SinkFunction +
                "' signals a fence that nobody but userspace can complete";
    X.Root.Kind = RootKind::Entry;
    X.Reasons.push_back({"the kernel may wait for any fence, in memory reclaim "
                         "too; userspace may take as long as it likes, or wait "
                         "for that very memory",
                         {}});
    Out.push_back(std::move(X));
  }

  CheckContext &C;
  const Program &P;
  const Reach &R;
  Graph G;
  SinkTable Sinks;
  std::set<FuncId> Threads;
  std::map<Maker, std::set<FuncId>> Candidates; ///< who signals there
  BitVector Within;
  std::set<SinkPlace> Seen;
  std::map<FuncId, std::vector<Finding>> Reached;
};

} // namespace

void fencedep::checkUserspaceSignal(CheckContext &C) {
  UserspaceSignals(C).run();
}

//===- LockCycle.cpp - fence-lock-cycle -----------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Thread A, in a section, waits for lock L. Thread B holds a lock of the same
// class and waits for the fence that A has to signal, or for something that
// stands for it. First the searches from the sections note which classes are
// acquired there; then only these classes' holders are looked at:
//
//     1. a wait for a fence, a dma_resv lock, mmap_lock     each held region
//     2. another lock, whose holders do one of 1
//     3. an allocation that may enter direct reclaim
//     4. another lock, whose holders do 3
//
// 3 and 4 close the same cycle, but through any hot mutex of a driver, so these
// rank last, one per class. Ways that are only possible are not followed, on
// either side.
//
//===----------------------------------------------------------------------===//

#include "HeldSide.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

/// Who calls the function of \p N with other arguments.
static std::vector<FuncId> calledOtherwise(Graph &G, const Node &N) {
  const Func &F = G.P.Funcs[N.F];
  std::vector<FuncId> Found;
  G.P.eachCall(N.F, [&](FuncId C, const Event &E) {
    if ((Found.empty() || Found.back() != C) &&
        G.Eval.argumentContext(G.P.Funcs[C], E, EmptyContext, F) != N.C)
      Found.push_back(C);
  });
  return Found;
}

void fencedep::noteLocks(SectionView &V) {
  Graph &G = V.G;
  auto Note = [&](const Search::Visit &At, const Site &X,
                  const LockClass &Class, Rank Way) {
    LockTaken T;
    T.Class = Class;
    T.Calls = V.S.calls(At, X.Event);
    T.Module = V.R.Module;
    T.Sofar = V.finding(At.Node, X);
    T.Way = Way;
    const Node &N = G[At.Node];
    const HeldRegion Here{N.F, X.Event, Class};
    if (V.Held && N.C != EmptyContext &&
        (V.Locks->MayDepend.test(N.F) || V.Locks->MayReclaim.test(N.F)))
      T.Otherwise = calledOtherwise(G, N);
    if (!T.Otherwise.empty() &&
        (V.Held->dependency(Here, N.C) || V.Held->reclaim(Here, N.C)))
      T.Otherwise.clear();
    V.Result.Locks.push_back(std::move(T));
  };
  eachLock(G, V.S, Note);
}

namespace {

class CycleFinder {
public:
  explicit CycleFinder(CheckContext &C) : C(C), P(C.L.P), Conditions(C.L.P) {}

  void run() {
    Critical.resize(P.Funcs.size());
    for (const SearchResult &R : C.Results) {
      for (FuncId F : R.Reached)
        Critical.set(F);
      for (const LockTaken &T : R.Locks)
        Wanted.insert(T.Class);
    }
    for (const LockClass &L : Wanted)
      if (isForbidden(L)) // fence-resv-lock has said so
        Done.insert(L);
    findDiagnostics();
    findSides();
    for (SearchResult &R : C.Results)
      for (LockTaken &T : R.Locks)
        if (Choice Other = chooseAtOnce(T); Other.Side)
          report(T, Other);
    for (const auto &[Place, Indices] : Strong)
      for (size_t I : Indices)
        C.Findings[I].OtherRoots = Indices.size() - 1;
    for (auto &[Class, F] : Weak)
      C.Findings.push_back(std::move(F));
  }

private:
  using Sides = std::vector<HeldSide>;

  bool isForbidden(const LockClass &L) const {
    return L.K == Keeper::Named && P.M.forbiddenLock(P.M.lockClassName(L.A));
  }

  /// Functions that debugfs calls: few ever do what makes them wait.
  void findDiagnostics() {
    Diagnostic.resize(P.Funcs.size());
    for (FuncId Id = 0; Id != P.Funcs.size(); ++Id)
      if (const FunctionModel *M = P.Funcs[Id].Model; M && M->Diagnostic)
        P.eachCall(Id, [&](FuncId C, const Event &E) {
          const Func &F = P.Funcs[C];
          for (ExprId Arg : E.Args)
            if (F.Body->Exprs[Arg].Kind == ExprKind::FuncAddr)
              Diagnostic.set(P.func(F, F.Body->Exprs[Arg].A));
        });
  }

  /// Of equal ones, who is not in a section himself: what he does with the
  /// section's objects may have been done by the time they get there.
  auto key(const HeldSide &S) const {
    return std::make_tuple(2 - static_cast<int>(S.Way.Conf), S.Kind,
                           Diagnostic.test(S.Region.F), S.Way.LastRefs,
                           S.Way.Odds, S.Way.Hops, Critical.test(S.Region.F),
                           S.Region.F, S.Region.Opener, S.Next);
  }

  /// Runs \p Look on every held region of \p Classes, module by module.
  template <typename Fn>
  std::map<LockClass, Sides> lookAt(const std::set<LockClass> &Classes,
                                    Fn Look) {
    std::vector<HeldRegion> Regions;
    for (const LockClass &L : Classes)
      append_range(Regions, C.Locks->Table.heldRegions(L));
    using ByClass = std::map<LockClass, Sides>;
    auto LookAt = [&](HeldSearch &S, const HeldRegion &R, ByClass &Out) {
      Look(S, R, Out[R.Class]);
    };
    ByClass All;
    for (ByClass &Group :
         searchHeld<ByClass>(C.L, *C.Locks, C.D, C.Opts.Jobs, Regions, LookAt))
      for (auto &[Class, S] : Group)
        llvm::move(S, std::back_inserter(All[Class]));
    for (auto &[Class, S] : All)
      llvm::sort(S, [this](const HeldSide &A, const HeldSide &B) {
        return key(A) < key(B);
      });
    return All;
  }

  static void direct(HeldSearch &S, const HeldRegion &R, Sides &Out) {
    if (auto Side = S.dependency(R))
      Out.push_back(std::move(*Side));
  }

  static void reclaiming(HeldSearch &S, const HeldRegion &R, Sides &Out) {
    if (!Out.empty() && Out.front().Way.Conf == Confidence::Certain)
      return; // one is enough
    if (auto Side = S.reclaim(R))
      Out.insert(Out.begin(), std::move(*Side));
  }

  void findSides() {
    auto Taken = [&](auto Wants) {
      std::set<LockClass> Some;
      for (const SearchResult &R : C.Results)
        for (const LockTaken &T : R.Locks)
          if (!Done.count(T.Class) && Wants(chooseAtOnce(T)))
            Some.insert(T.Class);
      return Some;
    };
    auto Unsure = [](const Choice &X) { return X.Conf < Confidence::Likely; };
    auto Nothing = [](const Choice &X) { return !X.Side || X.Apart; };
    Found[Direct] = lookAt(Taken([](auto) { return true; }), direct);
    const std::set<LockClass> Open = Taken(Unsure);
    Under = lookAt(Open, [](HeldSearch &S, const HeldRegion &R, Sides &Out) {
      llvm::move(S.locks(R), std::back_inserter(Out));
    });
    Found[Chained] = chains(Open, Found[Direct], direct);
    Found[Primed] = primed(Taken(Unsure));
    Found[Reclaiming] = lookAt(Taken(Nothing), reclaiming);
    InnerReclaiming = Found[Reclaiming];
    Found[ChainedReclaiming] =
        chains(Taken(Nothing), InnerReclaiming, reclaiming);
  }

  /// What the model says of the holders of named classes.
  std::map<LockClass, Sides> primed(const std::set<LockClass> &Open) const {
    std::map<LockClass, Sides> Known;
    for (const Model::LockOrder &O : P.M.LockOrders) {
      LockClass Class{Keeper::Named, P.M.lockClassId(O.Lock)};
      if (!Open.count(Class))
        continue;
      HeldSide Side;
      Side.Kind = kindOf(O.Before);
      Side.Region = {NoId, NoId, Class};
      Side.Way.Conf = Confidence::Likely;
      Side.Told.Lock = O.Lock;
      Side.Told.Function = O.By;
      Side.Told.Source = O.Source;
      Side.Told.Waits = waitsFor(Side.Kind);
      Known[Class].push_back(std::move(Side));
    }
    for (auto &[Class, S] : Known)
      llvm::sort(S, [](const HeldSide &A, const HeldSide &B) {
        return std::tie(A.Kind, A.Told.Function) <
               std::tie(B.Kind, B.Told.Function);
      });
    return Known;
  }

  static WaitKind kindOf(Model::LockOrder::Kind K) {
    switch (K) {
    case Model::LockOrder::Wait:
      return WaitKind::Wait;
    case Model::LockOrder::Resv:
      return WaitKind::Resv;
    case Model::LockOrder::Mmap:
      return WaitKind::Mmap;
    case Model::LockOrder::Reclaim:
      return WaitKind::Reclaim;
    }
    return WaitKind::Wait;
  }

  /// Locks that are held while another one is acquired whose holders wait, as
  /// \p Inner says, or \p Look finds out.
  template <typename Fn>
  std::map<LockClass, Sides> chains(const std::set<LockClass> &Open,
                                    std::map<LockClass, Sides> &Inner,
                                    Fn Look) {
    std::set<LockClass> Next;
    for (const LockClass &Class : Open)
      for (const HeldSide &Side : Under[Class])
        if (!Inner.count(Side.Next) && !isForbidden(Side.Next))
          Next.insert(Side.Next);
    Inner.merge(lookAt(Next, Look));
    std::map<LockClass, Sides> Chained;
    for (const LockClass &Class : Open) {
      Sides S;
      for (const HeldSide &Side : Under[Class])
        if (const Sides &Of = Inner[Side.Next]; !Of.empty()) {
          S.push_back(Side);
          S.back().Way = Side.Way.with(Of.front().Way);
        }
      llvm::sort(S, [this](const HeldSide &A, const HeldSide &B) {
        return key(A) < key(B);
      });
      Chained[Class] = std::move(S);
    }
    return Chained;
  }

  /// Is \p S what the section's own code does when somebody calls it who is in
  /// no section? In one that would be reported itself.
  bool waitsForOthers(const LockTaken &T, const HeldSide &S) const {
    return S.Kind != WaitKind::Lock &&
           CallSite(S.Region.F, S.Region.Opener) == T.Calls.back() &&
           any_of(T.Otherwise, [&](FuncId F) { return !Critical.test(F); });
  }

  /// Can the thread that takes the lock meet this holder? Not the section's own
  /// code, unless that does other things for others, and not that of a driver
  /// that has nothing to do with the section's: what it holds is in an object
  /// of its own.
  bool canMeet(const LockTaken &T, const HeldSide &S) const {
    const CallSite Opener(S.Region.F, S.Region.Opener);
    return (!is_contained(T.Calls, Opener) || waitsForOthers(T, S)) &&
           (S.Region.F == NoId || S.Region.Class.K == Keeper::Global ||
            P.related(T.Module, P.Funcs[S.Region.F].Module));
  }

  struct Choice {
    const HeldSide *Side = nullptr; ///< null: none
    const HeldSide *Last = nullptr; ///< who waits: Side, or the next one
    Confidence Conf = Confidence::Possible;
    bool Apart = false;         ///< the two are hardly there at the same time
    FlagTable::Set Writing = 0; ///< as in choose()
  };

  /// The surest holder; of those the best one of the first tier. \p Writing:
  /// what the section's thread has locked for writing.
  Choice choose(const LockTaken &T, FlagTable::Set Writing = 0) {
    Choice Best;
    for (const auto &Tier : Found)
      if (auto It = Tier.find(T.Class); It != Tier.end())
        for (const HeldSide &S : It->second) {
          auto Conf = [&](const HeldSide &X) {
            return T.Way.across(X.Way).Conf;
          };
          if ((Best.Side && Conf(S) <= Best.Conf) || !canMeet(T, S))
            continue;
          const HeldSide *Side = besides(S, Writing);
          if (!Side || (Best.Side && Conf(*Side) <= Best.Conf))
            continue;
          if (const HeldSide *Last = waiter(T, *Side, Writing))
            Best = {Side, Last, Conf(*Side)};
        }
    if (Best.Side && Best.Conf >= Confidence::Likely)
      Best.Conf = std::min(Best.Conf, T.Way.under(Conditions.of(T.Calls)).Conf);
    return Best;
  }

  const HeldSide *waiter(const LockTaken &T, const HeldSide &S,
                         FlagTable::Set Writing) {
    if (S.Kind != WaitKind::Lock)
      return &S;
    for (const auto *Inner : {&Found[Direct], &InnerReclaiming})
      if (auto It = Inner->find(S.Next); It != Inner->end())
        for (const HeldSide &Last : It->second)
          if (canMeet(T, Last))
            if (const HeldSide *Side = besides(Last, Writing))
              return Side;
    return nullptr;
  }

  /// May \p S do other things while another thread has locked \p Writing?
  bool dependsOn(const HeldSide &S, FlagTable::Set Writing) const {
    return S.Region.F != NoId && (Writing & C.L.Flags.tested(S.Region.F));
  }

  /// What the holder \p S does if another thread has locked \p Writing for
  /// writing: what is done under a lock that was only tried for is not done.
  /// Null: he does not wait.
  const HeldSide *besides(const HeldSide &S, FlagTable::Set Writing) {
    if (!dependsOn(S, Writing))
      return &S;
    auto [It, New] = Besides.try_emplace({&S, Writing});
    if (New)
      It->second = lookAgain(S, Writing);
    return It->second ? &*It->second : nullptr;
  }

  std::optional<HeldSide> lookAgain(const HeldSide &S, FlagTable::Set Writing) {
    if (!Again) {
      Again = std::make_unique<Graph>(C.L);
      Again->Eval.InSection = false;
    }
    HeldSearch Search(*Again, *C.Locks, C.D);
    Search.Elsewhere = Writing;
    if (S.Kind != WaitKind::Lock) {
      auto Side = Search.dependency(S.Region);
      return Side ? Side : Search.reclaim(S.Region);
    }
    for (HeldSide &Side : Search.locks(S.Region))
      if (Side.Next == S.Next) {
        const Confidence Conf = std::min(Side.Way.Conf, S.Way.Conf);
        Side.Way = S.Way; // which counts the next one's
        Side.Way.Conf = Conf;
        return std::move(Side);
      }
    return std::nullopt;
  }

  /// Is there one such lock in the system? Then its holder may be at work on
  /// another device.
  bool isOfAll(const LockTaken &T) const {
    if (T.Class.K != Keeper::Field)
      return true;
    const auto [Id, Call] = T.Calls.back();
    const Func &F = P.Funcs[Id];
    const Event &E = F.Body->Events[Call];
    const FunctionModel *M = P.calledModel(F, E);
    if (!M || !M->AcquiresArg || *M->AcquiresArg >= E.Args.size())
      return false;
    const Expr &Object =
        F.Body->Exprs[P.pathOf(F, E.Args[*M->AcquiresArg]).Base];
    return Object.Kind == ExprKind::GlobalAddr ||
           Object.Kind == ExprKind::GlobalLoad;
  }

  /// What the thread that takes the lock has locked for writing by then.
  FlagTable::Set writtenBy(const LockTaken &T) const {
    FlagTable::Set Raised = 0;
    for (const auto &[F, Call] : T.Calls)
      if (auto At = C.L.Flags.at(P, F, Raised); !At.empty())
        Raised = At[Call];
    return Raised & C.L.Flags.locks();
  }

  /// The best one that can hold the lock while the section's thread has all
  /// that it has; if there is none, the best one.
  Choice chooseAtOnce(const LockTaken &T) {
    Choice Any = choose(T);
    if (Any.Conf < Confidence::Likely || isOfAll(T))
      return Any;
    const FlagTable::Set Writing = writtenBy(T);
    if (!Writing)
      return Any;
    if (Choice Other = choose(T, Writing); Other.Side) {
      Other.Writing = Writing;
      return Other;
    }
    Any.Conf = Confidence::Possible;
    Any.Apart = true;
    return Any;
  }

  static const char *phrase(WaitKind K) {
    switch (K) {
    case WaitKind::Wait:
      return "across a wait for a fence";
    case WaitKind::Resv:
      return "while a dma_resv lock is acquired";
    case WaitKind::Mmap:
      return "while mmap_lock is acquired or userspace memory is faulted in";
    case WaitKind::Lock:
      return "while";
    case WaitKind::Reclaim:
    case WaitKind::Work: // fence-cross-release
      return "across an allocation that may enter direct reclaim";
    }
    return "";
  }

  static const char *why(WaitKind K) {
    switch (K) {
    case WaitKind::Wait:
      return "the fence may be the one that this section has to signal, and "
             "the section waits for the lock";
    case WaitKind::Resv:
      return "the holder of a dma_resv lock may wait for the fence that this "
             "section has to signal, and the section waits for the lock";
    case WaitKind::Mmap:
      return "dma_resv locks are taken under mmap_lock, and their holders may "
             "wait for the fence that this section has to signal";
    case WaitKind::Lock:
    case WaitKind::Reclaim:
    case WaitKind::Work:
      return "direct reclaim runs shrinkers and mmu notifiers, which may wait "
             "for the fence that this section has to signal";
    }
    return "";
  }

  /// Whom else the section's thread may wait for at the lock: who does himself
  /// what stands for a wait, at least likely, and whatever that thread has.
  std::vector<OtherHolder> otherHolders(const LockTaken &T,
                                        const Choice &Chosen) {
    std::vector<OtherHolder> Others;
    std::set<FuncId> Seen{Chosen.Side->Region.F};
    auto It = Found[Direct].find(T.Class);
    if (It == Found[Direct].end())
      return Others;
    for (const HeldSide &S : It->second)
      if (canMeet(T, S) && !dependsOn(S, Chosen.Writing) &&
          T.Way.across(S.Way).Conf >= Confidence::Likely &&
          Seen.insert(S.Region.F).second)
        Others.push_back({S.Told.Function, S.Told.Acquired});
    return Others;
  }

  void report(LockTaken &T, const Choice &Other) {
    Finding X = std::move(T.Sofar);
    std::string Lock = C.Locks->Table.name(T.Class);
    const HeldSide &Side = *Other.Side, &Last = *Other.Last;
    std::string Held = phrase(Side.Kind);
    X.Others.push_back(Side.Told);
    if (Side.Kind == WaitKind::Lock) {
      std::string Next = C.Locks->Table.name(Side.Next);
      Held =
          "while " + Next + " is acquired, which is held " + phrase(Last.Kind);
      X.Others.push_back(Last.Told);
    }
    X.Conf = Other.Conf;
    X.Lock = Lock;
    X.Message = "'" + X.SinkFunction + "' acquires " + Lock + " " + X.Message +
                ", and it is held elsewhere " + Held;
    X.Reasons.push_back({why(Last.Kind), {}});
    if (Other.Apart)
      X.Reasons.push_back(
          {"the holder waits only where he has got a semaphore for reading "
           "which the section's thread has for writing: they hardly meet",
           {}});
    X.RanksLast = Last.Kind == WaitKind::Reclaim;
    if (!Other.Apart)
      X.OtherHolders = otherHolders(T, Other);
    std::vector<Hop> Identity = X.Path;
    append_range(Identity, Last.Told.Path);
    X.Fingerprint = fingerprint(X.Rule, X.Root.Function, Lock, Identity);
    if (!X.RanksLast) {
      Strong[{T.Class, T.Calls.back()}].push_back(C.Findings.size());
      return C.Findings.push_back(std::move(X));
    }
    auto Better = [](const Finding &A, const Finding &B) {
      return std::make_tuple(2 - static_cast<int>(A.Conf), A.Path.size()) <
             std::make_tuple(2 - static_cast<int>(B.Conf), B.Path.size());
    };
    auto [It, New] = Weak.try_emplace(T.Class, X);
    if (New)
      return;
    unsigned Others = It->second.OtherRoots + 1;
    if (Better(X, It->second))
      It->second = std::move(X);
    It->second.OtherRoots = Others;
  }

  CheckContext &C;
  const Program &P;
  ConditionTable Conditions;
  std::set<LockClass> Wanted, Done;
  BitVector Critical; ///< functions that sections reach
  BitVector Diagnostic;
  /// What holders wait for. Each tier is for those for which the ones before
  /// have nothing, but Direct is also for what Chained ones lead to.
  enum { Direct, Chained, Primed, Reclaiming, ChainedReclaiming, Tiers };
  std::map<LockClass, Sides> Found[Tiers]; ///< sorted, the best first
  /// What is acquired while each is held, if Direct has nothing sure for it.
  std::map<LockClass, Sides> Under;
  /// What ChainedReclaiming ones lead to.
  std::map<LockClass, Sides> InnerReclaiming;
  /// What besides() has found out, and what it looks with.
  std::map<std::pair<const HeldSide *, FlagTable::Set>, std::optional<HeldSide>>
      Besides;
  std::unique_ptr<Graph> Again;
  /// The others, by what is acquired where: indices into C.Findings.
  std::map<std::pair<LockClass, std::pair<FuncId, EventId>>,
           std::vector<size_t>>
      Strong;
  std::map<LockClass, Finding> Weak; ///< those that rank last, by class
};

} // namespace

void fencedep::checkLockCycle(CheckContext &C) { CycleFinder(C).run(); }

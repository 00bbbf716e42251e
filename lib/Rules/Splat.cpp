//===- Splat.cpp - what a lockdep report says of a program ----------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Report and finding become the same thing, a circle of *dependencies*: class
// To is acquired in a stack while class From is held. Those that boot teaches
// lockdep are on neither side worth a look. The others are compared
//
//     by class      `&v3d->reset_lock` names a variable, `v3d_dev::reset_lock`
//                   its type: the path of fields has to agree
//     by way        a stack lacks inlined functions and has the kernel's own,
//                   so what counts is that it has no function of the program's
//                   that the finding does not go through
//
// What no finding has is asked about call by call.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Rules/Splat.h"
#include "HeldSide.h"
#include "LockdepName.h"
#include "fencedep/Rules/Locks.h"
#include "fencedep/Rules/Why.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace fencedep;

namespace {

/// To is acquired while From is held.
struct Dependency {
  std::string From, To;
  unsigned Line = 0;                ///< of the log; 0: a finding's
  const SplatStack *Seen = nullptr; ///< by lockdep
  const LockLink *Found = nullptr;  ///< by us
};

/// What the names of a report may mean in a program.
struct Names {
  Names(const Program &P, unsigned Jobs) : P(P), Locks(P, Jobs) {
    for (FuncId F = 0; F != P.Funcs.size(); ++F)
      if (P.Funcs[F].Body)
        Bodies.try_emplace(P.Funcs[F].Name, F);
    for (const auto &[Record, Field] : P.Slots)
      Records.insert(Record);
  }

  const Program &P;
  LockTable Locks;
  StringMap<FuncId> Bodies; ///< some function of each name
  DenseSet<StringRef> Records;
};

class Explainer {
public:
  Explainer(const Names &N, const Report &R, const Splat &S,
            const CheckOptions &Opts)
      : P(N.P), M(P.M), R(R), S(S), Opts(Opts), Locks(N.Locks),
        Bodies(N.Bodies), Records(N.Records) {}

  SplatAnswer run() {
    if (S.K == Splat::Sleeping)
      return sleeping();
    std::vector<Dependency> Seen = dependencies(S);
    for (const Dependency &D : Seen)
      for (const std::string &Class : {D.From, D.To})
        if (none_of(A.Classes, [&](auto &C) { return C.first == Class; }))
          A.Classes.push_back({Class, meaning(Class)});
    if (!aboutFences(Seen))
      return std::move(A);
    erase_if(Seen, [&](const Dependency &D) { return primed(D); });
    for (const Finding &F : R.Findings)
      match(F, Seen);
    sortMatches();
    if (A.confirmed())
      settleClasses(*A.Matches.front().F);
    else
      for (const Dependency &D : Seen)
        if (!Matched.count(D.Line))
          lacks(D);
    return std::move(A);
  }

private:
  std::string sectionClass() const {
    const auto *L = M.lockdepClass(Model::LockOrder::Wait);
    return L ? L->Name : "";
  }

  /// \name Both sides as dependencies
  /// @{
  std::vector<Dependency> dependencies(const Splat &S) const {
    std::vector<Dependency> All;
    if (S.K == Splat::Circular) {
      for (size_t I = 0; I != S.Chain.size(); ++I) {
        const SplatLock &From = S.Chain[(I ? I : S.Chain.size()) - 1];
        All.push_back({From.Class, S.Chain[I].Class, S.Chain[I].Line,
                       &S.Chain[I].Stack, nullptr});
      }
      return All;
    }
    if (any_of(S.Locks, [&](auto &L) { return L.Class == sectionClass(); }))
      All.push_back({sectionClass(), S.Wanted.Class, S.Wanted.Line,
                     &S.Backtrace, nullptr});
    else if (S.K == Splat::Recursive)
      All.push_back(
          {S.Held.Class, S.Wanted.Class, S.Wanted.Line, &S.Backtrace, nullptr});
    return All;
  }

  static std::vector<Dependency> dependencies(const Finding &F) {
    std::vector<Dependency> All;
    const std::vector<LockLink> &C = F.Cycle;
    for (size_t I = 0; I != C.size(); ++I)
      All.push_back(
          {C[(I ? I : C.size()) - 1].Class, C[I].Class, 0, nullptr, &C[I]});
    return All;
  }

  /// Does lockdep know from boot that \p D.From comes before \p D.To?
  bool primed(const Dependency &D) const {
    const auto *At = M.lockdepClass(D.From);
    for (size_t I = 0; At && I != M.LockdepClasses.size(); ++I) {
      if (At->Before == D.To)
        return true;
      At = M.lockdepClass(At->Before);
    }
    return false;
  }
  /// @}

  /// \name Classes
  /// @{
  bool same(StringRef A, StringRef B) const {
    return sameClass(A, B, [&](StringRef X) { return Records.count(X) != 0; });
  }

  /// The lock classes that may be \p Class.
  std::vector<std::string> classesOf(StringRef Class, bool WholePath) const {
    const std::string Fields = takeApart(Class).Fields;
    std::vector<std::string> Found;
    for (const LockClass &L : Locks.classes()) {
      const std::string Name = Locks.name(L), Spelled = lockdepName(Name);
      if (same(Class, Spelled) &&
          (!WholePath || takeApart(Spelled).Fields == Fields))
        Found.push_back(Name);
    }
    return Found;
  }

  /// What \p Class is in the program, or "".
  std::string meaning(StringRef Class) const {
    if (const auto *L = M.lockdepClass(Class)) {
      if (!L->Is)
        return "part of the order that '" + L->By + "' teaches at boot";
      switch (*L->Is) {
      case Model::LockOrder::Wait:
        return "a signalling critical section where it is held, a wait for a "
               "fence where it is acquired";
      case Model::LockOrder::Resv:
        return "a dma_resv lock";
      case Model::LockOrder::Mmap:
        return "mmap_lock, or a fault on userspace memory";
      case Model::LockOrder::Reclaim:
        return "memory reclaim, which allocations may enter";
      }
    }
    LockdepName C = takeApart(Class);
    if (C.Kind == "work_completion")
      return "a wait for the work in field '" + C.Fields + "'";
    if (!C.Kind.empty())
      return "a wait for a work queue or a completion";
    std::vector<std::string> Found = classesOf(Class, /*WholePath=*/true);
    if (Found.empty())
      Found = classesOf(Class, /*WholePath=*/false);
    if (Found.size() > MaxNamed)
      return "one of " + std::to_string(Found.size()) + " lock classes";
    return Found.empty() ? "" : "lock class " + join(Found, " or ");
  }

  /// A name that several classes share is that of the finding.
  void settleClasses(const Finding &F) {
    for (auto &[Class, Means] : A.Classes)
      for (const LockClass &L : Locks.classes()) {
        std::string Name = Locks.name(L);
        if (!M.lockdepClass(Class) && same(Class, lockdepName(Name)) &&
            any_of(F.Cycle, [&](const LockLink &X) {
              return X.Class == lockdepName(Name);
            }))
          Means = "lock class " + Name;
      }
  }

  bool aboutFences(ArrayRef<Dependency> Seen) {
    if (Seen.empty()) {
      A.NotOurs = "no signalling critical section is open in it, and no rule "
                  "is about interrupts and locks alone";
      return false;
    }
    auto Mentions = [&](StringRef Class) {
      return any_of(Seen, [&](const Dependency &D) {
        return D.From == Class || D.To == Class;
      });
    };
    if (Mentions(sectionClass()) || any_of(R.Findings, [&](const Finding &F) {
          return !F.Cycle.empty() && F.Cycle.back().Class != sectionClass() &&
                 Mentions(F.Cycle.back().Class);
        }))
      return true;
    A.NotOurs = "its cycle has no '" + sectionClass() +
                "', so no section and no wait for a fence is part of it";
    return false;
  }
  /// @}

  /// \name Ways
  /// @{
  const Func *known(StringRef Name) const {
    auto It = Bodies.find(Name);
    return It == Bodies.end() ? nullptr : &P.Funcs[It->second];
  }

  /// The functions that are sure, outermost first.
  static std::vector<const SplatFrame *> outermostFirst(const SplatStack &S) {
    std::vector<const SplatFrame *> Out;
    for (const SplatFrame &F : reverse(S))
      if (!F.Unsure)
        Out.push_back(&F);
    return Out;
  }

  /// May the compiler have put it into its only callers?
  bool mayBeInlined(StringRef Name) const {
    const Func *F = known(Name);
    return F && (F->InHeader || !F->Decl || F->Decl->Link != Linkage::External);
  }

  /// What sets the stack that lockdep saw apart from the one that was found:
  /// the line and the words; nothing if they are the same way.
  /// \p Root: a function of the finding that must be on it, or "".
  std::optional<std::pair<unsigned, std::string>>
  difference(const SplatStack &Seen, const LockLink &Found,
             StringRef Root = "") const {
    std::vector<const SplatFrame *> Frames = outermostFirst(Seen);
    std::vector<StringRef> Path;
    for (const LockLink::Frame &F : Found.Stack)
      if (F.Where.Line)
        Path.push_back(F.Function);
    const unsigned Line = Seen.empty() ? 0 : Seen.back().Line;
    auto OnPath = [&](const SplatFrame *F) {
      return is_contained(Path, F->Function);
    };
    auto First = find_if(Frames, OnPath);
    if (First == Frames.end())
      return std::make_pair(Line, "the stack has none of the functions that "
                                  "the finding goes through, as '" +
                                      Path.front().str() + "'");
    for (StringRef Name : Path)
      if (none_of(Frames, [&](auto *F) { return F->Function == Name; }) &&
          (Name == Root || !mayBeInlined(Name)))
        return std::make_pair((*First)->Line, "the finding goes through '" +
                                                  Name.str() +
                                                  "', the stack does not");
    for (const SplatFrame *F : make_range(First, Frames.end())) {
      const Func *Known = known(F->Function);
      if (OnPath(F))
        continue;
      if (M.function(F->Function))
        break; // the API is entered
      if (Known)
        return std::make_pair(F->Line, "the stack goes through '" +
                                           F->Function +
                                           "', the finding does not");
    }
    return std::nullopt;
  }
  /// @}

  /// How many functions of \p Found, the API at its end included, are not on
  /// the stack: the compiler has inlined them, or it is another way after all.
  unsigned unseen(const SplatStack &Seen, const LockLink &Found) const {
    return count_if(Found.Stack, [&](const LockLink::Frame &X) {
      return none_of(Seen, [&](const SplatFrame &F) {
        return !F.Unsure && apiName(M, F.Function) == X.Function;
      });
    });
  }

  void match(const Finding &F, ArrayRef<Dependency> Seen) {
    std::vector<Dependency> Own = dependencies(F);
    erase_if(Own, [&](const Dependency &D) { return primed(D); });
    if (Own.empty())
      return;
    SplatAnswer::Match New{&F, SplatAnswer::Match::Exact, 0, 0, {}};
    std::set<unsigned> SameWay;
    size_t Pairs = 0;
    for (const Dependency &D : Own) {
      const Dependency *Of = find_if(Seen, [&](const Dependency &X) {
        return same(X.From, D.From) && same(X.To, D.To);
      });
      if (Of == Seen.end())
        continue;
      ++Pairs;
      const unsigned Missing = unseen(*Of->Seen, *D.Found);
      New.Unseen += Missing;
      New.Seen += D.Found->Stack.size() - Missing;
      // What an API calls through a pointer is not inlined.
      const bool FromRoot =
          D.Found == &F.Cycle.front() && F.Root.Kind == RootKind::Contract;
      if (auto Other =
              difference(*Of->Seen, *D.Found, FromRoot ? F.Root.Function : ""))
        New.Differences.push_back(*Other);
      else
        SameWay.insert(Of->Line);
    }
    if (!Pairs)
      return;
    if (Pairs < Own.size() || Pairs < Seen.size()) {
      // One thread's half, which must be the same: names of locks are common.
      if (SameWay.empty())
        return;
      New.G = SplatAnswer::Match::Half;
    } else if (!New.Differences.empty()) {
      New.G = SplatAnswer::Match::OtherWay;
    }
    Matched.insert(SameWay.begin(), SameWay.end());
    A.Matches.push_back(std::move(New));
  }

  void sortMatches() {
    auto Key = [](const SplatAnswer::Match &X) {
      return std::make_tuple(X.G, X.Differences.size(), X.Unseen,
                             -static_cast<int>(X.Seen),
                             2 - static_cast<int>(X.F->Conf), X.F);
    };
    llvm::sort(A.Matches,
               [&](const auto &X, const auto &Y) { return Key(X) < Key(Y); });
  }

  /// \name What the program lacks
  /// @{
  void lack(unsigned Line, const Twine &What) {
    std::pair<unsigned, std::string> New(Line, What.str());
    if (none_of(A.Lacks, [&](auto &L) { return L.second == New.second; }))
      A.Lacks.push_back(std::move(New));
  }

  bool isRoot(StringRef Name) const {
    return any_of(R.Cov.Roots, [&](const RootCoverage &C) {
      return C.Root.Function == Name;
    });
  }

  /// Does the lock graph have what a thread does with a lock held?
  bool held(const Dependency &D) {
    for (const LockClass &C : Locks.classes()) {
      std::string Name = Locks.name(C);
      if (!same(D.From, lockdepName(Name)))
        continue;
      Expected<GlobPattern> Pattern = GlobPattern::create(Name);
      if (!Pattern) {
        consumeError(Pattern.takeError());
        continue;
      }
      for (const LockNode &N : lockGraph(P, *Pattern, Opts)) {
        if (N.Waits && M.lockdepClass(D.To))
          return held(D, *N.Waits);
        for (const LockEdge &E : N.Above)
          if (same(D.To, lockdepName(E.To)))
            return held(D, E);
      }
    }
    return false;
  }

  bool held(const Dependency &D, const LockEdge &E) {
    A.Known.push_back({D.Line, text(E.Held.Acquired) + ": '" + E.Held.Function +
                                   "' holds " + E.From + " and waits for " +
                                   E.To});
    return true;
  }

  void lacks(const Dependency &D) {
    const size_t Before = A.Lacks.size();
    for (const std::string &Class : {D.From, D.To})
      if (!Class.empty() && meaning(Class).empty())
        lack(D.Line, "no lock of the program is called '" + Class +
                         "', or none that is waited for asleep");
    std::vector<const SplatFrame *> Frames = outermostFirst(*D.Seen);
    auto Known = [&](const SplatFrame *F) { return known(F->Function); };
    auto First = find_if(Frames, Known);
    if (First == Frames.end())
      return lack(D.Line, "none of the functions on this stack is in the "
                          "program: give the PATHs of their units");
    if (D.From == sectionClass()) {
      auto Root = find_if(Frames, [&](auto *F) { return isRoot(F->Function); });
      if (Root != Frames.end())
        First = Root;
      else
        lack(D.Line, "no section is known to begin in a function of this "
                     "stack");
    } else if (!D.From.empty() && held(D)) {
      return;
    }
    auto Last = First;
    for (auto It = First; It != Frames.end(); ++It)
      if (Known(*It) && !M.function((*It)->Function))
        Last = It;
    calls(First, Last);
    if (A.Lacks.size() == Before)
      lack(D.Line, "each call on this stack is known, but not that " + D.To +
                       " is acquired there while " + D.From + " is held");
  }

  /// Asks about each call between the frames \p First and \p Last.
  template <class It> void calls(It First, It Last) {
    for (It Caller = First, Callee; Caller != Last; Caller = Callee) {
      Callee = std::next(Caller);
      if (!known((*Callee)->Function)) {
        lack((*Callee)->Line, "'" + (*Callee)->Function +
                                  "' is not in the program: no unit in scope "
                                  "has its body");
        while (Callee != Last && !known((*Callee)->Function))
          ++Callee;
        continue;
      }
      hop(**Caller, **Callee);
    }
  }

  void hop(const SplatFrame &Caller, const SplatFrame &Callee) {
    std::vector<WayTo> Ways = waysTo(P, Caller.Function, Callee.Function, Opts);
    if (any_of(Ways, [](const WayTo &W) { return W.Reached; }))
      return;
    std::string Why;
    for (const WayTo &W : Ways)
      if (Why.empty() && !W.Cuts.empty())
        Why = text(W.Cuts.front().Call.Where) + ": '" +
              W.Cuts.front().Call.Function + "' would go on to '" +
              W.Cuts.front().Call.Callee + "', but " + W.Cuts.front().Why;
    for (const RootCoverage &C : R.Cov.Roots)
      for (const OpenCall &O : C.Open)
        if (Why.empty() && O.Function == Caller.Function)
          Why = text(O.Where) + ": " + O.Callee + " was left open: " + O.Why;
    if (Why.empty())
      Why = "neither by name nor through a pointer that is followed";
    lack(Callee.Line, "no call leads from '" + Caller.Function + "' to '" +
                          Callee.Function + "': " + Why);
  }
  /// @}

  /// What sleeps in a place that may not: a wait for a fence, if it is ours.
  SplatAnswer sleeping() {
    for (const Finding &F : R.Findings) {
      if (F.Rule != "fence-wait-atomic")
        continue;
      LockLink Way;
      for (const Hop &H : F.Path)
        Way.Stack.push_back({H.Function, H.Where});
      if (difference(S.Backtrace, Way))
        continue;
      A.Matches.push_back({&F, SplatAnswer::Match::Exact, 0, 0, {}});
    }
    sortMatches();
    if (!A.Matches.empty())
      return std::move(A);
    if (none_of(S.Backtrace, [&](const SplatFrame &F) {
          const FunctionModel *X = M.function(F.Function);
          return X && X->WaitsFence;
        })) {
      A.NotOurs = "nothing on its stack waits for a fence";
      return std::move(A);
    }
    lacks({"", "", S.Line, &S.Backtrace, nullptr});
    return std::move(A);
  }

  static constexpr size_t MaxNamed = 4;

  const Program &P;
  const Model &M;
  const Report &R;
  const Splat &S;
  const CheckOptions &Opts;
  const LockTable &Locks;
  const StringMap<FuncId> &Bodies;
  const DenseSet<StringRef> &Records;
  std::set<unsigned> Matched; ///< lines of dependencies that some finding has
  SplatAnswer A;
};

} // namespace

std::vector<SplatAnswer> fencedep::explainSplats(const Program &P,
                                                 const Report &R,
                                                 ArrayRef<Splat> Splats,
                                                 const CheckOptions &Opts) {
  Names Known(P, Opts.Jobs);
  std::vector<SplatAnswer> Answers;
  for (const Splat &S : Splats)
    Answers.push_back(Explainer(Known, R, S, Opts).run());
  return Answers;
}

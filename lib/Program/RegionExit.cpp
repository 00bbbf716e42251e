//===- RegionExit.cpp - what a function leaves open -----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The worlds at a function's exits are its outcomes: what its callers have to
// know of the regions that it opened and closed. Then two things that the flow
// cannot count are settled: loops, and sections that are kept in objects.
//
//===----------------------------------------------------------------------===//

#include "RegionFlow.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

/// Adds \p O; of what is given for one that is the same but for that, only what
/// both have in common is.
static void add(std::set<Outcome> &Outcomes, Outcome O) {
  auto Effect = [](Outcome X) {
    X.Given.clear();
    return X;
  };
  auto Same = find_if(Outcomes,
                      [&](const Outcome &X) { return Effect(X) == Effect(O); });
  if (Same != Outcomes.end()) {
    std::set<Outcome::Condition> Common;
    std::set_intersection(Same->Given.begin(), Same->Given.end(),
                          O.Given.begin(), O.Given.end(),
                          std::inserter(Common, Common.end()));
    O.Given = std::move(Common);
    Outcomes.erase(Same);
  }
  Outcomes.insert(std::move(O));
}

/// Does what is returned or passed tell which of the two it is?
static bool tellApart(const Outcome &A, const Outcome &B) {
  if (A.Returned && B.Returned && *A.Returned != *B.Returned)
    return true;
  return any_of(A.Given, [&](Outcome::Condition G) {
    G.Truth = !G.Truth;
    return B.Given.count(G) != 0;
  });
}

std::set<Outcome::Condition> RegionFlow::onParams(const Facts &K) const {
  std::set<Outcome::Condition> Found;
  for (auto [Id, Truth] : K) {
    const Expr &E = expr(Id);
    if (E.Kind == ExprKind::Param)
      Found.insert({E.A, std::nullopt, Truth});
    else if (E.Kind == ExprKind::Binary &&
             (E.Oper == Op::Eq || E.Oper == Op::Ne) &&
             expr(E.A).Kind == ExprKind::Param &&
             expr(E.B).Kind == ExprKind::Const)
      Found.insert({expr(E.A).A, expr(E.B).Value, Truth == (E.Oper == Op::Eq)});
  }
  return Found;
}

void RegionFlow::atExit(const Block &B, const State &S, const Facts &K) {
  EventId Last = NoId;
  if (B.NumEvents) {
    Last = B.FirstEvent + B.NumEvents - 1;
    const Event &E = event(Last);
    if (E.Kind == EventKind::Call &&
        expr(E.Callee).Kind == ExprKind::FuncAddr &&
        P.Units[F.Unit].Symbols[expr(E.Callee).A].NoReturn)
      return;
    if (E.Kind != EventKind::Return)
      Last = NoId;
  }
  Outcome O;
  O.Given = onParams(K);
  O.Returned = S.Returned;
  O.Closes = S.Closed;
  for (const OpenRegion &R : S.Open) {
    // The caller's, dropped and retaken: to the caller it is as before.
    auto Dropped = find_if(O.Closes, [&](const Outcome::Closed &X) {
      return R.R == Region::Lock && X.R == R.R && R.Kept.count(X.By);
    });
    if (Dropped != O.Closes.end()) {
      O.Closes.erase(Dropped);
      continue;
    }
    Outcome::Opened Opened{R.R, {}};
    for (const Keeper &K : R.Kept)
      if (K.K != Keeper::Value)
        Opened.Kept.insert(K);
    if (R.R != Region::Section || !Opened.Kept.empty()) {
      // Gone for good into code that is not understood: nobody's business here.
      Opened.Kept.erase({Keeper::Elsewhere, 0});
      bool NeedsKeeper = R.R == Region::Section || R.R == Region::Lock;
      if (!NeedsKeeper || !Opened.Kept.empty())
        O.Opens.push_back(std::move(Opened));
    } else if (R.OverwrittenAt != NoId) {
      Result.Imbalances.insert({Imbalance::Overwritten, R.At, R.OverwrittenAt});
    } else {
      Result.Imbalances.insert({Imbalance::Leaked, R.At, Last});
    }
  }
  add(Result.Outcomes, std::move(O));
}

/// The caller's sections whose cookies are in objects end in a loop, which
/// looks as if it could be left without having ended any. What comes after the
/// last end is after it.
void RegionFlow::settleEnded() {
  std::map<Keeper, std::set<EventId>> Ends;
  for (const auto &[Id, By] : Result.ClosesForCaller)
    if (inObject(By))
      Ends[By].insert(Id);
  const auto &Blocks = F.Body->Blocks;
  for (const auto &[By, Events] : Ends) {
    auto EndsIn = [&, &Events = Events](EventId From, EventId To) {
      auto It = Events.lower_bound(From);
      return It != Events.end() && *It < To;
    };
    std::vector<bool> Reaches(Blocks.size());
    for (bool Changed = true; Changed;) {
      Changed = false;
      for (BlockId Id = Blocks.size(); Id-- > 0;) {
        const Block &B = Blocks[Id];
        if (Reaches[Id] ||
            (!EndsIn(B.FirstEvent, B.FirstEvent + B.NumEvents) &&
             none_of(B.Succs, [&](BlockId S) { return Reaches[S]; })))
          continue;
        Reaches[Id] = Changed = true;
      }
    }
    for (const Block &B : Blocks)
      for (EventId Id = B.FirstEvent; Id != B.FirstEvent + B.NumEvents; ++Id)
        if (!EndsIn(Id, B.FirstEvent + B.NumEvents) &&
            none_of(B.Succs, [&](BlockId S) { return Reaches[S]; }))
          for (auto It = Live.lower_bound({Id, 0});
               It != Live.end() && It->first.first == Id; ++It)
            if (It->second.EndedIn.count(By))
              It->second.Ended->insert({Region::Section, By});
  }
}

/// A scope or lock (not a section) that only some ways leave open is nothing
/// that a caller can rely on, unless the returned value tells: assume it
/// closed, and what follows checked in full. A lock that some ways release is
/// released: a guard's destructor does so unless it holds nothing.
std::set<Outcome> RegionFlow::reliable(std::set<Outcome> Outcomes) {
  auto IsMay = [](Region R) {
    return R == Region::Section || R == Region::Published;
  };
  if (all_of(Outcomes,
             [](const Outcome &O) { return O.Returned.has_value(); }) &&
      Outcomes.size() == 2)
    return Outcomes;
  auto ScopesOf = [&](const Outcome &O) {
    Outcome Only;
    for (const Outcome::Opened &X : O.Opens)
      if (!IsMay(X.R))
        Only.Opens.push_back(X);
    for (const Outcome::Closed &X : O.Closes)
      if (!IsMay(X.R))
        Only.Closes.push_back(X);
    return Only;
  };
  if (Outcomes.empty() || all_of(Outcomes, [&](const Outcome &O) {
        return ScopesOf(O) == ScopesOf(*Outcomes.begin());
      }))
    return Outcomes;
  // What some way ends that forbids sleep (a guard's `if (lock)`) has ended.
  std::set<Outcome::Closed> Released;
  for (const Outcome &O : Outcomes)
    for (const Outcome::Closed &X : O.Closes)
      if (X.R == Region::Lock || (isAtomic(X.R) && O.Opens.empty()))
        Released.insert(X);
  std::set<Outcome> Sections;
  for (Outcome O : Outcomes) {
    erase_if(O.Opens, [&](const auto &X) { return !IsMay(X.R); });
    erase_if(O.Closes, [&](const auto &X) { return !IsMay(X.R); });
    O.Closes.insert(O.Closes.end(), Released.begin(), Released.end());
    add(Sections, std::move(O));
  }
  return Sections;
}

/// Sections whose cookies are in objects are counted by nobody: a list of them
/// is opened in one loop and closed in another. A function that does both for
/// one field is taken at its word, and closing for some objects closes for all.
void RegionFlow::settleObjects() {
  auto In = [](const std::set<Keeper> &Set, const Keeper &K) {
    return Set.count(K) != 0;
  };
  std::set<Outcome::Closed> Closes;
  std::set<Outcome> Settled;
  for (Outcome O : Result.Outcomes) {
    erase_if(O.Opens, [&](const Outcome::Opened &X) {
      return X.R == Region::Section &&
             any_of(X.Kept, [&](const Keeper &K) { return In(ClosedIn, K); });
    });
    erase_if(O.Closes, [&](const Outcome::Closed &X) {
      return X.R == Region::Section && In(OpenedIn, X.By);
    });
    auto IsSectionOfObject = [](const Outcome::Closed &X) {
      return X.R == Region::Section && inObject(X.By);
    };
    for (const Outcome::Closed &X : O.Closes)
      if (IsSectionOfObject(X))
        Closes.insert(X);
    erase_if(O.Closes, IsSectionOfObject);
    add(Settled, std::move(O));
  }
  Result.Outcomes.clear();
  for (Outcome O : Settled) {
    O.Closes.insert(O.Closes.end(), Closes.begin(), Closes.end());
    add(Result.Outcomes, std::move(O));
  }
  erase_if(Result.ClosesForCaller,
           [&](const auto &X) { return In(OpenedIn, X.second); });

  const auto &All = Result.Outcomes;
  if (!all_of(All, [&](const Outcome &A) {
        return all_of(
            All, [&](const Outcome &B) { return &A == &B || tellApart(A, B); });
      }))
    Result.Outcomes = reliable(std::move(Result.Outcomes));
}

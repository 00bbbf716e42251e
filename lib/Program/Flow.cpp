//===- Flow.cpp - what is open where in a function ------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Few functions touch a region. Those that call an API that opens or closes one
// are looked at first, then the callers of those that leave one open or close
// their caller's, and so on up; a function whose outcomes are all neutral ends
// the climb. A function is looked at again when a callee's outcomes change:
// what it opens may be found after what it closes. MaxVisits ends the quarrel
// of mutually recursive openers.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Flow.h"
#include "RegionFlow.h"
#include "fencedep/Support/Parallel.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

/// Real code needs two or three.
static constexpr unsigned MaxVisits = 4, MaxOutcomes = 16;

/// \p Held, and the other outcome of a call that may fail.
static std::set<Outcome> ifHeld(const FunctionModel &M, Outcome Held) {
  Outcome NotHeld;
  switch (M.HeldIf) {
  case FunctionModel::Never:
    return {};
  case FunctionModel::Always:
    return {Held};
  case FunctionModel::IfZero:
  case FunctionModel::IfNonZero:
    Held.Returned = M.HeldIf == FunctionModel::IfNonZero;
    NotHeld.Returned = !*Held.Returned;
    return {Held, NotHeld};
  }
  return {};
}

/// The lock that a call acquires or releases, in the callee's terms.
static Keeper lockOf(const std::string &Class, std::optional<unsigned> Arg,
                     const Program &P) {
  if (Arg)
    return {Keeper::Pointee, *Arg};
  return {Keeper::Named, P.M.lockClassId(Class)};
}

/// Forbidden locks have a rule of their own; who holds one is no question.
static std::set<Outcome> modelledLock(const FunctionModel &M,
                                      const Program &P) {
  if (P.M.forbiddenLock(M.Acquires) || P.M.forbiddenLock(M.Releases))
    return {};
  Outcome Held;
  if (!M.Releases.empty() || M.ReleasesArg)
    Held.Closes.push_back({Region::Lock, lockOf(M.Releases, M.ReleasesArg, P)});
  if (!M.Acquires.empty() || M.AcquiresArg)
    Held.Opens.push_back(
        {Region::Lock, {lockOf(M.Acquires, M.AcquiresArg, P)}});
  return ifHeld(M, std::move(Held));
}

/// What the model says a call does to regions; nothing if it says nothing.
static std::set<Outcome> modelled(const FunctionModel &M, const Program &P,
                                  const Tracked &T) {
  if (T.Locks && M.locks())
    return modelledLock(M, P);
  auto Wanted = [&](Region R) { return !isAtomic(R) || T.Atomic; };
  // Who signals its fences, or has others do it, is done with them; who opens a
  // section is looked at in that section.
  Outcome O;
  if (T.Published) {
    if (is_contained(M.Opens, Region::Section) || M.HandsOver || M.SignalsFence)
      O.Closes.push_back({Region::Published, {}});
    else if (M.Publishes)
      O.Opens.push_back({Region::Published, {}});
  }
  auto Where = [&](bool Closing) -> Keeper {
    switch (M.Cookie.K) {
    case Place::Return:
      return {Keeper::Return, 0};
    case Place::Arg:
      return {Closing ? Keeper::Param : Keeper::Elsewhere, M.Cookie.Index};
    case Place::Pointee:
      return {Keeper::Pointee, M.Cookie.Index};
    case Place::None:
      break;
    }
    return {Keeper::Nowhere, 0};
  };
  for (Region R : M.Closes)
    if (Wanted(R))
      O.Closes.push_back({R, Where(true)});
  for (Region R : M.Opens) {
    if (!Wanted(R))
      continue;
    O.Opens.push_back({R, {}});
    if (Keeper K = Where(false); K.K != Keeper::Nowhere)
      O.Opens.back().Kept.insert(K);
  }
  if (O.neutral())
    return {};
  return ifHeld(M, std::move(O));
}

const std::set<Outcome> *RegionTable::outcomes(FuncId F) const {
  auto It = Outcomes.find(F);
  return It == Outcomes.end() ? nullptr : &It->second;
}

/// Does all that \p F calls by name, as far as it is known, open regions, or
/// all close them? Whoever does both is taken to leave things as they were.
bool RegionTable::oneSided(const Program &P, const Func &F) const {
  bool Opens = false, Closes = false;
  for (const Event &E : F.Body->Events) {
    FuncId Callee = P.callee(F, E);
    if (Callee == NoId)
      continue;
    if (const auto *Known = outcomes(Callee))
      for (const Outcome &O : *Known) {
        Opens |= !O.Opens.empty();
        Closes |= !O.Closes.empty();
      }
    if (Opens && Closes)
      return false;
  }
  return true;
}

const std::set<Outcome::Closed> &RegionTable::ends(FuncId F) const {
  static const std::set<Outcome::Closed> None;
  auto It = Ends.find(F);
  return It == Ends.end() ? None : It->second;
}

RegionTable::RegionTable(const Program &P, Tracked T, unsigned Jobs)
    : HasRegions(P.Funcs.size()) {
  std::set<FuncId> Next;
  auto Callers = [&](FuncId F) {
    for (FuncId C : P.Callers[F])
      if ((!P.Funcs[C].Model || P.Funcs[C].Model->Enter) &&
          (!T.Within || T.Within->test(C) || Next.count(C) ||
           oneSided(P, P.Funcs[C])))
        Next.insert(C);
  };
  for (FuncId F = 0, N = P.Funcs.size(); F != N; ++F)
    if (const FunctionModel *M = P.Funcs[F].Model)
      if (std::set<Outcome> O = modelled(*M, P, T); !O.empty()) {
        Outcomes[F] = std::move(O);
        Callers(F);
      }
  std::map<FuncId, unsigned> Visits;
  std::set<FuncId> TooComplex;
  while (!Next.empty()) {
    // A round sees what the rounds before it have found, and nothing of its
    // own: so its functions can be looked at in any order, or at once.
    std::vector<FuncId> Round;
    for (FuncId F : Next)
      if (++Visits[F] <= MaxVisits)
        Round.push_back(F);
    Next.clear();
    std::vector<Flow> Found(Round.size());
    // For each, an evaluator, which does not know what the others have found:
    // as few as keep all processors busy.
    const size_t Chunk = std::clamp<size_t>(Round.size() / 16, 32, 512);
    parallelFor(Jobs, (Round.size() + Chunk - 1) / Chunk, [&](size_t C) {
      Evaluator Eval(P);
      size_t End = std::min(Round.size(), (C + 1) * Chunk);
      for (size_t I = C * Chunk; I != End; ++I)
        Found[I] =
            RegionFlow(P, *this, Eval, P.Funcs[Round[I]], EmptyContext).run();
    });
    for (size_t I = 0; I != Round.size(); ++I)
      if (learn(Round[I], std::move(Found[I]), TooComplex))
        Callers(Round[I]);
  }
  for (FuncId F = 0, N = P.Funcs.size(); F != N; ++F)
    if (HasRegions[F])
      WithRegions.push_back(F);
  Incomplete.assign(TooComplex.begin(), TooComplex.end());
}

/// True if callers of \p F have to know.
bool RegionTable::learn(FuncId F, Flow Found, std::set<FuncId> &TooComplex) {
  HasRegions[F] = true;
  const bool TooMany = Found.Outcomes.size() > MaxOutcomes;
  if (!Found.Complete || TooMany)
    TooComplex.insert(F);
  Locks[F] = std::move(Found.Locks);
  // Too many answers are none: the caller could not tell them apart.
  if (all_of(Found.Outcomes, [](const Outcome &O) { return O.neutral(); }) ||
      TooMany)
    Found.Outcomes.clear();
  auto It = Outcomes.find(F);
  if ((It == Outcomes.end() ? Found.Outcomes.empty()
                            : It->second == Found.Outcomes) &&
      ends(F) == Found.Ends)
    return false;
  if (Found.Ends.empty())
    Ends.erase(F);
  else
    Ends[F] = std::move(Found.Ends);
  if (Found.Outcomes.empty())
    Outcomes.erase(F);
  else
    Outcomes[F] = std::move(Found.Outcomes);
  return true;
}

ArrayRef<std::pair<EventId, Keeper>> RegionTable::locks(FuncId F) const {
  auto It = Locks.find(F);
  if (It == Locks.end())
    return {};
  return It->second;
}

/// What taking successor \p Succ of \p B says about how common this way is.
FlowAnalysis::Commonness FlowAnalysis::branch(const Func &F, const Block &B,
                                              unsigned Succ,
                                              ContextId C) const {
  if (B.Unexpected == Succ + 1)
    return {Confidence::Possible, "only if an assertion has failed"};
  // `if (refcount_dec_and_test(..))`: the model calls the condition last-ref.
  bool Truth = Succ == 0;
  ExprId Id = B.Cond;
  while (F.Body->Exprs[Id].Kind == ExprKind::Unary &&
         F.Body->Exprs[Id].Oper == Op::Not) {
    Id = F.Body->Exprs[Id].A;
    Truth = !Truth;
  }
  // `if (obj->import_attach != NULL)`
  if (const Expr &E = F.Body->Exprs[Id];
      E.Kind == ExprKind::Binary && (E.Oper == Op::Ne || E.Oper == Op::Eq) &&
      F.Body->Exprs[E.B].Kind == ExprKind::Const &&
      F.Body->Exprs[E.B].Value == 0) {
    Truth ^= E.Oper == Op::Eq;
    Id = E.A;
  }
  const Expr &Cond = F.Body->Exprs[Id];
  if (Truth && Cond.Kind == ExprKind::FieldLoad)
    if (auto Few = P.setInFew(P.slot(F.Unit, Cond.A))) {
      if (*Few == FieldModel::Seldom)
        return {Confidence::Possible, "only for few objects"};
      if (Eval.isMade(F, Cond.B, C))
        return {Confidence::Possible, "not for a new object"};
      return {Confidence::Likely, "only for some objects"};
    }
  if (!Truth || Cond.Kind != ExprKind::Call || B.Succs.size() != 2)
    return {};
  const FunctionModel *M = P.calledModel(F, F.Body->Events[Cond.A]);
  if (M && M->LastRef)
    return {Confidence::Likely, nullptr}; // Target::LastRef says so
  return {};
}

std::vector<std::optional<FlowAnalysis::Commonness>>
FlowAnalysis::blocks(const Func &F, ContextId C) {
  const auto &Blocks = F.Body->Blocks;
  std::vector<std::optional<Commonness>> Best(Blocks.size());
  ArrayRef<FirstUse> FirstUses;
  if (auto It = P.FirstUses.find(&F - P.Funcs.data());
      It != P.FirstUses.end() && Eval.InSection)
    FirstUses = It->second;
  auto IsFirstUse = [&](BlockId B, unsigned Succ) {
    return any_of(FirstUses, [&](const FirstUse &U) {
      return U.Block == B && U.Succ == Succ && !Eval.isMade(F, U.Object, C);
    });
  };
  ArrayRef<ContentTest> ContentTests;
  if (auto It = P.ContentTests.find(&F - P.Funcs.data());
      It != P.ContentTests.end())
    ContentTests = It->second;
  auto AsksNewObject = [&](BlockId B, unsigned Succ) {
    return find_if(ContentTests, [&](const ContentTest &T) {
      return T.Block == B && T.Succ == Succ && Eval.asksNewObject(F, T, C);
    });
  };
  // One work list per level, the surest first: each block is settled once.
  SmallVector<std::pair<BlockId, const char *>, 32> Work[3];
  Work[2].push_back({0, nullptr});
  for (int Level = 2; Level >= 0; --Level)
    while (!Work[Level].empty()) {
      auto [Id, Unless] = Work[Level].pop_back_val();
      if (Best[Id])
        continue;
      Best[Id] = {static_cast<Confidence>(Level), Unless};
      const Block &B = Blocks[Id];
      SmallVector<unsigned, 4> Succs;
      Eval.successors(F, B, C, nullptr, Succs);
      for (unsigned I : Succs)
        if (!Best[B.Succs[I]]) {
          Commonness Next = branch(F, B, I, C);
          if (IsFirstUse(Id, I))
            Next = {Confidence::Possible, "only when first used"};
          else if (const ContentTest *T = AsksNewObject(Id, I);
                   T != ContentTests.end())
            Next = {Confidence::Possible,
                    T->IsList ? "not for a new object, whose list is empty"
                              : "not for a new object, whose field is not set"};
          int To = std::min(Level, static_cast<int>(Next.Conf));
          Work[To].push_back({B.Succs[I], To < Level ? Next.Unless : Unless});
        }
    }
  return Best;
}

Flow FlowAnalysis::run(const Func &F, ContextId C) {
  std::vector<std::optional<Commonness>> Reached = blocks(F, C);
  const auto &Blocks = F.Body->Blocks;
  std::vector<Commonness> ByEvent(F.Body->Events.size());
  auto Live = [&](EventId E) {
    LiveEvent L;
    L.Id = E;
    L.Conf = ByEvent[E].Conf;
    L.Unless = ByEvent[E].Unless;
    return L;
  };
  Flow Result;
  Result.Events.reserve(ByEvent.size());
  // Without regions, being live is all there is to know.
  bool Plain = !Regions.hasRegions(&F - P.Funcs.data());
  for (BlockId Id = 0; Id != Blocks.size(); ++Id) {
    if (!Reached[Id])
      continue;
    for (EventId I = 0; I != Blocks[Id].NumEvents; ++I) {
      EventId E = Blocks[Id].FirstEvent + I;
      ByEvent[E] = *Reached[Id];
      if (Plain)
        Result.Events.push_back(Live(E));
    }
  }
  if (!Plain) {
    Result = RegionFlow(P, Regions, Eval, F, C).run();
    std::vector<bool> Seen(ByEvent.size());
    for (LiveEvent &L : Result.Events) {
      L.Conf = ByEvent[L.Id].Conf;
      L.Unless = ByEvent[L.Id].Unless;
      Seen[L.Id] = true;
    }
    // Ways that were not followed may be the only ones to an event.
    if (!Result.Complete)
      for (BlockId Id = 0; Id != Blocks.size(); ++Id)
        for (EventId I = 0; Reached[Id] && I != Blocks[Id].NumEvents; ++I)
          if (EventId E = Blocks[Id].FirstEvent + I; !Seen[E])
            Result.Events.push_back(Live(E));
  }
  auto Before = [](const LiveEvent &A, const LiveEvent &B) {
    return std::tie(A.Id, A.In) < std::tie(B.Id, B.In);
  };
  if (!is_sorted(Result.Events, Before)) // as a rule they are
    llvm::sort(Result.Events, Before);
  return Result;
}

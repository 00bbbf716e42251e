//===- RegionFlow.cpp - the worlds of one function ------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RegionFlow.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

static constexpr size_t MaxWorlds = 16, MaxOpen = 8;
static constexpr unsigned MaxNested = 3, MaxAnswers = 6;

//===----------------------------------------------------------------------===//
// Facts
//===----------------------------------------------------------------------===//

void RegionFlow::assume(ExprId Cond, bool Truth, Facts &K) {
  fencedep::assume(*F.Body, Cond, Truth, K);
}

/// The expression `Id == With`, which no code has.
ExprId RegionFlow::comparison(ExprId Id, int64_t With) {
  auto [It, New] = Comparisons.try_emplace({Id, With}, 0);
  if (New) {
    const ExprId Constant = F.Body->Exprs.size() + Compared.size();
    Expr &C = Compared.emplace_back();
    C.Kind = ExprKind::Const;
    C.Value = With;
    Expr &E = Compared.emplace_back();
    E.Kind = ExprKind::Binary;
    E.Oper = Op::Eq;
    E.A = Id;
    E.B = Constant;
    It->second = Constant + 1;
  }
  return It->second;
}

/// What the switch \p B finds out if it goes to its successor \p Succ; false if
/// it is known not to.
bool RegionFlow::assumeCase(const Block &B, unsigned Succ, Facts &K) {
  auto IsKnown = [&](int64_t Value, bool Truth) {
    auto It = Comparisons.find({B.Cond, Value});
    return It != Comparisons.end() &&
           is_contained(K, std::make_pair(It->second, Truth));
  };
  unsigned Values = 0;
  for (unsigned I = 0; I != B.Cases.size(); ++I)
    for (const Block::Range &R : B.Cases[I]) {
      if (R.Low != R.High)
        return true;
      ++Values;
      if (IsKnown(R.Low, I != Succ) && (I != Succ || B.Cases[I].size() == 1))
        return false;
    }
  constexpr unsigned MaxCases = 4; // there is room for few facts
  if (Values > MaxCases)
    return true;
  for (unsigned I = 0; I != B.Cases.size(); ++I)
    for (const Block::Range &R : B.Cases[I])
      if (I != Succ || B.Cases[I].size() == 1)
        addFact(K, comparison(B.Cond, R.Low), I == Succ);
  if (B.Cases[Succ].size() == 1)
    assume(B.Cond, B.Cases[Succ][0].Low != 0, K);
  return true;
}

bool RegionFlow::mentionsCall(ExprId Id, EventId Call) const {
  return anyPart(Id, [&](ExprId Part) {
    ExprKind K = expr(Part).Kind;
    return (K == ExprKind::Call || K == ExprKind::OutArg) &&
           expr(Part).A == Call;
  });
}

/// A call that runs again makes a new value: what was known of the old is void.
void RegionFlow::forget(Facts &K, EventId Call) {
  if (K.empty())
    return;
  if (Made.empty()) {
    Made.resize(F.Body->Events.size());
    for (ExprId I = F.Body->Exprs.size(); I-- > 0;)
      if (expr(I).Kind == ExprKind::Call || expr(I).Kind == ExprKind::OutArg)
        Made[expr(I).A] = I;
  }
  if (Made[Call]) // what it is part of has a greater number
    erase_if(K, [&](const auto &Fact) {
      return Fact.first >= Made[Call] && mentionsCall(Fact.first, Call);
    });
}

/// Does \p G only look at something: `return dev->flags & BUSY`?
static bool isQuestion(const Program &P, const Func &G, unsigned Depth = 0) {
  if (G.Model)
    return G.Model->Loads || G.Model->LoadsNot;
  if (!G.Body || Depth == MaxNested || G.Body->Blocks.size() > MaxAnswers ||
      any_of(G.Body->Exprs, [](const Expr &E) {
        return E.Kind == ExprKind::Opaque || E.Kind == ExprKind::OutArg;
      }))
    return false;
  return all_of(G.Body->Events, [&](const Event &E) {
    if (E.Kind != EventKind::Call)
      return E.Kind == EventKind::Return;
    const FuncId Callee = P.callee(G, E);
    return Callee != NoId && isQuestion(P, P.Funcs[Callee], Depth + 1);
  });
}

/// The results of all calls that ask what \p Call asks, if others do.
ArrayRef<ExprId> RegionFlow::sameQuestion(EventId Call) {
  if (!FoundQuestions) {
    FoundQuestions = true;
    std::map<std::pair<FuncId, std::vector<ExprId>>, std::vector<EventId>>
        Asked;
    for (EventId Id = 0; Id != F.Body->Events.size(); ++Id)
      if (FuncId Callee = P.callee(F, event(Id)); Callee != NoId)
        if (resultOf(Id))
          Asked[{Callee, event(Id).Args}].push_back(Id);
    for (const auto &[What, By] : Asked) {
      if (By.size() < 2 || !isQuestion(P, P.Funcs[What.first]))
        continue;
      for (EventId Id : By)
        AskedBy[Id] = Questions.size();
      auto &Results = Questions.emplace_back();
      for (EventId Id : By)
        Results.push_back(resultOf(Id));
    }
  }
  auto It = AskedBy.find(Call);
  if (It == AskedBy.end())
    return {};
  return Questions[It->second];
}

/// The answer is what it was before, as for what is read from memory.
void RegionFlow::recall(Facts &K, EventId Call) {
  if (K.empty())
    return;
  for (ExprId Other : sameQuestion(Call))
    for (const auto &[Fact, Truth] : K)
      if (Fact == Other)
        return assume(resultOf(Call), Truth, K);
}

void RegionFlow::merge(Worlds &Into, const State &S, const Facts &K) {
  auto It = Into.find(S);
  if (It == Into.end()) {
    // Each call may fork: without a bound a block of n calls has 2^n worlds.
    if (Into.size() >= MaxWorlds)
      Complete = false;
    else
      Into.emplace(S, K);
    return;
  }
  Facts Common;
  std::set_intersection(It->second.begin(), It->second.end(), K.begin(),
                        K.end(), std::back_inserter(Common));
  It->second = std::move(Common);
}

//===----------------------------------------------------------------------===//
// Events
//===----------------------------------------------------------------------===//

/// A lock whose class only a caller may know, or nobody.
static bool isVague(const Keeper &K) {
  return K.K == Keeper::Elsewhere || K.K == Keeper::Indirect ||
         K.K == Keeper::Loaded;
}

/// Nothing can close more than it once per way.
void RegionFlow::endForCaller(const Outcome::Closed &X, State &S) {
  Result.Ends.insert(X);
  if (S.Closed.size() < 4)
    S.Closed.push_back(X);
}

void RegionFlow::release(EventId Id, Keeper By, State &S) {
  auto Innermost = [&](auto Fits) {
    return find_if(reverse(S.Open), [&](const OpenRegion &R) {
      return R.R == Region::Lock && Fits(R);
    });
  };
  auto Match = Innermost([&](const OpenRegion &R) { return keeps(R, By); });
  // One of the two is not known well. That says something if the release is
  // here, or where scopes end: locks are released in the reverse order.
  bool Here = event(Id).Implicit || P.calledModel(F, event(Id));
  if (Match == S.Open.rend() && Here)
    Match = Innermost([&](const OpenRegion &R) {
      return isVague(By) || all_of(R.Kept, isVague);
    });
  if (Match != S.Open.rend())
    S.Open.erase(std::next(Match).base());
  else if (By.K != Keeper::Elsewhere)
    endForCaller({Region::Lock, By}, S);
}

//===----------------------------------------------------------------------===//
// Regions
//===----------------------------------------------------------------------===//

void RegionFlow::open(EventId Id, const Outcome::Opened &O, State &S) {
  bool IsSection = O.R == Region::Section;
  if (IsSection)
    Opens.insert(Id);
  if (isAtomic(O.R) || O.R == Region::Published)
    Locks.insert({Id, {Keeper::Nowhere, 0}});
  for (OpenRegion &R : S.Open)
    if (R.At == Id && R.R == O.R) {
      // Sections kept in objects: each turn of the loop may have its own.
      if (IsSection && none_of(R.Kept, inObject))
        Result.Imbalances.insert({Imbalance::Reopened, Id, Id});
      return;
    }
  if (S.Open.size() >= MaxOpen) {
    Complete = false;
    return;
  }
  const Event &E = event(Id);
  OpenRegion New{O.R, Id, {}};
  for (Keeper K : O.Kept) {
    if (O.R == Region::Lock) {
      Keeper Lock = lockInCaller(Id, K);
      Locks.insert({Id, Lock});
      New.Kept.insert(Lock);
      // A guard object keeps a pointer to the lock.
      if (K.K == Keeper::Pointee && K.A < E.Args.size())
        for (const Event &Store : F.Body->Events)
          if (Store.Kind == EventKind::Store && Store.Args[1] == E.Args[K.A] &&
              expr(Store.Args[0]).Kind == ExprKind::FieldAddr)
            New.Kept.insert(
                {Keeper::Loaded, P.slot(F.Unit, expr(Store.Args[0]).A)});
      continue;
    }
    Keeper Here = inCaller(Id, K, /*Opens=*/true);
    // A result or out-argument that no expression mentions is lost.
    if (Here.K != Keeper::Value || Here.A != 0)
      New.Kept.insert(Here);
    if (IsSection && inObject(Here))
      OpenedIn.insert(Here);
  }
  bool ByReturn = O.Kept.count({Keeper::Return, 0});
  if (IsSection && ByReturn && O.Kept.size() == 1) {
    if (E.Use == ResultUse::Discarded)
      Result.Imbalances.insert({Imbalance::Discarded, Id, Id});
    // The variable's former cookie is gone.
    if (E.Use == ResultUse::Local)
      for (OpenRegion &R : S.Open)
        if (event(R.At).Use == ResultUse::Local && event(R.At).Dest == E.Dest &&
            R.OverwrittenAt == NoId && all_of(R.Kept, [](const Keeper &K) {
              return K.K == Keeper::Value;
            }))
          R.OverwrittenAt = Id;
  }
  S.Open.push_back(std::move(New));
}

/// Is it this region that is closed by \p By?
bool RegionFlow::keeps(const OpenRegion &R, Keeper By) const {
  if (R.R == Region::Lock)
    return R.Kept.count(By);
  if (R.Kept.empty())
    return By.K == Keeper::Nowhere;
  return any_of(R.Kept, [&](const Keeper &K) {
    if (K.K == Keeper::Elsewhere || By.K == Keeper::Elsewhere)
      return true;
    if (K.K == Keeper::Value && By.K == Keeper::Value)
      return isCookie(By.A, K.A);
    return K == By;
  });
}

/// Is \p Id, where no section is open, surely none of somebody else's? What is
/// the cookie of one on other ways (`if (annotate) cookie = begin()`) is what
/// its variable held before then, if anything; true is one whose end does
/// nothing.
bool RegionFlow::isNoCookie(ExprId Id) const {
  const Expr &E = expr(Id);
  switch (E.Kind) {
  case ExprKind::Const:
    return E.Value == 0;
  case ExprKind::Unknown:
  case ExprKind::Opaque:
    return true;
  case ExprKind::Call:
    return Opens.count(E.A);
  case ExprKind::Binary: // conversion to bool
    return E.Oper == Op::Ne && isZero(expr(E.B)) && isNoCookie(E.A);
  case ExprKind::Select:
    return isNoCookie(E.B) && isNoCookie(E.C);
  case ExprKind::Phi:
    return all_of(E.Operands, [&](ExprId O) { return isNoCookie(O); });
  default:
    return false;
  }
}

void RegionFlow::close(EventId Id, Region R, Keeper By, State &S) {
  if (R == Region::Section && inObject(By))
    ClosedIn.insert(By);
  // The thread's fences have one fate, however often they were published.
  if (R == Region::Published)
    erase_if(S.Open,
             [](const OpenRegion &X) { return X.R == Region::Published; });
  auto Innermost = S.Open.rend(), Match = S.Open.rend();
  for (auto I = S.Open.rbegin(), E = S.Open.rend(); I != E; ++I) {
    if (I->R != R)
      continue;
    if (Innermost == E)
      Innermost = I;
    if (keeps(*I, By)) {
      Match = I;
      break;
    }
  }
  if (Match != S.Open.rend()) {
    if (R == Region::Section) {
      if (Match != Innermost)
        Result.Imbalances.insert({Imbalance::Crossed, Match->At, Id});
      if (!is_contained(S.Ended, Match->At)) {
        S.Ended.push_back(Match->At);
        llvm::sort(S.Ended);
      }
    }
    S.Open.erase(std::next(Match).base());
    return;
  }
  if (By.K != Keeper::Value) {
    if (R == Region::Section)
      Result.ClosesForCaller.push_back({Id, By});
    return endForCaller({R, By}, S);
  }
  if (R != Region::Section)
    return;
  for (EventId Past : S.Ended)
    if (ExprId Cookie = resultOf(Past); Cookie && isCookie(By.A, Cookie)) {
      Result.Imbalances.insert({Imbalance::Twice, Past, Id});
      return;
    }
  if (Innermost == S.Open.rend()) {
    // No section at all here.
    if (isNoCookie(By.A))
      Result.Imbalances.insert({Imbalance::Unopened, NoId, Id});
    return;
  }
  // A cookie that was lost track of: it can only be the innermost one's.
  S.Open.erase(std::next(Innermost).base());
}

void RegionFlow::applyOutcome(EventId Id, const Outcome &O, State &S) {
  for (const Outcome::Closed &Closed : O.Closes)
    if (Closed.R == Region::Lock)
      release(Id, lockInCaller(Id, Closed.By), S);
    else
      close(Id, Closed.R, inCaller(Id, Closed.By, /*Opens=*/false), S);
  for (const Outcome::Opened &Opened : O.Opens)
    open(Id, Opened, S);
}

/// May what is passed to \p Id be as \p O has it, as far as that is known here?
bool RegionFlow::agrees(EventId Id, const Outcome &O, const Facts &K) {
  const auto &Args = event(Id).Args;
  return all_of(O.Given, [&](const Outcome::Condition &G) {
    if (G.Param >= Args.size())
      return true;
    if (!G.EqualTo)
      return Eval.truth(F, Args[G.Param], C, &K).value_or(G.Truth) == G.Truth;
    const Value &V = Eval[Eval.value(F, Args[G.Param], C, &K)];
    const bool Known = V.K == Value::Bits && V.Known == ~uint64_t(0);
    return !Known || (V.Word == static_cast<uint64_t>(*G.EqualTo)) == G.Truth;
  });
}

/// Can another call get the same from here as \p Id does for \p Param?
bool RegionFlow::isPassedAgain(EventId Id, uint32_t Param) const {
  const auto &Args = event(Id).Args;
  const bool Made =
      Param < Args.size() && anyPart(
                                 Args[Param],
                                 [&](ExprId E) {
                                   return expr(E).Kind == ExprKind::Call ||
                                          expr(E).Kind == ExprKind::OutArg;
                                 });
  return !Made || any_of(F.Body->Events, [&](const Event &E) {
    return &E != &event(Id) && is_contained(E.Args, Args[Param]);
  });
}

/// Those of \p All that what is passed allows. If two differ by what that is
/// equal to, which is not known, or by what no other call gets, nothing tells
/// which of them it was.
std::set<Outcome> RegionFlow::outcomesHere(EventId Id,
                                           const std::set<Outcome> &All,
                                           const Facts &K) {
  std::set<Outcome> Here;
  for (const Outcome &O : All)
    if (agrees(Id, O, K))
      Here.insert(O);
  if (Here.empty()) // such a call is not made
    return All;
  const bool Unknown = Here.size() > 1 && any_of(Here, [&](const Outcome &O) {
                         return any_of(O.Given, [&](auto &G) {
                           return G.EqualTo || !isPassedAgain(Id, G.Param);
                         });
                       });
  return Unknown ? reliable(std::move(Here)) : Here;
}

/// What is asked here, too, has the same answer.
void RegionFlow::assumeGiven(EventId Id, const Outcome &O, Facts &K) {
  const auto &Args = event(Id).Args;
  for (const Outcome::Condition &G : O.Given)
    if (G.Param < Args.size() && !G.EqualTo)
      assume(Args[G.Param], G.Truth, K);
}

/// What the callee ends on the way, be it to begin it again.
void RegionFlow::endInside(EventId Id, FuncId Callee, const State &S) {
  for (const Outcome::Closed &There : Regions.ends(Callee)) {
    Outcome::Closed Here{There.R, There.R == Region::Lock
                                      ? lockInCaller(Id, There.By)
                                      : inCaller(Id, There.By, false)};
    auto I = find_if(reverse(S.Open), [&](const OpenRegion &R) {
      return R.R == Here.R && keeps(R, Here.By);
    });
    if (I != S.Open.rend()) {
      Result.Inside.insert({Id, I->At, Here, There});
    } else if (Here.By.K != Keeper::Value && Here.By.K != Keeper::Elsewhere) {
      Result.Inside.insert({Id, NoId, Here, There});
      Result.Ends.insert(Here);
    }
  }
}

/// Does the call give away the cookie of \p R, to code that is not understood?
bool RegionFlow::handedOver(const Event &E, const OpenRegion &R) const {
  return any_of(E.Args, [&](ExprId Arg) {
    const Expr &X = expr(Arg);
    ExprId Value = X.Kind == ExprKind::RefTo ? X.A : Arg;
    return any_of(R.Kept, [&](const Keeper &K) {
      return K.K == Keeper::Value && isCookie(Value, K.A);
    });
  });
}

void RegionFlow::call(EventId Id, FuncId Callee, const State &S, const Facts &K,
                      Worlds &Out) {
  endInside(Id, Callee, S);
  const std::set<Outcome> *Outcomes = Regions.outcomes(Callee);
  const Func &G = P.Funcs[Callee];
  if (Outcomes && G.Model && !Eval.applies(*G.Model, F, event(Id), C))
    return merge(Out, S, K);
  if (!Outcomes) {
    State T = S;
    if (!G.Body && !G.Model)
      for (OpenRegion &R : T.Open)
        if (handedOver(event(Id), R))
          R.Kept.insert({Keeper::Elsewhere, 0});
    return merge(Out, T, K);
  }
  const bool Asks =
      any_of(*Outcomes, [](const Outcome &O) { return !O.Given.empty(); });
  const std::set<Outcome> Narrowed =
      Asks ? outcomesHere(Id, *Outcomes, K) : std::set<Outcome>();
  for (const Outcome &O : Asks ? Narrowed : *Outcomes) {
    State T = S;
    Facts L = K;
    applyOutcome(Id, O, T);
    assumeGiven(Id, O, L);
    if (ExprId Result = resultOf(Id); Result && O.Returned)
      assume(Result, *O.Returned, L);
    merge(Out, T, L);
  }
}

/// Does \p Store put the cookie of \p R somewhere?
bool RegionFlow::isKept(const Event &Store, const OpenRegion &R) const {
  return any_of(R.Kept, [&](const Keeper &K) {
    return K.K == Keeper::Value && isCookie(Store.Args[1], K.A);
  });
}

/// Does a store to \p Where lose the cookie of \p R, if it is not that?
static bool isLost(Keeper Where, const std::set<Keeper> &Kept) {
  return Where.K == Keeper::Field && Kept.count(Where);
}

void RegionFlow::store(EventId Id, State &S) {
  const Event &E = event(Id);
  Keeper Where = keeperOfAddress(E.Args[0]);
  for (OpenRegion &R : S.Open) {
    if (isKept(E, R)) {
      R.Kept.insert(Where);
      if (inObject(Where))
        OpenedIn.insert(Where);
    } else if (isLost(Where, R.Kept)) {
      R.Kept.erase(Where);
      R.OverwrittenAt = Id;
    }
  }
}

/// Can what the expression means change without this function's doing?
bool RegionFlow::isMemory(ExprId Id) const {
  switch (expr(Id).Kind) {
  case ExprKind::FieldLoad:
  case ExprKind::GlobalLoad:
  case ExprKind::ElemLoad:
  case ExprKind::Deref:
  case ExprKind::Opaque:
  case ExprKind::Phi:
    return true;
  default:
    return false;
  }
}

/// The parts of memory that the loop which goes back from \p Latch to \p Header
/// asks about.
const DenseSet<ExprId> &RegionFlow::askedInLoop(BlockId Header, BlockId Latch) {
  auto [It, New] = AskedIn.try_emplace({Header, Latch});
  if (!New)
    return It->second;
  const auto &Blocks = F.Body->Blocks;
  const auto Preds = predecessors(Blocks);
  BitVector In(Blocks.size());
  In.set(Header);
  SmallVector<BlockId, 8> Work{Latch};
  while (!Work.empty()) {
    BlockId Id = Work.pop_back_val();
    if (In.test(Id))
      continue;
    In.set(Id);
    append_range(Work, Preds[Id]);
  }
  for (BlockId Id : In.set_bits())
    anyPart(Blocks[Id].Cond, [&, &Asked = It->second](ExprId Part) {
      if (isMemory(Part))
        Asked.insert(Part);
      if (expr(Part).Kind == ExprKind::Call)
        for (ExprId Same : sameQuestion(expr(Part).A))
          Asked.insert(Same);
      return false;
    });
  return It->second;
}

/// Around a loop, memory may have changed: what the loop asks about, it asks
/// anew. What is asked only before and after it is taken to be the same, as
/// those do who write `if (locked) lock(); for (..) ..; if (locked) unlock();`.
void RegionFlow::forgetInLoop(Facts &K, BlockId Header, BlockId Latch) {
  if (K.empty())
    return;
  const DenseSet<ExprId> &Asked = askedInLoop(Header, Latch);
  erase_if(K, [&](const auto &Fact) {
    return anyPart(Fact.first,
                   [&](ExprId Part) { return Asked.contains(Part); });
  });
}

/// `for (once = true; once; once = false)`: a loop that asks for one of two
/// constants is entered with one, and comes round with the other. The truth of
/// \p Header's condition with which it goes on; none: it is no such loop.
std::optional<bool> RegionFlow::goesRoundIf(BlockId Header) const {
  const Block &B = F.Body->Blocks[Header];
  if (!B.Cond || !B.Cases.empty() || B.Succs.size() != 2)
    return std::nullopt;
  ExprId Id = B.Cond;
  while ((expr(Id).Kind == ExprKind::Unary && expr(Id).Oper == Op::Not) ||
         (expr(Id).Kind == ExprKind::Binary && isZero(expr(expr(Id).B)) &&
          (expr(Id).Oper == Op::Ne || expr(Id).Oper == Op::Eq)))
    Id = expr(Id).A;
  const Expr &E = expr(Id);
  auto IsConst = [&](ExprId O) { return expr(O).Kind == ExprKind::Const; };
  if (E.Kind != ExprKind::Phi || E.Operands.size() != 2 ||
      !all_of(E.Operands, IsConst) ||
      isZero(expr(E.Operands[0])) == isZero(expr(E.Operands[1])))
    return std::nullopt;
  auto ComesRound = [&](BlockId From) {
    const BitVector Way = reachedWithout(*F.Body, From, Header);
    return any_of(Way.set_bits(), [&](BlockId Latch) {
      return Latch >= Header &&
             is_contained(F.Body->Blocks[Latch].Succs, Header);
    });
  };
  const bool First = ComesRound(B.Succs[0]), Second = ComesRound(B.Succs[1]);
  return First == Second ? std::nullopt : std::optional(First);
}

void RegionFlow::record(EventId Id, const Worlds &W) {
  for (const auto &[S, K] : W) {
    Scopes In = 0, Left = 0;
    std::set<EventId> Openers;
    for (const OpenRegion &R : S.Open) {
      bool IsScope = R.R != Region::Section && R.R != Region::Lock &&
                     R.R != Region::Published;
      if (IsScope)
        In |= scope(R.R);
      if (!IsScope || isAtomic(R.R))
        Openers.insert(R.At);
    }
    for (const Outcome::Closed &X : S.Closed)
      if (isAtomic(X.R))
        Left |= scope(X.R);
    auto [It, New] = Sleepless.try_emplace(Id, In & AtomicScopes, Left);
    It->second.first &= In;
    It->second.second |= Left;
    At &Here = Live[{Id, forgiving(In)}];
    Here.Openers.insert(Openers.begin(), Openers.end());
    std::set<Outcome::Closed> Ended;
    for (const Outcome::Closed &X : S.Closed) {
      if (!Here.Ended || Here.Ended->count(X))
        Ended.insert(X);
      if (X.R == Region::Section && inObject(X.By))
        Here.EndedIn.insert(X.By);
    }
    Here.Ended = std::move(Ended);
  }
}

/// What was known of a field that this function stores to is void.
void RegionFlow::learnStored(Facts &K, const Event &Store) {
  const Expr &To = expr(Store.Args[0]);
  if (To.Kind != ExprKind::FieldAddr)
    return;
  ExprId Load = 0;
  auto IsLoad = [&](ExprId Id) {
    const Expr &E = expr(Id);
    return E.Kind == ExprKind::FieldLoad && E.A == To.A && E.B == To.B;
  };
  erase_if(K, [&](const auto &Fact) {
    return anyPart(Fact.first, [&](ExprId Id) {
      if (!IsLoad(Id))
        return false;
      Load = Id;
      return true;
    });
  });
  const Expr &Value = expr(Store.Args[1]);
  if (Load && Value.Kind == ExprKind::Const)
    assume(Load, Value.Value != 0, K);
}

/// Does \p Id leave the regions of all worlds as they are? Most events do, and
/// worlds are expensive to move.
bool RegionFlow::isQuiet(EventId Id, const Worlds &W) {
  const Event &E = event(Id);
  auto NoRegion = [&](auto Changes) {
    return all_of(W, [&](const auto &World) {
      return none_of(World.first.Open, Changes);
    });
  };
  if (E.Kind == EventKind::Store) {
    Keeper Where = keeperOfAddress(E.Args[0]);
    return NoRegion([&](const OpenRegion &R) {
      return isKept(E, R) || isLost(Where, R.Kept);
    });
  }
  if (E.Kind != EventKind::Call)
    return E.Kind != EventKind::Return;
  FuncId Callee = P.callee(F, E);
  if (Callee != NoId) {
    if (Regions.outcomes(Callee) || !Regions.ends(Callee).empty())
      return false;
    if (P.Funcs[Callee].Body || P.Funcs[Callee].Model)
      return true;
  }
  return NoRegion([&](const OpenRegion &R) { return handedOver(E, R); });
}

void RegionFlow::step(EventId Id, Worlds &W, bool Record) {
  const Event &E = event(Id);
  if (Record)
    record(Id, W);
  if (isQuiet(Id, W)) {
    for (auto &[S, K] : W)
      if (E.Kind == EventKind::Call) {
        forget(K, Id);
        recall(K, Id);
      } else if (E.Kind == EventKind::Store && !K.empty()) {
        learnStored(K, E);
      }
    return;
  }
  Worlds Out;
  for (const auto &[S, K] : W) {
    if (E.Kind == EventKind::Call) {
      Facts L = K;
      forget(L, Id);
      recall(L, Id);
      if (FuncId Callee = P.callee(F, E); Callee != NoId) {
        call(Id, Callee, S, L, Out);
        continue;
      }
      State T = S;
      for (OpenRegion &R : T.Open)
        if (handedOver(E, R))
          R.Kept.insert({Keeper::Elsewhere, 0});
      merge(Out, T, L);
      continue;
    }
    State T = S;
    Facts L = K;
    if (E.Kind == EventKind::Store) {
      store(Id, T);
      learnStored(L, E);
    } else if (E.Kind == EventKind::Return && !E.Args.empty()) {
      for (OpenRegion &R : T.Open)
        if (any_of(R.Kept, [&](const Keeper &X) {
              return X.K == Keeper::Value && isCookie(E.Args[0], X.A);
            }))
          R.Kept.insert({Keeper::Return, 0});
      T.Returned = Eval.truth(F, E.Args[0], C, &L);
    }
    merge(Out, T, L);
  }
  W = std::move(Out);
}
//===----------------------------------------------------------------------===//
// The fixpoint
//===----------------------------------------------------------------------===//

Flow RegionFlow::run() {
  const auto &Blocks = F.Body->Blocks;
  std::vector<Worlds> In(Blocks.size());
  std::set<BlockId> Work{0};
  In[0][State()] = Facts();
  auto Transfer = [&](BlockId Id, bool Record, auto Each) {
    const Block &B = Blocks[Id];
    Worlds W = In[Id];
    for (EventId I = 0; I != B.NumEvents; ++I)
      step(B.FirstEvent + I, W, Record);
    Each(B, W);
  };
  auto Forward = [&](BlockId From, const Block &B, const Worlds &W) {
    for (const auto &[S, K] : W) {
      SmallVector<unsigned, 4> Next;
      Eval.successors(F, B, C, &K, Next);
      for (unsigned I : Next) {
        BlockId To = B.Succs[I];
        Facts L = K;
        if (B.Cond && B.Cases.empty() && B.Succs.size() == 2)
          assume(B.Cond, I == 0, L);
        if (B.Cond && !B.Cases.empty() && !assumeCase(B, I, L))
          continue;
        if (To <= From)
          forgetInLoop(L, To, From);
        if (auto Round = goesRoundIf(To))
          assume(Blocks[To].Cond, *Round == (From < To), L);
        Worlds &Target = In[To];
        auto Old = Target.find(S);
        Facts Before = Old == Target.end() ? Facts() : Old->second;
        bool New = Old == Target.end();
        if (New && Target.size() >= MaxWorlds) {
          Complete = false;
          continue;
        }
        merge(Target, S, L);
        if (New || Target[S] != Before)
          Work.insert(To);
      }
    }
  };
  while (!Work.empty()) {
    BlockId Id = *Work.begin();
    Work.erase(Work.begin());
    Transfer(Id, false,
             [&](const Block &B, const Worlds &W) { Forward(Id, B, W); });
  }

  // The fixpoint is known: what was noted on the way to it may not hold.
  Result = Flow();
  for (BlockId Id = 0; Id != Blocks.size(); ++Id) {
    if (In[Id].empty())
      continue;
    Transfer(Id, true, [&](const Block &B, const Worlds &W) {
      if (B.Succs.empty())
        for (const auto &[S, K] : W)
          atExit(B, S, K);
    });
  }
  settleEnded();
  Result.Events.reserve(Live.size());
  for (auto &[Key, Here] : Live) {
    auto [Always, Left] = Sleepless[Key.first];
    Result.Events.push_back(
        {Key.first, Scopes(Key.second | Always), Left, Confidence::Certain,
         nullptr,
         SmallVector<EventId, 1>(Here.Openers.begin(), Here.Openers.end()),
         std::move(*Here.Ended)});
  }
  Result.Opens.assign(Opens.begin(), Opens.end());
  Result.Locks.assign(Locks.begin(), Locks.end());
  // One word per section: that it leaks follows from what is wrong before, and
  // that it is ended where it never began from the same two conditions.
  auto &All = Result.Imbalances;
  auto Leaks = [&](EventId End) {
    return any_of(All, [&](const Imbalance &I) {
      const ExprId Cookie =
          I.K == Imbalance::Leaked ? resultOf(I.Begin) : ExprId(0);
      return Cookie && any_of(event(End).Args, [&](ExprId Arg) {
               return isCookie(Arg, Cookie);
             });
    });
  };
  for (auto I = All.begin(); I != All.end();) {
    bool Follows = (I->K == Imbalance::Leaked &&
                    (All.count({Imbalance::Discarded, I->Begin, I->Begin}) ||
                     All.count({Imbalance::Reopened, I->Begin, I->Begin}))) ||
                   (I->K == Imbalance::Unopened && Leaks(I->At));
    I = Follows ? All.erase(I) : std::next(I);
  }
  settleObjects();
  Result.Complete = Complete;
  if (!Complete)
    Result.Imbalances.clear();
  llvm::sort(Result.ClosesForCaller);
  Result.ClosesForCaller.erase(
      std::unique(Result.ClosesForCaller.begin(), Result.ClosesForCaller.end()),
      Result.ClosesForCaller.end());
  return std::move(Result);
}

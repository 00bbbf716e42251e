//===- RegionFlow.h - the worlds of one function ----------------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The state at a point is a set of *worlds*: which regions are open, where
// their cookies are kept, and which conditions were taken. Worlds that agree on
// the regions are merged, keeping the conditions they share; worlds that differ
// stay apart, so `if (x) c = begin(); ... if (x) end(c);` is understood without
// following every path (property simulation, as in ESP).
//
// Terminates: a region is opened at most once per opening event, so there are
// finitely many region states; per state, facts only shrink. A function with
// more than MaxWorlds states at one point gives up on balance, not on what is
// open.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_PROGRAM_REGIONFLOW_H
#define FENCEDEP_LIB_PROGRAM_REGIONFLOW_H

#include "fencedep/Program/Flow.h"
#include <deque>
#include <map>

namespace fencedep {

/// Kept where several sections can be at once, one per object.
inline bool inObject(const Keeper &K) {
  return K.K == Keeper::Field || K.K == Keeper::Global ||
         K.K == Keeper::Elsewhere;
}

class RegionFlow {
public:
  RegionFlow(const Program &P, const RegionTable &Regions, Evaluator &Eval,
             const Func &F, ContextId C)
      : P(P), Regions(Regions), Eval(Eval), F(F), C(C) {}

  Flow run();

private:
  struct OpenRegion {
    Region R;
    EventId At;
    std::set<Keeper> Kept;
    EventId OverwrittenAt = NoId;
    bool operator<(const OpenRegion &O) const {
      return std::tie(R, At, Kept, OverwrittenAt) <
             std::tie(O.R, O.At, O.Kept, O.OverwrittenAt);
    }
  };
  struct State {
    std::vector<OpenRegion> Open; ///< outermost first
    std::vector<Outcome::Closed> Closed;
    std::vector<EventId> Ended; ///< sections, by opening event
    std::optional<bool> Returned;
    bool operator<(const State &O) const {
      return std::tie(Open, Closed, Ended, Returned) <
             std::tie(O.Open, O.Closed, O.Ended, O.Returned);
    }
  };
  using Worlds = std::map<State, Facts>;

  void step(EventId Id, Worlds &W, bool Record);
  bool isQuiet(EventId Id, const Worlds &W);
  void call(EventId Id, FuncId Callee, const State &S, const Facts &K,
            Worlds &Out);
  void applyOutcome(EventId Id, const Outcome &O, State &S);
  bool agrees(EventId Id, const Outcome &O, const Facts &K);
  std::set<Outcome> outcomesHere(EventId Id, const std::set<Outcome> &All,
                                 const Facts &K);
  bool isPassedAgain(EventId Id, uint32_t Param) const;
  static std::set<Outcome> reliable(std::set<Outcome> Outcomes);
  void assumeGiven(EventId Id, const Outcome &O, Facts &K);
  void endInside(EventId Id, FuncId Callee, const State &S);
  bool keeps(const OpenRegion &R, Keeper By) const;
  bool isNoCookie(ExprId Id) const;
  void close(EventId Id, Region R, Keeper By, State &S);
  void release(EventId Id, Keeper By, State &S);
  void endForCaller(const Outcome::Closed &X, State &S);
  void open(EventId Id, const Outcome::Opened &O, State &S);
  void store(EventId Id, State &S);
  void atExit(const Block &B, const State &S, const Facts &K);
  std::set<Outcome::Condition> onParams(const Facts &K) const;
  void settleEnded();
  void settleObjects();
  void record(EventId Id, const Worlds &W);
  void merge(Worlds &Into, const State &S, const Facts &K);
  void assume(ExprId Cond, bool Truth, Facts &K);
  bool assumeCase(const Block &B, unsigned Succ, Facts &K);
  ExprId comparison(ExprId Id, int64_t With);
  void forget(Facts &K, EventId Call);
  bool mentionsCall(ExprId E, EventId Call) const;
  llvm::ArrayRef<ExprId> sameQuestion(EventId Call);
  void recall(Facts &K, EventId Call);
  void learnStored(Facts &K, const Event &Store);
  bool isMemory(ExprId E) const;
  template <typename Fn> bool anyPart(ExprId Id, const Fn &Is) const {
    return fencedep::anyPart(
        Id, [&](ExprId E) -> const Expr & { return expr(E); }, Is);
  }
  const llvm::DenseSet<ExprId> &askedInLoop(BlockId Header, BlockId Latch);
  void forgetInLoop(Facts &K, BlockId Header, BlockId Latch);
  std::optional<bool> goesRoundIf(BlockId Header) const;
  bool isCookie(ExprId E, ExprId Cookie) const;
  Keeper keeperInField(const Expr &E) const;
  Keeper keeperOfAddress(ExprId Address) const;
  Keeper keeperOfValue(ExprId Value) const;
  Keeper inCaller(EventId Id, Keeper K, bool Opens);
  Keeper lockClass(Keeper K) const;
  Keeper lockAt(ExprId Address) const;
  Keeper lockInCaller(EventId Id, Keeper K) const;
  ExprId passedThrough(EventId Call) const;
  ExprId resultOf(EventId Id);
  ExprId outArgOf(EventId Id, uint32_t Arg) const;
  bool handedOver(const Event &E, const OpenRegion &R) const;
  bool isKept(const Event &Store, const OpenRegion &R) const;

  /// One of the function's, or of Compared.
  const Expr &expr(ExprId E) const {
    const auto &Own = F.Body->Exprs;
    return E < Own.size() ? Own[E] : Compared[E - Own.size()];
  }
  const Event &event(EventId E) const { return F.Body->Events[E]; }

  const Program &P;
  const RegionTable &Regions;
  Evaluator &Eval;
  const Func &F;
  ContextId C;
  Flow Result;
  struct At {
    std::set<EventId> Openers;
    std::optional<std::set<Outcome::Closed>> Ended; ///< on every way
    std::set<Keeper> EndedIn; ///< sections in objects: on some way
  };
  std::map<std::pair<EventId, Scopes>, At> Live;
  /// By event: which of AtomicScopes are open in all worlds, and which of the
  /// caller's some world has closed. A condition that is not understood must
  /// not make a lock look held for longer than it is.
  std::map<EventId, std::pair<Scopes, Scopes>> Sleepless;
  std::set<EventId> Opens;
  std::set<std::pair<EventId, Keeper>> Locks;
  std::vector<ExprId> Results; ///< by event: the expression of a call's result
  std::vector<ExprId> Made;    ///< by event: the first expression that it makes
  /// By event: which of Questions it asks; and the results of each.
  llvm::DenseMap<EventId, unsigned> AskedBy;
  std::vector<llvm::SmallVector<ExprId, 2>> Questions;
  bool FoundQuestions = false;
  std::map<std::pair<BlockId, BlockId>, llvm::DenseSet<ExprId>>
      AskedIn;                         ///< by header and latch
  std::set<Keeper> OpenedIn, ClosedIn; ///< objects that kept a cookie
  /// `mode == BLOCK`, for the cases of a switch on mode, and the constants; by
  /// what is compared with what.
  std::deque<Expr> Compared;
  std::map<std::pair<ExprId, int64_t>, ExprId> Comparisons;
  bool Complete = true;
};

} // namespace fencedep

#endif // FENCEDEP_LIB_PROGRAM_REGIONFLOW_H

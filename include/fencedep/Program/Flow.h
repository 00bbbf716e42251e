//===- Flow.h - what is open where in a function --------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which events of a function are live under a context, and which regions
// (sections, memalloc and pagefault scopes) are open at each of them. A
// function that opens or closes a region for its caller has *outcomes*: what it
// leaves open or has closed, told apart by its return value. The caller's flow
// forks over them.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_PROGRAM_FLOW_H
#define FENCEDEP_PROGRAM_FLOW_H

#include "fencedep/Program/Confidence.h"
#include "fencedep/Program/Value.h"
#include <set>

namespace fencedep {

/// Set of Regions that change what an effect means, section excluded.
using Scopes = uint8_t;
inline Scopes scope(Region R) { return 1u << static_cast<unsigned>(R); }
/// Scopes in which nothing may sleep.
constexpr Scopes AtomicScopes = 1u << static_cast<unsigned>(Region::Atomic) |
                                1u << static_cast<unsigned>(Region::IrqsOff);
/// Scopes that only ever make an effect harmless.
inline Scopes forgiving(Scopes In) { return In & ~AtomicScopes; }

/// Where a cookie is kept, or which lock it is, in the terms of one function.
struct Keeper {
  enum Kind : uint8_t {
    Nowhere,   ///< the region has no cookie (pagefault_disable)
    Value,     ///< A = ExprId: a local value
    Field,     ///< A = SlotId: a struct member (whose object does not matter)
    Global,    ///< A = VarId
    Pointee,   ///< A = parameter: what it points to
    Param,     ///< A = parameter: its value (only of cookies to close)
    Return,    ///< the function's return value
    Named,     ///< a lock of the model's class A (Model::LockClasses)
    Indirect,  ///< A = parameter: what the pointer that it points to points to
    Loaded,    ///< A = SlotId: what the pointer in a struct member points to
    Elsewhere, ///< handed to code that is not understood
  } K = Nowhere;
  uint32_t A = 0;
  /// Field: the field around it whose structure has no name of its own, so that
  /// `perfmon.lock` and `queue.lock` of one record are two locks; else NoId.
  uint32_t Around = NoId;
  bool operator<(const Keeper &O) const {
    return std::tie(K, A, Around) < std::tie(O.K, O.A, O.Around);
  }
  bool operator==(const Keeper &O) const {
    return K == O.K && A == O.A && Around == O.Around;
  }
};

/// The class of a lock that is kept in \p K: the one that the model gives the
/// field, if any.
Keeper lockClassOf(const Program &P, Keeper K);

/// What a function has done to its caller's regions on some way to its end.
struct Outcome {
  struct Opened {
    Region R;
    std::set<Keeper> Kept; ///< Return, Pointee, Field, Global, Elsewhere;
                           ///< a lock also Named, Indirect, Loaded
    bool operator<(const Opened &O) const {
      return std::tie(R, Kept) < std::tie(O.R, O.Kept);
    }
  };
  struct Closed {
    Region R;
    Keeper By; ///< Param, Pointee, Field, Global, Nowhere; a lock as above
    bool operator<(const Closed &O) const {
      return std::tie(R, By) < std::tie(O.R, O.By);
    }
    bool operator==(const Closed &O) const { return R == O.R && By == O.By; }
  };
  /// What a parameter was found to be: true or not, or equal to a constant or
  /// not.
  struct Condition {
    uint32_t Param;
    std::optional<int64_t> EqualTo;
    bool Truth;
    bool operator<(const Condition &O) const {
      return std::tie(Param, EqualTo, Truth) <
             std::tie(O.Param, O.EqualTo, O.Truth);
    }
  };
  std::optional<bool> Returned; ///< truth of the returned value, if known
  std::vector<Closed> Closes;   ///< in order; before Opens
  std::vector<Opened> Opens;
  std::set<Condition> Given; ///< hold on all ways to this outcome
  bool neutral() const { return Closes.empty() && Opens.empty(); }
  bool operator==(const Outcome &O) const {
    return !(*this < O) && !(O < *this);
  }
  bool operator<(const Outcome &O) const {
    return std::tie(Returned, Closes, Opens, Given) <
           std::tie(O.Returned, O.Closes, O.Opens, O.Given);
  }
};

/// A section that is used against the rules (fence-section-balance).
struct Imbalance {
  enum Kind : uint8_t {
    Leaked,      ///< a way to the end does not end the section
    Overwritten, ///< and its cookie's variable was assigned to before that
    Discarded,   ///< begin's result is not kept
    Unopened,    ///< end without begin
    Twice,       ///< end of a section that has ended
    Crossed,     ///< end of an outer section before the inner one's
    Reopened,    ///< begun again, in a loop, while still open
    OtherThread, ///< ended by a thread that did not begin it
  } K;
  EventId Begin = NoId; ///< NoId: none
  EventId At = NoId;    ///< NoId: at the function's closing brace
  bool operator<(const Imbalance &O) const {
    return std::tie(K, Begin, At) < std::tie(O.K, O.Begin, O.At);
  }
};

/// A region that a function ends inside of a call, in the terms of the caller
/// and of the callee.
struct EndsInside {
  EventId Call;
  EventId Opener; ///< NoId: Here is the caller's own caller's
  Outcome::Closed Here, There;
  bool operator<(const EndsInside &O) const {
    return std::tie(Call, Opener, Here, There) <
           std::tie(O.Call, O.Opener, O.Here, O.There);
  }
};

struct LiveEvent {
  EventId Id;
  Scopes In = 0; ///< open in the function itself, not in its callers
  /// Of AtomicScopes, those of its callers that it has closed: what is done
  /// with the caller's spinlock released for a while.
  Scopes Left = 0;
  /// Possible behind a branch that is taken only when an assertion has failed
  /// or an object is used for the first time, likely behind one that is taken
  /// only when the last reference is gone.
  Confidence Conf = Confidence::Certain;
  const char *Unless = nullptr; ///< what Conf is for: "only when first used"
  /// The events that opened the sections and locks that are open here.
  llvm::SmallVector<EventId, 1> Openers;
  /// Regions of the caller's that have ended on every way here.
  std::set<Outcome::Closed> Ended;
};

struct Flow {
  /// False if there were more ways than are followed: what is open where may be
  /// more than Events say, and there are no Imbalances.
  bool Complete = true;
  std::vector<LiveEvent> Events; ///< by Id; one entry per distinct In
  std::set<Imbalance> Imbalances;
  std::set<Outcome> Outcomes;
  std::vector<EventId> Opens; ///< events that open a section
  /// Events that acquire a lock, or open one of AtomicScopes, or publish a
  /// fence (both Keeper::Nowhere).
  std::vector<std::pair<EventId, Keeper>> Locks;
  /// The events that close a section which the caller opened.
  std::vector<std::pair<EventId, Keeper>> ClosesForCaller;
  /// Regions of the caller's that end on some way, if only for a while.
  std::set<Outcome::Closed> Ends;
  std::set<EndsInside> Inside;
};

/// Which regions a table is about, besides sections and the scopes that
/// forgive something: most functions have none of those, but locks.
struct Tracked {
  bool Locks = false, Atomic = false;
  /// Only functions in this set, and helpers that only open or only close: all
  /// that the functions in the set need. Null: all.
  const llvm::BitVector *Within = nullptr;
  bool Published = false;
};

/// The outcomes of every function that has any. Found once per program.
class RegionTable {
public:
  RegionTable() = default;
  /// \p Jobs threads; the result does not depend on it.
  RegionTable(const Program &P, Tracked T, unsigned Jobs);

  /// Functions in whose bodies some region opens or closes, sorted.
  llvm::ArrayRef<FuncId> withRegions() const { return WithRegions; }
  bool hasRegions(FuncId F) const { return HasRegions[F]; }
  /// Functions whose flows are not Complete, sorted.
  llvm::ArrayRef<FuncId> incomplete() const { return Incomplete; }
  /// What calling \p F does to regions; null: nothing.
  const std::set<Outcome> *outcomes(FuncId F) const;
  /// Where \p F acquires locks or enters atomic context: as Flow::Locks.
  llvm::ArrayRef<std::pair<EventId, Keeper>> locks(FuncId F) const;
  /// Flow::Ends of \p F, which has a body.
  const std::set<Outcome::Closed> &ends(FuncId F) const;

private:
  bool oneSided(const Program &P, const Func &F) const;
  bool learn(FuncId F, Flow Found, std::set<FuncId> &TooComplex);

  std::vector<bool> HasRegions;
  std::vector<FuncId> WithRegions, Incomplete;
  llvm::DenseMap<FuncId, std::set<Outcome>> Outcomes;
  llvm::DenseMap<FuncId, std::vector<std::pair<EventId, Keeper>>> Locks;
  llvm::DenseMap<FuncId, std::set<Outcome::Closed>> Ends;
};

/// Computes flows, one function under one context at a time.
class FlowAnalysis {
public:
  FlowAnalysis(const Program &P, const RegionTable &Regions, Evaluator &Eval)
      : P(P), Regions(Regions), Eval(Eval) {}

  /// The flow through \p F (which has a body) under \p C.
  Flow run(const Func &F, ContextId C);

private:
  /// How common it is to come by, and if that is not always, when.
  struct Commonness {
    Confidence Conf = Confidence::Certain;
    const char *Unless = nullptr;
  };
  /// By block: how common it is to reach it under \p C; none: it is not.
  std::vector<std::optional<Commonness>> blocks(const Func &F, ContextId C);
  Commonness branch(const Func &F, const Block &B, unsigned Succ,
                    ContextId C) const;

  const Program &P;
  const RegionTable &Regions;
  Evaluator &Eval;
};

} // namespace fencedep

#endif // FENCEDEP_PROGRAM_FLOW_H

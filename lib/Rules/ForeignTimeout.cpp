//===- ForeignTimeout.cpp - fence-foreign-timeout -------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How long a fence may take is the business of the driver that signals it: the
// waiting driver does not know. So a fixed timeout should not meet a fence that
// another driver made. Both are questions about the expressions at one call:
//
//     is the fence foreign?    what the model's `gives-foreign` calls return or
//                              fill in, what its `foreign` fields point to, and
//                              what is loaded through either
//     is the timeout fixed?    arithmetic and conversions of constants, through
//                              the calls that compute it
//
// Expressions of a function are acyclic but for loops, which MaxSteps ends;
// calls nest MaxDepth deep.
//
//===----------------------------------------------------------------------===//

#include "Rule.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

static constexpr unsigned MaxDepth = 5, MaxSteps = 200;

namespace {

/// A call that is looked into, so that its parameters have values.
struct Frame {
  const Func &F;
  const Event *Call = nullptr; ///< in Up's function
  const Frame *Up = nullptr;
  unsigned Depth = 0;

  const Expr &expr(ExprId E) const { return F.Body->Exprs[E]; }
  const Event &event(EventId E) const { return F.Body->Events[E]; }
};

enum class Time {
  Varies,
  Zero,
  Fixed,
  Forever, ///< so long that it is no timeout
};

class WaitReader {
public:
  explicit WaitReader(const Program &P) : P(P) {}

  /// What the wait's timeout is on some way.
  Time time(const Frame &In, ExprId Id) {
    Steps = 0;
    return timeOf(In, Id);
  }

  /// Where a fence, or what holds it, came from another driver; nothing if it
  /// did not. The name of the call or of the field.
  std::optional<std::string> foreign(const Frame &In, ExprId Id) {
    Steps = 0;
    return foreignOf(In, Id);
  }

private:
  /// No machine runs for the 2^31 jiffies that a 32-bit kernel calls forever.
  static Time classify(int64_t Value) {
    if (Value == 0)
      return Time::Zero;
    return Value > 0 && Value < INT32_MAX ? Time::Fixed : Time::Forever;
  }

  /// One of several values: a fixed one is enough.
  static Time either(Time A, Time B) {
    if (A == Time::Fixed || B == Time::Fixed)
      return Time::Fixed;
    if (A == Time::Varies || B == Time::Varies)
      return Time::Varies;
    return std::max(A, B);
  }

  static Time arithmetic(Time A, Time B) {
    if (A == Time::Varies || B == Time::Varies)
      return Time::Varies;
    return std::max(A, B);
  }

  FuncId callee(const Frame &In, const Event &E) const {
    return E.Virtual ? NoId : P.callee(In.F, E);
  }

  Time timeOf(const Frame &In, ExprId Id) {
    const Expr &E = In.expr(Id);
    if (++Steps > MaxSteps)
      return Time::Varies;
    switch (E.Kind) {
    case ExprKind::Const:
      return classify(E.Value);
    case ExprKind::Param:
      if (In.Up && E.A < In.Call->Args.size())
        return timeOf(*In.Up, In.Call->Args[E.A]);
      return Time::Varies;
    case ExprKind::Binary:
      switch (E.Oper) {
      case Op::Add:
      case Op::Sub:
      case Op::Mul:
      case Op::Div:
        return arithmetic(timeOf(In, E.A), timeOf(In, E.B));
      default:
        return Time::Varies;
      }
    case ExprKind::Select:
      return either(timeOf(In, E.B), timeOf(In, E.C));
    case ExprKind::Phi: {
      Time All = timeOf(In, E.Operands[0]);
      for (ExprId O : drop_begin(E.Operands))
        All = either(All, timeOf(In, O));
      return All;
    }
    case ExprKind::Call:
      return timeOfCall(In, In.event(E.A));
    default:
      return Time::Varies;
    }
  }

  Time timeOfCall(const Frame &In, const Event &Call) {
    FuncId Id = callee(In, Call);
    if (Id == NoId)
      return Time::Varies;
    const Func &G = P.Funcs[Id];
    if (G.Model && G.Model->Converts)
      return *G.Model->Converts < Call.Args.size()
                 ? timeOf(In, Call.Args[*G.Model->Converts])
                 : Time::Varies;
    if (!G.Body || G.Model || In.Depth == MaxDepth)
      return Time::Varies;
    Frame Inner{G, &Call, &In, In.Depth + 1};
    std::optional<Time> All;
    for (const Event &E : G.Body->Events)
      if (E.Kind == EventKind::Return && !E.Args.empty()) {
        Time T = timeOf(Inner, E.Args[0]);
        All = All ? either(*All, T) : T;
      }
    return All.value_or(Time::Varies);
  }

  std::optional<std::string> foreignField(const Frame &In, FieldId Id) const {
    const auto &[Record, Name] = P.Slots[P.slot(In.F.Unit, Id)];
    if (!P.M.field(Record, Name, FieldModel::Foreign))
      return std::nullopt;
    return (Record + "::" + Name).str();
  }

  std::optional<std::string> foreignOf(const Frame &In, ExprId Id) {
    const Expr &E = In.expr(Id);
    if (++Steps > MaxSteps)
      return std::nullopt;
    switch (E.Kind) {
    case ExprKind::Call:
      return foreignCall(In, In.event(E.A), {Place::Return, 0});
    case ExprKind::OutArg:
      return foreignCall(In, In.event(E.A), {Place::Pointee, E.B});
    case ExprKind::FieldLoad:
      if (auto Found = foreignField(In, E.A))
        return Found;
      return foreignOf(In, E.B);
    case ExprKind::FieldAddr:
      return foreignOf(In, E.B);
    case ExprKind::Param:
      if (In.Up && E.A < In.Call->Args.size())
        return foreignOf(*In.Up, In.Call->Args[E.A]);
      return std::nullopt;
    case ExprKind::Select:
      if (auto Found = foreignOf(In, E.B))
        return Found;
      return foreignOf(In, E.C);
    case ExprKind::Phi:
      for (ExprId O : E.Operands)
        if (auto Found = foreignOf(In, O))
          return Found;
      return std::nullopt;
    default:
      return std::nullopt;
    }
  }

  std::optional<std::string> foreignCall(const Frame &In, const Event &Call,
                                         Place Where) {
    FuncId Id = callee(In, Call);
    if (Id == NoId)
      return std::nullopt;
    const Func &G = P.Funcs[Id];
    if (G.Model && G.Model->Foreign.K != Place::None)
      return G.Model->Foreign.K == Where.K &&
                     (Where.K == Place::Return ||
                      G.Model->Foreign.Index == Where.Index)
                 ? std::optional(apiName(P.M, G.Name))
                 : std::nullopt;
    // A helper that hands its argument back, such as one that takes a
    // reference.
    if (!G.Body || In.Depth == MaxDepth || Where.K != Place::Return)
      return std::nullopt;
    Frame Inner{G, &Call, &In, In.Depth + 1};
    for (const Event &E : G.Body->Events)
      if (E.Kind == EventKind::Return && !E.Args.empty() &&
          Inner.expr(E.Args[0]).Kind == ExprKind::Param)
        if (auto Found = foreignOf(Inner, E.Args[0]))
          return Found;
    return std::nullopt;
  }

  const Program &P;
  unsigned Steps = 0;
};

class TimeoutChecker {
public:
  explicit TimeoutChecker(CheckContext &C)
      : C(C), P(C.L.P), Eval(P), Flows(P, C.L.Regions, Eval), Reader(P) {}

  void run() {
    for (const Func &F : P.Funcs) {
      if (!F.Body || !selected(P.str(F, F.Body->Where.File), C.Opts))
        continue;
      std::set<EventId> Bad;
      for (EventId Id = 0; Id != F.Body->Events.size(); ++Id)
        if (isBad(F, Id))
          Bad.insert(Id);
      if (Bad.empty())
        continue;
      for (const LiveEvent &L : Flows.run(F, EmptyContext).Events)
        if (Bad.erase(L.Id))
          report(F, L);
    }
  }

private:
  const FunctionModel *waitAt(const Func &F, const Event &E) const {
    const FunctionModel *M = P.calledModel(F, E);
    return M && M->TimedOut &&
                   std::max(M->TimedOut->Fence, M->TimedOut->Timeout) <
                       E.Args.size()
               ? M
               : nullptr;
  }

  bool isBad(const Func &F, EventId Id) {
    const Event &E = F.Body->Events[Id];
    const FunctionModel *M = waitAt(F, E);
    Frame In{F};
    return M && Reader.time(In, E.Args[M->TimedOut->Timeout]) == Time::Fixed &&
           Reader.foreign(In, E.Args[M->TimedOut->Fence]);
  }

  void report(const Func &F, const LiveEvent &L) {
    const Event &E = F.Body->Events[L.Id];
    const FunctionModel *M = waitAt(F, E);
    Frame In{F};
    std::string From = *Reader.foreign(In, E.Args[M->TimedOut->Fence]);
    std::string Callee = apiName(P.M, P.Funcs[P.callee(F, E)].Name);
    Finding X;
    X.Rule = "fence-foreign-timeout";
    X.Severity = "note";
    X.Conf = L.Conf;
    X.Message = "'" + Callee + "' waits with a fixed timeout for a fence of " +
                "another driver, which came from '" + From + "'";
    X.SinkFunction = Callee;
    X.Sink = C.D.position(F, E.Where);
    X.Root.Function = F.Name.str();
    X.Root.Where = X.Sink;
    X.Path.push_back(
        {F.Name.str(), Callee, X.Sink, "direct", "", Confidence::Certain});
    X.Reasons.push_back({"how long a fence may take is known to the driver "
                         "that signals it, and it has a timeout of its own",
                         {}});
    X.Fingerprint = fingerprint(
        ArrayRef<std::string>{X.Rule, X.Root.Function, Callee, From});
    C.Findings.push_back(std::move(X));
  }

  CheckContext &C;
  const Program &P;
  Evaluator Eval;
  FlowAnalysis Flows;
  WaitReader Reader;
};

} // namespace

void fencedep::checkForeignTimeout(CheckContext &C) { TimeoutChecker(C).run(); }

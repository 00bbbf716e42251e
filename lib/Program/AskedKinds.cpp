//===- AskedKinds.cpp - for which kinds of table a call is made -----------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A table that points to functions through another one may say what it is:
//
//     const struct version gfx_9 = {.type = GFX, .funcs = &gfx_9_funcs};
//
//     for (i = 0; i < dev->num_blocks; i++)
//       if (dev->blocks[i].version->type == GFX)
//         dev->blocks[i].version->funcs->reset(dev);
//
// Each such table is that of some object, for which the call is made: so its
// functions are not so many guesses. That holds if all that is asked of the
// object is understood. The functions of tables for which the call is not made
// are possible still: elements of an array are not told apart, and another one
// may have been asked.
//
// One walk over the blocks for each combination of enumerators that some table
// has, with the conditions on them decided; each block is visited once.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Graph.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallSet.h"
#include <map>

using namespace llvm;
using namespace fencedep;

namespace {

/// What a function asks of one object.
class Questions {
public:
  Questions(const Program &P, Evaluator &Eval, const Func &F, ContextId C,
            ExprId Object)
      : P(P), Eval(Eval), F(F), C(C), Object(Object) {}

  /// Is everything understood that is asked of it, for tables of that kind?
  bool understands(const TableKindOf &Kind) {
    return all_of(F.Body->Blocks,
                  [&](const Block &B) { return isUnderstood(B.Cond, Kind); });
  }

  /// Is \p Call reached if it is of that kind?
  bool reaches(EventId Call, const TableKindOf &Kind) {
    const std::optional<BlockId> End = F.Body->blockOf(Call);
    BitVector Seen(F.Body->Blocks.size());
    SmallVector<BlockId, 16> Work{0};
    while (!Work.empty()) {
      const BlockId At = Work.pop_back_val();
      if (At == End)
        return true;
      if (Seen.test(At))
        continue;
      Seen.set(At);
      const Block &B = F.Body->Blocks[At];
      const auto N = asks(B.Cond) ? number(B.Cond, Kind) : std::nullopt;
      if (N && !B.Succs.empty())
        Work.push_back(B.Succs[successor(B, *N)]);
      else
        append_range(Work, B.Succs);
    }
    return false;
  }

private:
  /// The field of the object that \p E is the value of.
  std::optional<SlotId> fieldOf(const Expr &E) const {
    if (E.Kind != ExprKind::FieldLoad || E.B != Object)
      return std::nullopt;
    return P.slot(F.Unit, E.A);
  }

  /// Does the value of \p Id depend on a field of the object? What is behind a
  /// pointer there is another object.
  bool asks(ExprId Id) const {
    SmallVector<ExprId, 8> Work{Id};
    SmallSet<ExprId, 8> Seen;
    while (!Work.empty()) {
      const ExprId At = Work.pop_back_val();
      if (!Seen.insert(At).second)
        continue;
      const Expr &E = F.Body->Exprs[At];
      if (fieldOf(E))
        return true;
      if (E.Kind == ExprKind::Call)
        append_range(Work, F.Body->Events[E.A].Args);
      else if (E.Kind != ExprKind::FieldLoad && E.Kind != ExprKind::Deref)
        operands(E, [&](ExprId O) { Work.push_back(O); });
    }
    return false;
  }

  /// What is asked besides may be anything.
  bool isUnderstood(ExprId Id, const TableKindOf &Kind) {
    const Expr &E = F.Body->Exprs[Id];
    if (!asks(Id))
      return true;
    if (E.Kind == ExprKind::Unary && E.Oper == Op::Not)
      return isUnderstood(E.A, Kind);
    if (isEither(E))
      return isUnderstood(E.A, Kind) && isUnderstood(E.B, Kind);
    return number(Id, Kind).has_value();
  }

  static bool isEither(const Expr &E) {
    return E.Kind == ExprKind::Binary &&
           (E.Oper == Op::LAnd || E.Oper == Op::LOr);
  }

  std::optional<int64_t> number(ExprId Id, const TableKindOf &Kind) {
    const Expr &E = F.Body->Exprs[Id];
    if (const auto Field = fieldOf(E)) {
      for (auto [Slot, Value] : Kind)
        if (Slot == *Field)
          return Value;
      return std::nullopt;
    }
    if (E.Kind == ExprKind::Unary && E.Oper == Op::Not) {
      const auto N = number(E.A, Kind);
      return N ? std::optional<int64_t>(!*N) : std::nullopt;
    }
    if (E.Kind == ExprKind::Binary && (E.Oper == Op::Eq || E.Oper == Op::Ne)) {
      const auto L = number(E.A, Kind), R = number(E.B, Kind);
      if (!L || !R)
        return std::nullopt;
      return (*L == *R) == (E.Oper == Op::Eq);
    }
    if (isEither(E)) {
      const auto L = number(E.A, Kind), R = number(E.B, Kind);
      const bool Decides = E.Oper == Op::LOr;
      if ((L && (*L != 0) == Decides) || (R && (*R != 0) == Decides))
        return Decides;
      return L && R ? std::optional<int64_t>(!Decides) : std::nullopt;
    }
    const Value &V = Eval[Eval.value(F, Id, C)];
    if (V.K != Value::Bits || V.Known != ~uint64_t(0))
      return std::nullopt;
    return static_cast<int64_t>(V.Word);
  }

  static size_t successor(const Block &B, int64_t N) {
    if (B.Cases.empty())
      return N == 0 && B.Succs.size() > 1;
    size_t Default = 0;
    for (const auto &[I, Ranges] : enumerate(B.Cases)) {
      if (Ranges.empty())
        Default = I;
      for (const Block::Range &R : Ranges)
        if (R.Low <= N && N <= R.High)
          return I;
    }
    return Default;
  }

  const Program &P;
  Evaluator &Eval;
  const Func &F;
  ContextId C;
  ExprId Object;
};

} // namespace

std::vector<Target> Graph::takeOtherKinds(const Func &F, const Event &E,
                                          ContextId C,
                                          std::vector<Target> &Out) {
  const auto &Exprs = F.Body->Exprs;
  const Expr &Callee = Exprs[E.Callee];
  if (Callee.Kind != ExprKind::FieldLoad || Out.size() < 2)
    return {};
  const Expr &Pointer = Exprs[Callee.B]; // object->funcs
  if (Pointer.Kind != ExprKind::FieldLoad)
    return {};
  auto Tables = P.Tables.find(P.slot(F.Unit, Pointer.A));
  if (Tables == P.Tables.end())
    return {};
  const EventId Call = &E - F.Body->Events.data();
  Questions Asked(P, Eval, F, C, Pointer.B);
  std::map<TableKindOf, std::pair<bool, bool>> Known; // understood, reached
  DenseSet<VarId> Fitting;
  for (const TableTarget &T : Tables->second) {
    auto Kind = P.TableKinds.find(T.Holder);
    if (T.Holder == NoId || Kind == P.TableKinds.end())
      return {};
    auto [It, New] = Known.try_emplace(Kind->second);
    if (New)
      It->second = {Asked.understands(Kind->second),
                    Asked.reaches(Call, Kind->second)};
    if (!It->second.first)
      return {};
    if (It->second.second)
      Fitting.insert(T.Table);
  }
  DenseSet<FuncId> Reached;
  for (const SlotTarget &T : P.SlotTargets[P.slot(F.Unit, Callee.A)])
    if (T.Holder == NoId || Fitting.contains(T.Holder))
      Reached.insert(T.Target);
  std::vector<Target> Others;
  erase_if(Out, [&](const Target &T) {
    if (Reached.contains(T.Callee))
      return false;
    Others.push_back(T);
    return true;
  });
  if (Out.empty()) { // what is asked is not what it seems
    Out.swap(Others);
    return {};
  }
  for (Target &T : Others) {
    T.Among = Out.size() + Others.size();
    T.Conf = Confidence::Possible;
    T.Unless = "not for the kind of object that was asked for";
  }
  for (Target &T : Out)
    if (T.OfTable) {
      T.Kinds = Out.size() + Others.size();
      T.OneKind = eventsOfOneKind(*F.Body, Pointer.B).test(Call);
    }
  return Others;
}

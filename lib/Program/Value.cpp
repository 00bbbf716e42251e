//===- Value.cpp - evaluating expressions under a caller's constants ------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Recursive over the expression DAG, which has no cycles (operands precede
// their users). The result of a call is the value that a small callee returns
// under the call's own arguments; that recursion is cut at MaxDepth.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Value.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

/// Predicates and wrappers are a few calls deep and a few branches wide.
static constexpr unsigned MaxDepth = 4, MaxBlocks = 24, MaxAlternatives = 4;
static constexpr unsigned MaxPlace = 4;

/// Conditions share operands: as a tree a long one has no end. What takes more
/// than this is unknown.
static constexpr unsigned MaxSteps = 2000;

Evaluator::Evaluator(const Program &P) : P(P) {
  intern(Value());
  intern(Context());
}

size_t Evaluator::Hash::operator()(const Value &V) const {
  return hash_combine(V.K, V.Known, V.Word, V.A,
                      hash_combine_range(V.List.begin(), V.List.end()));
}

size_t Evaluator::Hash::operator()(const Context &C) const {
  return hash_combine_range(C.begin(), C.end());
}

ValueId Evaluator::intern(Value V) {
  auto [It, New] = ValueIds.try_emplace(std::move(V), Values.size());
  if (New)
    Values.push_back(&It->first);
  return It->second;
}

ValueId Evaluator::constant(int64_t N) {
  auto It = Constants.find(N);
  if (It != Constants.end())
    return It->second;
  Value V;
  V.K = Value::Bits;
  V.Known = ~uint64_t(0);
  V.Word = N;
  ValueId Id = intern(V);
  Constants[N] = Id;
  return Id;
}

ContextId Evaluator::intern(const Context &C) {
  auto [It, New] = ContextIds.try_emplace(C, Contexts.size());
  if (New)
    Contexts.push_back(&It->first);
  return It->second;
}

std::optional<int64_t> Evaluator::number(ValueId V) const {
  const Value &X = *Values[V];
  if (X.K == Value::Bits && X.Known == ~uint64_t(0))
    return static_cast<int64_t>(X.Word);
  return std::nullopt;
}

std::optional<bool> Evaluator::truth(ValueId V) const {
  const Value &X = *Values[V];
  switch (X.K) {
  case Value::Anything:
    return std::nullopt;
  case Value::Bits:
    if (X.Known & X.Word)
      return true;
    if (X.Known == ~uint64_t(0))
      return false;
    return std::nullopt;
  case Value::Alt: {
    std::optional<bool> First = truth(X.List[0]);
    for (ValueId A : X.List)
      if (truth(A) != First)
        return std::nullopt;
    return First;
  }
  default:
    return true;
  }
}

std::optional<bool> Evaluator::truth(const Func &F, ExprId Id, ContextId C,
                                     const Facts *Known) {
  if (Steps > MaxSteps)
    return std::nullopt;
  // Not in callees: what they return is kept, whoever asks.
  if (Depth == 0 && Through != NoModule) {
    const Expr *E = &F.Body->Exprs[Id];
    bool IsSet = true;
    if (E->Kind == ExprKind::Binary && isZero(F.Body->Exprs[E->B]) &&
        (E->Oper == Op::Ne || E->Oper == Op::Eq)) {
      IsSet = E->Oper == Op::Ne;
      E = &F.Body->Exprs[E->A];
    }
    if (E->Kind == ExprKind::FieldLoad &&
        P.Always.contains({P.slot(F.Unit, E->A), Through}))
      return IsSet;
  }
  if (Known) {
    for (const auto &[Fact, Truth] : *Known)
      if (Fact == Id)
        return Truth;
    const Expr &E = F.Body->Exprs[Id];
    auto Sub = [&](ExprId I) { return truth(F, I, C, Known); };
    if (E.Kind == ExprKind::Unary && E.Oper == Op::Not) {
      if (auto T = Sub(E.A))
        return !*T;
      return std::nullopt;
    }
    if (E.Kind == ExprKind::Binary) {
      bool WithZero = isZero(F.Body->Exprs[E.B]);
      if (WithZero && (E.Oper == Op::Ne || E.Oper == Op::Eq))
        if (auto T = Sub(E.A))
          return *T == (E.Oper == Op::Ne);
      if (WithZero && (E.Oper == Op::Lt || E.Oper == Op::Gt))
        if (Sub(E.A) == false) // `ret < 0` where ret is zero
          return false;
      if (E.Oper == Op::LAnd || E.Oper == Op::LOr) {
        auto L = Sub(E.A), R = Sub(E.B);
        bool Decides = E.Oper == Op::LOr;
        if (L == Decides || R == Decides)
          return Decides;
        if (L && R)
          return !Decides;
        return std::nullopt;
      }
    }
  }
  return truth(value(F, Id, C, Known));
}

ValueId Evaluator::value(const Func &F, ExprId Id, ContextId C,
                         const Facts *Known) {
  const Expr &E = F.Body->Exprs[Id];
  switch (E.Kind) { // the common cases without a frame
  case ExprKind::Unknown:
  case ExprKind::Opaque:
  case ExprKind::OutArg:
    return Top;
  case ExprKind::Const:
    return constant(E.Value);
  case ExprKind::Param:
    for (const auto &[Param, V] : context(C))
      if (Param == E.A)
        return V;
    return Top;
  default: {
    if (Nesting == 0)
      Steps = 0;
    if (++Steps > MaxSteps)
      return Top;
    ++Nesting;
    ValueId V = compute(F, E, C, Known);
    --Nesting;
    // Nobody must take the next question for a part of this one.
    if (Nesting == 0)
      Steps = 0;
    return V;
  }
  }
}

ValueId Evaluator::compute(const Func &F, const Expr &E, ContextId C,
                           const Facts *Known) {
  auto Sub = [&](ExprId I) { return value(F, I, C, Known); };
  Value V;
  switch (E.Kind) {
  case ExprKind::NonNull:
    V.K = Value::NonNull;
    return intern(V);
  case ExprKind::FuncAddr:
    V.K = Value::Function;
    V.A = P.func(F, E.A);
    return intern(V);
  case ExprKind::GlobalAddr:
    V.K = Value::Global;
    V.A = P.var(F, E.A);
    return intern(V);
  case ExprKind::FieldAddr: {
    if (P.isLockPart(P.slot(F.Unit, E.A)))
      return Sub(E.B);
    return fieldOf(Sub(E.B), P.slot(F.Unit, E.A));
  }
  case ExprKind::ElemAddr:
    return Sub(E.A);
  case ExprKind::RefTo:
    V.K = Value::Ref;
    V.A = Sub(E.A);
    return intern(V);
  case ExprKind::Deref: {
    const Value &Pointer = *Values[Sub(E.A)];
    return Pointer.K == Value::Ref ? Pointer.A : Top;
  }
  case ExprKind::Unary:
    if (E.Oper == Op::Not)
      if (auto T = truth(F, E.A, C, Known))
        return constant(!*T);
    return unary(E.Oper, Sub(E.A));
  case ExprKind::Binary:
    // Of what is not zero no more may be known.
    if (Known && (E.Oper == Op::Ne || E.Oper == Op::Eq) &&
        isZero(F.Body->Exprs[E.B]))
      if (auto T = truth(F, E.A, C, Known))
        return constant(*T == (E.Oper == Op::Ne));
    return binary(E.Oper, Sub(E.A), Sub(E.B));
  case ExprKind::Select:
    if (auto T = truth(F, E.A, C, Known))
      return Sub(*T ? E.B : E.C);
    if (E.A == E.B && Sub(E.B) == Top) { // `given ?: other`
      V.K = Value::NonNull;
      return either({intern(V), Sub(E.C)});
    }
    return either({Sub(E.B), Sub(E.C)});
  case ExprKind::Phi: {
    SmallVector<ValueId, 4> Vs;
    for (ExprId O : E.Operands)
      Vs.push_back(Sub(O));
    return either(Vs);
  }
  case ExprKind::Call: {
    const Event &Ev = F.Body->Events[E.A];
    const Expr &Callee = F.Body->Exprs[Ev.Callee];
    if (Callee.Kind != ExprKind::FuncAddr || Depth == MaxDepth)
      return Top;
    FuncId Target = P.func(F, Callee.A);
    const Func &G = P.Funcs[Target];
    if (G.Model && G.Model->Loads && *G.Model->Loads < Ev.Args.size())
      if (auto Field = P.fieldAt(F, Ev.Args[*G.Model->Loads]))
        return load(F, *Field, C);
    if (G.Model && G.Model->LoadsNot && *G.Model->LoadsNot < Ev.Args.size())
      if (auto Field = P.fieldAt(F, Ev.Args[*G.Model->LoadsNot]);
          Field && isRaised(F, *Field, C))
        return constant(0);
    if (!G.Body || G.Model || G.Body->Blocks.size() > MaxBlocks)
      return Top;
    // What is known on the way here makes no difference to it.
    const std::tuple<FuncId, EventId, ContextId> Key(&F - P.Funcs.data(), E.A,
                                                     C);
    if (Depth == 0)
      if (auto It = CallResults.find(Key); It != CallResults.end())
        return It->second;
    ++Depth;
    ValueId R = returned(Target, argumentContext(F, Ev, C, G));
    --Depth;
    if (Depth == 0 && Steps <= MaxSteps)
      CallResults[Key] = R;
    return R;
  }
  case ExprKind::FieldLoad: {
    SlotId Field = P.slot(F.Unit, E.A);
    if (P.OptionFields.test(Field))
      if (const Value &Object = *Values[Sub(E.B)]; Object.K == Value::Options)
        for (size_t I = 0; I != Object.List.size(); I += 2)
          if (Object.List[I] == Field)
            return Object.List[I + 1];
    return load(F, Field, C);
  }
  default: // other loads: what another thread may have stored is anything
    return Top;
  }
}

/// A pointer to \p Field of what \p Base points to.
ValueId Evaluator::fieldOf(ValueId Base, SlotId Field) {
  Value V;
  V.K = Value::Place;
  V.List = around(*Values[Base], P.Slots[Field].first);
  if (V.List.size() == MaxPlace)
    V.List.erase(V.List.begin());
  V.List.push_back(Field);
  return intern(V);
}

/// No record is part of itself: if a field of the place is the Record's own,
/// the pointer has gone from there to what is around it (container_of).
SmallVector<SlotId, 4> Evaluator::around(const Value &V,
                                         StringRef Record) const {
  if (V.K != Value::Place)
    return {};
  ArrayRef<SlotId> List = V.List;
  if (V.A) {
    const SlotId *Own =
        find_if(List, [&](SlotId S) { return P.Slots[S].first == Record; });
    List = Own == List.end() ? ArrayRef<SlotId>() : ArrayRef(List.begin(), Own);
  }
  return SmallVector<SlotId, 4>(List);
}

ContextId Evaluator::handlerContext(ValueId V, ArrayRef<FieldName> Path,
                                    const Func &Handler) {
  if (!(Handler.RelevantPlaces & paramBit(0)))
    return EmptyContext;
  for (const FieldName &Name : Path.drop_back())
    if (SlotId Field = P.findSlot(Name.Record, Name.Name); Field != NoId)
      V = fieldOf(V, Field);
  Value Given = *Values[V];
  if (Given.K != Value::Place)
    return EmptyContext;
  Given.A = 1; // some are given another pointer to the object they belong to
  return intern(Context{{0, intern(Given)}});
}

ValueId Evaluator::load(const Func &F, SlotId Field, ContextId C) {
  if (isRaised(F, Field, C)) {
    Value V;
    V.K = Value::NonNull; // not zero
    return intern(V);
  }
  auto It = P.OnlyValues.find(Field);
  return It == P.OnlyValues.end() ? Top : constant(It->second);
}

ValueId Evaluator::either(ArrayRef<ValueId> Vs) {
  Value V;
  V.K = Value::Alt;
  for (ValueId X : Vs) {
    if (X == Top)
      return Top;
    if (Values[X]->K == Value::Alt)
      V.List.append(Values[X]->List.begin(), Values[X]->List.end());
    else
      V.List.push_back(X);
  }
  llvm::sort(V.List);
  V.List.erase(std::unique(V.List.begin(), V.List.end()), V.List.end());
  if (V.List.size() == 1)
    return V.List[0];
  return V.List.size() > MaxAlternatives ? Top : intern(V);
}

ValueId Evaluator::unary(Op O, ValueId A) {
  const Value X = *Values[A];
  if (O == Op::Not) {
    auto T = truth(A);
    return T ? constant(!*T) : Top;
  }
  if (X.K == Value::Alt) {
    SmallVector<ValueId, 4> Vs;
    for (ValueId I : X.List)
      Vs.push_back(unary(O, I));
    return either(Vs);
  }
  if (X.K != Value::Bits)
    return Top;
  if (O == Op::BitNot) {
    Value V = X;
    V.Word = ~X.Word & X.Known;
    return intern(V);
  }
  auto N = number(A);
  return N ? constant(static_cast<int64_t>(-static_cast<uint64_t>(*N))) : Top;
}

/// The arithmetic of full constants; wraps as the kernel's own code does.
static std::optional<int64_t> arithmetic(Op O, int64_t A, int64_t B) {
  auto U = [](int64_t N) { return static_cast<uint64_t>(N); };
  switch (O) {
  case Op::Add:
    return static_cast<int64_t>(U(A) + U(B));
  case Op::Sub:
    return static_cast<int64_t>(U(A) - U(B));
  case Op::Mul:
    return static_cast<int64_t>(U(A) * U(B));
  case Op::Div:
    if (B == 0 || (A == INT64_MIN && B == -1))
      return std::nullopt;
    return A / B;
  case Op::Rem:
    if (B == 0 || (A == INT64_MIN && B == -1))
      return std::nullopt;
    return A % B;
  case Op::Shl:
    return B < 0 || B > 63 ? 0 : static_cast<int64_t>(U(A) << B);
  case Op::Shr:
    return B < 0 || B > 63 ? 0 : static_cast<int64_t>(U(A) >> B);
  case Op::Lt:
    return A < B;
  case Op::Le:
    return A <= B;
  case Op::Gt:
    return A > B;
  case Op::Ge:
    return A >= B;
  case Op::Eq:
    return A == B;
  case Op::Ne:
    return A != B;
  default:
    return std::nullopt;
  }
}

ValueId Evaluator::binary(Op O, ValueId A, ValueId B) {
  const Value X = *Values[A], Y = *Values[B];
  if (O == Op::LAnd || O == Op::LOr) {
    auto L = truth(A), R = truth(B);
    bool Decides = O == Op::LOr;
    if (L == Decides || R == Decides)
      return constant(Decides);
    return L && R ? constant(!Decides) : Top;
  }
  for (bool Left : {true, false})
    if (const Value &Z = Left ? X : Y; Z.K == Value::Alt) {
      SmallVector<ValueId, 4> Vs;
      for (ValueId I : Z.List)
        Vs.push_back(Left ? binary(O, I, B) : binary(O, A, I));
      return either(Vs);
    }
  if (O == Op::Sub && X.K == Value::Place && number(B)) { // container_of()
    Value V = X;
    V.A = 1;
    return intern(V);
  }
  // Comparisons with zero need only the truth of the other side.
  if ((O == Op::Eq || O == Op::Ne) && number(B) == 0)
    if (auto T = truth(A))
      return constant(*T == (O == Op::Ne));
  Value V;
  V.K = Value::Bits;
  // Unknown values have no known bits.
  uint64_t XK = X.K == Value::Bits ? X.Known : 0, XW = X.Word & XK;
  uint64_t YK = Y.K == Value::Bits ? Y.Known : 0, YW = Y.Word & YK;
  switch (O) {
  case Op::And:
    V.Known = (XK & YK) | (XK & ~XW) | (YK & ~YW);
    V.Word = XW & YW;
    break;
  case Op::Or:
    V.Known = (XK & YK) | XW | YW;
    V.Word = XW | YW;
    break;
  case Op::Xor:
    V.Known = XK & YK;
    V.Word = (XW ^ YW) & V.Known;
    break;
  default: {
    auto L = number(A), R = number(B);
    if (!L || !R)
      return Top;
    auto N = arithmetic(O, *L, *R);
    return N ? constant(*N) : Top;
  }
  }
  return V.Known ? intern(V) : Top;
}

bool Evaluator::holds(ArrayRef<Condition> Conditions, const Func &F,
                      const Event &E, ContextId C) {
  auto Number = [&](const std::string &Text) -> std::optional<int64_t> {
    int64_t N;
    if (Text.empty())
      return std::nullopt;
    if (!StringRef(Text).getAsInteger(0, N))
      return N;
    return P.constant(Text);
  };
  return all_of(Conditions, [&](const Condition &Cond) {
    if (Cond.Arg >= E.Args.size())
      return true;
    if (!Cond.From.Name.empty()) {
      const Expr &Arg = F.Body->Exprs[E.Args[Cond.Arg]];
      return Arg.Kind == ExprKind::FieldLoad &&
             P.slot(F.Unit, Arg.A) ==
                 P.findSlot(Cond.From.Record, Cond.From.Name);
    }
    const ValueId Passed = argument(F, E, Cond.Arg, C);
    const Value V = (*this)[Passed];
    auto Want = Number(Cond.Value);
    if (!Want)
      return true;
    if (V.K != Value::Bits) { // a pointer: only null is a question
      auto Truth = truth(Passed);
      return !Truth || *Want != 0 || (*Truth != Cond.Equal);
    }
    uint64_t Mask = ~uint64_t(0);
    if (auto N = Number(Cond.Mask))
      Mask = *N;
    bool Differs = (V.Word ^ uint64_t(*Want)) & V.Known & Mask;
    bool Known = (V.Known & Mask) == Mask;
    return Cond.Equal ? !Differs : Differs || !Known;
  });
}

/// What \p Known says of the value of \p Id itself.
ValueId Evaluator::factOf(const Func &F, ExprId Id, const Facts &Known) {
  ValueId Found = Top;
  for (const auto &[Fact, Truth] : Known) {
    const Expr &E = F.Body->Exprs[Fact];
    if (E.Kind == ExprKind::Binary && E.A == Id &&
        E.Oper == (Truth ? Op::Eq : Op::Ne) &&
        F.Body->Exprs[E.B].Kind == ExprKind::Const) // `mode == 2`
      return constant(F.Body->Exprs[E.B].Value);
    if (Fact != Id)
      continue;
    Value NotZero;
    NotZero.K = Value::NonNull;
    Found = Truth ? intern(NotZero) : constant(0);
  }
  return Found;
}

/// \p Id where \p At happens, if of its value only \p Without is known else.
ValueId Evaluator::withFacts(const Func &F, const Event &At, ExprId Id,
                             ContextId C, ValueId Without) {
  if ((Without != Top && (*this)[Without].K != Value::Alt) || !UsePaths)
    return Without;
  const Facts Known = Paths.at(*F.Body, &At - F.Body->Events.data(), Id);
  if (Known.empty())
    return Without;
  if (ValueId V = factOf(F, Id, Known); V != Top && Without == Top)
    return V;
  return value(F, Id, C, &Known);
}

ContextId Evaluator::contextAt(const Func &F, EventId At, ContextId C) {
  const Facts Known = Paths.at(*F.Body, At);
  Context Args = context(C);
  for (ExprId Id = 0; Id != F.Body->Exprs.size() && !Known.empty(); ++Id) {
    const Expr &E = F.Body->Exprs[Id];
    const auto IsIt = [&](const auto &Passed) { return Passed.first >= E.A; };
    if (E.Kind != ExprKind::Param || !(F.RelevantValues & paramBit(E.A)))
      continue;
    auto *Place = find_if(Args, IsIt);
    if (Place != Args.end() && Place->first == E.A)
      continue;
    if (ValueId V = factOf(F, Id, Known); V != Top)
      Args.insert(Place, {E.A, V});
  }
  return Args.empty() ? EmptyContext : intern(Args);
}

ValueId Evaluator::argument(const Func &F, const Event &E, unsigned I,
                            ContextId C) {
  return withFacts(F, E, E.Args[I], C, optionsFor(F, E, E.Args[I], C));
}

ValueId Evaluator::returned(FuncId Id, ContextId C) {
  auto [It, New] = Returned.try_emplace({Id, C}, Top);
  if (!New)
    return It->second;
  const Func &F = P.Funcs[Id];
  SmallVector<ValueId, 4> Results;
  SmallVector<BlockId, 16> Work{0};
  SmallVector<bool, MaxBlocks> Seen(F.Body->Blocks.size(), false);
  Seen[0] = true;
  while (!Work.empty()) {
    const Block &B = F.Body->Blocks[Work.pop_back_val()];
    for (EventId I = 0; I != B.NumEvents; ++I) {
      const Event &E = F.Body->Events[B.FirstEvent + I];
      if (E.Kind == EventKind::Return && !E.Args.empty())
        Results.push_back(
            withFacts(F, E, E.Args[0], C, value(F, E.Args[0], C)));
    }
    SmallVector<unsigned, 4> Next;
    successors(F, B, C, nullptr, Next);
    for (unsigned I : Next)
      if (!Seen[B.Succs[I]]) {
        Seen[B.Succs[I]] = true;
        Work.push_back(B.Succs[I]);
      }
  }
  ValueId R = Results.empty() ? Top : either(Results);
  // What was cut off for depth may be known when asked from higher up.
  if (R == Top && Depth > 1)
    Returned.erase({Id, C});
  else
    Returned[{Id, C}] = R;
  return R;
}

FlagTable::Set Evaluator::raised(ContextId C) const {
  // It is the last entry.
  if (context(C).empty() || context(C).back().first != RaisedFlags)
    return 0;
  return *number(context(C).back().second);
}

ContextId Evaluator::withRaised(ContextId C, FlagTable::Set Flags) {
  const FlagTable::Set Known = raised(C);
  if (!(Flags & ~Known))
    return C;
  Context All = context(C);
  if (Known)
    All.pop_back();
  All.push_back({RaisedFlags, constant(Known | Flags)});
  return intern(All);
}

/// In \p F itself, as long as nothing there may lower it.
bool Evaluator::isRaised(const Func &F, SlotId Field, ContextId C) const {
  FlagTable::Set Known = raised(C);
  return Known &&
         Known & Flags->in(Field) & ~Flags->lowered(&F - P.Funcs.data());
}

ContextId Evaluator::argumentContext(const Func &F, const Event &E, ContextId C,
                                     const Func &Callee,
                                     std::optional<FlagTable::Set> RaisedHere) {
  uint64_t Values = Callee.RelevantValues, Places = Callee.RelevantPlaces;
  FlagTable::Set Raised = 0;
  if (Flags) {
    if (RaisedHere)
      Raised = *RaisedHere;
    else if (FlagTable::Set Known = raised(C))
      Raised = Known & ~Flags->lowered(&F - P.Funcs.data());
    Raised &= Flags->tested(&Callee - P.Funcs.data());
  }
  if (!(Values | Places | Callee.Origins | Callee.Makers | Raised))
    return EmptyContext;
  Context Args;
  for (uint32_t I = 0, N = std::min<uint32_t>(E.Args.size(), 64); I != N; ++I) {
    if (Callee.Origins >> I & 1 && isMade(F, E.Args[I], C))
      Args.push_back({I + MadeParam, constant(1)});
    if (Callee.Makers >> I & 1)
      if (std::optional<FuncId> Maker = maker(F, E.Args[I], C))
        Args.push_back({I + MakerParam, constant(*Maker)});
    bool IsPlace = Places >> I & 1;
    if (!IsPlace && !(Values >> I & 1))
      continue;
    ValueId V = argument(F, E, I, C);
    Value X = *this->Values[V];
    // Which place it is matters to nobody: only that it is one.
    if (!IsPlace && (X.K == Value::Place || X.K == Value::Global)) {
      X = Value();
      X.K = Value::NonNull;
      V = intern(X);
    }
    if (V != Top)
      Args.push_back({I, V});
  }
  if (Raised)
    Args.push_back({RaisedFlags, constant(Raised)});
  return Args.empty() ? EmptyContext : intern(Args);
}

bool Evaluator::isMade(const Func &F, ExprId Pointer, ContextId C) const {
  Origin O = originOf(P, F, Pointer);
  return O.Made || any_of(context(C), [&](const auto &Known) {
           return Known.first >= MadeParam && Known.first < MakerParam &&
                  O.Params >> (Known.first - MadeParam) & 1;
         });
}

void Evaluator::successors(const Func &F, const Block &B, ContextId C,
                           const Facts *Known,
                           SmallVectorImpl<unsigned> &Indices) {
  auto All = [&] {
    for (unsigned I = 0; I != B.Succs.size(); ++I)
      Indices.push_back(I);
  };
  if (!B.Cond)
    return All();
  if (B.Cases.empty()) {
    auto T = B.Succs.size() == 2 ? truth(F, B.Cond, C, Known) : std::nullopt;
    if (!T)
      return All();
    Indices.push_back(*T ? 0 : 1);
    return;
  }
  auto N = number(value(F, B.Cond, C, Known));
  if (!N)
    return All();
  for (unsigned I = 0; I != B.Cases.size(); ++I)
    for (const Block::Range &R : B.Cases[I])
      if (R.Low <= *N && *N <= R.High) {
        Indices.push_back(I);
        return;
      }
  for (unsigned I = 0; I != B.Cases.size(); ++I)
    if (B.Cases[I].empty())
      Indices.push_back(I);
}

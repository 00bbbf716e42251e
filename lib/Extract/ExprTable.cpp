//===- ExprTable.cpp - hash-consed expressions of one function ------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See ExprTable.h. Every simplification below returns an operand, a constant or
// a node with fewer operations than asked for, so building terminates.
//
//===----------------------------------------------------------------------===//

#include "ExprTable.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencedep;

int64_t IntType::wrap(int64_t V) const {
  if (Bits == 0 || Bits >= 64)
    return V;
  uint64_t Low = uint64_t(V) & ((uint64_t(1) << Bits) - 1);
  if (!Unsigned && (Low >> (Bits - 1)))
    Low |= ~uint64_t(0) << Bits;
  return int64_t(Low);
}

unsigned ExprTable::KeyInfo::getHashValue(const Key &K) {
  return llvm::hash_combine(K.KindOp, K.A, K.B, K.C, K.Value);
}

void ExprTable::reset() {
  Nodes.clear();
  Nodes.emplace_back();
  Ids.clear();
  Opaques.clear();
  Phis.clear();
}

ExprId ExprTable::node(ExprKind Kind, Op Oper, uint32_t A, uint32_t B,
                       uint32_t C, int64_t Value) {
  Key K{uint32_t(Kind) << 8 | uint32_t(Oper), A, B, C, Value};
  auto [It, New] = Ids.try_emplace(K, ExprId(Nodes.size()));
  if (New)
    Nodes.push_back({Kind, Oper, A, B, C, Value, {}});
  return It->second;
}

std::optional<int64_t> ExprTable::constantOf(ExprId Id) const {
  if (Nodes[Id].Kind != ExprKind::Const)
    return std::nullopt;
  return Nodes[Id].Value;
}

bool ExprTable::isBoolean(ExprId Id) const {
  const Expr &E = Nodes[Id];
  if (E.Kind == ExprKind::Const)
    return E.Value == 0 || E.Value == 1;
  if (E.Kind == ExprKind::Unary)
    return E.Oper == Op::Not;
  return E.Kind == ExprKind::Binary && E.Oper >= Op::LAnd;
}

bool ExprTable::isNonNull(ExprId Id) const {
  switch (Nodes[Id].Kind) {
  case ExprKind::NonNull:
  case ExprKind::GlobalAddr:
  case ExprKind::RefTo:
    return true;
  case ExprKind::Const:
    return Nodes[Id].Value != 0;
  default:
    return false;
  }
}

ExprId ExprTable::constant(int64_t Value) {
  return node(ExprKind::Const, Op::None, 0, 0, 0, Value);
}

ExprId ExprTable::leaf(ExprKind Kind, uint32_t A, uint32_t B) {
  return node(Kind, Op::None, A, B);
}

ExprId ExprTable::refTo(ExprId Value, uint32_t Local) {
  return node(ExprKind::RefTo, Op::None, Value, Local);
}

ExprId ExprTable::fieldAddr(FieldId Field, ExprId Base) {
  return node(ExprKind::FieldAddr, Op::None, Field, Base);
}

ExprId ExprTable::elemAddr(ExprId Base) {
  // Some element counted from some element is some element.
  if (Nodes[Base].Kind == ExprKind::ElemAddr)
    return Base;
  return node(ExprKind::ElemAddr, Op::None, Base);
}

ExprId ExprTable::load(ExprId Addr) {
  const Expr E = Nodes[Addr];
  switch (E.Kind) {
  case ExprKind::FieldAddr:
    return node(ExprKind::FieldLoad, Op::None, E.A, E.B);
  case ExprKind::GlobalAddr:
    return node(ExprKind::GlobalLoad, Op::None, E.A);
  case ExprKind::ElemAddr:
    return node(ExprKind::ElemLoad, Op::None, E.A);
  case ExprKind::FuncAddr:
    return Addr; // *fn is fn.
  case ExprKind::RefTo:
    return E.A;
  case ExprKind::Unknown:
  case ExprKind::Const:
  case ExprKind::NonNull:
    return 0;
  default:
    return node(ExprKind::Deref, Op::None, Addr);
  }
}

ExprId ExprTable::toBool(ExprId A) {
  if (isBoolean(A))
    return A;
  return binary(Op::Ne, A, constant(0), IntType());
}

static Op inverse(Op Oper) {
  switch (Oper) {
  case Op::Eq:
    return Op::Ne;
  case Op::Ne:
    return Op::Eq;
  case Op::Lt:
    return Op::Ge;
  case Op::Ge:
    return Op::Lt;
  case Op::Gt:
    return Op::Le;
  case Op::Le:
    return Op::Gt;
  default:
    return Op::None;
  }
}

ExprId ExprTable::unary(Op Oper, ExprId A, IntType Type) {
  if (std::optional<int64_t> C = constantOf(A)) {
    if (Oper == Op::Not)
      return constant(*C == 0);
    uint64_t V = uint64_t(*C);
    return constant(Type.wrap(int64_t(Oper == Op::Neg ? 0 - V : ~V)));
  }
  if (Oper == Op::Not) {
    const Expr E = Nodes[A];
    if (isNonNull(A))
      return constant(0);
    if (E.Kind == ExprKind::Unary && E.Oper == Op::Not)
      return toBool(E.A);
    if (E.Kind == ExprKind::Binary && inverse(E.Oper) != Op::None)
      return node(ExprKind::Binary, inverse(E.Oper), E.A, E.B);
  }
  return node(ExprKind::Unary, Oper, A);
}

std::optional<int64_t> ExprTable::fold(Op Oper, int64_t L, int64_t R,
                                       IntType Type) {
  uint64_t UL = uint64_t(L), UR = uint64_t(R);
  auto Less = [&](int64_t X, int64_t Y) {
    return Type.Unsigned ? uint64_t(X) < uint64_t(Y) : X < Y;
  };
  switch (Oper) {
  case Op::Add:
    return Type.wrap(int64_t(UL + UR));
  case Op::Sub:
    return Type.wrap(int64_t(UL - UR));
  case Op::Mul:
    return Type.wrap(int64_t(UL * UR));
  case Op::Div:
  case Op::Rem:
    if (R == 0 || (!Type.Unsigned && L == INT64_MIN && R == -1))
      return std::nullopt;
    if (Type.Unsigned)
      return int64_t(Oper == Op::Div ? UL / UR : UL % UR);
    return Type.wrap(Oper == Op::Div ? L / R : L % R);
  case Op::Shl:
    if (UR >= 64)
      return std::nullopt;
    return Type.wrap(int64_t(UL << UR));
  case Op::Shr:
    if (UR >= 64)
      return std::nullopt;
    return Type.Unsigned ? int64_t(UL >> UR) : L >> R;
  case Op::And:
    return L & R;
  case Op::Or:
    return L | R;
  case Op::Xor:
    return Type.wrap(L ^ R);
  case Op::LAnd:
    return L && R;
  case Op::LOr:
    return L || R;
  case Op::Eq:
    return L == R;
  case Op::Ne:
    return L != R;
  case Op::Lt:
    return Less(L, R);
  case Op::Le:
    return !Less(R, L);
  case Op::Gt:
    return Less(R, L);
  case Op::Ge:
    return !Less(L, R);
  case Op::None:
  case Op::Not:
  case Op::BitNot:
  case Op::Neg:
    break;
  }
  return std::nullopt;
}

ExprId ExprTable::binary(Op Oper, ExprId A, ExprId B, IntType Type) {
  std::optional<int64_t> CA = constantOf(A), CB = constantOf(B);
  if (CA && CB) {
    if (std::optional<int64_t> V = fold(Oper, *CA, *CB, Type))
      return constant(*V);
    return 0;
  }
  bool Commutes = Oper == Op::And || Oper == Op::Or || Oper == Op::Xor ||
                  Oper == Op::Add || Oper == Op::Mul || Oper == Op::Eq ||
                  Oper == Op::Ne || Oper == Op::LAnd || Oper == Op::LOr;
  if (CA && Commutes) {
    std::swap(A, B);
    std::swap(CA, CB);
  }
  if (CB) {
    const Expr L = Nodes[A];
    bool Zero = *CB == 0;
    switch (Oper) {
    case Op::And:
    case Op::Or:
      if (Zero)
        return Oper == Op::And ? B : A;
      // (x & c1) & c2 is x & (c1 & c2); the same for |.
      if (L.Kind == ExprKind::Binary && L.Oper == Oper)
        if (std::optional<int64_t> Inner = constantOf(L.B))
          return binary(Oper, L.A,
                        constant(Oper == Op::And ? *Inner & *CB : *Inner | *CB),
                        Type);
      break;
    case Op::Add:
    case Op::Sub:
    case Op::Xor:
    case Op::Shl:
    case Op::Shr:
      if (Zero)
        return A;
      break;
    case Op::Mul:
      if (Zero)
        return B;
      if (*CB == 1)
        return A;
      break;
    case Op::LAnd:
      return Zero ? B : toBool(A);
    case Op::LOr:
      return Zero ? toBool(A) : constant(1);
    case Op::Eq:
    case Op::Ne:
      if (Zero && isNonNull(A))
        return constant(Oper == Op::Ne);
      if (Zero && isBoolean(A))
        return Oper == Op::Ne ? A : unary(Op::Not, A, Type);
      break;
    default:
      break;
    }
  }
  return node(ExprKind::Binary, Oper, A, B);
}

ExprId ExprTable::select(ExprId Cond, ExprId A, ExprId B) {
  if (std::optional<int64_t> C = constantOf(Cond))
    return *C ? A : B;
  if (isNonNull(Cond))
    return A;
  if (A == B && A != 0)
    return A;
  std::optional<int64_t> CA = constantOf(A), CB = constantOf(B);
  if (CA && CB && *CA == 1 && *CB == 0)
    return toBool(Cond);
  if (CA && CB && *CA == 0 && *CB == 1)
    return unary(Op::Not, Cond, IntType());
  return node(ExprKind::Select, Op::None, Cond, A, B);
}

ExprId ExprTable::opaque(const void *Where, uint32_t Index) {
  auto [It, New] = Opaques.try_emplace({Where, Index}, 0);
  if (New)
    It->second = node(ExprKind::Opaque, Op::None, Opaques.size());
  return It->second;
}

ExprId ExprTable::phi(uint32_t Block, uint32_t Local,
                      llvm::SmallVector<ExprId, 4> Ops) {
  llvm::sort(Ops);
  ExprId &Last = Phis[{Block, Local}];
  if (Last && llvm::equal(Nodes[Last].Operands, Ops))
    return Last;
  Last = Nodes.size();
  Nodes.push_back({ExprKind::Phi, Op::None, 0, 0, 0, 0,
                   std::vector<ExprId>(Ops.begin(), Ops.end())});
  return Last;
}

std::vector<Expr> ExprTable::compact(std::vector<bool> &Live,
                                     std::vector<ExprId> &Renumber,
                                     llvm::ArrayRef<EventId> EventOf) {
  Live.resize(Nodes.size());
  Live[0] = true;
  for (size_t I = Nodes.size(); I-- > 0;)
    if (Live[I])
      operands(Nodes[I], [&](ExprId Id) { Live[Id] = true; });
  std::vector<Expr> Result;
  Renumber.assign(Nodes.size(), 0);
  uint32_t NumOpaque = 0;
  for (size_t I = 0; I != Nodes.size(); ++I) {
    if (!Live[I])
      continue;
    Renumber[I] = Result.size();
    Result.push_back(std::move(Nodes[I]));
    Expr &E = Result.back();
    operands(E, [&](ExprId &Id) { Id = Renumber[Id]; });
    if (E.Kind == ExprKind::Call || E.Kind == ExprKind::OutArg)
      E.A = EventOf[E.A];
    if (E.Kind == ExprKind::Opaque)
      E.A = NumOpaque++;
  }
  reset();
  return Result;
}

//===- ExprTable.h - hash-consed expressions of one function --------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Builds the expressions of a function summary. A node is created once, after
// its operands, and never changes: operands have smaller ids than their user,
// so an expression is a finite tree whatever loops the function has. What may
// differ from one round of the propagation to the next (a Phi) becomes a new
// node; nodes that nothing refers to in the end are dropped by compact().
//
// Simplification is local and only ever uses the node's operands: constants
// fold in the type of the operation, masks of masks merge, !!x becomes x != 0.
// Equality of ids is not used to fold x == x: a load may change in between.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_EXTRACT_EXPRTABLE_H
#define FENCEDEP_LIB_EXTRACT_EXPRTABLE_H

#include "fencedep/Summary/Summary.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"

namespace fencedep {

/// The integer type an operation is done in; Bits == 0: not an integer.
struct IntType {
  unsigned Bits = 64;
  bool Unsigned = false;

  /// \p V as a value of this type, held in 64 bits.
  int64_t wrap(int64_t V) const;
};

class ExprTable {
public:
  ExprTable() { reset(); }

  /// Forgets everything but Unknown.
  void reset();

  const Expr &operator[](ExprId Id) const { return Nodes[Id]; }
  std::optional<int64_t> constantOf(ExprId Id) const;
  bool isBoolean(ExprId Id) const;
  bool isNonNull(ExprId Id) const;

  ExprId constant(int64_t Value);
  /// Param, FuncAddr, GlobalAddr, Call, OutArg, NonNull.
  ExprId leaf(ExprKind Kind, uint32_t A = 0, uint32_t B = 0);
  ExprId refTo(ExprId Value, uint32_t Local);
  ExprId fieldAddr(FieldId Field, ExprId Base);
  ExprId elemAddr(ExprId Base);
  /// The scalar at address \p Addr.
  ExprId load(ExprId Addr);
  ExprId unary(Op Oper, ExprId A, IntType Type);
  /// \p Type is that of the operands; comparisons yield 0 or 1.
  ExprId binary(Op Oper, ExprId A, ExprId B, IntType Type);
  /// \p A != 0, or \p A itself if it is 0 or 1 anyway.
  ExprId toBool(ExprId A);
  ExprId select(ExprId Cond, ExprId A, ExprId B);
  /// One unknown value for the place (\p Where, \p Index).
  ExprId opaque(const void *Where, uint32_t Index);
  /// Any of \p Operands (distinct, two to four) at the place (Block, Local).
  ExprId phi(uint32_t Block, uint32_t Local, llvm::SmallVector<ExprId, 4> Ops);

  /// Keeps what is marked in \p Live (indexed by id) and what that needs, in
  /// order. Renumber[old] = new. Calls are renumbered by \p EventOf.
  std::vector<Expr> compact(std::vector<bool> &Live,
                            std::vector<ExprId> &Renumber,
                            llvm::ArrayRef<EventId> EventOf);

private:
  struct Key {
    uint32_t KindOp, A, B, C;
    int64_t Value;
  };
  struct KeyInfo {
    static Key getEmptyKey() { return {~0u, 0, 0, 0, 0}; }
    static Key getTombstoneKey() { return {~1u, 0, 0, 0, 0}; }
    static unsigned getHashValue(const Key &K);
    static bool isEqual(const Key &L, const Key &R) {
      return L.KindOp == R.KindOp && L.A == R.A && L.B == R.B && L.C == R.C &&
             L.Value == R.Value;
    }
  };

  ExprId node(ExprKind Kind, Op Oper, uint32_t A, uint32_t B = 0,
              uint32_t C = 0, int64_t Value = 0);
  std::optional<int64_t> fold(Op Oper, int64_t L, int64_t R, IntType Type);

  std::vector<Expr> Nodes;
  llvm::DenseMap<Key, ExprId, KeyInfo> Ids;
  llvm::DenseMap<std::pair<const void *, uint32_t>, ExprId> Opaques;
  /// The last Phi made for a place.
  llvm::DenseMap<std::pair<uint32_t, uint32_t>, ExprId> Phis;
};

} // namespace fencedep

#endif // FENCEDEP_LIB_EXTRACT_EXPRTABLE_H

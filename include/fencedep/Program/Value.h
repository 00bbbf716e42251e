//===- Value.h - what is known about a value ------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Expressions of a summary evaluated under what a caller is known to pass.
// Integers are known bits, because a mask is decided by one bit: with `m`
// unknown, `m & ~__GFP_DIRECT_RECLAIM` still has that bit known to be clear.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_PROGRAM_VALUE_H
#define FENCEDEP_PROGRAM_VALUE_H

#include "fencedep/Program/Flags.h"
#include "fencedep/Program/PathFacts.h"
#include <optional>
#include <unordered_map>

namespace fencedep {

using ValueId = uint32_t;
using ContextId = uint32_t;
constexpr ValueId Top = 0;            ///< nothing is known
constexpr ContextId EmptyContext = 0; ///< nothing is known of any parameter

struct Value {
  enum Kind : uint8_t {
    Anything,
    Bits,     ///< integer: the bits of Word under Known
    Function, ///< A = FuncId
    NonNull,  ///< a pointer, not null
    Ref,      ///< pointer to a variable that holds value A
    Place,    ///< pointer to the field List.back() inside List.front() ...,
              ///< or if A is not zero, to what that field is in, or close by
    Options,  ///< pointer to a structure: field List[0] holds the value List[1]
              ///< and so on
    Global,   ///< A = VarId: its address
    Alt,      ///< one of List (ValueIds)
  } K = Anything;
  uint64_t Known = 0, Word = 0;
  uint32_t A = 0;
  llvm::SmallVector<uint32_t, 3> List;

  bool operator==(const Value &O) const {
    return K == O.K && Known == O.Known && Word == O.Word && A == O.A &&
           List == O.List;
  }
};

/// What a caller passes: parameter and value, only what is relevant. For a
/// parameter that points to what the thread has just made, there is also an
/// entry for it plus MadeParam.
using Context = llvm::SmallVector<std::pair<uint32_t, ValueId>, 4>;
constexpr uint32_t MadeParam = 1u << 16;
/// If surely nobody else has what it points to: who has made it, for it plus
/// MakerParam.
constexpr uint32_t MakerParam = 1u << 17;
/// Not a parameter: the flags that have been raised, as a constant.
constexpr uint32_t RaisedFlags = 1u << 18;

/// Interns values and contexts and evaluates expressions under them.
class Evaluator {
public:
  explicit Evaluator(const Program &P);

  const Value &operator[](ValueId V) const { return *Values[V]; }
  const Context &context(ContextId C) const { return *Contexts[C]; }

  ValueId intern(Value V);
  ValueId constant(int64_t N);
  ContextId intern(const Context &C);

  /// The value of \p E in \p F under \p C, and under \p Known if given.
  ValueId value(const Func &F, ExprId E, ContextId C,
                const Facts *Known = nullptr);

  /// The value of argument \p I of \p E in \p F, with what every way to that
  /// call has found out.
  ValueId argument(const Func &F, const Event &E, unsigned I, ContextId C);

  /// True, false, or unknown, as a condition.
  std::optional<bool> truth(const Func &F, ExprId E, ContextId C,
                            const Facts *Known = nullptr);
  std::optional<bool> truth(ValueId V) const;

  /// The module that the thread came through: a function pointer that all its
  /// tables set (Program::Always) counts as set.
  ModuleId Through = NoModule;
  /// Code outside of sections may well be the first to use an object.
  bool InSection = true;
  const FlagTable *Flags = nullptr; ///< null: none are known
  /// Ask what every way to a call has found out. Whoever follows the ways
  /// himself knows that.
  bool UsePaths = false;

  /// The context that the call \p E in \p F gives to \p Callee. \p Raised: the
  /// flags that are raised there, if F raises or lowers some itself.
  ContextId
  argumentContext(const Func &F, const Event &E, ContextId C,
                  const Func &Callee,
                  std::optional<FlagTable::Set> Raised = std::nullopt);

  /// \p C, and what every way to \p At in \p F has found out of F's
  /// parameters.
  ContextId contextAt(const Func &F, EventId At, ContextId C);

  /// What a function is given that is stored in \p Path of the object \p V
  /// and gets the pointer to what it is stored in.
  ContextId handlerContext(ValueId V, llvm::ArrayRef<FieldName> Path,
                           const Func &Handler);

  /// The fields that the \p Record at \p V is known to be in, outermost first.
  llvm::SmallVector<SlotId, 4> around(const Value &V,
                                      llvm::StringRef Record) const;

  /// The flags that are raised where a function under \p C begins.
  FlagTable::Set raised(ContextId C) const;
  /// \p C, with \p Flags raised as well.
  ContextId withRaised(ContextId C, FlagTable::Set Flags);

  /// May \p Pointer in \p F point to what the thread has just made?
  bool isMade(const Func &F, ExprId Pointer, ContextId C) const;

  /// Does \p T in \p F ask for what an object does not have yet, because the
  /// thread has just made it?
  bool asksNewObject(const Func &F, const ContentTest &T, ContextId C);

  /// Does the effect of \p M happen at the call \p E, as far as its conditions
  /// tell? One that is not known to be false counts as true.
  bool applies(const FunctionModel &M, const Func &F, const Event &E,
               ContextId C) {
    return holds(M.When, F, E, C);
  }
  /// Does that call wait for the lock that it acquires?
  bool waits(const FunctionModel &M, const Func &F, const Event &E,
             ContextId C) {
    return !M.Try && holds(M.WaitsWhen, F, E, C);
  }

  /// Successors of \p B that the context does not rule out.
  void successors(const Func &F, const Block &B, ContextId C,
                  const Facts *Known, llvm::SmallVectorImpl<unsigned> &Indices);

private:
  bool holds(llvm::ArrayRef<Condition> Conditions, const Func &F,
             const Event &E, ContextId C);
  /// Who has made what only he and those he calls know of; none: it is old.
  std::optional<FuncId> maker(const Func &F, ExprId Pointer, ContextId C) const;
  ValueId compute(const Func &F, const Expr &E, ContextId C,
                  const Facts *Known);
  ValueId unary(Op O, ValueId A);
  ValueId binary(Op O, ValueId A, ValueId B);
  ValueId either(llvm::ArrayRef<ValueId> Vs);
  ValueId returned(FuncId F, ContextId C);
  ValueId withFacts(const Func &F, const Event &At, ExprId E, ContextId C,
                    ValueId Without);
  ValueId factOf(const Func &F, ExprId E, const Facts &Known);
  std::optional<int64_t> number(ValueId V) const;
  bool isRaised(const Func &F, SlotId Field, ContextId C) const;
  // Options.cpp
  /// The pointer \p Arg that \p Call in \p F gives to another function.
  ValueId optionsFor(const Func &F, const Event &Call, ExprId Arg, ContextId C);
  /// What one of the stores of \p O has put there, \p Changes after others.
  ValueId storedBy(const Func &F, const Program::Option &O, ContextId C,
                   unsigned Changes);
  ValueId stored(const Func &F, EventId Store, ContextId C, unsigned Changes);
  ValueId fieldOf(ValueId Base, SlotId Field);
  ValueId load(const Func &F, SlotId Field, ContextId C);

  const Program &P;
  PathFacts Paths;
  struct Hash {
    size_t operator()(const Value &V) const;
    size_t operator()(const Context &C) const;
  };
  // Node based: the values stay where they are while the tables grow.
  std::unordered_map<Value, ValueId, Hash> ValueIds;
  std::vector<const Value *> Values;
  std::unordered_map<int64_t, ValueId> Constants;
  std::unordered_map<Context, ContextId, Hash> ContextIds;
  std::vector<const Context *> Contexts;
  llvm::DenseMap<std::pair<FuncId, ContextId>, ValueId> Returned;
  /// By call and the context that it is in: its result, asked from outside.
  llvm::DenseMap<std::tuple<FuncId, EventId, ContextId>, ValueId> CallResults;
  /// By maker, list or field, and who asks for it.
  llvm::DenseMap<std::tuple<FuncId, SlotId, FuncId>, bool> Empty;
  unsigned Depth = 0; ///< of calls whose results are being evaluated
  unsigned Nesting =
      0; ///< of expressions, and the steps taken for the outermost
  unsigned Steps = 0;
};

} // namespace fencedep

#endif // FENCEDEP_PROGRAM_VALUE_H

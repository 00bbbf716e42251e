//===- Summary.h - what one translation unit says about its functions -----===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A summary is the skeleton of a translation unit: for each function its
// control flow (blocks, branch conditions) reduced to *events* (calls, stores,
// returns), with every argument, condition and stored value as a small symbolic
// expression over the function's parameters, fields, globals and call results.
//
// Extract writes summaries and is the only part that sees Clang's AST. It knows
// nothing about fences: a summary does not depend on the model beyond the
// Vocabulary (a few names), so the same summary serves every rule. Program
// merges summaries, binds symbols, and evaluates skeletons under the constants
// of each caller.
//
// All indices are into the tables of the same Unit (or, for expressions and
// events, of the same Function). Files are absolute, dots removed.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_SUMMARY_SUMMARY_H
#define FENCEDEP_SUMMARY_SUMMARY_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace fencedep {

using StringId = uint32_t; ///< index into Unit::Strings; 0 is "".
using SymbolId = uint32_t; ///< index into Unit::Symbols.
using FieldId = uint32_t;  ///< index into Unit::Fields.
using ExprId = uint32_t;   ///< index into Function::Exprs; 0 is Unknown.
using BlockId = uint32_t;  ///< index into Function::Blocks.
using EventId = uint32_t;  ///< index into Function::Events.

/// The names that extraction asks the preprocessor and the AST about. They come
/// from the model and are part of each summary's cache key.
struct Vocabulary {
  /// Macros (or enumerators) whose integer value in the unit is recorded in
  /// Unit::Constants, e.g. "___GFP_DIRECT_RECLAIM", "CONFIG_MMU_NOTIFIER".
  std::vector<std::string> Constants;
  /// Function-like macros whose expansion inside a function body is an event of
  /// its own (EventKind::Macro), e.g. "get_user".
  std::vector<std::string> Macros;
  /// Integer typedefs that are recorded for parameters of called functions,
  /// e.g. "gfp_t".
  std::vector<std::string> Types;
  /// File-scope macros whose first argument names a symbol that other modules
  /// may use, e.g. "EXPORT_SYMBOL_GPL".
  std::vector<std::string> Exports;
  /// Macros that tell of a bug when their value is true, e.g. "WARN_ON".
  std::vector<std::string> Asserts;
  /// Command-line macro that names the unit's module, e.g. "KBUILD_MODNAME",
  /// and the macro whose absence means "not a loadable module", e.g. "MODULE".
  std::string ModuleNameMacro;
  std::string ModuleMacro;
};

/// A position, where the user would look: macro expansions are mapped to the
/// place where the outermost macro was invoked.
struct Loc {
  StringId File = 0;
  uint32_t Line = 0, Column = 0; ///< 1-based; Line 0: no position.
};

enum class SymbolKind : uint8_t { Function, Variable };

enum class Linkage : uint8_t {
  External, ///< one per program (per module that defines it)
  Internal, ///< static in the unit's main file: File tells which
  Header,   ///< static/inline in a header: File, and BodyHash if known
};

/// A function or a global variable (static locals too) that the unit mentions.
struct Symbol {
  SymbolKind Kind = SymbolKind::Function;
  Linkage Link = Linkage::External;
  /// Identity: the plain name for C and extern "C", the USR for C++. A static
  /// local is "function.variable".
  StringId Key = 0;
  /// What a user reads: qualified name ("ns::Class::method").
  StringId Name = 0;
  /// Internal and Header: the file of the definition. External: 0.
  StringId File = 0;
  /// Header functions: hash of the body's expanded tokens; 0 when unknown (a
  /// mention inside a header body, or a body that this unit never saw).
  uint64_t BodyHash = 0;
  /// Functions: (parameter index, Vocabulary type) for parameters whose
  /// declared type is one of Vocabulary::Types.
  struct TypedParam {
    uint32_t Index;
    StringId Type;
  };
  std::vector<TypedParam> TypedParams;
  /// Functions: the declaration carries attribute noreturn.
  bool NoReturn = false;
};

/// A field of a record type. Record is the tag ("drm_sched_backend_ops"); an
/// anonymous struct inside a named one takes the name of the nearest named
/// record around it, and its own members belong to that record too; a typedef'd
/// anonymous record takes the typedef's name. C++: qualified name.
struct Field {
  StringId Record = 0;
  StringId Name = 0;
  StringId Type = 0; ///< the Vocabulary type it is declared with, or 0
};

/// Expressions are hash-consed per function: equal ids mean equal values at the
/// same evaluation (Opaque, Phi and Call nodes are unique per place).
enum class ExprKind : uint8_t {
  Unknown,    ///< anything
  Const,      ///< Value
  NonNull,    ///< some non-null pointer (string literal, address of a local
              ///< aggregate)
  Param,      ///< A = parameter index (C++ methods: 0 is `this`)
  FuncAddr,   ///< A = SymbolId
  GlobalAddr, ///< A = SymbolId: the address of a global (or the decayed array)
  GlobalLoad, ///< A = SymbolId: the value of a global scalar/pointer
  FieldAddr,  ///< A = FieldId, B = base pointer: &base->field
  FieldLoad,  ///< A = FieldId, B = base pointer: base->field
  ElemAddr,   ///< A = base pointer: address of some element of an array
  ElemLoad,   ///< A = base pointer: some element of the array at base
  Deref,      ///< A = pointer: *pointer (scalar)
  RefTo,      ///< A = value: the address of a local that holds this value now;
              ///< B = a number unique to that local variable
  Call,       ///< A = EventId: the result of that call
  OutArg,     ///< A = EventId, B = argument index: what a local holds after the
              ///< call that got its address
  Unary,      ///< Op, A
  Binary,     ///< Op, A, B
  Select,     ///< A = condition, B = value if true, C = value if false
  Phi,        ///< Operands: any one of them
  Opaque,     ///< A = number unique in the function: one unknown value
};

enum class Op : uint8_t {
  None,
  // Unary.
  Not, ///< logical: 0 or 1
  BitNot,
  Neg,
  // Binary.
  Add,
  Sub,
  Mul,
  Div,
  Rem,
  Shl,
  Shr,
  And,
  Or,
  Xor, ///< bitwise
  LAnd,
  LOr, ///< logical: 0 or 1
  Eq,
  Ne,
  Lt,
  Le,
  Gt,
  Ge, ///< signed
};

struct Expr {
  ExprKind Kind = ExprKind::Unknown;
  Op Oper = Op::None;
  uint32_t A = 0, B = 0, C = 0;
  int64_t Value = 0;
  std::vector<ExprId> Operands; ///< Phi only, sorted, at least two.
};

inline bool isZero(const Expr &E) {
  return E.Kind == ExprKind::Const && E.Value == 0;
}

/// Calls \p Visit for each operand of \p E, which is an Expr or a const one.
template <typename ExprT, typename Fn> void operands(ExprT &E, Fn Visit) {
  switch (E.Kind) {
  case ExprKind::Unknown:
  case ExprKind::Const:
  case ExprKind::NonNull:
  case ExprKind::Param:
  case ExprKind::FuncAddr:
  case ExprKind::GlobalAddr:
  case ExprKind::GlobalLoad:
  case ExprKind::Call:
  case ExprKind::OutArg:
  case ExprKind::Opaque:
    return;
  case ExprKind::FieldAddr:
  case ExprKind::FieldLoad:
    return Visit(E.B);
  case ExprKind::ElemAddr:
  case ExprKind::ElemLoad:
  case ExprKind::Deref:
  case ExprKind::RefTo:
  case ExprKind::Unary:
    return Visit(E.A);
  case ExprKind::Binary:
    Visit(E.A);
    return Visit(E.B);
  case ExprKind::Select:
    Visit(E.A);
    Visit(E.B);
    return Visit(E.C);
  case ExprKind::Phi:
    for (auto &Operand : E.Operands)
      Visit(Operand);
    return;
  }
}

enum class EventKind : uint8_t {
  Call,   ///< Callee is called with Args
  Store,  ///< *Args[0] = Args[1]: Args[0] is an address expression (FieldAddr,
          ///< GlobalAddr, ElemAddr or a pointer such as Param for *param)
  Return, ///< Args[0] is the value; no Args for `return;`
  Macro,  ///< the expansion of the Vocabulary macro Name starts here
  Copy,   ///< *Args[0] = *Args[1]: a structure is written as a whole, Record
          ///< tells its type; Args[1] is Const 0: with zeros, and it has no
          ///< union
};

/// Where a call's result goes at once: lets Rules tell a discarded or
/// overwritten cookie from a kept one.
enum class ResultUse : uint8_t {
  Discarded, ///< expression statement, or cast to void
  Local,     ///< assigned to or initialises local variable Dest
  Other,     ///< anything else (returned, stored, an operand)
};

struct Event {
  EventKind Kind = EventKind::Call;
  Loc Where;
  /// Call: FuncAddr for a direct call, otherwise the pointer's value
  /// (FieldLoad, Param, ElemLoad, GlobalLoad, ...).
  ExprId Callee = 0;
  std::vector<ExprId> Args;
  /// Call: a C++ virtual call; Callee is FuncAddr of the method named.
  bool Virtual = false;
  /// Call inserted by the compiler at the end of a scope (__cleanup__, C++
  /// destructor).
  bool Implicit = false;
  ResultUse Use = ResultUse::Other;
  /// Use == Local: the number of the local, as in RefTo::B.
  uint32_t Dest = 0;
  /// The outermost function-like macro whose expansion produced the event
  /// ("INIT_WORK"), or 0. Macro: the macro itself.
  StringId Macro = 0;
  /// Copy: as Field::Record.
  StringId Record = 0;
};

/// Successor blocks. Cond == 0: all successors are possible. Otherwise with two
/// successors and no Cases: Succs[0] if Cond is non-zero, else Succs[1]. With
/// Cases: a switch on Cond; Cases[i] lists the value ranges of Succs[i], and an
/// empty list is the default.
struct Block {
  EventId FirstEvent = 0, NumEvents = 0;
  ExprId Cond = 0;
  std::vector<BlockId> Succs;
  struct Range {
    int64_t Low, High;
  };
  std::vector<std::vector<Range>> Cases;
  /// 1 + the index of the successor that is taken only when a
  /// Vocabulary::Asserts macro, which Cond is the expansion of, has failed; 0:
  /// none.
  uint32_t Unexpected = 0;
};

/// A function with a body. Block 0 is the entry. A block without successors
/// returns unless NoReturn calls end it (Extract drops the edges after those).
struct Function {
  SymbolId Sym = 0;
  Loc Where;              ///< the name in the definition
  Loc End;                ///< the closing brace
  uint32_t NumParams = 0; ///< C++ methods: `this` included
  std::vector<StringId> ParamNames;
  std::vector<StringId> LocalNames; ///< by local number (RefTo::B, Event::Dest)
  std::vector<Expr> Exprs;          ///< Exprs[0] is Unknown
  std::vector<Event> Events;
  std::vector<Block> Blocks;

  /// None if no block has that event: a summary may be broken.
  std::optional<BlockId> blockOf(EventId Id) const {
    for (BlockId At = 0; At != Blocks.size(); ++At)
      if (Id - Blocks[At].FirstEvent < Blocks[At].NumEvents)
        return At;
    return std::nullopt;
  }
  llvm::ArrayRef<Event> eventsOf(const Block &B) const {
    return llvm::ArrayRef(Events).slice(B.FirstEvent, B.NumEvents);
  }
};

/// A function address or constant put into a field or array by an initialiser
/// of a global or static variable.
struct Initializer {
  SymbolId Holder = 0;       ///< the variable
  std::vector<FieldId> Path; ///< outermost first; empty: an array of pointers
  SymbolId Func = 0;         ///< the function
  Loc Where;
};

/// A record type's address of another table: `.ops = &my_ops` (for multi-layer
/// types): Holder's Path field holds the address of variable Target.
struct TableRef {
  SymbolId Holder = 0;
  std::vector<FieldId> Path;
  SymbolId Target = 0;
};

/// A constant in a field that has a Vocabulary type, put there by an
/// initialiser of a global or static variable.
struct FieldValue {
  FieldId Field = 0;
  int64_t Value = 0;
};

/// What kind of table Holder is, a global or static variable that holds
/// addresses: an enumerator in a field of its own.
struct TableKind {
  SymbolId Holder = 0;
  FieldId Field = 0;
  int64_t Value = 0;
};

struct Override {
  SymbolId Method = 0, Overridden = 0; ///< C++: Method overrides Overridden
};

/// What a declaration says of itself to us, with the attribute
/// btf_decl_tag("fencedep::TEXT") or annotate("fencedep::TEXT").
struct Annotation {
  bool OnField = false;
  uint32_t Of = 0;   ///< SymbolId; OnField: FieldId
  StringId Text = 0; ///< without "fencedep::"
  Loc Where;
};

struct Constant {
  StringId Name = 0;
  int64_t Value = 0;
};

struct Dependency {
  std::string Path;  ///< absolute
  uint64_t Hash = 0; ///< xxh3_64bits of the content
};

struct Unit {
  std::string MainFile; ///< absolute
  std::string Module; ///< "" : one program, "vmlinux"-like names: see Extract.h
  std::vector<std::string> Strings{""};
  std::vector<Symbol> Symbols;
  std::vector<Field> Fields;
  std::vector<Function> Functions; ///< own functions first, then header bodies
  std::vector<Initializer> Initializers;
  std::vector<TableRef> TableRefs;
  std::vector<FieldValue> FieldValues;
  std::vector<TableKind> TableKinds;
  std::vector<Override> Overrides;
  std::vector<Annotation> Annotations;
  std::vector<Constant> Constants;
  std::vector<SymbolId> Exports;

  llvm::StringRef str(StringId Id) const { return Strings[Id]; }
};

/// The format's version; a summary of another version is refused.
constexpr uint32_t SummaryVersion = 7;

/// Serialises \p U. The bytes depend on nothing but \p U.
std::string writeSummary(const Unit &U);

/// Parses \p Bytes, checking magic, version, checksum and every index, so that
/// the result can be used without further checks. \p Name is used in errors,
/// which give the byte offset and the cause.
llvm::Expected<Unit> readSummary(llvm::StringRef Bytes, llvm::StringRef Name);

/// Prints \p U as text, for tests and for people (`fencedep dump`).
void printSummary(const Unit &U, llvm::raw_ostream &OS);

} // namespace fencedep

#endif // FENCEDEP_SUMMARY_SUMMARY_H

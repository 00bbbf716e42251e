//===- Fields.h - what the records of a summary consist of ------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One description per type, `fields(Stream, Record)`, for all who go through
// whole records: to write, read, check or copy them. So these cannot drift
// apart. It calls for each part of the record, in the order of the bytes of a
// summary:
//
//   number, signedNumber, string   what means nothing elsewhere
//   id(Table, Id)                  an index into a table of the unit
//   line(Loc)                      the line of a place whose file is known
//   size(Vector)                   before the entries: how many there are
//   ok()                           false: no more entries
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_SUMMARY_FIELDS_H
#define FENCEDEP_SUMMARY_FIELDS_H

#include "fencedep/Summary/Summary.h"

namespace fencedep {

/// A unit's tables that others refer to.
enum class Table { Strings, Symbols, Fields };

/// A stream that leaves all as it is.
struct FieldVisitor {
  template <typename T> void number(T &) {}
  void signedNumber(int64_t &) {}
  void string(std::string &) {}
  void line(Loc &) {}
  template <typename T> uint64_t size(std::vector<T> &V) { return V.size(); }
  bool ok() const { return true; }
};

template <typename S, typename T, typename Fn>
void table(S &Stream, std::vector<T> &V, Fn Each) {
  Stream.size(V);
  for (T &Entry : V) {
    if (!Stream.ok())
      return;
    Each(Stream, Entry);
  }
}

template <typename S, typename T> void table(S &Stream, std::vector<T> &V) {
  table(Stream, V, [](S &St, T &Entry) { fields(St, Entry); });
}

template <typename S> void numbers(S &Stream, std::vector<uint32_t> &V) {
  table(Stream, V, [](S &St, uint32_t &N) { St.number(N); });
}

template <typename S> void ids(S &Stream, Table In, std::vector<uint32_t> &V) {
  table(Stream, V, [In](S &St, uint32_t &Id) { St.id(In, Id); });
}

template <typename S> void fields(S &St, Loc &L) {
  St.id(Table::Strings, L.File);
  St.line(L);
  St.number(L.Column);
}

template <typename S> void fields(S &St, Symbol &Y) {
  St.number(Y.Kind);
  St.number(Y.Link);
  St.id(Table::Strings, Y.Key);
  St.id(Table::Strings, Y.Name);
  St.id(Table::Strings, Y.File);
  St.number(Y.BodyHash);
  St.number(Y.NoReturn);
  table(St, Y.TypedParams, [](S &I, Symbol::TypedParam &P) {
    I.number(P.Index);
    I.id(Table::Strings, P.Type);
  });
}

template <typename S> void fields(S &St, Field &F) {
  St.id(Table::Strings, F.Record);
  St.id(Table::Strings, F.Name);
  St.id(Table::Strings, F.Type);
}

template <typename S> void fields(S &St, Expr &E) {
  St.number(E.Kind);
  switch (E.Kind) {
  case ExprKind::Unknown:
  case ExprKind::NonNull:
    return;
  case ExprKind::Const:
    return St.signedNumber(E.Value);
  case ExprKind::Phi:
    return numbers(St, E.Operands);
  default:
    break;
  }
  St.number(E.Oper);
  switch (E.Kind) {
  case ExprKind::FuncAddr:
  case ExprKind::GlobalAddr:
  case ExprKind::GlobalLoad:
    St.id(Table::Symbols, E.A);
    break;
  case ExprKind::FieldAddr:
  case ExprKind::FieldLoad:
    St.id(Table::Fields, E.A);
    break;
  default:
    St.number(E.A);
    break;
  }
  St.number(E.B);
  St.number(E.C);
}

template <typename S> void fields(S &St, Event &E) {
  // Kind, the flags and the use fit one byte.
  unsigned Bits = unsigned(E.Kind) | unsigned(E.Virtual) << 3 |
                  unsigned(E.Implicit) << 4 | unsigned(E.Use) << 5;
  St.number(Bits);
  E.Kind = static_cast<EventKind>(Bits & 7);
  E.Virtual = Bits >> 3 & 1;
  E.Implicit = Bits >> 4 & 1;
  E.Use = static_cast<ResultUse>(Bits >> 5 & 3);
  fields(St, E.Where);
  St.id(Table::Strings, E.Macro);
  if (E.Kind == EventKind::Call)
    St.number(E.Callee);
  if (E.Kind == EventKind::Copy)
    St.id(Table::Strings, E.Record);
  if (E.Use == ResultUse::Local)
    St.number(E.Dest);
  numbers(St, E.Args);
}

template <typename S> void fields(S &St, Block &B) {
  St.number(B.FirstEvent);
  St.number(B.NumEvents);
  St.number(B.Cond);
  St.number(B.Unexpected);
  numbers(St, B.Succs);
  table(St, B.Cases, [](S &I, std::vector<Block::Range> &Ranges) {
    table(I, Ranges, [](S &J, Block::Range &R) {
      J.signedNumber(R.Low);
      J.signedNumber(R.High);
    });
  });
}

template <typename S> void fields(S &St, Function &F) {
  St.id(Table::Symbols, F.Sym);
  fields(St, F.Where);
  fields(St, F.End);
  St.number(F.NumParams);
  ids(St, Table::Strings, F.ParamNames);
  ids(St, Table::Strings, F.LocalNames);
  table(St, F.Exprs);
  table(St, F.Events);
  table(St, F.Blocks);
}

template <typename S> void fields(S &St, Initializer &I) {
  St.id(Table::Symbols, I.Holder);
  ids(St, Table::Fields, I.Path);
  St.id(Table::Symbols, I.Func);
  fields(St, I.Where);
}

template <typename S> void fields(S &St, TableRef &T) {
  St.id(Table::Symbols, T.Holder);
  ids(St, Table::Fields, T.Path);
  St.id(Table::Symbols, T.Target);
}

template <typename S> void fields(S &St, FieldValue &V) {
  St.id(Table::Fields, V.Field);
  St.signedNumber(V.Value);
}

template <typename S> void fields(S &St, TableKind &K) {
  St.id(Table::Symbols, K.Holder);
  St.id(Table::Fields, K.Field);
  St.signedNumber(K.Value);
}

template <typename S> void fields(S &St, Override &O) {
  St.id(Table::Symbols, O.Method);
  St.id(Table::Symbols, O.Overridden);
}

template <typename S> void fields(S &St, Annotation &A) {
  St.number(A.OnField);
  St.id(A.OnField ? Table::Fields : Table::Symbols, A.Of);
  St.id(Table::Strings, A.Text);
  fields(St, A.Where);
}

template <typename S> void fields(S &St, Constant &C) {
  St.id(Table::Strings, C.Name);
  St.signedNumber(C.Value);
}

template <typename S> void fields(S &St, Unit &U) {
  St.string(U.MainFile);
  St.string(U.Module);
  table(St, U.Strings, [](S &I, std::string &T) { I.string(T); });
  table(St, U.Symbols);
  table(St, U.Fields);
  table(St, U.Functions);
  table(St, U.Initializers);
  table(St, U.TableRefs);
  table(St, U.FieldValues);
  table(St, U.TableKinds);
  table(St, U.Overrides);
  table(St, U.Annotations);
  table(St, U.Constants);
  ids(St, Table::Symbols, U.Exports);
}

} // namespace fencedep

#endif // FENCEDEP_SUMMARY_FIELDS_H

//===- Serialize.cpp - summaries as bytes ---------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// magic, version, checksum of the rest, then every table in the order of Unit,
// all numbers LEB128. One description per type (`fields`) serves writing and
// reading, so the two cannot drift apart. JSON would be ten times the size and
// would dominate a warm run of 4,000 units; LLVM's bitstream needs the same
// descriptions plus abbreviations.
//
// Reading trusts nothing: DataExtractor checks each number against the end of
// the buffer, a table's length against the bytes left (each entry takes at
// least one), and `validate` each index against its table.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Summary/Summary.h"
#include "llvm/Support/DataExtractor.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/LEB128.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;
using namespace fencedep;

static constexpr char Magic[] = "FDSUMM\n";
static constexpr size_t MagicSize = sizeof(Magic) - 1;
static constexpr size_t HeaderSize = MagicSize + 1 + 8;

namespace {

class Writer {
public:
  explicit Writer(raw_ostream &OS) : OS(OS) {}

  template <typename T> void number(const T &V) {
    encodeULEB128(static_cast<uint64_t>(V), OS);
  }
  void signedNumber(int64_t V) { encodeSLEB128(V, OS); }
  void string(const std::string &S) {
    number(S.size());
    OS << S;
  }
  template <typename T> uint64_t size(const std::vector<T> &V) {
    number(V.size());
    return V.size();
  }
  bool ok() const { return true; }

private:
  raw_ostream &OS;
};

class Reader {
public:
  Reader(StringRef Bytes, uint64_t Start)
      : Begin(Bytes.bytes_begin()), Next(Begin + Start),
        End(Bytes.bytes_end()) {}

  template <typename T> void number(T &V) {
    uint64_t Raw = unsignedNumber();
    V = static_cast<T>(Raw);
    if (static_cast<uint64_t>(V) != Raw)
      fail("number out of range");
  }
  void signedNumber(int64_t &V) {
    const char *Bad = nullptr;
    unsigned Length = 0;
    V = decodeSLEB128(Next, &Length, End, &Bad);
    if (Bad)
      return fail(Bad);
    Next += Length;
  }
  void string(std::string &S) {
    uint64_t Size = unsignedNumber();
    if (Size > left())
      return fail("string longer than the file");
    S.assign(reinterpret_cast<const char *>(Next), Size);
    Next += Size;
  }
  template <typename T> uint64_t size(std::vector<T> &V) {
    uint64_t Size = unsignedNumber();
    if (Size > left()) {
      fail("table longer than the file");
      Size = 0;
    }
    V.resize(Size);
    return Size;
  }
  bool ok() const { return Why.empty(); }

  /// The first mistake, if any.
  Error result(StringRef Name) {
    if (ok() && left())
      fail("bytes after the last table");
    if (ok())
      return Error::success();
    return createStringError("%s: byte %llu: %s", Name.str().c_str(),
                             static_cast<unsigned long long>(WhyAt),
                             Why.c_str());
  }

private:
  uint64_t left() const { return End - Next; }

  uint64_t unsignedNumber() {
    if (Next != End && *Next < 0x80) // nearly all
      return *Next++;
    const char *Bad = nullptr;
    unsigned Length = 0;
    uint64_t V = decodeULEB128(Next, &Length, End, &Bad);
    if (Bad) {
      fail(Bad);
      return 0;
    }
    Next += Length;
    return V;
  }

  void fail(StringRef Text) {
    if (!Why.empty())
      return;
    Why = Text.str();
    WhyAt = Next - Begin;
  }

  const uint8_t *Begin, *Next, *End;
  std::string Why;
  uint64_t WhyAt = 0;
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

template <typename S> void numbers(S &Stream, std::vector<uint32_t> &V) {
  table(Stream, V, [](S &St, uint32_t &N) { St.number(N); });
}

template <typename S> void fields(S &St, Loc &L) {
  St.number(L.File);
  St.number(L.Line);
  St.number(L.Column);
}

template <typename S> void fields(S &St, Symbol &Y) {
  St.number(Y.Kind);
  St.number(Y.Link);
  St.number(Y.Key);
  St.number(Y.Name);
  St.number(Y.File);
  St.number(Y.BodyHash);
  St.number(Y.NoReturn);
  table(St, Y.TypedParams, [](S &I, Symbol::TypedParam &P) {
    I.number(P.Index);
    I.number(P.Type);
  });
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
    St.number(E.Oper);
    St.number(E.A);
    St.number(E.B);
    St.number(E.C);
  }
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
  St.number(E.Macro);
  if (E.Kind == EventKind::Call)
    St.number(E.Callee);
  if (E.Kind == EventKind::Copy)
    St.number(E.Record);
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
  St.number(F.Sym);
  fields(St, F.Where);
  fields(St, F.End);
  St.number(F.NumParams);
  numbers(St, F.ParamNames);
  numbers(St, F.LocalNames);
  table(St, F.Exprs, [](S &I, Expr &E) { fields(I, E); });
  table(St, F.Events, [](S &I, Event &E) { fields(I, E); });
  table(St, F.Blocks, [](S &I, Block &B) { fields(I, B); });
}

template <typename S> void fields(S &St, Unit &U) {
  St.string(U.MainFile);
  St.string(U.Module);
  table(St, U.Strings, [](S &I, std::string &T) { I.string(T); });
  table(St, U.Symbols, [](S &I, Symbol &Y) { fields(I, Y); });
  table(St, U.Fields, [](S &I, Field &F) {
    I.number(F.Record);
    I.number(F.Name);
    I.number(F.Type);
  });
  table(St, U.Functions, [](S &I, Function &F) { fields(I, F); });
  table(St, U.Initializers, [](S &I, Initializer &N) {
    I.number(N.Holder);
    numbers(I, N.Path);
    I.number(N.Func);
    fields(I, N.Where);
  });
  table(St, U.TableRefs, [](S &I, TableRef &T) {
    I.number(T.Holder);
    numbers(I, T.Path);
    I.number(T.Target);
  });
  table(St, U.FieldValues, [](S &I, FieldValue &V) {
    I.number(V.Field);
    I.signedNumber(V.Value);
  });
  table(St, U.TableKinds, [](S &I, TableKind &K) {
    I.number(K.Holder);
    I.number(K.Field);
    I.signedNumber(K.Value);
  });
  table(St, U.Overrides, [](S &I, Override &O) {
    I.number(O.Method);
    I.number(O.Overridden);
  });
  table(St, U.Annotations, [](S &I, Annotation &A) {
    I.number(A.OnField);
    I.number(A.Of);
    I.number(A.Text);
    fields(I, A.Where);
  });
  table(St, U.Constants, [](S &I, Constant &C) {
    I.number(C.Name);
    I.signedNumber(C.Value);
  });
  numbers(St, U.Exports);
}

/// Checks every index of a unit; what it accepts can be used unchecked.
class Validator {
public:
  explicit Validator(const Unit &U) : U(U) {}

  /// Empty if all is well, else what is wrong.
  std::string run() {
    if (U.Strings.empty() || !U.Strings[0].empty())
      return "string 0 is not empty";
    for (const Symbol &S : U.Symbols) {
      check(S.Kind <= SymbolKind::Variable, "symbol kind");
      check(S.Link <= Linkage::Header, "linkage");
      string(S.Key), string(S.Name), string(S.File);
      for (const Symbol::TypedParam &P : S.TypedParams)
        string(P.Type);
    }
    for (const Field &F : U.Fields)
      string(F.Record), string(F.Name), string(F.Type);
    for (const Initializer &I : U.Initializers) {
      symbol(I.Holder), symbol(I.Func), loc(I.Where);
      each(I.Path, &Validator::field);
    }
    for (const TableRef &T : U.TableRefs) {
      symbol(T.Holder), symbol(T.Target);
      each(T.Path, &Validator::field);
    }
    for (const FieldValue &V : U.FieldValues)
      field(V.Field);
    for (const TableKind &K : U.TableKinds)
      symbol(K.Holder), field(K.Field);
    for (const Override &O : U.Overrides)
      symbol(O.Method), symbol(O.Overridden);
    for (const Annotation &A : U.Annotations) {
      A.OnField ? field(A.Of) : symbol(A.Of);
      string(A.Text), loc(A.Where);
    }
    for (const Constant &C : U.Constants)
      string(C.Name);
    each(U.Exports, &Validator::symbol);
    for (const Function &F : U.Functions)
      function(F);
    return Why;
  }

private:
  void check(bool Good, const char *What) {
    if (!Good && Why.empty())
      Why = formatv("illegal {0}", What).str();
  }
  void string(uint32_t Id) { check(Id < U.Strings.size(), "string index"); }
  void symbol(uint32_t Id) { check(Id < U.Symbols.size(), "symbol index"); }
  void field(uint32_t Id) { check(Id < U.Fields.size(), "field index"); }
  void loc(const Loc &L) { string(L.File); }
  void each(const std::vector<uint32_t> &V, void (Validator::*Fn)(uint32_t)) {
    for (uint32_t Id : V)
      (this->*Fn)(Id);
  }

  void function(const Function &F) {
    symbol(F.Sym), loc(F.Where), loc(F.End);
    each(F.ParamNames, &Validator::string);
    each(F.LocalNames, &Validator::string);
    check(!F.Exprs.empty() && F.Exprs[0].Kind == ExprKind::Unknown,
          "expression 0");
    for (uint32_t I = 0, N = F.Exprs.size(); I != N; ++I)
      expr(F, F.Exprs[I], I);
    for (const Event &E : F.Events) {
      check(E.Kind <= EventKind::Copy && E.Use <= ResultUse::Other, "event");
      loc(E.Where), string(E.Macro), string(E.Record);
      operand(F, E.Callee, F.Exprs.size());
      for (ExprId A : E.Args)
        operand(F, A, F.Exprs.size());
      check((E.Kind != EventKind::Store && E.Kind != EventKind::Copy) ||
                E.Args.size() == 2,
            "store");
      check(E.Kind != EventKind::Return || E.Args.size() <= 1, "return");
    }
    check(!F.Blocks.empty(), "function without blocks");
    for (const Block &B : F.Blocks) {
      check(uint64_t(B.FirstEvent) + B.NumEvents <= F.Events.size(),
            "event range");
      operand(F, B.Cond, F.Exprs.size());
      check(B.Unexpected <= B.Succs.size(), "unexpected successor");
      for (BlockId S : B.Succs)
        check(S < F.Blocks.size(), "block index");
      check(B.Cases.empty() || B.Cases.size() == B.Succs.size(), "switch");
    }
  }

  /// Operands come before their users: no expression contains itself.
  void operand(const Function &F, uint32_t Id, size_t Below) {
    check(Id < Below && Id < F.Exprs.size(), "expression index");
  }

  void expr(const Function &F, const Expr &E, uint32_t Self) {
    check(E.Kind <= ExprKind::Opaque && E.Oper <= Op::Ge, "expression kind");
    switch (E.Kind) {
    case ExprKind::FuncAddr:
    case ExprKind::GlobalAddr:
    case ExprKind::GlobalLoad:
      return symbol(E.A);
    case ExprKind::FieldAddr:
    case ExprKind::FieldLoad:
      field(E.A);
      return operand(F, E.B, Self);
    case ExprKind::ElemAddr:
    case ExprKind::ElemLoad:
    case ExprKind::Deref:
    case ExprKind::RefTo:
    case ExprKind::Unary:
      return operand(F, E.A, Self);
    case ExprKind::Binary:
      operand(F, E.A, Self);
      return operand(F, E.B, Self);
    case ExprKind::Select:
      operand(F, E.A, Self);
      operand(F, E.B, Self);
      return operand(F, E.C, Self);
    case ExprKind::Phi:
      for (ExprId O : E.Operands)
        operand(F, O, Self);
      return;
    case ExprKind::Call:
    case ExprKind::OutArg:
      return check(E.A < F.Events.size() &&
                       F.Events[E.A].Kind == EventKind::Call,
                   "event index");
    case ExprKind::Unknown:
    case ExprKind::Const:
    case ExprKind::NonNull:
    case ExprKind::Param:
    case ExprKind::Opaque:
      return;
    }
  }

  const Unit &U;
  std::string Why;
};

} // namespace

std::string fencedep::writeSummary(const Unit &U) {
  std::string Body;
  raw_string_ostream OS(Body);
  Writer W(OS);
  fields(W, const_cast<Unit &>(U)); // the writer assigns only what it read
  uint64_t Sum = xxh3_64bits(Body);
  std::string Bytes(Magic, MagicSize);
  Bytes += static_cast<char>(SummaryVersion);
  for (unsigned I = 0; I != 8; ++I)
    Bytes += static_cast<char>(Sum >> (8 * I));
  return Bytes + Body;
}

Expected<Unit> fencedep::readSummary(StringRef Bytes, StringRef Name) {
  auto Refuse = [&](uint64_t At, const Twine &Text) {
    return createStringError("%s: byte %llu: %s", Name.str().c_str(),
                             static_cast<unsigned long long>(At),
                             Text.str().c_str());
  };
  if (!Bytes.starts_with(StringRef(Magic, MagicSize)))
    return Refuse(0, "not a fencedep summary");
  if (Bytes.size() < HeaderSize)
    return Refuse(Bytes.size(), "the file ends inside the header");
  unsigned Version = static_cast<unsigned char>(Bytes[MagicSize]);
  if (Version != SummaryVersion)
    return Refuse(MagicSize, "summary version " + Twine(Version) +
                                 ", this fencedep reads version " +
                                 Twine(SummaryVersion));
  uint64_t Sum = support::endian::read64le(Bytes.data() + MagicSize + 1);
  if (Sum != xxh3_64bits(Bytes.drop_front(HeaderSize)))
    return Refuse(MagicSize + 1, "checksum mismatch: the file is damaged");

  Unit U;
  Reader R(Bytes, HeaderSize);
  fields(R, U);
  if (Error E = R.result(Name))
    return E;
  if (std::string Why = Validator(U).run(); !Why.empty())
    return Refuse(HeaderSize, Why);
  return U;
}

//===- Serialize.cpp - summaries as bytes ---------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// magic, version, checksum of the rest, then every table in the order of Unit,
// all numbers LEB128, as Fields.h lists them. JSON would be ten times the size
// and would dominate a warm run of 4,000 units; LLVM's bitstream needs the same
// descriptions plus abbreviations.
//
// Reading trusts nothing: DataExtractor checks each number against the end of
// the buffer, a table's length against the bytes left (each entry takes at
// least one), and `validate` each index against its table.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Summary/Fields.h"
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
  void id(Table, uint32_t V) { number(V); }
  void line(const Loc &L) { number(L.Line); }
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
  void id(Table, uint32_t &V) { number(V); }
  void line(Loc &L) { number(L.Line); }
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

/// Checks every index of a unit; what it accepts can be used unchecked.
class Validator : public FieldVisitor {
public:
  explicit Validator(Unit &U) : U(U) {}

  /// Empty if all is well, else what is wrong.
  std::string run() {
    if (U.Strings.empty() || !U.Strings[0].empty())
      return "string 0 is not empty";
    fields(*this, U);
    for (const Symbol &S : U.Symbols) {
      check(S.Kind <= SymbolKind::Variable, "symbol kind");
      check(S.Link <= Linkage::Header, "linkage");
    }
    for (const Function &F : U.Functions)
      function(F);
    return Why;
  }

  void id(Table In, uint32_t Id) {
    switch (In) {
    case Table::Strings:
      return check(Id < U.Strings.size(), "string index");
    case Table::Symbols:
      return check(Id < U.Symbols.size(), "symbol index");
    case Table::Fields:
      return check(Id < U.Fields.size(), "field index");
    }
  }

private:
  void check(bool Good, const char *What) {
    if (!Good && Why.empty())
      Why = formatv("illegal {0}", What).str();
  }

  void function(const Function &F) {
    check(!F.Exprs.empty() && F.Exprs[0].Kind == ExprKind::Unknown,
          "expression 0");
    for (uint32_t I = 0, N = F.Exprs.size(); I != N; ++I)
      expr(F, F.Exprs[I], I);
    for (const Event &E : F.Events) {
      check(E.Kind <= EventKind::Copy && E.Use <= ResultUse::Other, "event");
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
    operands(E, [&](ExprId Id) { operand(F, Id, Self); });
    if (E.Kind == ExprKind::Call || E.Kind == ExprKind::OutArg)
      check(E.A < F.Events.size() && F.Events[E.A].Kind == EventKind::Call,
            "event index");
  }

  Unit &U;
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

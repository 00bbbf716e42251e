//===- SummaryTest.cpp - summaries survive, damage does not ---------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Summary/Summary.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"
#include "gtest/gtest.h"

using namespace fencedep;

static Unit sample() {
  Unit U;
  U.MainFile = "/src/a.c";
  U.Module = "drivers/a";
  U.Strings = {"", "f", "/src/a.c", "ops", "run", "gfp_t", "table"};
  Symbol F;
  F.Key = F.Name = 1;
  F.TypedParams.push_back({1, 5});
  Symbol V;
  V.Kind = SymbolKind::Variable;
  V.Link = Linkage::Internal;
  V.Key = V.Name = 6;
  V.File = 2;
  U.Symbols = {F, V};
  U.Fields.push_back({3, 4});
  Function B;
  B.Sym = 0;
  B.Where = {2, 3, 5};
  B.NumParams = 1;
  B.ParamNames = {0};
  Expr Param, Callee, Minus;
  Param.Kind = ExprKind::Param;
  Callee.Kind = ExprKind::FieldLoad;
  Callee.B = 1;
  Minus.Kind = ExprKind::Const;
  Minus.Value = -7;
  B.Exprs = {Expr(), Param, Callee, Minus};
  Event Call;
  Call.Where = {2, 4, 1};
  Call.Callee = 2;
  Call.Args = {1, 3};
  Call.Virtual = true;
  Call.Use = ResultUse::Local;
  Call.Dest = 9;
  Event Return;
  Return.Kind = EventKind::Return;
  Return.Args = {3};
  Event Copy;
  Copy.Kind = EventKind::Copy;
  Copy.Args = {1, 3};
  Copy.Record = 3;
  B.Events = {Call, Copy, Return};
  Block Entry, Exit;
  Entry.NumEvents = 2;
  Entry.Cond = 1;
  Entry.Succs = {1, 1};
  Entry.Cases = {{{-1, 4}}, {}};
  Exit.FirstEvent = 2;
  Exit.NumEvents = 1;
  B.Blocks = {Entry, Exit};
  U.Functions.push_back(B);
  U.Initializers.push_back({1, {0}, 0, {2, 9, 9}});
  U.TableRefs.push_back({1, {0}, 1});
  U.TableKinds.push_back({1, 0, -2});
  U.Annotations = {{true, 0, 1, {2, 1, 1}}, {false, 1, 4, {2, 8, 3}}};
  U.Constants.push_back({5, -3});
  U.Exports = {0};
  return U;
}

static std::string print(const Unit &U) {
  std::string S;
  llvm::raw_string_ostream OS(S);
  printSummary(U, OS);
  return S;
}

static std::string errorOf(llvm::StringRef Bytes) {
  llvm::Expected<Unit> U = readSummary(Bytes, "x.fds");
  return U ? std::string() : toString(U.takeError());
}

/// Puts the right checksum on damaged bytes, so that the damage gets further.
static std::string resealed(std::string Bytes) {
  uint64_t Sum = llvm::xxh3_64bits(llvm::StringRef(Bytes).drop_front(16));
  llvm::support::endian::write64le(&Bytes[8], Sum);
  return Bytes;
}

TEST(Summary, RoundTrip) {
  std::string Bytes = writeSummary(sample());
  llvm::Expected<Unit> U = readSummary(Bytes, "x.fds");
  ASSERT_TRUE(static_cast<bool>(U)) << toString(U.takeError());
  EXPECT_EQ(print(*U), print(sample()));
  EXPECT_EQ(writeSummary(*U), Bytes);
  EXPECT_EQ(U->Functions[0].Events[0].Dest, 9u);
  EXPECT_EQ(U->Functions[0].Blocks[0].Cases[0][0].Low, -1);
}

TEST(Summary, NamesTheFileAndTheCause) {
  EXPECT_EQ(errorOf("hello"), "x.fds: byte 0: not a fencedep summary");
  std::string Bytes = writeSummary(sample());
  std::string Other = Bytes;
  Other[7] = 99;
  EXPECT_EQ(errorOf(Other), "x.fds: byte 7: summary version 99, this fencedep "
                            "reads version " +
                                std::to_string(SummaryVersion));
  std::string Flipped = Bytes;
  Flipped[20] ^= 1;
  EXPECT_EQ(errorOf(Flipped),
            "x.fds: byte 8: checksum mismatch: the file is damaged");
}

TEST(Summary, EveryTruncationIsRefused) {
  std::string Bytes = writeSummary(sample());
  for (size_t N = 0; N != Bytes.size(); ++N) {
    EXPECT_NE(errorOf(llvm::StringRef(Bytes).take_front(N)), "") << N;
    if (N >= 16)
      EXPECT_NE(errorOf(resealed(Bytes.substr(0, N))), "") << N;
  }
  EXPECT_NE(errorOf(resealed(Bytes + "x")), "");
}

/// Whatever a damaged byte turns into, it is refused or harmless to use.
TEST(Summary, EveryDamagedByteIsRefusedOrHarmless) {
  std::string Bytes = writeSummary(sample());
  for (size_t N = 16; N != Bytes.size(); ++N)
    for (unsigned Bit = 0; Bit != 8; ++Bit) {
      std::string Bad = Bytes;
      Bad[N] ^= 1 << Bit;
      llvm::Expected<Unit> U = readSummary(resealed(Bad), "x.fds");
      if (U)
        print(*U);
      else
        llvm::consumeError(U.takeError());
    }
}

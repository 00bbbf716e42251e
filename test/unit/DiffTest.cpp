//===- DiffTest.cpp - the parts of check --diff ---------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Git.h"
#include "fencedep/Driver/OldLines.h"
#include "fencedep/Report/Finding.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace fencedep;

namespace {

using Lines = std::vector<unsigned>;

/// The lines of \p New, each with the old one; the last entry is the end.
Lines mapped(llvm::StringRef Old, llvm::StringRef New) {
  Lines Map = mapLines(Old, New);
  return Lines(Map.begin() + 1, Map.end() - 1);
}

TEST(OldLines, FollowsWhatStayed) {
  EXPECT_EQ(mapped("a\nb\nc\n", "a\nb\nc\n"), (Lines{1, 2, 3}));
  EXPECT_EQ(mapped("a\nb\nc\n", "x\na\nb\nc\n"), (Lines{0, 1, 2, 3}));
  EXPECT_EQ(mapped("a\nb\nc\n", "a\nc\n"), (Lines{1, 3}));
}

TEST(OldLines, FollowsEqualLinesByTheirNeighbours) {
  EXPECT_EQ(mapped("a\ncall\nb\n", "a\ncall\ncall\nb\n"), (Lines{1, 2, 0, 3}));
  EXPECT_EQ(mapped("a\ncall\nb\ncall\nc\n", "call\na\ncall\nb\ncall\nc\n"),
            (Lines{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(mapped("call\ncall\n", "call\ncall\ncall\n"), (Lines{1, 2, 0}));
}

TEST(OldLines, FollowsWhatMovedWithinAFile) {
  EXPECT_EQ(mapped("a\ncall\nb\nz\n", "z\na\ncall\nb\n"), (Lines{4, 1, 2, 3}));
}

TEST(OldLines, KnowsEmptyFiles) {
  EXPECT_EQ(mapped("", ""), Lines());
  EXPECT_EQ(mapped("", "a\n"), Lines{0});
  EXPECT_EQ(mapped("a\n", ""), Lines());
}

Finding finding(std::string Fingerprint, unsigned Line,
                Confidence Conf = Confidence::Certain) {
  Finding F;
  F.Fingerprint = std::move(Fingerprint);
  F.Sink = {"a.c", Line, 2};
  F.Conf = Conf;
  return F;
}

Comparison compare(Report &After, const Report &Before) {
  return keepNew(After, Before, Confidence::Likely,
                 [](const Position &P) { return P; });
}

TEST(Comparison, CountsEachFingerprint) {
  Report Before, After;
  Before.Findings = {finding("x", 1), finding("y", 2), finding("z", 3)};
  After.Findings = {finding("x", 5), finding("x", 1), finding("y", 9)};
  Comparison C = compare(After, Before);
  EXPECT_EQ(C.New, 1u);
  EXPECT_EQ(C.Old, 2u);
  EXPECT_EQ(C.Gone, 1u);
  ASSERT_EQ(After.Findings.size(), 1u);
  EXPECT_EQ(After.Findings[0].Sink.Line, 5u);
}

TEST(Comparison, MoreCallsOfWhatLedThereAreNews) {
  auto With = [](std::vector<OtherCall> Calls) {
    Finding F = finding("x", 1);
    F.OtherCalls = std::move(Calls);
    return F;
  };
  Report Before;
  Before.Findings = {With({{"a", "w", {"f.c", 1, 1}, true}})};
  Report Moved, New, Added;
  // w is called as often as before; and what nobody led to before is no way.
  Moved.Findings = {With({{"h", "w", {"f.c", 2, 1}, true},
                          {"a", "h", {"f.c", 3, 1}, false},
                          {"b", "h", {"f.c", 4, 1}, false}})};
  New.Findings = Before.Findings;
  Added.Findings = {With({{"a", "w", {"f.c", 1, 1}, true},
                          {"b", "w", {"f.c", 5, 1}, false}})};
  EXPECT_EQ(compare(Moved, Before).New, 0u);
  EXPECT_EQ(compare(New, Before).Old, 1u);
  Comparison C = compare(Added, Before);
  EXPECT_EQ(C.New, 1u);
  EXPECT_EQ(C.Old + C.Gone, 0u);
  ASSERT_EQ(Added.Findings.size(), 1u);
  ASSERT_EQ(Added.Findings[0].Reasons.size(), 1u);
  EXPECT_EQ(Added.Findings[0].Reasons[0].Where.Line, 5u);
  EXPECT_EQ(Added.Findings[0].OtherCalls.size(), 1u); // that joins the path
}

TEST(Comparison, WhatWasTooUnsureToBeShownIsNewWhenItIsSure) {
  Report Before, After;
  Before.Findings = {finding("x", 1, Confidence::Possible),
                     finding("y", 2, Confidence::Possible)};
  After.Findings = {finding("x", 1, Confidence::Likely),
                    finding("y", 2, Confidence::Possible)};
  Comparison C = compare(After, Before);
  EXPECT_EQ(C.New, 1u);
  EXPECT_EQ(C.Old + C.Gone, 0u);
  EXPECT_EQ(After.Findings.size(), 1u);
}

/// A directory that goes with the test.
class BaseFilesTest : public ::testing::Test {
protected:
  void SetUp() override {
    llvm::SmallString<128> Made;
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("fencedep-unit", Made));
    ASSERT_FALSE(llvm::sys::fs::real_path(Made, Dir));
  }
  void TearDown() override { llvm::sys::fs::remove_directories(Dir); }

  std::string path(llvm::StringRef Name) { return (Dir + "/" + Name).str(); }
  void write(llvm::StringRef Name, llvm::StringRef Text) {
    std::error_code EC;
    llvm::raw_fd_ostream(path(Name), EC) << Text;
    ASSERT_FALSE(EC);
  }
  std::string read(BaseFiles &Files, llvm::StringRef Name) {
    auto Buffer = Files.getBufferForFile(path(Name));
    return Buffer ? (*Buffer)->getBuffer().str() : "nothing";
  }

  llvm::SmallString<128> Dir;
};

TEST_F(BaseFilesTest, ShowsFilesAsTheyWere) {
  write("same", "same");
  write("changed", "now");
  write("added", "now");
  BaseFiles Files;
  Files.add(path("changed"), "then, and longer");
  Files.add(path("added"), std::nullopt);
  Files.add(path("dir/removed"), "then");
  Files.add(path("never"), std::nullopt);
  EXPECT_EQ(Files.numChanged(), 3u);
  EXPECT_EQ(read(Files, "same"), "same");
  EXPECT_EQ(read(Files, "changed"), "then, and longer");
  EXPECT_EQ(read(Files, "added"), "nothing");
  EXPECT_EQ(read(Files, "dir/removed"), "then");
  EXPECT_EQ(read(Files, "never"), "nothing");
  EXPECT_FALSE(Files.exists(path("added")));
  EXPECT_TRUE(Files.exists(path("dir")));
  EXPECT_EQ(Files.status(path("changed"))->getSize(), 16u);
  EXPECT_FALSE(Files.changed(path("same")));
  EXPECT_TRUE(Files.changed(path("dir/removed")));
}

TEST_F(BaseFilesTest, KnowsFilesByEveryName) {
  write("changed", "now");
  ASSERT_FALSE(llvm::sys::fs::create_link(Dir, path("link")));
  BaseFiles Files;
  Files.add(path("changed"), "then");
  Files.add(path("dir/removed"), "gone");
  EXPECT_EQ(read(Files, "link/changed"), "then");
  EXPECT_EQ(
      read(Files, "link/../" + Dir.str().rsplit('/').second.str() + "/changed"),
      "then");
  EXPECT_EQ(read(Files, "link/dir/removed"), "gone");
}

TEST(Git, RefusesWhatIsNoListOfChanges) {
  auto Good = [](llvm::StringRef Text) {
    return !llvm::errorToBool(eachChange(Text, [](const RawChange &) {}));
  };
  EXPECT_TRUE(Good(""));
  EXPECT_TRUE(Good(llvm::StringRef(":1 2 3 4 M\0a\0", 13)));
  EXPECT_FALSE(Good(":1 2 3 4 M"));
  EXPECT_FALSE(Good(llvm::StringRef(":1 2 3 4 R9\0a\0", 14)));
  EXPECT_FALSE(Good("warning: something"));
}

} // namespace

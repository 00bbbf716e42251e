//===- AcceptTest.cpp - comments, suppression files, baselines ------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Accept.h"
#include "llvm/Support/SpecialCaseList.h"
#include "gtest/gtest.h"

using namespace fencedep;

namespace {

const std::vector<std::string> Rules{"fence-reclaim", "fence-lock-cycle"};

Hop hop(std::string From, std::string To, std::string File, unsigned Line) {
  return {std::move(From),
          std::move(To),
          {std::move(File), Line, 2},
          "direct",
          "",
          Confidence::Certain};
}

Finding finding() {
  Finding F;
  F.Rule = "fence-reclaim";
  F.Message = "m";
  F.Root = {RootKind::Contract, "root", {"a.c", 10, 1}, "why", "some-id"};
  F.SinkFunction = "kmalloc";
  F.Sink = {"b.c", 20, 2};
  F.Path = {hop("root", "way", "a.c", 11), hop("way", "kmalloc", "b.c", 20)};
  F.Fingerprint = "1";
  return F;
}

//===----------------------------------------------------------------------===//
// Comments
//===----------------------------------------------------------------------===//

bool names(llvm::StringRef Text, llvm::StringRef Rule) {
  std::vector<NoLintComment> Found = findNoLints(Text, "a.c");
  return Found.size() == 1 && Found[0].names(Rule);
}

TEST(NoLint, ReadsListsAsClangTidyDoes) {
  EXPECT_TRUE(names("// NOLINT", "fence-reclaim"));
  EXPECT_TRUE(names("\"NOLINT\"", "fence-reclaim"));
  EXPECT_TRUE(names("// NOLINT(fence-reclaim", "fence-reclaim"));
  EXPECT_TRUE(names("// NOLINT (misc-foo)", "fence-reclaim"));
  EXPECT_TRUE(names("NOLINT( misc-foo , fence-re* )", "fence-reclaim"));
  EXPECT_TRUE(names("NOLINT(-fence-reclaim,fence-*)", "fence-reclaim"));
  EXPECT_TRUE(names("NOLINT(fence-*,-fence-reclaim)", "fence-reclaim"));
  EXPECT_FALSE(names("NOLINT(-fence-reclaim)", "fence-reclaim"));
  EXPECT_FALSE(names("NOLINT()", "fence-reclaim"));
  EXPECT_FALSE(names("NOLINT(fence-reclai?)", "fence-reclaim"));
  EXPECT_FALSE(names("NOLINT(fence-reclaim-wait)", "fence-reclaim"));
  EXPECT_FALSE(names("NOLINTING", "fence-reclaim"));
}

TEST(NoLint, KnowsWhereAndWhy) {
  std::vector<NoLintComment> Found = findNoLints(
      "\n  NOLINT(a): first */ x\n\nNOLINTNEXTLINE - second  \r\nNOLINT",
      "a.c");
  ASSERT_EQ(Found.size(), 3u);
  EXPECT_EQ(text(Found[0].Where), "a.c:2:3");
  EXPECT_EQ(Found[0].Reason, "first");
  EXPECT_EQ(text(Found[1].Where), "a.c:4:1");
  EXPECT_EQ(Found[1].Reason, "second");
  EXPECT_TRUE(Found[1].covers({"a.c", 5, 1}));
  EXPECT_FALSE(Found[1].covers({"a.c", 4, 1}));
  EXPECT_EQ(text(Found[2].Where), "a.c:5:1");
}

TEST(NoLint, PairsBlocksFromTheInside) {
  std::vector<NoLintComment> Found =
      findNoLints("NOLINTBEGIN\n"          // 0: ends at line 5
                  "NOLINTBEGIN(a)\n"       // 1: ends at line 4
                  "NOLINTEND(b)\n"         // 2: of nothing
                  "NOLINTEND( a )\n"       // 3
                  "NOLINTEND\n"            // 4
                  "NOLINTBEGIN NOLINTEND(" // 5, 6
                  ,
                  "a.c");
  ASSERT_EQ(Found.size(), 7u);
  EXPECT_EQ(Found[0].Until.Line, 5u);
  EXPECT_EQ(Found[1].Until.Line, 4u);
  EXPECT_FALSE(Found[2].Matched);
  EXPECT_TRUE(Found[3].Matched);
  EXPECT_TRUE(Found[4].Matched);
  EXPECT_TRUE(Found[0].covers({"a.c", 3, 1}));
  EXPECT_FALSE(Found[0].covers({"a.c", 1, 1}));
  EXPECT_FALSE(Found[0].covers({"a.c", 5, 1}));
  EXPECT_TRUE(Found[6].Matched);
  EXPECT_FALSE(Found[6].covers({"a.c", 6, 1}));
}

//===----------------------------------------------------------------------===//
// Suppression files
//===----------------------------------------------------------------------===//

llvm::Expected<SuppressionFile> parse(llvm::StringRef Text) {
  return SuppressionFile::parse(
      llvm::MemoryBuffer::getMemBufferCopy(Text, "file"), Rules);
}

bool accepts(llvm::StringRef Entry, const Finding &F) {
  llvm::Expected<SuppressionFile> File = parse(("# why\n" + Entry).str());
  if (!File) {
    ADD_FAILURE() << toString(File.takeError());
    return false;
  }
  return File->accepts(F).has_value();
}

TEST(SuppressionFile, MatchesWhatTheFindingIsMadeOf) {
  Finding F = finding();
  F.Others.push_back({"acme::lock",
                      "holder",
                      {"c.c", 30, 2},
                      {hop("holder", "inner", "c.c", 31),
                       hop("inner", "dma_fence_wait", "d.c", 40)},
                      "",
                      false});
  for (const char *Entry :
       {"fun:root", "fun:way", "fun:holder", "fun:inner", "src:a.c", "src:b.c",
        "src:c.c", "src:d.c", "src:[ab].c", "src:{x,b}.c", "root:root",
        "root:some-*", "sink:kmalloc", "lock:acme::*", "edge:root->way",
        "edge:way->kmalloc", "edge:inner->*"})
    EXPECT_TRUE(accepts(Entry, F)) << Entry;
  for (const char *Entry :
       {"fun:kmalloc", "fun:wa", "src:a", "src:/a.c", "root:way", "root:some",
        "sink:way", "lock:acme", "edge:root->kmalloc", "edge:holder->way"})
    EXPECT_FALSE(accepts(Entry, F)) << Entry;
}

TEST(SuppressionFile, OnlyOfItsRules) {
  const Finding F = finding();
  auto Try = [&](llvm::StringRef Section) {
    auto File = parse(("[" + Section + "]\n# why\nfun:*\n").str());
    return File && File->accepts(F);
  };
  EXPECT_TRUE(Try("fence-reclaim"));
  EXPECT_TRUE(Try("*"));
  EXPECT_TRUE(Try("fence-{lock-cycle,reclaim}"));
  EXPECT_FALSE(Try("fence-lock-cycle"));
  EXPECT_FALSE(Try("fence-*-cycle"));
}

TEST(SuppressionFile, TellsEachEntryApart) {
  auto File = parse("# one\n# more\nfun:r*\nsrc:a.c\n\n# two\nfun:root\n"
                    "fun:nobody\n[fence-lock-cycle]\n# three\nfun:root\n");
  ASSERT_TRUE(bool(File));
  std::optional<Acceptance> A = File->accepts(finding());
  ASSERT_TRUE(A.has_value());
  EXPECT_EQ(A->Why, "one more");
  EXPECT_EQ(text(A->Where), "file:3:1");
  std::vector<Reason> Unused;
  File->findUnused({Rules, {"fence-reclaim"}, {"fence-reclaim"}}, false, true,
                   Unused);
  ASSERT_EQ(Unused.size(), 1u);
  EXPECT_EQ(text(Unused[0].Where), "file:8:1");
  Unused.clear();
  File->findUnused({Rules, Rules, Rules}, true, false, Unused);
  ASSERT_EQ(Unused.size(), 1u);
  EXPECT_EQ(Unused[0].Text, "file: 2 of 5 entries match no finding of the "
                            "given paths (-v lists them)");
}

TEST(SuppressionFile, IsASpecialCaseListOfLLVM) {
  const llvm::StringRef Text =
      "# x\nfun:a*\n\n[fence-{reclaim,lock-*}]\n## y\n  src:b/[cd].c \n"
      "lock:acme::lock\nedge:f->g\nroot:*\nsink:kmalloc\n";
  ASSERT_TRUE(bool(parse(Text)));
  std::string Error;
  auto Buffer = llvm::MemoryBuffer::getMemBuffer(Text);
  auto List = llvm::SpecialCaseList::create(Buffer.get(), Error);
  ASSERT_TRUE(List) << Error;
  EXPECT_EQ(List->inSectionBlame("fence-reclaim", "src", "b/c.c"), 6u);
  EXPECT_EQ(List->inSectionBlame("fence-lock-cycle", "edge", "f->g"), 8u);
  EXPECT_EQ(List->inSectionBlame("fence-x", "fun", "abc"), 2u);
}

//===----------------------------------------------------------------------===//
// Baselines
//===----------------------------------------------------------------------===//

Baseline baselineOf(llvm::ArrayRef<Finding> Findings) {
  std::vector<BaselineEntry> Entries;
  for (const Finding &F : Findings)
    Entries.emplace_back(F);
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  writeBaseline(Entries, OS);
  return llvm::cantFail(Baseline::parse({Text, "base"}));
}

bool knows(const Finding &Then, const Finding &Now,
           Confidence Min = Confidence::Likely) {
  Baseline B = baselineOf(Then);
  B.lookFor(Now);
  return B.accepts(Now, Min).has_value();
}

TEST(Baseline, KnowsAFindingWhereverItStands) {
  Finding F = finding();
  F.Sink = {"new.c", 1, 1};
  F.Root.Where = {"new.c", 7, 7};
  F.Path[0].Where = {"new.c", 8, 8};
  EXPECT_TRUE(knows(finding(), F));
}

TEST(Baseline, KnowsAnotherWayBetweenTheSameEnds) {
  Finding F = finding();
  F.Fingerprint = "2";
  F.Path.insert(F.Path.begin(), hop("root", "helper", "a.c", 1));
  EXPECT_TRUE(knows(finding(), F));
  for (auto Change : std::initializer_list<void (*)(Finding &)>{
           [](Finding &X) { X.Rule = "fence-lock-cycle"; },
           [](Finding &X) { X.Root.Function = "other"; },
           [](Finding &X) { X.SinkFunction = "vmalloc"; },
           [](Finding &X) { X.Path.back().Function = "other"; },
           [](Finding &X) { X.Others.push_back({"lock", "f", {}, {}, "", 0}); },
       }) {
    Finding X = F;
    Change(X);
    EXPECT_FALSE(knows(finding(), X));
  }
}

TEST(Baseline, AWayThatIsStillThereExplainsNoOther) {
  Finding Other = finding();
  Other.Fingerprint = "2";
  Baseline B = baselineOf(finding());
  B.lookFor({finding(), Other});
  EXPECT_TRUE(B.accepts(finding(), Confidence::Likely));
  EXPECT_FALSE(B.accepts(Other, Confidence::Likely));
}

TEST(Baseline, AGuessHidesNothingThatIsShown) {
  auto With = [](Confidence C, std::string Print = "1") {
    Finding F = finding();
    F.Conf = C;
    F.Fingerprint = std::move(Print);
    return F;
  };
  EXPECT_TRUE(knows(With(Confidence::Likely), With(Confidence::Certain)));
  EXPECT_TRUE(knows(With(Confidence::Certain), With(Confidence::Possible)));
  EXPECT_TRUE(knows(With(Confidence::Possible), With(Confidence::Possible)));
  EXPECT_FALSE(knows(With(Confidence::Possible), With(Confidence::Likely)));
  EXPECT_TRUE(knows(With(Confidence::Possible), With(Confidence::Certain),
                    Confidence::Possible));
  EXPECT_FALSE(knows(With(Confidence::Likely), With(Confidence::Certain, "2")));
}

TEST(Baseline, WritesEachOnceAndTheSurest) {
  Finding Sure = finding(), Unsure = finding();
  Unsure.Conf = Confidence::Possible;
  Baseline B = baselineOf({Unsure, Sure, Unsure});
  std::vector<GoneFinding> Gone =
      B.gone([](const BaselineEntry &) { return true; });
  ASSERT_EQ(Gone.size(), 1u);
  EXPECT_EQ(Gone[0].Conf, Confidence::Certain);
  EXPECT_TRUE(B.gone([](const BaselineEntry &) { return false; }).empty());
  EXPECT_EQ(B.unjudged([](const BaselineEntry &) { return false; }).size(), 1u);
}

TEST(Baseline, KeepsOddNames) {
  Finding F = finding();
  F.Root.Where.File = "a \"b\"\n\t\xff.c";
  F.Message = "\xc3\xa4\x01";
  F.Root.Function = "operator<<";
  EXPECT_TRUE(knows(F, F));
}

} // namespace

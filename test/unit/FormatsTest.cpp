//===- FormatsTest.cpp - what formats for other programs make of a report -===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What no small program brings about: limits, odd names, rare findings. The
// rest is in test/report.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Formats.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/JSON.h"
#include "gtest/gtest.h"

using namespace fencedep;
using llvm::StringRef;
using llvm::json::Array;
using llvm::json::Object;

namespace {

Finding finding(std::string File = "a.c", unsigned Line = 9) {
  Finding F;
  F.Rule = "fence-reclaim";
  F.Message = "kmalloc may reclaim";
  F.Root = {RootKind::Annotated, "f", {File, 2, 16}, "", ""};
  F.SinkFunction = "kmalloc";
  F.Sink = {File, Line, 4};
  F.Path.push_back({"f", "kmalloc", F.Sink, "direct", "", Confidence::Certain});
  F.Fingerprint = "0123abcd";
  return F;
}

RunInfo run() {
  RunInfo Run;
  Run.BaseDir = "/nowhere/at all";
  Run.Rules.push_back({"fence-reclaim", "no reclaim",
                       "# fence-reclaim\n\n**Nobody\nreclaims.** See [a\n"
                       "page](../b.md#c) and a[0](1).\n",
                       true});
  return Run;
}

struct Log {
  llvm::json::Value Whole = nullptr;

  const Object &theRun() const {
    return *Whole.getAsObject()->getArray("runs")->front().getAsObject();
  }
  const Array &results() const { return *theRun().getArray("results"); }
  const Object &result(size_t I = 0) const {
    return *results()[I].getAsObject();
  }
  std::string message(size_t I = 0) const {
    return result(I).getObject("message")->getString("text")->str();
  }
  std::vector<std::string> notifications(StringRef Id) const {
    std::vector<std::string> Texts;
    for (const auto &N : *theRun()
                              .getArray("invocations")
                              ->front()
                              .getAsObject()
                              ->getArray("toolExecutionNotifications"))
      if (N.getAsObject()->getObject("descriptor")->getString("id") == Id)
        Texts.push_back(
            N.getAsObject()->getObject("message")->getString("text")->str());
    return Texts;
  }
  /// The first code flow's thread \p T as "KINDS/LEVEL ...".
  std::string thread(size_t T = 0) const {
    std::string Text;
    const Object &Flow = *result().getArray("codeFlows")->front().getAsObject();
    const Object &Thread = *(*Flow.getArray("threadFlows"))[T].getAsObject();
    for (const auto &L : *Thread.getArray("locations")) {
      for (const auto &K : *L.getAsObject()->getArray("kinds"))
        Text += K.getAsString()->str() + ",";
      Text.back() = '/';
      Text += std::to_string(*L.getAsObject()->getInteger("nestingLevel"));
      Text += ' ';
    }
    return Text;
  }
};

Log sarif(const Report &R, const RunInfo &Run, SarifLimits Limits = {}) {
  std::string S;
  llvm::raw_string_ostream OS(S);
  printSARIF(R, Run, OS, Limits);
  llvm::Expected<llvm::json::Value> V = llvm::json::parse(OS.str());
  if (!V) {
    ADD_FAILURE() << llvm::toString(V.takeError());
    return {};
  }
  return {std::move(*V)};
}

std::string uri(const Log &L) {
  return L.result()
      .getArray("locations")
      ->front()
      .getAsObject()
      ->getObject("physicalLocation")
      ->getObject("artifactLocation")
      ->getString("uri")
      ->str();
}

Report with(std::vector<Finding> Findings) {
  Report R;
  R.Findings = std::move(Findings);
  return R;
}

TEST(Sarif, EncodesNamesByteByByte) {
  EXPECT_EQ(uri(sarif(with({finding("caf\xe9 #1%.c")}), run())),
            "caf%E9%20%231%25.c");
  EXPECT_EQ(uri(sarif(with({finding("a:b?c.c")}), run())), "a%3Ab%3Fc.c");
  EXPECT_EQ(uri(sarif(with({finding("x/../y.c")}), run())), "y.c");
  EXPECT_EQ(uri(sarif(with({finding("../y.c")}), run())),
            "file:///nowhere/y.c");
  EXPECT_EQ(uri(sarif(with({finding("/nowhere/at all.c")}), run())),
            "file:///nowhere/at%20all.c");
  RunInfo Run = run();
  Run.SourceRoot = "/";
  EXPECT_EQ(uri(sarif(with({finding()}), Run)), "nowhere/at%20all/a.c");
}

TEST(Sarif, SurvivesTextThatIsNotUTF8) {
  Report R = with({finding()});
  R.Findings[0].Message = "\xff in \xc3";
  R.Findings[0].Path[0].Function = "\xe9";
  R.Accepted.push_back({finding("b.c"),
                        AcceptedFinding::Kind::InSource,
                        "caf\xe9",
                        {"b\xff.c", 1, 1}});
  R.Gone.push_back({"\xff", "\xff", "\xff"});
  R.Unused.push_back({"\xff", {"\xff", 1, 1}});
  R.Cov.Failed.push_back({"\xff", "\xff:1:1: error: \xff"});
  RunInfo Run = run();
  Run.ShowAccepted = R.HasBaseline = true;
  EXPECT_EQ(sarif(R, Run).results().size(), 3U);
  std::string S;
  llvm::raw_string_ostream OS(S);
  printCodeClimate(R, Run, OS);
  EXPECT_TRUE(llvm::json::isUTF8(OS.str()));
}

TEST(Sarif, TakesNoTextForALink) {
  Finding F = finding();
  F.Message = "table[0](1) is called";
  EXPECT_EQ(sarif(with({F}), run()).message(),
            "table\\[0\\](1) is called. The way there starts in ['f'](1).");
  F = finding();
  F.Root.Function = "f[1]\\";
  EXPECT_EQ(sarif(with({F}), run()).message(),
            "kmalloc may reclaim. The way there starts in "
            "['f\\[1\\]\\\\'](1).");
}

TEST(Sarif, HasTheRulesPageWithoutLinks) {
  const Log L = sarif(with({}), run());
  const Object &Rule = *L.theRun()
                            .getObject("tool")
                            ->getObject("driver")
                            ->getArray("rules")
                            ->front()
                            .getAsObject();
  EXPECT_EQ(Rule.getObject("fullDescription")->getString("text"),
            "Nobody reclaims.");
  EXPECT_EQ(Rule.getObject("help")->getString("markdown"),
            "# fence-reclaim\n\n**Nobody\nreclaims.** See a\npage and "
            "a[0](1).\n");
}

TEST(Sarif, NamesFourRootsAndCountsTheRest) {
  Report R;
  for (const char *Root : {"a", "b", "b", "c", "d", "e", "f"}) {
    R.Findings.push_back(finding());
    R.Findings.back().Root.Function = Root;
  }
  const Log L = sarif(R, run());
  EXPECT_EQ(L.message(), "kmalloc may reclaim. Ways there start in ['a'](1), "
                         "['b'](2), ['c'](3), ['d'](4) and 2 more.");
  EXPECT_EQ(L.results().size(), 1U);
  EXPECT_EQ(L.result().getArray("codeFlows")->size(), 7U);
}

TEST(Sarif, CountsRootsThatHaveNoFindingOfTheirOwn) {
  Finding F = finding();
  F.OtherRoots = 1;
  F.RanksLast = true;
  const Log L = sarif(with({F}), run());
  EXPECT_EQ(L.message(), "kmalloc may reclaim. Ways there start in ['f'](1) "
                         "and 1 more.");
  EXPECT_EQ(L.result().getInteger("rank"), 70);
}

TEST(Sarif, LevelsFollowCallsAndReturns) {
  Finding F = finding();
  const Hop Open{"g", "f", {"a.c", 1, 1}, "direct", "", Confidence::Certain};
  Hop Return = Open;
  Return.Callee = "return";
  F.Path = {Open, Return, Open, F.Path[0]};
  EXPECT_EQ(sarif(with({F}), run()).thread(),
            "enter,scope/0 call,function/0 return,function/1 call,function/0 "
            "call,function,danger/1 ");
  F.Path = {Return, Open};
  EXPECT_EQ(sarif(with({F}), run()).thread(),
            "enter,scope/1 return,function/1 call,function,danger/0 ");
  F.Path = {Open};
  F.Path[0].Callee = "store";
  F.Root.Kind = RootKind::Published;
  EXPECT_EQ(sarif(with({F}), run()).thread(),
            "call,function/0 value,danger/0 ");
}

TEST(Sarif, LeavesOutAThreadThatOnlyTheModelKnows) {
  Finding F = finding();
  OtherSide O;
  O.Lock = "bus_lock";
  O.Function = "bus_register";
  O.Source = "bus.c";
  F.Others.push_back(O);
  const Log L = sarif(with({F}), run());
  EXPECT_EQ(L.thread(), "enter,scope/0 acquire,lock,danger/0 ");
  EXPECT_EQ(L.message(),
            "kmalloc may reclaim. The way there starts in ['f'](1). CPU1: the "
            "model says, from bus.c, that 'bus_register' holds bus_lock.");
}

TEST(Sarif, ShowsAnUnbalancedEndAtItsOnlyPlace) {
  Finding F = finding();
  F.Path.clear();
  F.Root.Where = F.Sink;
  const Log L = sarif(with({F}), run());
  EXPECT_EQ(L.message(), "kmalloc may reclaim.");
  EXPECT_EQ(L.thread(), "enter,scope,danger/0 ");
  F.Sink = {};
  EXPECT_EQ(uri(sarif(with({F}), run())), "a.c");
}

TEST(Sarif, CutsTheLeastSureResultsAndSaysSo) {
  Report R;
  for (unsigned I = 1; I <= 10; ++I)
    R.Findings.push_back(finding("a.c", I));
  SarifLimits Limits;
  Limits.Results = 4;
  Log L = sarif(R, run(), Limits);
  EXPECT_EQ(L.results().size(), 4U);
  ASSERT_EQ(L.notifications("cut").size(), 1U);
  EXPECT_EQ(L.notifications("cut")[0], "6 results are left out, the least sure "
                                       "ones: GitHub takes no more");
  Limits.Results = 10;
  EXPECT_TRUE(sarif(R, run(), Limits).notifications("cut").empty());
}

TEST(Sarif, CutsFurtherWays) {
  Report R = with({finding(), finding(), finding()});
  SarifLimits Limits;
  Limits.FlowLocations = 4; // two for each way
  Log L = sarif(R, run(), Limits);
  EXPECT_EQ(L.result().getArray("codeFlows")->size(), 2U);
  ASSERT_EQ(L.notifications("cut").size(), 1U);
  EXPECT_EQ(L.notifications("cut")[0], "1 way to places that have others left "
                                       "out: GitHub takes no more");
}

TEST(Sarif, BecomesAsSmallAsItHasToBe) {
  Report R;
  for (unsigned I = 1; I <= 64; ++I)
    for (unsigned Way = 0; Way != 4; ++Way) {
      R.Findings.push_back(finding("a.c", I));
      // What does not compress.
      R.Findings.back().Root.Function = std::to_string(I * 2654435761U + Way);
    }
  SarifLimits Limits;
  Limits.Compressed = 6000;
  Log L = sarif(R, run(), Limits);
  EXPECT_EQ(L.result().getArray("codeFlows")->size(), 1U);
  EXPECT_LT(L.results().size(), 64U);
  EXPECT_GT(L.results().size(), 4U);
  EXPECT_EQ(L.notifications("cut").size(), 2U);
  Limits.Compressed = 1; // nothing is as small as that
  EXPECT_EQ(sarif(R, run(), Limits).results().size(), 0U);
}

TEST(GitHub, HasTenOfEachKindAndNoMore) {
  Report R;
  for (unsigned I = 1; I <= 30; ++I) {
    R.Findings.push_back(finding("a,b.c", I));
    R.Findings.back().Message = "50%\r\nmore: a, b";
    R.Findings.back().Severity = I <= 10   ? "note"
                                 : I <= 20 ? "error"
                                           : "warning";
  }
  std::string S;
  llvm::raw_string_ostream OS(S);
  TextOptions Opts;
  printGitHub(R, run(), Opts, OS);
  llvm::SmallVector<StringRef> Lines;
  StringRef(OS.str()).split(Lines, '\n');
  auto Count = [&](StringRef Start) {
    return llvm::count_if(
        Lines, [&](StringRef Line) { return Line.starts_with(Start); });
  };
  EXPECT_EQ(Count("::notice file=a%2Cb.c,line="), 10);
  EXPECT_EQ(Count("::error file=a%2Cb.c,line="), 10);
  EXPECT_EQ(Count("::warning file=a%2Cb.c,line="), 10);
  EXPECT_EQ(Count("::"), 30);
  EXPECT_TRUE(StringRef(OS.str()).contains(
      "title=fence-reclaim::50%25%0D%0Amore: a, b%0A"));
  R.Findings.push_back(R.Findings.back());
  R.Findings.back().Sink.Line = 31;
  S.clear();
  printGitHub(R, run(), Opts, OS);
  EXPECT_TRUE(StringRef(OS.str()).ends_with(
      "\n::warning title=fencedep::2 more are not shown here; the log of this "
      "step has them all\n"));
}

} // namespace

//===- ReportTest.cpp - what the two reports make of a finding
//-------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/GraphDot.h"
#include "fencedep/Report/Picture.h"
#include "fencedep/Report/Source.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/JSON.h"
#include "gtest/gtest.h"

using namespace fencedep;

namespace {

Hop hop(std::string Edge, std::string Detail = "",
        Confidence Conf = Confidence::Certain) {
  return {"f", "g", {"a.c", 3, 2}, std::move(Edge), std::move(Detail), Conf};
}

Finding finding() {
  Finding F;
  F.Rule = "fence-reclaim";
  F.Message = "kmalloc may reclaim";
  F.Root = {RootKind::Annotated, "f", {"a.c", 2, 16}, "", ""};
  F.SinkFunction = "kmalloc";
  F.Sink = {"b.c", 9, 4};
  F.Fingerprint = "0123abcd";
  return F;
}

std::string text(const Finding &F, TextOptions Opts = {}) {
  Report R;
  R.Findings.push_back(F);
  Opts.Quiet = true;
  std::string S;
  llvm::raw_string_ostream OS(S);
  printText(R, Opts, OS);
  return OS.str();
}

std::string textOfHop(const Hop &H) {
  Finding F = finding();
  F.Path.push_back(H);
  const std::string Whole = text(F), Start = "a.c:3:2: note: ";
  const size_t Begin = Whole.find(Start) + Start.size();
  return Whole.substr(Begin, Whole.find('\n', Begin) - Begin);
}

TEST(TextReport, PutsTheRootThenTheHopsThenTheReasons) {
  Finding F = finding();
  F.Path.push_back(hop("direct"));
  F.Reasons.push_back({"a shrinker may wait for a fence", {"c.c", 1, 1}});
  F.Reasons.push_back({"no place", {}});
  EXPECT_EQ(text(F),
            "b.c:9:4: warning: kmalloc may reclaim [fence-reclaim]\n"
            "a.c:2:16: note: signalling critical section begins here in 'f'\n"
            "a.c:3:2: note: 'f' calls 'g'\n"
            "c.c:1:1: note: a shrinker may wait for a fence\n"
            "note: no place\n");
}

TEST(TextReport, SaysWhyAContractRootIsCritical) {
  Finding F = finding();
  F.Root = {
      RootKind::Contract, "run", {"a.c", 1, 1}, "it must not block", "id"};
  EXPECT_NE(
      text(F).find("note: 'run' is critical by contract: it must not block\n"),
      std::string::npos);
}

TEST(TextReport, SaysHowEachHopWasResolved) {
  EXPECT_EQ(textOfHop(hop("direct")), "'f' calls 'g'");
  EXPECT_EQ(
      textOfHop(hop("field ops::run", "1 of 3 targets", Confidence::Likely)),
      "'f' calls 'g' through ops::run (1 of 3 targets; likely)");
  EXPECT_EQ(textOfHop(hop("argument", "", Confidence::Possible)),
            "'f' calls 'g' through a pointer passed as an argument (possible)");
  EXPECT_EQ(textOfHop(hop("array")),
            "'f' calls 'g' through an array of pointers");
  EXPECT_EQ(textOfHop(hop("virtual")), "'f' calls 'g', which is virtual");
  EXPECT_EQ(textOfHop(hop("cleanup")),
            "'f' calls 'g' when a variable goes out of scope");
  EXPECT_EQ(textOfHop(hop("callback")), "'f' has 'g' called back");
  EXPECT_EQ(textOfHop(hop("macro")), "'f' uses 'g', which is a macro");
  EXPECT_EQ(textOfHop(hop("work dev::w")),
            "'f' waits for 'g', the work of dev::w");
}

TEST(TextReport, ShowsConfidenceUnlessItIsCertain) {
  Finding F = finding();
  F.Conf = Confidence::Possible;
  EXPECT_EQ(text(F).substr(0, text(F).find('\n')),
            "b.c:9:4: warning: kmalloc may reclaim (possible) [fence-reclaim]");
}

TEST(TextReport, LeavesOutARootThatIsTheSink) {
  Finding F = finding();
  F.Root.Where = F.Sink;
  EXPECT_EQ(text(F), "b.c:9:4: warning: kmalloc may reclaim [fence-reclaim]\n");
}

TEST(TextReport, DoesNotRepeatTheBeginAsAHop) {
  Finding F = finding();
  F.Path.push_back(hop("direct"));
  F.Path.back().Where = F.Root.Where;
  F.Path.push_back(hop("direct"));
  F.Path.back().Callee = "return";
  EXPECT_EQ(text(F),
            "b.c:9:4: warning: kmalloc may reclaim [fence-reclaim]\n"
            "a.c:2:16: note: signalling critical section begins here in 'f'\n"
            "a.c:3:2: note: 'f' returns\n");
}

TEST(TextReport, CountsOtherRoots) {
  Finding F = finding();
  F.OtherRoots = 1;
  EXPECT_NE(text(F).find("\nnote: 1 other root reaches this call\n"),
            std::string::npos);
  F.OtherRoots = 2;
  EXPECT_NE(text(F).find("\nnote: 2 other roots reach this call\n"),
            std::string::npos);
}

TEST(TextReport, UsesClangsColours) {
  TextOptions Opts;
  Opts.Colors = true;
  EXPECT_EQ(text(finding(), Opts),
            "\033[1mb.c:9:4: \033[0m\033[0;1;35mwarning: \033[0m"
            "\033[1mkmalloc may reclaim [fence-reclaim]\033[0m\n"
            "\033[1ma.c:2:16: \033[0m\033[0;1;36mnote: \033[0m"
            "signalling critical section begins here in 'f'\033[0m\n");
}

TEST(TextReport, EndsWithTheCoverage) {
  Report R;
  R.Cov.Units = 2;
  R.Cov.Analysed = 1;
  R.Cov.Failed.push_back({"b.c", "b.c:1:1: error: bad"});
  R.Cov.Annotated = 1;
  R.Cov.Functions = 5;
  R.Cov.OpenCalls = 1;
  std::string S;
  llvm::raw_string_ostream OS(S);
  printText(R, {}, OS);
  EXPECT_EQ(
      OS.str(),
      "fencedep: no findings\n"
      "fencedep: not analysed: b.c: b.c:1:1: error: bad\n"
      "fencedep: 1 of 2 units analysed, 1 annotated and 0 contract roots, "
      "5 functions reached, 1 call left open (--coverage lists them)\n");
}

TEST(TextReport, FitsItsTableInto80Columns) {
  Report R;
  for (const char *Name : {"a", "b", "c", "d", "e"}) {
    R.Findings.push_back(finding());
    R.Findings.back().Sink.File = std::string(200, *Name) + ".c";
  }
  TextOptions Opts;
  Opts.GroupBy = Grouping::File;
  std::string S;
  llvm::raw_string_ostream OS(S);
  printText(R, Opts, OS);
  const size_t Table = S.find("\n  file ");
  ASSERT_NE(Table, std::string::npos);
  llvm::SmallVector<llvm::StringRef> Lines;
  llvm::StringRef(S).drop_front(Table).split(Lines, '\n');
  unsigned Rows = 0;
  for (llvm::StringRef Line : Lines)
    if (Line.starts_with("  ")) {
      ++Rows;
      EXPECT_LE(Line.size(), 80u) << Line.str();
    }
  EXPECT_EQ(Rows, 7u); // the heading, the files, the sum
}

/// What is printed below the warning if its file holds \p Source.
std::string snippetAt(unsigned Line, unsigned Column, llvm::StringRef Source) {
  llvm::SmallString<128> Path;
  EXPECT_FALSE(llvm::sys::fs::createTemporaryFile("snippet", "c", Path));
  llvm::FileRemover Remover(Path);
  std::error_code EC;
  llvm::raw_fd_ostream(Path, EC) << Source;
  SourceFiles Sources("/");
  TextOptions Opts;
  Opts.Sources = &Sources;
  Finding F = finding();
  F.Sink = {std::string(Path), Line, Column};
  const std::string Whole = text(F, Opts);
  const size_t Begin = Whole.find('\n') + 1;
  return Whole.substr(Begin, Whole.find("a.c:2:16") - Begin);
}

TEST(TextReport, ShowsWhatIsLeftOfASourceThatHasChanged) {
  EXPECT_EQ(snippetAt(1, 2, "f(g);"), "    1 | f(g);\n      |  ^\n");
  EXPECT_EQ(snippetAt(1, 1, "\tf();\r\n"), "    1 |         f();\n"
                                           "      | ^~~~~~~~\n");
  EXPECT_EQ(snippetAt(123456, 1, std::string(123455, '\n') + "x"),
            "123456 | x\n       | ^\n");
  EXPECT_EQ(snippetAt(2, 1, "f();"), "");
  EXPECT_EQ(snippetAt(1, 5, "f();"), "");
  EXPECT_EQ(snippetAt(1, 1, "\n"), "");
  // In the middle of a character, of one that is cut off, of a long line.
  EXPECT_EQ(snippetAt(1, 3, "a\xc3\xa9"), "    1 | a\xc3\xa9\n      |  ^\n");
  EXPECT_EQ(snippetAt(1, 2, "a\xc3"), "    1 | a<C3>\n      |  ^~~~\n");
  EXPECT_NE(snippetAt(1, 200, std::string(300, ' ') + "x").find('^'),
            std::string::npos);
}

TEST(CallGraph, TakesNamesThatMeanSomethingToGraphviz) {
  const std::string Hostile = "f\"\\<b>&\n\x1b\xe9->{x}";
  CallGraph G;
  G.Roots.push_back({RootKind::Contract, Hostile, {Hostile, 1, 1}, Hostile, ""});
  CalledFunction F;
  F.Name = Hostile;
  F.Where = {Hostile, 1, 1};
  F.IsRoot = true;
  F.Effects.push_back({Effect::Forbidden, Hostile, Hostile, 3});
  G.Functions = {F, F};
  G.Edges.push_back({0, 1, "field " + Hostile, Hostile, Confidence::Likely});
  std::string S;
  llvm::raw_string_ostream OS(S);
  printDot(G, OS);
  for (char C : S)
    EXPECT_TRUE(C == '\n' || static_cast<unsigned char>(C) >= 0x20);
  llvm::Expected<std::string> Svg = runDot(S, "svg");
  ASSERT_TRUE(bool(Svg)) << llvm::toString(Svg.takeError());
  // What a reader sees, once for each place that has it.
  const llvm::StringRef Seen = "f&quot;\\&lt;b&gt;&amp;??\xef\xbf\xbd";
  EXPECT_GE(llvm::StringRef(*Svg).count(Seen), 5u) << *Svg;
}

TEST(JSONReport, SurvivesFileNamesThatAreNotUTF8) {
  Report R;
  R.Findings.push_back(finding());
  R.Findings[0].Sink.File = "caf\xe9.c";
  std::string S;
  llvm::raw_string_ostream OS(S);
  printJSON(R, OS);
  llvm::Expected<llvm::json::Value> V = llvm::json::parse(OS.str());
  ASSERT_TRUE(bool(V));
  EXPECT_EQ(V->getAsObject()->getArray("findings")->size(), 1u);
}

} // namespace

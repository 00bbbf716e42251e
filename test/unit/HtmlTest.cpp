//===- HtmlTest.cpp -------------------------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What no run of the program shows: findings that others accepted, and a
// Graphviz that answers with anything.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Html.h"
#include "../../lib/Report/Html.h"
#include "gtest/gtest.h"

using namespace fencedep;

namespace {

Finding finding(std::string Message, std::string Fingerprint) {
  Finding F;
  F.Rule = "fence-reclaim";
  F.Message = std::move(Message);
  F.Fingerprint = std::move(Fingerprint);
  F.Root.Function = "root";
  F.Root.Where = {"drivers/gpu/drm/foo/bar/deep.c", 1, 1};
  F.SinkFunction = "kmalloc";
  F.Sink = {"drivers/gpu/drm/foo/bar/deep.c", 2, 2};
  return F;
}

testing::AssertionResult has(llvm::StringRef Text, llvm::StringRef Part) {
  return Text.contains(Part)
             ? testing::AssertionSuccess() << "it has it"
             : testing::AssertionFailure() << "in: " << Text.str();
}

std::string page(const HtmlReport &Html, llvm::StringRef Name) {
  for (const HtmlFile &F : Html.Files)
    if (F.Name == Name)
      return F.Text;
  return "";
}

TEST(Html, ShowsWhatIsAccepted) {
  Report R;
  R.HasBaseline = true;
  R.Findings.push_back(finding("new", "aa"));
  AcceptedFinding A;
  A.F = finding("known", "bb");
  A.By = AcceptedFinding::Kind::External;
  A.Why = "hardware <needs> it";
  A.Where = {"suppressions.txt", 3, 1};
  R.Accepted.push_back(A);
  GoneFinding G;
  G.Rule = "fence-resv-lock";
  G.Fingerprint = "cc";
  G.Message = "was <there>";
  R.Gone.push_back(G);
  R.Unused.push_back({"nobody needs 'fun:f'", {"suppressions.txt", 4, 1}});
  HtmlReport Html = makeHtml(R, RunInfo(), HtmlOptions());

  std::string Index = page(Html, "index.html");
  EXPECT_EQ(Html.Files.back().Name, "index.html");
  EXPECT_TRUE(has(Index, "1 finding beyond the baseline"));
  EXPECT_TRUE(has(Index, "<h2>Accepted</h2>"));
  EXPECT_TRUE(has(Index, "<a href=\"finding-bb.html\">known</a>"));
  EXPECT_TRUE(has(Index, "by a suppression file <span class=\"place\">"
                         "suppressions.txt:3:1</span></td><td>hardware "
                         "&lt;needs&gt; it"));
  EXPECT_TRUE(has(Index, "<h2>Gone</h2>"));
  EXPECT_TRUE(has(Index, "1 finding of the baseline that is there no "
                         "more"));
  EXPECT_TRUE(has(Index, "was &lt;there&gt;"));
  EXPECT_TRUE(has(Index, "nobody needs <code>fun:f</code> <span "
                         "class=\"place\">suppressions.txt:4:1"));
  EXPECT_TRUE(has(page(Html, "finding-bb.html"),
                  "Accepted by a suppression file: hardware"));
  EXPECT_FALSE(has(page(Html, "finding-aa.html"), "Accepted"));
  // The folder is that of the section, cut where it gets too fine.
  EXPECT_TRUE(has(Index, "<td role=\"cell\" data-is=\"folder\">"
                         "drivers/gpu/drm/foo</td>"));
}

TEST(Html, PagesOfOneFingerprintAreCounted) {
  Report R;
  for (const char *Message : {"first", "second", "third"})
    R.Findings.push_back(finding(Message, "aa"));
  R.Findings[1].Sink.Line = 7;
  R.Findings[2].Sink.Line = 8;
  HtmlReport Html = makeHtml(R, RunInfo(), HtmlOptions());
  EXPECT_TRUE(has(page(Html, "finding-aa.html"), "first"));
  EXPECT_TRUE(has(page(Html, "finding-aa-2.html"), "second"));
  EXPECT_TRUE(has(page(Html, "finding-aa-3.html"), "third"));
  for (const HtmlFile &F : Html.Files)
    EXPECT_EQ(isFindingPage(F.Name),
              llvm::StringRef(F.Name).starts_with("finding-"));
  EXPECT_FALSE(isFindingPage("finding-notes.html"));
  EXPECT_FALSE(isFindingPage("finding-.html"));
  EXPECT_FALSE(isFindingPage("finding-aa.htm"));
}

TEST(Html, Escapes) {
  EXPECT_EQ(html::escape("<a b=\"c\">'&'"),
            "&lt;a b=&quot;c&quot;&gt;&#39;&amp;&#39;");
  EXPECT_EQ(html::escape("ä\t\n"), "ä\t\n");
  EXPECT_EQ(html::escape("\x01\xff\xc3"), "\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(html::escape("a\u202Eb\uFEFF"), "a\uFFFDb\uFFFD");
  EXPECT_EQ(html::prose("'a<b' calls 'c', isn't it"),
            "<code>a&lt;b</code> calls <code>c</code>, isn&#39;t it");
}

TEST(Html, ReadsMarkdown) {
  auto Links = [](llvm::StringRef Url) {
    return Url == "known.md" ? std::string("rule.html") : std::string();
  };
  EXPECT_EQ(html::markdown("[a](known.md) [`b` c](other.md) <i>d</i>", Links),
            "<p><a href=\"rule.html\">a</a> <code>b</code> c <!-- raw HTML "
            "omitted -->d<!-- raw HTML omitted --></p>\n");
  llvm::StringRef Page = "# t\n\n## A\n\none\n\n## B\n\ntwo\n";
  EXPECT_EQ(html::section(Page, "A"), "\none\n");
  EXPECT_EQ(html::section(Page, "B"), "\ntwo\n");
  EXPECT_EQ(html::section(Page, "C"), "");
}

Picture pair() {
  Picture P;
  P.Nodes = {{{"a"}, "", ""}, {{"b"}, "", ""}};
  P.Edges = {{0, 1, "call"}, {1, 0, "wait", /*Up=*/true}};
  return P;
}

TEST(Picture, TellsGraphvizNoNames) {
  Picture P = pair();
  P.Nodes[0].Lines = {"\"];evil[label=\""};
  std::string Dot;
  llvm::raw_string_ostream OS(Dot);
  writeDot(P, OS);
  EXPECT_FALSE(has(Dot, "evil"));
  EXPECT_TRUE(has(Dot, "  n0 -> n1\n"));
  EXPECT_TRUE(has(Dot, "  n0 -> n1 [dir=back]\n"));
}

TEST(Picture, ReadsPlain) {
  const std::string Head = "graph 1 2 3\n";
  const std::string Nodes = "node n0 1 2.5 1 1 x\nnode n1 1 0.5 1 1 x\n";
  const std::string Edge = "edge n0 n1 2 1 2 1 1 solid black\n";
  auto Layouts = readPlain(Head + Nodes + Edge + Edge + "stop\n", pair());
  ASSERT_TRUE(static_cast<bool>(Layouts));
  EXPECT_EQ(Layouts->front().Height, 216);
  EXPECT_EQ(Layouts->front().Nodes[1].Y, 36);
  EXPECT_EQ(Layouts->front().Edges[1].size(), 2u);
  for (const std::string &Wrong :
       {std::string(), Head, Head + "node n2 1 1 1 1\nstop\n",
        Head + "node n0 1\nstop\n", Head + "node x 1 1\nstop\n",
        Head + "edge n0 n1 1 1 1\nstop\n",
        Head + "edge n1 n0 2 1 1 1 1\nstop\n",
        Head + "edge n0 n1 99999999 1 1\nstop\n",
        Head + Edge + Edge + Edge + "stop\n", std::string("graph\nstop\n")}) {
    auto Bad = readPlain(Wrong, pair());
    EXPECT_FALSE(static_cast<bool>(Bad)) << Wrong;
    llvm::consumeError(Bad.takeError());
  }
}

// What dot leaves out is not drawn; nothing else is to be relied on.
TEST(Picture, DrawsWhatItHas) {
  auto Layouts = readPlain("graph 1 2 3\nstop\n", pair());
  ASSERT_TRUE(static_cast<bool>(Layouts));
  std::string Svg;
  llvm::raw_string_ostream OS(Svg);
  writeSvg(pair(), Layouts->front(), OS);
  EXPECT_TRUE(has(Svg, ">a</text>"));
  EXPECT_FALSE(has(Svg, "edge"));
}

} // namespace

//===- HtmlFinding.cpp - the page of a finding ----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In the order in which it is asked: what, how sure, how it comes about (as a
// picture, and hop by hop with the source), why that is forbidden, what to do,
// where else, and how to see it again.
//
//===----------------------------------------------------------------------===//

#include "Html.h"
#include "fencedep/Report/Wording.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace fencedep;
using namespace fencedep::html;

std::string html::hopId(size_t Cpu, size_t I) {
  return "cpu" + std::to_string(Cpu) + "-" + std::to_string(I);
}

namespace {

class Page {
public:
  Page(Site &S, const Entry &E, raw_ostream &OS)
      : S(S), E(E), F(*E.F), OS(OS) {}

  void heading();
  void accepted();
  void picture();
  void stacks();
  void reasons();
  void advice();
  void otherRoots();
  void again();

private:
  void sureness();
  void ruleSection(StringRef Title, StringRef Heading, bool Open = false);
  void place(const Position &P);
  void step(StringRef Say, const Position &P, StringRef Id, bool Sure = true);
  void sectionStack();
  void otherStack(const OtherSide &O, size_t Cpu);

  Site &S;
  const Entry &E;
  const Finding &F;
  raw_ostream &OS;
};

void Page::place(const Position &P) {
  if (P.Line)
    OS << "<span class=\"place\">" << escape(text(P)) << "</span>";
}

void Page::heading() {
  OS << "<h1 tabindex=\"-1\">" << prose(F.Message) << "</h1>\n"
     << "<p class=\"facts\"><span class=\"badge " << name(F.Conf) << "\">"
     << name(F.Conf) << "</span> " << S.ruleLink(F.Rule) << ' ';
  place(F.Sink);
  OS << "</p>\n";
  sureness();
}

void Page::accepted() {
  if (!E.Accepted)
    return;
  OS << "<p class=\"notice\">Accepted " << acceptedBy(E.Accepted->By);
  if (!E.Accepted->Why.empty())
    OS << ": " << escape(E.Accepted->Why);
  OS << ' ';
  place(E.Accepted->Where);
  OS << "</p>\n";
}

/// Says what a finding is no surer for.
void Page::sureness() {
  std::vector<std::string> Unsure;
  auto Look = [&](ArrayRef<Hop> Path) {
    for (const Hop &H : Path)
      if (H.Conf != Confidence::Certain)
        Unsure.push_back(wording(H));
  };
  Look(F.Path);
  for (const OtherSide &O : F.Others) {
    if (!O.Source.empty())
      Unsure.push_back(wording(O));
    Look(O.Path);
  }
  OS << "<div class=\"sure\">";
  if (F.Conf == Confidence::Certain) {
    OS << "<p>Certain: each call on the way is known.</p>";
  } else if (Unsure.empty()) {
    OS << "<p>Only " << name(F.Conf)
       << ", though each call on the way is known: more than these calls has "
          "to come together.</p>";
  } else {
    OS << "<p>Only " << name(F.Conf) << ", because:</p><ul>";
    for (const std::string &Why : Unsure)
      OS << "<li>" << prose(Why) << "</li>";
    OS << "</ul>";
  }
  ruleSection("How sure a finding is", "What certain, likely and possible mean "
                                       "for this rule");
  OS << "</div>\n";
}

void Page::ruleSection(StringRef Title, StringRef Heading, bool Open) {
  const RuleText *Rule = S.rule(F.Rule);
  StringRef Text = Rule ? section(Rule->Page, Title) : "";
  if (Text.empty())
    return;
  OS << (Open ? "<details open>" : "<details>") << "<summary>" << Heading
     << "</summary><div class=\"prose\">" << S.ruleText(Text)
     << "</div></details>";
}

void Page::picture() {
  OS << "<figure>";
  if (!E.Svg.empty())
    OS << "<div class=\"canvas\" tabindex=\"0\">" << E.Svg << "</div>";
  else
    OS << "<p class=\"missing\">No picture: "
       << escape(S.NoPictures.empty() ? "there is no way to draw"
                                      : S.NoPictures)
       << ".</p>";
  OS << "</figure>\n";
}

void Page::step(StringRef Say, const Position &P, StringRef Id, bool Sure) {
  OS << "<li class=\"hop" << (Sure ? "" : " unsure") << '"';
  if (!Id.empty())
    OS << " id=\"" << Id << '"';
  OS << '>';
  std::string Source;
  raw_string_ostream Lines(Source);
  const bool Known = P.Line && S.Code.print(P, Lines);
  OS << (Known ? "<details open><summary>" : "<div>") << "<span class=\"say\">"
     << prose(Say) << "</span> ";
  place(P);
  if (Known)
    OS << "</summary>\n" << Source << "</details>";
  else
    OS << (P.Line ? " <span class=\"missing\">(the file does not have this "
                    "line now)</span></div>"
                  : "</div>");
  OS << "</li>\n";
}

void Page::sectionStack() {
  const bool Cycle = any_of(F.Others, [](auto &O) { return !O.SameThread; });
  OS << "<section class=\"stack\">\n<h2>"
     << (Cycle ? "CPU0: in the section" : "The way there") << "</h2>\n<ol>\n";
  // An unbalanced begin or end is root and sink at once.
  if (!F.Root.Where.Line || F.Root.Where != F.Sink)
    step(wording(F.Root), F.Root.Where, "cpu0");
  for (const auto &[I, H] : enumerate(F.Path))
    if (!isBegin(H, F.Root))
      step(wording(H), H.Where, hopId(0, I), H.Conf == Confidence::Certain);
  OS << "</ol>\n</section>\n";
}

void Page::otherStack(const OtherSide &O, size_t Cpu) {
  OS << "<section class=\"stack other\">\n<h2>";
  if (O.SameThread)
    OS << "With <code>" << escape(O.Lock) << "</code> held";
  else
    OS << "CPU" << Cpu << ": holds <code>" << escape(O.Lock) << "</code>";
  OS << "</h2>\n<ol>\n";
  step(wording(O), O.Acquired, "cpu" + std::to_string(Cpu),
       /*Sure=*/O.Source.empty());
  for (const auto &[I, H] : enumerate(O.Path))
    step(wording(H), H.Where, hopId(Cpu, I), H.Conf == Confidence::Certain);
  OS << "</ol>\n</section>\n";
}

void Page::stacks() {
  OS << "<div class=\"stacks\">\n";
  sectionStack();
  for (const auto &[I, O] : enumerate(F.Others))
    otherStack(O, I + 1);
  OS << "</div>\n";
}

void Page::reasons() {
  if (F.Reasons.empty())
    return;
  OS << "<section>\n<h2>Why that is forbidden</h2>\n<ul class=\"reasons\">\n";
  for (const Reason &R : F.Reasons)
    step(R.Text, R.Where, "");
  OS << "</ul>\n</section>\n";
}

void Page::advice() {
  OS << "<section>\n<h2>What to do</h2>\n";
  if (const RuleText *Rule = S.rule(F.Rule))
    OS << "<p>The rule: " << escape(Rule->Summary) << ". "
       << "All about it: " << S.ruleLink(F.Rule) << ".</p>\n";
  ruleSection("Good patterns", "Code that is right", /*Open=*/true);
  ruleSection("What it does not see", "What the rule does not see");
  OS << "</section>\n";
}

void Page::otherRoots() {
  if (E.Folded.empty() && !F.OtherRoots)
    return;
  OS << "<section>\n<h2>Also reached from</h2>\n";
  for (const Finding &X : E.Folded) {
    OS << "<details class=\"root\"><summary>" << prose(wording(X.Root)) << ' ';
    place(X.Root.Where);
    OS << " <span class=\"badge " << name(X.Conf) << "\">" << name(X.Conf)
       << "</span></summary>\n<ol class=\"way\">\n";
    for (const Hop &H : X.Path) {
      OS << "<li>" << prose(wording(H)) << ' ';
      place(H.Where);
      OS << "</li>\n";
    }
    OS << "</ol></details>\n";
  }
  if (F.OtherRoots > E.Folded.size())
    OS << "<p>" << F.OtherRoots - E.Folded.size()
       << (E.Folded.empty() ? "" : " more")
       << (F.OtherRoots - E.Folded.size() == 1 ? " other root reaches"
                                               : " other roots reach")
       << " this call.</p>\n";
  OS << "</section>\n";
}

/// A word of a shell's command line.
static std::string quoted(StringRef Word) {
  if (!Word.empty() && all_of(Word, [](char C) {
        return isAlnum(C) || StringRef("_-./+:,@%=").contains(C);
      }))
    return Word.str();
  std::string Out = "'";
  for (char C : Word)
    Out += C == '\'' ? "'\\''" : std::string(1, C);
  return Out + "'";
}

void Page::again() {
  StringRef Folder = sys::path::parent_path(F.Root.Where.File);
  OS << "<section>\n<h2>Show it again</h2>\n"
        "<p>Where <code>compile_commands.json</code> is:</p>\n"
        "<pre class=\"command\" tabindex=\"0\"><code>fencedep why "
     << escape(quoted(F.Root.Function)) << ' ' << escape(quoted(F.SinkFunction))
     << ' ' << escape(quoted(Folder.empty() ? "." : Folder))
     << "</code></pre>\n<p class=\"quiet\">Fingerprint <code>"
     << escape(F.Fingerprint)
     << "</code>: the rule, the root, the sink and the calls between them, "
        "without line numbers.</p>\n</section>\n";
}

} // namespace

static void neighbours(const Site &S, size_t I, raw_ostream &OS) {
  auto Link = [&](StringRef Rel, StringRef Text, size_t To) {
    OS << "<a rel=\"" << Rel << "\" data-step=\"" << Rel << "\" href=\""
       << S.href(S.Entries[To].Id) << "\">" << Text << "</a> ";
  };
  OS << "<nav class=\"crumbs\" aria-label=\"Findings\"><a data-up href=\""
     << S.href("index") << "\">All findings</a> ";
  if (I > 0)
    Link("prev", "Previous", I - 1);
  if (I + 1 < S.Entries.size())
    Link("next", "Next", I + 1);
  OS << "<button type=\"button\" data-fold hidden>Fold all source</button>"
     << "</nav>\n";
}

void html::findingPage(Site &S, size_t I, raw_ostream &OS) {
  Page P(S, S.Entries[I], OS);
  neighbours(S, I, OS);
  OS << "<article class=\"finding\">\n";
  P.heading();
  P.accepted();
  OS << (S.Entries[I].F->Others.empty() ? "<div class=\"story beside\">\n"
                                        : "<div class=\"story\">\n");
  P.picture();
  P.stacks();
  OS << "</div>\n";
  P.reasons();
  P.advice();
  P.otherRoots();
  P.again();
  OS << "</article>\n";
}

//===- HtmlOverview.cpp - the first page of an HTML report ----------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sums, the table of findings, what was accepted, and what the run saw: no
// findings mean nothing without it. All of it can be read without the script,
// which adds filters and sorting.
//
//===----------------------------------------------------------------------===//

#include "Html.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace fencedep;
using namespace fencedep::html;

StringRef html::acceptedBy(AcceptedFinding::Kind By) {
  switch (By) {
  case AcceptedFinding::Kind::InSource:
    return "in the source";
  case AcceptedFinding::Kind::External:
    return "by a suppression file";
  case AcceptedFinding::Kind::Baseline:
    return "by the baseline";
  }
  llvm_unreachable("not a kind");
}

namespace {

std::string counted(size_t N, StringRef One, StringRef Many) {
  return (Twine(N) + " " + (N == 1 ? One : Many)).str();
}

class Overview {
public:
  Overview(const Site &S, raw_ostream &OS)
      : S(S), Reported(ArrayRef(S.Entries).take_front(S.Reported)), OS(OS) {}

  void heading();
  void sums();
  void findings();
  void accepted();
  void gone();
  void unused();
  void coverage();

private:
  using Counts = SmallVector<std::pair<StringRef, unsigned>, 0>;
  Counts count(function_ref<StringRef(const Entry &)> Of) const;
  void panel(StringRef Title, StringRef Filter, const Counts &By);
  void tile(StringRef Number, StringRef What, StringRef More);
  void filters();
  void choice(StringRef Label, StringRef Name, const Counts &By);
  void row(const Entry &E, size_t Rank);
  void roots();
  void list(StringRef Class, ArrayRef<std::string> Items);

  const Site &S;
  ArrayRef<Entry> Reported;
  raw_ostream &OS;
};

/// How often each value is there, the most frequent first.
Overview::Counts
Overview::count(function_ref<StringRef(const Entry &)> Of) const {
  MapVector<StringRef, unsigned> Found;
  for (const Entry &E : Reported)
    ++Found[Of(E)];
  Counts Sorted = Found.takeVector();
  llvm::sort(Sorted, [](const auto &A, const auto &B) {
    return std::tuple(-int64_t(A.second), A.first) <
           std::tuple(-int64_t(B.second), B.first);
  });
  return Sorted;
}

StringRef folderOf(const Entry &E) { return E.Folder; }
StringRef ruleOf(const Entry &E) { return E.F->Rule; }
StringRef confidenceOf(const Entry &E) { return name(E.F->Conf); }

void Overview::heading() {
  const size_t N = Reported.size();
  OS << "<h1 tabindex=\"-1\">"
     << (N ? counted(N, "finding", "findings") : "No findings")
     << (S.R.HasBaseline ? " beyond the baseline" : "") << " in <code>"
     << escape(sys::path::filename(S.Run.BaseDir)) << "</code></h1>\n";
  if (!N)
    OS << "<p class=\"notice\">Nothing was found in what was looked at: see "
          "<a href=\"#coverage\" data-jump>the coverage</a> below.</p>\n";
  if (std::string Text = leftOut(S.R, S.Run.MinConfidence); !Text.empty())
    OS << "<p class=\"quiet\">" << escape(Text) << ".</p>\n";
}

void Overview::tile(StringRef Number, StringRef What, StringRef More) {
  OS << "<li><div>" << What << "</div><strong>" << Number << "</strong> <span>"
     << More << "</span></li>\n";
}

void Overview::panel(StringRef Title, StringRef Filter, const Counts &By) {
  OS << "<section class=\"panel\"><h2>" << Title << "</h2>\n<ul>\n";
  for (const auto &[Value, N] : By)
    OS << "<li><button type=\"button\" data-filter=\"" << Filter
       << "\" data-value=\"" << escape(Value) << "\"><span class=\"label\">"
       << escape(Value) << "</span> <span class=\"count\">" << N
       << "</span><meter aria-hidden=\"true\" class=\""
       << (Filter == "confidence" ? Value : "") << "\" max=\""
       << By.front().second << "\" value=\"" << N << "\">" << N
       << "</meter></button></li>\n";
  OS << "</ul></section>\n";
}

void Overview::sums() {
  const Coverage &C = S.R.Cov;
  size_t Sure = count_if(Reported, [](const Entry &E) {
    return E.F->Conf == Confidence::Certain;
  });
  OS << "<ul class=\"tiles\">\n";
  tile(std::to_string(Reported.size()), "Findings",
       std::to_string(Sure) + " certain");
  tile(std::to_string(C.Annotated + C.Contract), "Sections",
       std::to_string(C.Annotated) + " annotated, " +
           std::to_string(C.Contract) + " by contract");
  tile(std::to_string(C.Analysed), "Units",
       C.Failed.empty() ? "of " + std::to_string(C.Units) + " analysed"
                        : "analysed, <em class=\"bad\">" +
                              std::to_string(C.Failed.size()) + " failed</em>");
  tile(std::to_string(C.Functions), "Functions", "reached from sections");
  tile(std::to_string(C.OpenCalls), "Calls", "left open");
  OS << "</ul>\n";
  if (Reported.empty())
    return;
  OS << "<div class=\"panels\">\n";
  panel("By folder", "folder", count(folderOf));
  panel("By rule", "rule", count(ruleOf));
  panel("By confidence", "confidence", count(confidenceOf));
  OS << "</div>\n";
}

void Overview::choice(StringRef Label, StringRef Name, const Counts &By) {
  OS << "<label>" << Label << " <select data-choice=\"" << Name
     << "\"><option value=\"\">all</option>";
  std::vector<StringRef> Values;
  for (const auto &[Value, N] : By)
    Values.push_back(Value);
  llvm::sort(Values);
  for (StringRef Value : Values)
    OS << "<option value=\"" << escape(Value) << "\">" << escape(Value)
       << "</option>";
  OS << "</select></label>\n";
}

void Overview::filters() {
  OS << "<form class=\"filters\" role=\"search\" hidden>\n"
        "<label class=\"wide\">Search <input type=\"search\" id=\"search\" "
        "autocomplete=\"off\" spellcheck=\"false\" "
        "placeholder=\"function, lock, file\"></label>\n";
  choice("Folder", "folder", count(folderOf));
  choice("Rule", "rule", count(ruleOf));
  choice("Confidence", "confidence", count(confidenceOf));
  OS << "<button type=\"reset\">Clear</button>\n"
        "<p class=\"quiet\" role=\"status\" data-shown></p>\n</form>\n"
        "<p class=\"keys quiet\" hidden><span><kbd>/</kbd> search</span> "
        "<span><kbd>j</kbd> <kbd>k</kbd> move</span> <span><kbd>Enter</kbd> "
        "open</span> <span><kbd>Esc</kbd> clear</span></p>\n";
}

void Overview::row(const Entry &E, size_t Rank) {
  const Finding &F = *E.F;
  OS << "<tr role=\"row\" data-rank=\"" << Rank
     << "\"><td role=\"cell\" class=\"what\"><a href=\"" << S.href(E.Id)
     << "\">" << prose(F.Message) << "</a><div class=\"quiet\">"
     << "<span class=\"place\">" << escape(text(F.Sink)) << "</span>";
  if (!F.Path.empty())
    OS << " · " << counted(F.Path.size(), "hop", "hops");
  if (F.OtherRoots)
    OS << " · " << counted(F.OtherRoots, "other root", "other roots");
  OS << "</div></td><td role=\"cell\" data-is=\"folder\">" << escape(E.Folder)
     << "</td><td role=\"cell\" data-is=\"rule\">" << escape(F.Rule)
     << "</td><td role=\"cell\" data-is=\"confidence\"><span class=\"badge "
     << name(F.Conf) << "\">" << name(F.Conf) << "</span></td></tr>\n";
}

void Overview::findings() {
  if (Reported.empty())
    return;
  OS << "<section aria-labelledby=\"findings\">\n<h2 "
        "id=\"findings\">Findings</h2>\n";
  filters();
  OS << "<table class=\"findings\" role=\"table\">\n<thead "
        "role=\"rowgroup\"><tr role=\"row\">";
  for (StringRef Head : {"Finding", "Folder", "Rule", "Confidence"})
    OS << "<th role=\"columnheader\" scope=\"col\" data-sort=\"" << Head.lower()
       << "\">" << Head << "</th>";
  OS << "</tr></thead>\n<tbody role=\"rowgroup\">\n";
  for (const auto &[I, E] : enumerate(Reported))
    row(E, I);
  OS << "</tbody>\n</table>\n<p class=\"none\" hidden>No finding is "
        "like that.</p>\n</section>\n";
}

void Overview::accepted() {
  ArrayRef<Entry> Accepted = ArrayRef(S.Entries).drop_front(S.Reported);
  if (Accepted.empty())
    return;
  OS << "<section>\n<h2>Accepted</h2>\n<details><summary>"
     << counted(Accepted.size(), "finding", "findings")
     << " that somebody knows of</summary>\n<table>\n<thead><tr><th "
        "scope=\"col\">Finding</th><th scope=\"col\">Accepted</th><th "
        "scope=\"col\">Why</th></tr></thead>\n<tbody>\n";
  for (const Entry &E : Accepted) {
    const AcceptedFinding &A = *E.Accepted;
    OS << "<tr><td class=\"what\"><a href=\"" << S.href(E.Id) << "\">"
       << prose(E.F->Message) << "</a><div class=\"quiet\"><span "
       << "class=\"place\">" << escape(text(E.F->Sink)) << "</span> · "
       << escape(E.F->Rule) << "</div></td><td>" << acceptedBy(A.By);
    if (A.Where.Line)
      OS << " <span class=\"place\">" << escape(text(A.Where)) << "</span>";
    OS << "</td><td>" << escape(A.Why) << "</td></tr>\n";
  }
  OS << "</tbody>\n</table>\n</details>\n</section>\n";
}

void Overview::gone() {
  std::vector<const GoneFinding *> Gone;
  for (const GoneFinding &G : S.R.Gone)
    if (G.Conf >= S.Run.MinConfidence)
      Gone.push_back(&G);
  if (Gone.empty())
    return;
  OS << "<section>\n<h2>Gone</h2>\n<details><summary>"
     << counted(Gone.size(), "finding", "findings") << " of the baseline that "
     << (Gone.size() == 1 ? "is" : "are") << " there no more</summary>\n"
     << "<table>\n<thead><tr><th scope=\"col\">Finding</th><th "
        "scope=\"col\">Rule</th><th scope=\"col\">Fingerprint</th></tr></thead>"
        "\n<tbody>\n";
  for (const GoneFinding *G : Gone)
    OS << "<tr><td>" << prose(G->Message) << "</td><td>" << escape(G->Rule)
       << "</td><td><code>" << escape(G->Fingerprint) << "</code></td></tr>\n";
  OS << "</tbody>\n</table>\n</details>\n</section>\n";
}

void Overview::unused() {
  if (S.R.Unused.empty())
    return;
  OS << "<section>\n<h2>Suppressions that suppress nothing</h2>\n<ul>\n";
  for (const Reason &U : S.R.Unused) {
    OS << "<li>" << prose(U.Text);
    if (U.Where.Line)
      OS << " <span class=\"place\">" << escape(text(U.Where)) << "</span>";
    OS << "</li>\n";
  }
  OS << "</ul>\n</section>\n";
}

void Overview::roots() {
  if (S.R.Cov.Roots.empty())
    return;
  OS << "<details><summary>" << counted(S.R.Cov.Roots.size(), "root", "roots")
     << " checked</summary>\n<table>\n<thead><tr><th "
        "scope=\"col\">Root</th><th scope=\"col\">Kind</th><th scope=\"col\" "
        "class=\"number\">Functions reached</th><th scope=\"col\" "
        "class=\"number\">Calls left open</th></tr></thead>\n<tbody>\n";
  for (const RootCoverage &R : S.R.Cov.Roots) {
    OS << "<tr><td><code>" << escape(R.Root.Function)
       << "</code> <span class=\"place\">" << escape(text(R.Root.Where))
       << "</span>";
    for (const OpenCall &C : R.Open)
      OS << "<div class=\"open quiet\"><span class=\"place\">"
         << escape(text(C.Where)) << "</span>: <code>" << escape(C.Function)
         << "</code> calls " << escape(C.Callee) << ": " << escape(C.Why)
         << "</div>";
    OS << "</td><td>" << name(R.Root.Kind)
       << (R.Root.Id.empty() ? "" : " (" + escape(R.Root.Id) + ")")
       << "</td><td class=\"number\">" << R.Functions
       << "</td><td class=\"number\">" << R.OpenCalls << "</td></tr>\n";
  }
  OS << "</tbody>\n</table>\n</details>\n";
}

void Overview::coverage() {
  const Coverage &C = S.R.Cov;
  OS << "<section>\n<h2 id=\"coverage\">Coverage</h2>\n<p>" << wording(C)
     << ". What was left open was not followed, and what was not "
        "analysed was not looked at"
     << (C.OpenCalls && !any_of(C.Roots, [](auto &R) { return R.Open.size(); })
             ? " (<code>--coverage</code> lists the calls)"
             : "")
     << ".</p>\n";
  for (const FailedUnit &U : C.Failed)
    OS << "<p class=\"notice bad\">Not analysed: <span class=\"place\">"
       << escape(U.File) << "</span>: " << escape(U.Error) << "</p>\n";
  for (const std::string &F : C.Incomplete)
    OS << "<p class=\"notice\">Not all ways through <code>" << escape(F)
       << "</code> were followed: sections in it may be longer than was "
          "seen.</p>\n";
  roots();
  OS << "</section>\n";
}

} // namespace

void html::overview(const Site &S, raw_ostream &OS) {
  Overview O(S, OS);
  O.heading();
  O.sums();
  O.findings();
  O.unused();
  O.accepted();
  O.gone();
  O.coverage();
}

//===- Html.cpp - findings to look at -------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which pages there are, how they are called, and what is around them. A page
// is called after the finding's fingerprint: a link to it outlives the next
// run, unless the finding is gone.
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

static constexpr StringLiteral FindingPrefix = "finding-", RulePrefix = "rule-";

bool fencedep::isFindingPage(StringRef Name) {
  if (!Name.consume_front(FindingPrefix) || !Name.consume_back(".html"))
    return false;
  auto [Print, Number] = Name.split('-');
  return !Print.empty() && all_of(Print, isHexDigit) && all_of(Number, isDigit);
}

/// "drivers/gpu/drm/msm" for what is anywhere below it.
static std::string folderOf(const Finding &F) {
  constexpr unsigned MaxDepth = 4;
  StringRef File = F.Root.Where.Line ? F.Root.Where.File : F.Sink.File;
  StringRef Dir = sys::path::parent_path(File), Rest = Dir.ltrim('/');
  for (unsigned I = 0; I != MaxDepth && !Rest.empty(); ++I)
    Rest = Rest.split('/').second;
  Dir = Dir.drop_back(Rest.size()).rtrim('/');
  return Dir.empty() ? "." : Dir.str();
}

Site::Site(const Report &R, const RunInfo &Run, const HtmlOptions &Opts)
    : R(R), Run(Run), Opts(Opts), Sources(Run.BaseDir), Code(Sources) {
  StringMap<unsigned> Seen;
  auto Add = [&](const Finding &F) -> Entry & {
    Entry E;
    E.F = &F;
    E.Folder = folderOf(F);
    E.Id = (FindingPrefix + F.Fingerprint).str();
    if (unsigned N = ++Seen[F.Fingerprint]; N > 1)
      E.Id += "-" + std::to_string(N);
    return Entries.emplace_back(std::move(E));
  };
  for (size_t I = 0; I != R.Findings.size(); ++I) {
    const Finding &F = R.Findings[I];
    if (F.Conf < Run.MinConfidence)
      continue;
    Entry &E = Add(F);
    if (Opts.EachRoot)
      continue;
    size_t Last = I;
    while (Last + 1 != R.Findings.size() &&
           R.Findings[Last + 1].Conf >= Run.MinConfidence &&
           sameSink(F, R.Findings[Last + 1]))
      ++Last;
    E.Folded = ArrayRef(R.Findings).slice(I + 1, Last - I);
    I = Last;
  }
  Reported = Entries.size();
  for (const AcceptedFinding &A : R.Accepted)
    if (A.F.Conf >= Run.MinConfidence)
      Add(A.F).Accepted = &A;
}

std::string Site::href(StringRef Id) const {
  if (!Opts.OneFile)
    return (Id + ".html").str();
  return Id == "index" ? "#" : ("#" + Id).str();
}

const RuleText *Site::rule(StringRef Id) const {
  auto Found = find_if(Run.Rules, [&](auto &T) { return T.Id == Id; });
  return Found == Run.Rules.end() ? nullptr : &*Found;
}

std::string Site::ruleLink(StringRef Id) const {
  std::string Name = escape(Id);
  if (!rule(Id))
    return Name;
  return "<a class=\"rule\" href=\"" + href((RulePrefix + Id).str()) + "\">" +
         Name + "</a>";
}

std::string Site::ruleText(StringRef Text) const {
  return markdown(Text, [&](StringRef Url) -> std::string {
    return Url.consume_back(".md") && rule(Url) ? href((RulePrefix + Url).str())
                                                : "";
  });
}

namespace {

StringRef asset(StringRef Name) {
  for (const EmbeddedFile &File : embeddedHtml())
    if (File.Name == Name)
      return File.Text;
  llvm_unreachable("every asset is embedded");
}

/// A page's content, before it is put into a frame.
struct Content {
  std::string Id, Title, Body;
};

class Builder {
public:
  explicit Builder(Site &S) : S(S) {}

  /// In the order of links, the overview last.
  std::vector<HtmlFile> files() {
    if (S.Opts.OneFile)
      return {{"index.html", oneFile()}};
    std::vector<HtmlFile> Files = {{"report.css", asset("report.css").str()},
                                   {"report.js", asset("report.js").str()}};
    eachPage([&](const Content &C) {
      Files.push_back({C.Id + ".html", framed(C.Title, C.Body)});
    });
    Files.push_back({"index.html", framed("Findings", overviewBody())});
    return Files;
  }

private:
  std::string overviewBody() {
    std::string Body;
    raw_string_ostream OS(Body);
    OS << "<div id=\"overview\">\n";
    overview(S, OS);
    OS << "</div>\n";
    return Body;
  }

  Content findingContent(size_t I) {
    const Entry &E = S.Entries[I];
    Content C{
        E.Id,
        E.F->Rule + ": " + E.F->SinkFunction + " in " + E.F->Root.Function, ""};
    raw_string_ostream OS(C.Body);
    findingPage(S, I, OS);
    return C;
  }

  Content ruleContent(const RuleText &T) {
    Content C{(RulePrefix + T.Id).str(), T.Id, ""};
    raw_string_ostream(C.Body)
        << "<nav class=\"crumbs\" aria-label=\"Findings\"><a data-up href=\""
        << S.href("index") << "\">All findings</a></nav>\n"
        << "<article class=\"prose\">\n"
        << S.ruleText(T.Page) << "</article>\n";
    return C;
  }

  void eachPage(function_ref<void(const Content &)> Take) {
    for (size_t I = 0; I != S.Entries.size(); ++I)
      Take(findingContent(I));
    for (const RuleText &T : S.Run.Rules)
      Take(ruleContent(T));
  }

  std::string head(StringRef Title) const {
    std::string Text =
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
        "<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, "
        "initial-scale=1\">\n"
        "<meta name=\"generator\" content=\"fencedep " FENCEDEP_VERSION "\">\n"
        "<link rel=\"icon\" href=\"data:,\">\n"
        "<title>" +
        escape(Title) + " - fencedep</title>\n";
    if (S.Opts.OneFile)
      return Text + "<style>\n" + asset("report.css").str() +
             "</style>\n<script>\n" + asset("report.js").str() +
             "</script>\n</head>\n";
    return Text + "<link rel=\"stylesheet\" href=\"report.css\">\n"
                  "<script src=\"report.js\"></script>\n</head>\n";
  }

  std::string framed(StringRef Title, StringRef Body) const {
    return head(Title) +
           "<body>\n<header class=\"top\"><a class=\"name\" data-up href=\"" +
           S.href("index") +
           "\">fencedep</a> <span class=\"quiet\">deadlocks around "
           "dma-fences</span> <button type=\"button\" data-theme-switch "
           "hidden>Theme</button></header>\n<main>\n" +
           Body.str() +
           "</main>\n<footer class=\"quiet\">fencedep " FENCEDEP_VERSION
           "</footer>\n</body>\n</html>\n";
  }

  /// The other pages are text that the script puts into #page.
  std::string oneFile() {
    std::string Body = overviewBody();
    Body += "<noscript><p class=\"notice\">The findings' pages need the "
            "script of this file. A report in a folder (<code>-o DIR</code>) "
            "does not.</p></noscript>\n<div id=\"page\" hidden></div>\n";
    eachPage([&](const Content &C) {
      Body += "<script type=\"text/plain\" id=\"data-" + C.Id +
              "\" data-title=\"" + escape(C.Title) + "\">\n" + C.Body +
              "</script>\n";
    });
    return framed("Findings", Body);
  }

  Site &S;
};

void drawPictures(Site &S) {
  std::vector<Picture> Pictures;
  std::vector<Entry *> Of;
  for (Entry &E : S.Entries)
    if (Picture P = picture(*E.F); !P.Edges.empty()) {
      Pictures.push_back(std::move(P));
      Of.push_back(&E);
    }
  if (Pictures.empty())
    return;
  Expected<std::vector<Layout>> Layouts = layOut(Pictures);
  if (!Layouts) {
    S.NoPictures = toString(Layouts.takeError());
    return;
  }
  for (const auto &[E, P, L] : zip_equal(Of, Pictures, *Layouts)) {
    raw_string_ostream OS(E->Svg);
    writeSvg(P, L, OS);
  }
}

} // namespace

HtmlReport fencedep::makeHtml(const Report &R, const RunInfo &Run,
                              const HtmlOptions &Opts) {
  Site S(R, Run, Opts);
  drawPictures(S);
  HtmlReport Result;
  Result.Files = Builder(S).files();
  Result.NoPictures = S.NoPictures;
  return Result;
}

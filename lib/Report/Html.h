//===- Html.h - the parts of an HTML report -------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A report is an overview, a page per finding and a page per rule:
//
//     Html.cpp          which pages there are, and their frame
//     HtmlOverview.cpp  the overview
//     HtmlFinding.cpp   the page of a finding
//     HtmlCycle.cpp     its picture, which Dot.cpp lays out and Svg.cpp draws
//     HtmlSource.cpp    lines of source
//     HtmlText.cpp      names, sentences and Markdown
//     html/             the style sheet and the script
//
// The same bodies of pages make both forms. In a folder, each is a file. In one
// file, each is kept as text that the script shows when it is asked for: what
// is not looked at costs nothing.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_REPORT_HTML_H
#define FENCEDEP_LIB_REPORT_HTML_H

#include "fencedep/Model/Embedded.h"
#include "fencedep/Report/Html.h"
#include "fencedep/Report/Picture.h"
#include "fencedep/Report/Source.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace fencedep {

/// lib/Report/html/*, by name.
llvm::ArrayRef<EmbeddedFile> embeddedHtml();

namespace html {

/// \p Text as it may stand in an element or an attribute. What is not UTF-8, or
/// would not be seen (controls, marks of direction), becomes U+FFFD.
std::string escape(llvm::StringRef Text);

/// A message: what it puts in quotes is code.
std::string prose(llvm::StringRef Sentence);

/// Where a link of Markdown leads now, or "" to keep only its text.
using LinkMap = llvm::function_ref<std::string(llvm::StringRef)>;
std::string markdown(llvm::StringRef Text, LinkMap Links);

/// What stands under "## TITLE" in a page, or "".
llvm::StringRef section(llvm::StringRef Page, llvm::StringRef Title);

/// The lines around places, coloured.
class Snippets {
public:
  explicit Snippets(SourceFiles &Sources) : Sources(Sources) {}

  /// The lines around \p P; false if the file does not have it.
  bool print(const Position &P, llvm::raw_ostream &OS);

private:
  struct Span {
    unsigned Begin, End; ///< columns from 0
    const char *Class;
  };
  using Lines = std::vector<std::vector<Span>>;
  const Lines &colour(llvm::StringRef File);
  void line(const Position &P, unsigned Number, unsigned Indent,
            llvm::raw_ostream &OS);

  SourceFiles &Sources;
  llvm::StringMap<Lines> Coloured;
};

/// What has a page.
struct Entry {
  const Finding *F = nullptr;
  /// The ways from other roots to the same sink.
  llvm::ArrayRef<Finding> Folded;
  const AcceptedFinding *Accepted = nullptr; ///< null: it is reported
  std::string Id;                            ///< of the page
  std::string Folder;                        ///< of the section
  std::string Svg;                           ///< "": there is no picture
};

/// A report on its way to HTML.
struct Site {
  Site(const Report &R, const RunInfo &Run, const HtmlOptions &Opts);

  /// Where the page \p Id is: "index", that of an entry, or a rule's.
  std::string href(llvm::StringRef Id) const;
  const RuleText *rule(llvm::StringRef Id) const;
  /// A link to the page of a rule, or its name.
  std::string ruleLink(llvm::StringRef Id) const;
  /// A part of a rule's page, or all of it.
  std::string ruleText(llvm::StringRef Markdown) const;

  const Report &R;
  const RunInfo &Run;
  HtmlOptions Opts;
  SourceFiles Sources;
  Snippets Code;
  std::vector<Entry> Entries; ///< the reported ones first
  size_t Reported = 0;        ///< how many of them are
  std::string NoPictures;     ///< why there are none, or ""
};

/// The content of the overview.
void overview(const Site &S, llvm::raw_ostream &OS);
/// The content of the page of entry number \p I.
void findingPage(Site &S, size_t I, llvm::raw_ostream &OS);

/// "by a comment in the source".
llvm::StringRef acceptedBy(AcceptedFinding::Kind By);

/// The ids of hops on a finding's page: of CPU \p Cpu, number \p I from 0.
std::string hopId(size_t Cpu, size_t I);

/// The way of \p F, and the cycle that it closes.
Picture picture(const Finding &F);

} // namespace html
} // namespace fencedep

#endif // FENCEDEP_LIB_REPORT_HTML_H

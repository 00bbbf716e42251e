//===- Html.h - findings to look at ---------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_REPORT_HTML_H
#define FENCEDEP_REPORT_HTML_H

#include "fencedep/Report/Finding.h"

namespace fencedep {

struct HtmlOptions {
  /// All in one file; else a page for each finding and rule.
  bool OneFile = false;
  /// A page for the way from every root; else those of one sink share one.
  bool EachRoot = false;
};

struct HtmlFile {
  std::string Name; ///< in the report's folder: "index.html"
  std::string Text;
};

struct HtmlReport {
  std::vector<HtmlFile> Files; ///< index.html last; if OneFile, only that
  std::string NoPictures;      ///< why there are none, or ""
};

/// \p R as pages that need no server and nothing from elsewhere. Findings below
/// Run.MinConfidence are counted, not shown. Runs Graphviz for the pictures.
HtmlReport makeHtml(const Report &R, const RunInfo &Run,
                    const HtmlOptions &Opts);

/// Whether \p Name is what makeHtml() calls the page of a finding.
bool isFindingPage(llvm::StringRef Name);

} // namespace fencedep

#endif // FENCEDEP_REPORT_HTML_H

//===- Html.cpp - writing an HTML report ----------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Html.h"
#include "Options.h"
#include "fencedep/Driver/Files.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace fencedep;

bool fencedep::isHtmlFolder() {
  return Format == OutputFormat::HTML && !Output.empty() && Output != "-" &&
         !StringRef(Output).ends_with(".html");
}

/// Removes the pages of findings that an earlier report had.
static Error removeOldPages(StringRef Dir, const StringSet<> &Written) {
  std::error_code EC;
  for (sys::fs::directory_iterator I(Dir, EC), End; I != End && !EC;
       I.increment(EC))
    if (StringRef Name = sys::path::filename(I->path());
        isFindingPage(Name) && !Written.contains(Name))
      if (std::error_code Failed = sys::fs::remove(I->path()))
        return createFileError(I->path(), Failed);
  return EC ? createFileError(Dir, EC) : Error::success();
}

static Error writeFolder(ArrayRef<HtmlFile> Files) {
  if (std::error_code EC = sys::fs::create_directories(Output))
    return createStringError(EC, "cannot make the folder '" + Output +
                                     "': " + EC.message());
  StringSet<> Written;
  for (const HtmlFile &File : Files) {
    SmallString<256> Path(Output);
    sys::path::append(Path, File.Name);
    if (Error E = writeFile(Path, StringRef(File.Text)))
      return E;
    Written.insert(File.Name);
  }
  return removeOldPages(Output, Written);
}

Error fencedep::emitHtml(const Report &R, const RunInfo &Run) {
  HtmlOptions Options;
  Options.OneFile = !isHtmlFolder();
  Options.EachRoot = EachRoot;
  HtmlReport Html = makeHtml(R, Run, Options);
  if (!Html.NoPictures.empty())
    WithColor::warning(errs(), "fencedep")
        << "the report has no pictures: " << Html.NoPictures << '\n';
  if (isHtmlFolder())
    return writeFolder(Html.Files);
  return writeOutput([&](raw_ostream &OS) { OS << Html.Files.back().Text; });
}

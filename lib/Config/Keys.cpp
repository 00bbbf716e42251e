//===- Keys.cpp - the keys of a configuration -----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Config/Config.h"
#include "llvm/ADT/SmallVector.h"

using namespace llvm;
using namespace fencedep;

static constexpr ConfigKey Keys[] = {
    {"Rules", ConfigKey::Rules, "rules", "", "those that are on by default",
     "Which rules are checked. `fence-lock*` is a pattern, `-RULE` leaves one "
     "out. A list that begins with `-RULE` or `+RULE` changes what is on, any "
     "other says it all."},
    {"MinConfidence", ConfigKey::Word, "min-confidence",
     "certain likely possible", "likely",
     "Findings below this confidence are not printed."},
    {"Models", ConfigKey::Files, "model", "", "none",
     "Model files that say what functions of the project mean."},
    {"Roots", ConfigKey::Word, "roots", "all annotated contract", "all",
     "Which critical sections are checked: those between "
     "dma_fence_begin_signalling() and its end, the functions that are "
     "critical because an API says so, or both."},
    {"RootGroups", ConfigKey::Names, "root-group", "", "none",
     "Roots of the model that are off by default and wanted here, by id."},
    {"Scope", ConfigKey::Word, "scope", "auto all paths", "auto",
     "Which units are read: those below the paths given and the modules whose "
     "symbols they use, the whole database, or those below the paths."},
    {"Suppressions", ConfigKey::Files, "suppressions", "", "none",
     "Files that say which findings are accepted, and why."},
    {"Baseline", ConfigKey::Place, "baseline", "", "none",
     "A file of findings that are known, as `--write-baseline` writes it; only "
     "others are reported."},
    {"Database", ConfigKey::File, "p", "", "found above the sources",
     "compile_commands.json, or the directory that it is in."},
    {"CacheDir", ConfigKey::Place, "cache-dir", "",
     ".fencedep beside the database", "Where summaries are kept."},
};

ArrayRef<ConfigKey> fencedep::configKeys() { return Keys; }

std::vector<StringRef> ConfigKey::legal() const {
  SmallVector<StringRef, 4> Words;
  Legal.split(Words, ' ', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  return {Words.begin(), Words.end()};
}

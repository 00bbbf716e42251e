//===- Groups.cpp - findings under headings, and counted ------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Findings of several roots at one sink are one warning, unless they belong
// under different headings. Groups are sorted by name, warnings as the report
// has them: the surest and shortest first.
//
//===----------------------------------------------------------------------===//

#include "Text.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Path.h"
#include <map>
#include <set>

using namespace fencedep;
using llvm::raw_ostream;
using llvm::StringRef;

static std::string groupOf(const Finding &F, Grouping By) {
  switch (By) {
  case Grouping::None:
    return "";
  case Grouping::Rule:
    return F.Rule;
  case Grouping::File:
    return F.Sink.File;
  case Grouping::Folder: {
    StringRef Folder = llvm::sys::path::parent_path(F.Root.Where.File);
    return Folder.empty() ? "." : Folder.str();
  }
  case Grouping::Root:
    return F.Root.Function;
  case Grouping::Lock:
    return F.Lock.empty() ? "(no lock)" : F.Lock;
  }
  return "";
}

std::vector<WarningGroup> fencedep::groupWarnings(const Report &R,
                                                  const TextOptions &Opts) {
  // What is the same in all findings of a warning.
  using Key = std::tuple<std::string, StringRef, StringRef, StringRef, unsigned,
                         unsigned, bool>;
  std::map<Key, size_t> Known; ///< index into its group's warnings
  std::map<std::string, WarningGroup> Groups;
  for (const Finding &F : R.Findings) {
    if (F.Conf < Opts.MinConfidence)
      continue;
    std::string Name = groupOf(F, Opts.GroupBy);
    WarningGroup &G = Groups[Name];
    G.Name = Name;
    Key K(Name, F.Rule, F.SinkFunction, F.Sink.File, F.Sink.Line, F.Sink.Column,
          F.RanksLast);
    auto [It, New] = Known.try_emplace(K, G.Warnings.size());
    if (New || Opts.EachRoot)
      G.Warnings.push_back({&F, {}});
    else
      G.Warnings[It->second].Folded.push_back(&F);
  }
  std::vector<WarningGroup> Sorted;
  Sorted.reserve(Groups.size());
  for (auto &[Name, G] : Groups)
    Sorted.push_back(std::move(G));
  return Sorted;
}

std::string fencedep::elideMiddle(StringRef S, unsigned Width) {
  if (S.size() <= Width)
    return S.str();
  const unsigned Kept = Width - 3, Tail = Kept / 2;
  return (S.take_front(Kept - Tail) + "..." + S.take_back(Tail)).str();
}

namespace {

/// Fewer are counted at a glance.
constexpr size_t MinCounted = 5;

struct Row {
  unsigned Counts[3] = {}; ///< by confidence
  std::set<StringRef> Files;

  void add(const Warning &W) {
    ++Counts[static_cast<int>(W.Best->Conf)];
    Files.insert(W.Best->Sink.File);
  }
};

class Table {
public:
  Table(raw_ostream &OS, Confidence Min) : OS(OS), Min(Min) {}

  void print(StringRef What, const std::map<std::string, Row> &Rows,
             const Row &All) {
    for (const auto &[Name, R] : Rows)
      NameWidth = std::max<unsigned>(NameWidth, Name.size());
    NameWidth = std::min(NameWidth, TextWidth - 2 - columns() * 9);
    line(What, [&](Confidence C) { return name(C).str(); }, "files");
    for (const auto &[Name, R] : Rows)
      row(Name, R);
    if (Rows.size() > 1)
      row("all", All);
  }

private:
  unsigned columns() const { return 3 - static_cast<int>(Min) + 1; }

  void row(StringRef Name, const Row &R) {
    auto Count = [&](Confidence C) {
      unsigned N = R.Counts[static_cast<int>(C)];
      return N ? std::to_string(N) : "-";
    };
    line(Name, Count, std::to_string(R.Files.size()));
  }

  void line(StringRef Name, llvm::function_ref<std::string(Confidence)> Count,
            StringRef Files) {
    OS << "  " << llvm::left_justify(elideMiddle(Name, NameWidth), NameWidth);
    for (int C = static_cast<int>(Confidence::Certain);
         C >= static_cast<int>(Min); --C)
      cell(Count(static_cast<Confidence>(C)));
    cell(Files);
    OS << '\n';
  }

  void cell(StringRef S) { OS << llvm::right_justify(S, 9); }

  raw_ostream &OS;
  const Confidence Min;
  unsigned NameWidth = 6;
};

} // namespace

void fencedep::printSummary(raw_ostream &OS,
                            llvm::ArrayRef<WarningGroup> Groups,
                            const TextOptions &Opts) {
  std::map<std::string, Row> Rows;
  Row All;
  size_t Warnings = 0;
  for (const WarningGroup &G : Groups)
    for (const Warning &W : G.Warnings) {
      ++Warnings;
      Rows[G.Name.empty() ? W.Best->Rule : G.Name].add(W);
      All.add(W);
    }
  if (Warnings < MinCounted)
    return;
  constexpr const char *Headings[] = {"rule",   "rule", "file",
                                      "folder", "root", "lock"};
  OS << '\n';
  Table(OS, Opts.MinConfidence)
      .print(Headings[static_cast<int>(Opts.GroupBy)], Rows, All);
  OS << '\n';
}

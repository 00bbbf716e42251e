//===- Accept.h - findings that somebody knows of ---------------*- C++ -*-===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Three ways to accept a finding: a comment in the source, an entry of a
// suppression file for source that is not one's own, a baseline of what was
// there on some day. Each is asked for one finding at a time, keeps in mind
// what was of use, and says in the end what was not.
//
// To add another one, you must: write a class like these in a file of its own;
// give it a place in tools/fencedep/Accept.cpp; describe it in
// docs/suppressing.md.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_REPORT_ACCEPT_H
#define FENCEDEP_REPORT_ACCEPT_H

#include "fencedep/Report/Finding.h"
#include "fencedep/Report/Source.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/MemoryBufferRef.h"
#include <map>
#include <set>

namespace fencedep {

/// Why a finding is not reported: AcceptedFinding without the finding.
struct Acceptance {
  AcceptedFinding::Kind By;
  std::string Why;
  Position Where;
};

/// Moves those findings of \p R for which \p Ask knows an acceptance to
/// Report::Accepted.
void acceptFindings(
    Report &R,
    llvm::function_ref<std::optional<Acceptance>(const Finding &)> Ask);

/// Where a comment accepts \p F: its sink, each call on the way there from its
/// root, the root, and the same of the other threads, with what they acquire.
llvm::SmallVector<const Position *, 16> placesOf(const Finding &F);

/// The rules that there are, those that are on by default, and those that are
/// on in a run.
struct RuleNames {
  std::vector<std::string> All, Default, On;

  /// Can a run with these rules say that what is about those that \p Named
  /// names is of no use? One of them has to be on, and none may be off that is
  /// on by default.
  bool judge(llvm::function_ref<bool(llvm::StringRef)> Named) const;
};

//===----------------------------------------------------------------------===//
// Comments (NoLint.cpp)
//===----------------------------------------------------------------------===//

/// A NOLINT comment.
struct NoLintComment {
  enum Kind : uint8_t { Line, NextLine, Begin, End } K = Line;
  Position Where;
  bool HasList = false;
  std::string List;     ///< what stands between the parentheses
  std::string Reason;   ///< what stands behind them
  Position Until;       ///< Begin: of its End; Line 0: it has none
  bool Matched = false; ///< End: it has a Begin
  bool Used = false;

  /// Does its list name \p Rule? Without one, it names all.
  bool names(llvm::StringRef Rule) const;
  bool covers(const Position &P) const; ///< of the same file
};

/// What clang-tidy would find in \p Text, and how the blocks pair.
std::vector<NoLintComment> findNoLints(llvm::StringRef Text,
                                       llvm::StringRef File);

class NoLints {
public:
  NoLints(SourceFiles &Sources, RuleNames Rules)
      : Sources(Sources), Rules(std::move(Rules)) {}

  std::optional<Acceptance> accepts(const Finding &F);

  /// Reads those in \p Files; is there any?
  bool read(llvm::ArrayRef<std::string> Files, unsigned Jobs);

  /// Adds those that name a rule of ours and were of no use, or that are
  /// mistakes, in \p Files and those that were asked for. \p Partly: not all
  /// roots were looked at.
  void findUnused(llvm::ArrayRef<std::string> Files, bool Partly, unsigned Jobs,
                  std::vector<Reason> &Unused);

  /// Files of findings that could not be read, sorted.
  const std::set<std::string> &unreadable() const { return Unreadable; }

private:
  std::vector<NoLintComment> &of(llvm::StringRef File);
  void judge(const NoLintComment &C, bool Partly, std::vector<Reason> &Unused);

  SourceFiles &Sources;
  RuleNames Rules;
  std::map<std::string, std::vector<NoLintComment>, std::less<>> Files;
  std::set<std::string> Unreadable;
};

//===----------------------------------------------------------------------===//
// Suppression files (SuppressionFile.cpp)
//===----------------------------------------------------------------------===//

class SuppressionFile {
public:
  /// Fails with a line for each mistake. \p Rules: all there are.
  static llvm::Expected<SuppressionFile>
  parse(std::unique_ptr<llvm::MemoryBuffer> Text,
        llvm::ArrayRef<std::string> Rules);

  std::optional<Acceptance> accepts(const Finding &F);

  /// Adds the entries that matched nothing, of rules that are on; not \p Each:
  /// only how many there are. \p Partly: not all roots were looked at.
  void findUnused(const RuleNames &Rules, bool Partly, bool Each,
                  std::vector<Reason> &Unused) const;

private:
  friend class SuppressionParser;
  enum class Subject : uint8_t { Function, Source, Root, Sink, Lock, Edge };
  struct Entry {
    llvm::StringRef Text; ///< as it was written
    Position Where;
    std::string Reason;
    llvm::GlobPattern Rules, Pattern;
    Subject On;
    bool Used = false;
  };
  static bool matches(const Entry &E, const Finding &F);

  std::unique_ptr<llvm::MemoryBuffer> Text; ///< patterns point into it
  std::vector<Entry> Entries;
};

//===----------------------------------------------------------------------===//
// Baselines (Baseline.cpp)
//===----------------------------------------------------------------------===//

/// A finding of a baseline. There may have been several like it.
struct BaselineEntry {
  std::string Rule, Fingerprint, Message;
  Confidence Conf = Confidence::Certain;
  std::string File, Root, RootId; ///< where its root is, and what
  RootKind Kind = RootKind::Annotated;
  std::string In, Sink; ///< the function with the sink, and what it calls there
  std::string Lock;     ///< that the other thread holds, or ""

  explicit BaselineEntry(const Finding &F);
  BaselineEntry() = default;
};

class Baseline {
public:
  static llvm::Expected<Baseline> parse(llvm::MemoryBufferRef Text);

  /// To be called once, with all findings, before any is asked for.
  void lookFor(llvm::ArrayRef<Finding> Findings);
  /// \p Min: what is below is not shown.
  std::optional<Acceptance> accepts(const Finding &F, Confidence Min);

  /// The entries that no finding was like and that \p Judged, sorted.
  std::vector<GoneFinding>
  gone(llvm::function_ref<bool(const BaselineEntry &)> Judged) const;
  /// The entries that were not seen, as they were not looked for.
  std::vector<BaselineEntry>
  unjudged(llvm::function_ref<bool(const BaselineEntry &)> Judged) const;

private:
  std::vector<BaselineEntry> Entries;
  std::vector<bool> Seen;
  /// To entries; by ends, only those whose fingerprint no finding has.
  llvm::StringMap<std::vector<size_t>> ByFingerprint, ByEnds;
};

/// Writes \p Entries, sorted, one on a line, each once.
void writeBaseline(std::vector<BaselineEntry> Entries, llvm::raw_ostream &OS);

} // namespace fencedep

#endif // FENCEDEP_REPORT_ACCEPT_H

//===- Finding.h - what a run has to say ----------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Located facts, ready to be shown: no index into any other structure.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_REPORT_FINDING_H
#define FENCEDEP_REPORT_FINDING_H

#include "fencedep/Program/Confidence.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <string>
#include <vector>

namespace fencedep {

struct Position {
  std::string File; ///< relative to the database's directory when below it
  unsigned Line = 0, Column = 0;

  friend bool operator==(const Position &A, const Position &B) {
    return A.File == B.File && A.Line == B.Line && A.Column == B.Column;
  }
  friend bool operator!=(const Position &A, const Position &B) {
    return !(A == B);
  }
};

/// "file:line:column".
std::string text(const Position &P);

enum class RootKind : uint8_t {
  Annotated, ///< a begin
  Contract,  ///< a function
  Entry,     ///< a function that userspace calls
  Published, ///< a call that makes a fence visible to others
};

struct RootInfo {
  RootKind Kind = RootKind::Annotated;
  std::string Function;
  Position Where;  ///< Annotated: the begin; Contract: the function's name
  std::string Why; ///< Contract: why it is critical; Annotated: what begins
                   ///< there, or "" for a signalling critical section
  std::string Id;  ///< Contract: the model's root id
  bool Critical = true; ///< Contract: false if it is where a rule of other code
                        ///< starts
};

/// One hop of a path: a call site in Function.
struct Hop {
  std::string Function, Callee;
  Position Where;
  /// How the call was resolved: "direct", "cleanup", "virtual", "field
  /// RECORD::NAME", "argument", "array", "work RECORD::NAME" (a synchronous
  /// wait that runs the callee), "callback" (the API calls its argument), ...
  std::string Edge;
  /// More than the edge's name for people, or "": "1 of 3 functions stored in
  /// drm_sched_backend_ops::run_job", "stored at drivers/x.c:12".
  std::string Detail;
  Confidence Conf = Confidence::Certain;
};

struct Reason {
  std::string Text;
  Position Where; ///< Line 0: no position
};

/// Another thread's half of a deadlock: it holds a lock, and waits.
struct OtherSide {
  std::string Lock;     ///< that it holds
  std::string Function; ///< that acquires it
  Position Acquired;
  std::vector<Hop> Path; ///< from there to the wait
  /// If only the model knows of it: where that can be checked. Acquired and
  /// Path are empty then.
  std::string Source;
  bool SameThread = false; ///< it is what the section does with the lock held
  /// What it waits for.
  enum class For : uint8_t {
    Fence,
    Resv,
    Mmap,
    Reclaim,
    Lock,
    Work
  } Waits = For::Fence;
};

/// One lock of a cycle as lockdep prints it: Class is acquired, or what it
/// stands for is waited for, in Stack while that of the link before is held.
struct LockLink {
  struct Frame {
    std::string Function;
    Position Where; ///< the call that it is in; Line 0: the API at the end
  };
  std::string Class;        ///< "&foo->lock", "dma_fence_map", "fs_reclaim"
  std::vector<Frame> Stack; ///< outermost first
  /// If lockdep learns of it at boot: the function that teaches it; Stack is
  /// empty then.
  std::string By;
};

/// A change of the source that would mend a finding; it is offered, and applied
/// only by who asks for it.
struct Fix {
  Position Start, End;     ///< End: behind the last replaced character
  std::string Replaced;    ///< the text between them, on one line
  std::string Replacement; ///< for it
  std::string Description; ///< one sentence, lower-case, no full stop
};

/// A call on a way to the sink that is not printed.
struct OtherCall {
  std::string Function, Callee;
  Position Where;
  bool Joins; ///< it leads into Finding::Path
};

/// Who acquires the lock and waits as well, but is not told of.
struct OtherHolder {
  std::string Function;
  Position Acquired;
};

struct Finding {
  std::string Rule;                 ///< "fence-reclaim"
  std::string Severity = "warning"; ///< "error" | "warning" | "note"
  Confidence Conf = Confidence::Certain;
  std::string Message; ///< one sentence, lower-case, no full stop
  /// The lock class that it is about, if there is one: acquired in the section,
  /// or held across a wait.
  std::string Lock;
  RootInfo Root;
  std::string SinkFunction; ///< the API that is called ("kmem_cache_zalloc")
  Position Sink;
  std::vector<Hop> Path; ///< from the root; the last hop is the sink's call
  std::vector<Reason> Reasons;
  std::vector<OtherSide> Others; ///< each waits for what the next one holds
  /// In the place of the first of Others, the most believable first.
  std::vector<OtherHolder> OtherHolders;
  bool RanksLast = false;  ///< there are many of the kind: after all others
  std::string Fingerprint; ///< hex; rule, root, sink and edge names, no lines
  unsigned OtherRoots = 0; ///< how many other roots reach the same sink
  /// Certain and likely calls from elsewhere that lead into Path, those nearest
  /// to the sink first. With CheckOptions::AllCalls: all on certain and likely
  /// ways from the root to the sink.
  std::vector<OtherCall> OtherCalls;
  /// The cycle of locks, the section's acquisition first; empty if it is none.
  /// The first link's class is acquired while the last one's is held.
  std::vector<LockLink> Cycle;
  std::vector<Fix> Fixes; ///< each alone would mend it

  /// The function that SinkFunction is called in.
  const std::string &sinkCaller() const {
    return Path.empty() ? Root.Function : Path.back().Function;
  }
};

/// What there is to say about \p F beyond its message, in the order in which
/// it is read: the root, the way from there, the other threads, the reasons.
std::vector<Reason> explain(const Finding &F);

/// A call that could not be followed in some section.
struct OpenCall {
  std::string Function, Callee; ///< Callee: name, or what the pointer is
  Position Where;
  std::string
      Why; ///< "no body and no model entry" | "unresolved pointer" | ...
};

struct RootCoverage {
  RootInfo Root;
  unsigned Functions = 0; ///< reached
  unsigned OpenCalls = 0; ///< call sites left open, also when not listed
  std::vector<OpenCall>
      Open; ///< listed on demand (CheckOptions::ListOpenCalls)
};

struct FailedUnit {
  std::string File, Error; ///< Error: the first one, located
};

struct Coverage {
  unsigned Units = 0, Analysed = 0;
  std::vector<FailedUnit> Failed;
  unsigned Annotated = 0, Contract = 0; ///< roots checked
  unsigned Functions = 0;               ///< reached from any root
  unsigned OpenCalls = 0;               ///< distinct call sites left open
  /// Functions with sections and more ways than are followed: sections that
  /// they open may end later than is seen, and their balance is not checked.
  std::vector<std::string> Incomplete;
  std::vector<RootCoverage> Roots;
};

/// A finding that is not reported because somebody knows of it.
struct AcceptedFinding {
  enum class Kind : uint8_t {
    InSource, ///< a NOLINT comment, an attribute
    External, ///< an entry of a suppression file
    Baseline, ///< it is in the baseline
  };
  Finding F;
  Kind By = Kind::InSource;
  std::string Why; ///< in the words of who accepted it; "" if none were needed
  Position Where;  ///< of the comment or entry; Line 0 for Baseline
};

/// A finding of the baseline that is there no more.
struct GoneFinding {
  std::string Rule, Fingerprint, Message;
  Confidence Conf = Confidence::Certain;
};

struct Report {
  std::vector<Finding> Findings; ///< surest and shortest first, by sink
  unsigned Hidden = 0; ///< more findings, of lower confidence than was asked
  /// Call sites that sections reach on ways that are only possible, if these
  /// are not asked for: nobody has looked at what is behind them.
  unsigned NotFollowed = 0;
  std::vector<AcceptedFinding> Accepted; ///< in the order of Findings
  std::vector<Reason> Unused;            ///< suppressions that suppress nothing
  bool HasBaseline = false;              ///< Findings are new, Gone is known
  std::vector<GoneFinding> Gone;
  Coverage Cov;
};

/// What formats say about a rule.
struct RuleText {
  std::string Id, Summary; ///< one sentence, lower-case, no full stop
  std::string Page;        ///< docs/rules/ID.md, as Markdown
  bool Default = true;
};

/// What formats say about a run, beyond what it found.
struct RunInfo {
  std::string BaseDir; ///< absolute; relative positions are relative to it
  /// Absolute; what paths in formats for other programs are relative to. "" for
  /// BaseDir.
  std::string SourceRoot;
  std::vector<RuleText> Rules; ///< all there are, in the table's order
  /// What is shown, and decides the exit status, is of this confidence and
  /// above.
  Confidence MinConfidence = Confidence::Likely;
  int ExitStatus = 0;
  bool ShowAccepted = false; ///< SARIF has accepted and gone findings, too
};

class SourceFiles;

/// Which places a text report shows the source line of.
enum class SnippetChoice : uint8_t {
  None,
  Ends, ///< the sink, where other threads acquire locks, and what they wait for
  All,  ///< each once per finding
};

/// What a text report puts under one heading.
enum class Grouping : uint8_t {
  None,   ///< no headings
  Rule,   ///< rule
  File,   ///< file of the sink
  Folder, ///< folder of the root: whose section it is
  Root,   ///< function of the root
  Lock,   ///< Finding::Lock
};

struct TextOptions {
  bool Colors = false;
  SnippetChoice Snippets = SnippetChoice::Ends;
  SourceFiles *Sources = nullptr; ///< null: no snippets
  bool FullPaths = true;          ///< all calls of long paths
  Grouping GroupBy = Grouping::None;
  bool FullCoverage = false; ///< list every root and open call
  bool Quiet = false;        ///< findings only: no coverage statement
  /// Print the ways from every root; else those of one sink are folded into the
  /// best one, which names the other roots.
  bool EachRoot = false;
  /// Findings below are counted, not printed.
  Confidence MinConfidence = Confidence::Possible;
  bool ShowAccepted = false; ///< one by one, not only how many there are
};

/// clang's layout: a warning at the sink, then notes (root, hops, reasons); if
/// there are many, a table that counts them; the coverage statement last.
void printText(const Report &R, const TextOptions &Opts, llvm::raw_ostream &OS);

/// The layout of lockdep's reports (see docs/lockdep.md). \p EachRoot: as
/// TextOptions::EachRoot.
void printLockdep(const Report &R, const RunInfo &Run, bool EachRoot,
                  llvm::raw_ostream &OS);

/// What of \p R is accepted, and what of that is of no use any more; the text
/// report ends with it.
void printAccepted(const Report &R, const TextOptions &Opts,
                   llvm::raw_ostream &OS);

/// The JSON of version 1 (see docs/json.md).
void printJSON(const Report &R, llvm::raw_ostream &OS);

/// Findings of \p Min and above: how many only one side of a change has, or
/// both.
struct Comparison {
  unsigned New = 0, Old = 0, Gone = 0;
};

/// Takes out of \p After what \p Before has, too, unless \p After has more ways
/// to it (with CheckOptions::AllCalls). Neither may hide findings.
/// \p OldPlace: where a position of now was before.
Comparison keepNew(Report &After, const Report &Before, Confidence Min,
                   llvm::function_ref<Position(const Position &)> OldPlace);

/// How the notes that explain() makes of them read.
std::string wording(const RootInfo &R);
std::string wording(const Hop &H);
/// The coverage statement's sentence.
std::string wording(const Coverage &C);
/// What a report does not show, of which what is of confidence \p Shown and
/// above is shown; "" if nothing.
std::string leftOut(const Report &R, Confidence Shown);

/// "certain", "likely", "possible".
llvm::StringRef name(Confidence C);
/// The confidence of that name, if there is one.
std::optional<Confidence> confidence(llvm::StringRef Name);
/// "annotated", "contract".
llvm::StringRef name(RootKind K);

} // namespace fencedep

#endif // FENCEDEP_REPORT_FINDING_H

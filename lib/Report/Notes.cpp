//===- Notes.cpp - what there is to say about a finding -------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The root, the way from there hop by hop, the other threads, the reasons: in
// the words that all formats share.
//
//===----------------------------------------------------------------------===//

#include "Text.h"
#include "fencedep/Report/Wording.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencedep;
using llvm::any_of;
using llvm::enumerate;
using llvm::StringRef;

/// The hop's call in words, with how it was resolved unless it is a plain one.
static std::string describeCall(const Hop &H) {
  const std::string Caller = "'" + H.Function + "'",
                    Callee = "'" + H.Callee + "'";
  std::string Calls = Caller + " calls " + Callee;
  StringRef Edge = H.Edge;
  // Where a section that is still open ends with its function.
  if (H.Callee == "return")
    return Caller + " returns";
  if (H.Callee == "store")
    return Caller + " stores";
  if (Edge.consume_front("completion"))
    return Caller + " waits for what " + Callee + " completes" +
           (Edge.empty() ? "" : "," + Edge.str());
  if (Edge.consume_front("work "))
    return Caller + " waits for " + Callee + ", the work of " + Edge.str();
  if (Edge.consume_front("field "))
    return Calls + " through " + Edge.str();
  if (Edge == "macro")
    return Caller + " uses " + Callee + ", which is a macro";
  if (Edge == "callback")
    return Caller + " has " + Callee + " called back";
  if (Edge == "argument")
    return Calls + " through a pointer passed as an argument";
  if (Edge == "argument of any caller")
    return Calls +
           " through a parameter, for which any caller's argument may stand";
  if (Edge == "array")
    return Calls + " through an array of pointers";
  if (Edge == "virtual")
    return Calls + ", which is virtual";
  if (Edge == "cleanup")
    return Calls + " when a variable goes out of scope";
  if (Edge == "direct" || Edge.empty())
    return Calls;
  return Calls + " by " + Edge.str();
}

std::string fencedep::wording(const Hop &H) {
  std::string More = H.Detail;
  if (H.Conf != Confidence::Certain)
    More += (More.empty() ? "" : "; ") + name(H.Conf).str();
  return describeCall(H) + (More.empty() ? "" : " (" + More + ")");
}

std::string fencedep::wording(const RootInfo &R) {
  if (R.Kind == RootKind::Annotated)
    return (R.Why.empty() ? "signalling critical section" : R.Why) +
           " begins here in '" + R.Function + "'";
  if (R.Kind == RootKind::Entry)
    return "userspace calls '" + R.Function + "': " + R.Why;
  if (R.Kind == RootKind::Published)
    return "a fence becomes visible to others here in '" + R.Function + "'";
  return "'" + R.Function +
         (R.Critical ? "' is critical by contract: "
                     : "' is an entry point: ") +
         R.Why;
}

std::string fencedep::wording(const OtherSide &O) {
  const std::string Holder = "'" + O.Function + "'";
  if (!O.Source.empty())
    return Holder + " holds " + O.Lock +
           " meanwhile (the model says so, from " + O.Source + ")";
  return Holder + " acquires " + O.Lock + " here, and holds it";
}

bool fencedep::isBegin(const Hop &H, const RootInfo &R) {
  return R.Kind == RootKind::Annotated && H.Where == R.Where;
}

bool fencedep::sameSink(const Finding &A, const Finding &B) {
  return A.Rule == B.Rule && A.Sink == B.Sink &&
         A.SinkFunction == B.SinkFunction && A.RanksLast == B.RanksLast;
}

static Note::Kind kindOf(const Hop &H) {
  return H.Conf == Confidence::Certain && (H.Edge == "direct" || H.Edge.empty())
             ? Note::Call
             : Note::Indirect;
}

/// \p Who: "CPU1: ", or "" in the thread that was told of before.
static void noteHops(llvm::ArrayRef<Hop> Path, const std::string &Who,
                     std::vector<Note> &Notes) {
  for (const Hop &H : Path)
    Notes.push_back({{Who + wording(H), H.Where}, kindOf(H)});
}

static void noteOther(const OtherSide &O, unsigned Cpu,
                      std::vector<Note> &Notes) {
  const std::string Who =
      O.SameThread ? "" : "CPU" + std::to_string(Cpu) + ": ";
  // The call that acquires it need not be told twice.
  if (O.SameThread && O.Source.empty() && !Notes.empty() &&
      Notes.back().Where == O.Acquired)
    Notes.pop_back();
  Notes.push_back({{Who + wording(O), O.Acquired}, Note::Acquires});
  noteHops(O.Path, Who, Notes);
  if (!O.Path.empty())
    Notes.back().K = Note::Ends;
}

/// So many of the other calls are named.
static constexpr size_t MaxNamed = 3;

/// "'f' (a.c:1:2), 'g' (b.c:3:4) and 2 more".
template <typename T>
static std::string named(llvm::ArrayRef<T> All, Position T::*Where) {
  const size_t N = All.size();
  std::string Text;
  for (const auto &[I, X] : enumerate(All.take_front(MaxNamed))) {
    if (I)
      Text += I + 1 == N ? " and " : ", ";
    Text += "'" + X.Function + "' (" + text(X.*Where) + ")";
  }
  if (N > MaxNamed)
    Text += " and " + std::to_string(N - MaxNamed) + " more";
  return Text;
}

static std::string otherCalls(llvm::ArrayRef<OtherCall> Calls) {
  const size_t N = Calls.size();
  return (N == 1 ? "another call leads there: in "
                 : std::to_string(N) + " other calls lead there: in ") +
         named(Calls, &OtherCall::Where);
}

static std::string otherHolders(llvm::ArrayRef<OtherHolder> Holders) {
  const size_t N = Holders.size();
  return (N == 1
              ? "somebody else holds the lock and waits, too: "
              : std::to_string(N) + " others hold the lock and wait, too: ") +
         named(Holders, &OtherHolder::Acquired);
}

std::vector<Note> fencedep::notesOn(const Finding &F) {
  std::vector<Note> Notes;
  // An unbalanced begin or end is root and sink at once.
  if (!F.Root.Where.Line || F.Root.Where != F.Sink)
    Notes.push_back({{wording(F.Root), F.Root.Where}, Note::Root});
  // As lockdep prints a cycle, but without a CPU that has seen it.
  const bool Cycle = any_of(F.Others, [](auto &O) { return !O.SameThread; });
  // The root's own note already shows the call that opens the section.
  const bool Shown = !F.Path.empty() && isBegin(F.Path.front(), F.Root);
  noteHops(llvm::ArrayRef(F.Path).drop_front(Shown), Cycle ? "CPU0: " : "",
           Notes);
  for (const auto &[I, O] : enumerate(F.Others))
    noteOther(O, I + 1, Notes);
  for (const Reason &R : F.Reasons)
    Notes.push_back({R, Note::Because});
  if (!F.OtherHolders.empty())
    Notes.push_back({{otherHolders(F.OtherHolders), {}}, Note::Because});
  if (!F.OtherCalls.empty())
    Notes.push_back({{otherCalls(F.OtherCalls), {}}, Note::Because});
  for (const Fix &X : F.Fixes)
    Notes.push_back({{X.Description, X.Start}, Note::Because});
  return Notes;
}

std::vector<Reason> fencedep::explain(const Finding &F) {
  std::vector<Reason> Reasons;
  for (Note &N : notesOn(F))
    Reasons.push_back(std::move(N));
  return Reasons;
}

/// A run of calls that is longer shows this many of its first and last ones.
static constexpr size_t MaxCalls = 8, ShownAtEachEnd = 3;

static bool isCall(const Note &N) {
  return N.K == Note::Call || N.K == Note::Indirect;
}

static Note leftOut(size_t Calls) {
  return {{"(" + std::to_string(Calls) +
               " more calls in between; --full-paths shows them)",
           {}},
          Note::Because};
}

/// What is a guess stays: that is what a reader has to check.
static void elideRun(llvm::ArrayRef<Note> Run, std::vector<Note> &Out) {
  size_t Dropped = 0;
  auto Flush = [&](size_t Before) {
    if (Dropped == 1) // a line for a line
      Out.push_back(Run[Before - 1]);
    else if (Dropped)
      Out.push_back(leftOut(Dropped));
    Dropped = 0;
  };
  for (const auto &[I, N] : enumerate(Run)) {
    if (Run.size() > MaxCalls && I >= ShownAtEachEnd &&
        I + ShownAtEachEnd < Run.size() && N.K == Note::Call) {
      ++Dropped;
      continue;
    }
    Flush(I);
    Out.push_back(N);
  }
}

std::vector<Note> fencedep::elided(llvm::ArrayRef<Note> Notes) {
  std::vector<Note> Out;
  for (llvm::ArrayRef<Note> Rest = Notes; !Rest.empty();) {
    llvm::ArrayRef<Note> Run = Rest.take_while(isCall);
    elideRun(Run, Out);
    Rest = Rest.drop_front(Run.size());
    if (Rest.empty())
      break;
    Out.push_back(Rest.front());
    Rest = Rest.drop_front();
  }
  return Out;
}

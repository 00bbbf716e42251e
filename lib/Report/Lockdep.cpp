//===- Lockdep.cpp - findings in the layout of lockdep --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Who knows lockdep's reports finds his way in ours, and what reads them reads
// ours (ReadLockdep.cpp does). Nothing ran, so there is no task, no address and
// no state of a lock; stacks have the form that decode_stacktrace.sh gives
// them:
//
//     -> #1 (dma_fence_map):             the last function to be called first
//            dma_fence_wait
//            foo_suspend (drivers/foo.c:40:2)
//
// The thread in the section is the one that tries to acquire: what else lockdep
// needs for the cycle, boot or another thread has taught it before.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Wording.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace fencedep;
using llvm::raw_ostream;
using llvm::StringRef;

static void rule(raw_ostream &OS, char C, size_t Width) {
  OS << std::string(Width, C) << '\n';
}

static std::string place(const LockLink::Frame &F) {
  return F.Where.Line ? F.Function + " (" + text(F.Where) + ")" : F.Function;
}

/// The innermost frame that has a place: where the class is acquired.
static std::string placeOf(const LockLink &L) {
  for (const LockLink::Frame &F : llvm::reverse(L.Stack))
    if (F.Where.Line)
      return place(F);
  return L.By;
}

static void printStack(const LockLink &L, raw_ostream &OS) {
  if (L.Stack.empty())
    OS << "       " << L.By << '\n';
  for (const LockLink::Frame &F : llvm::reverse(L.Stack))
    OS << "       " << place(F) << '\n';
}

/// Lockdep shows one link of a longer chain for all of it.
static void printScenario(llvm::ArrayRef<LockLink> Cycle, bool InSection,
                          raw_ostream &OS) {
  const std::string &Wanted = Cycle.front().Class, &Held = Cycle.back().Class;
  const std::string &Parent =
      Cycle.size() > 1 ? Cycle[Cycle.size() - 2].Class : Wanted;
  if (Parent != Wanted)
    OS << "Chain exists of:\n  " << Wanted << " --> " << Parent << " --> "
       << Held << "\n\n";
  const std::string Indent(31, ' ');
  OS << " Possible unsafe locking scenario:\n\n"
     << "       CPU0                    CPU1\n"
     << "       ----                    ----\n"
     << "  " << (InSection ? "rlock(" : "lock(") << Held << ");\n"
     << Indent << "lock(" << Parent << ");\n"
     << Indent << "lock(" << Held << ");\n"
     << "  lock(" << Wanted << ");\n\n"
     << " *** DEADLOCK ***\n";
}

/// Where the class that closes the cycle is taken by the thread of the first
/// link: the section's begin, or the lock that is held across the wait.
static std::string heldAt(const Finding &F, bool InSection) {
  if (InSection || F.Others.empty())
    return F.Root.Function + " (" + text(F.Root.Where) + ")";
  return F.Others.front().Function + " (" + text(F.Others.front().Acquired) +
         ")";
}

static void printCycle(const Finding &F, raw_ostream &OS) {
  const bool InSection = !StringRef(F.Rule).starts_with("fence-cross-release");
  llvm::ArrayRef<LockLink> Cycle = F.Cycle;
  constexpr size_t Width = 54;
  rule(OS, '=', Width);
  OS << "WARNING: possible circular locking dependency detected\n";
  OS << "fencedep " FENCEDEP_VERSION ", static analysis\n";
  rule(OS, '-', Width);
  OS << F.Root.Function << " is trying to acquire lock:\n"
     << " (" << Cycle.front().Class << "), at: " << placeOf(Cycle.front())
     << "\n\nbut task is already holding lock:\n"
     << " (" << Cycle.back().Class << "), at: " << heldAt(F, InSection)
     << "\n\nwhich lock already depends on the new lock.\n\n\n"
     << "the existing dependency chain (in reverse order) is:\n";
  for (size_t I = Cycle.size(); I-- > 0;) {
    OS << "\n-> #" << I << " (" << Cycle[I].Class << "):\n";
    printStack(Cycle[I], OS);
  }
  OS << "\nother info that might help us debug this:\n\n";
  printScenario(Cycle, InSection, OS);
}

static void printSleeping(const Finding &F, raw_ostream &OS) {
  OS << "BUG: sleeping function called from invalid context at " << text(F.Sink)
     << '\n'
     << "fencedep " FENCEDEP_VERSION ", static analysis\n"
     << "Call Trace:\n"
     << " " << F.SinkFunction << '\n';
  for (const Hop &H : llvm::reverse(F.Path))
    OS << " " << place({H.Function, H.Where}) << '\n';
}

static void printFinding(const Finding &F, raw_ostream &OS) {
  OS << "fencedep (static analysis; no machine has run into it): "
     << text(F.Sink) << ": " << F.Message << " (" << name(F.Conf) << ") ["
     << F.Rule << "] " << F.Fingerprint << '\n';
  if (F.Rule == "fence-wait-atomic")
    printSleeping(F, OS);
  else if (!F.Cycle.empty())
    printCycle(F, OS);
  else
    OS << "fencedep: lockdep has no report of this kind\n";
}

static void count(raw_ostream &OS, unsigned N, StringRef What) {
  OS << N << ' ' << What << (N == 1 ? "" : "s");
}

static void printEnd(const Report &R, const RunInfo &Run, raw_ostream &OS) {
  if (std::string Text = leftOut(R, Run.MinConfidence); !Text.empty())
    OS << "fencedep: " << Text << '\n';
  for (const FailedUnit &U : R.Cov.Failed)
    OS << "fencedep: not analysed: " << U.File << ": " << U.Error << '\n';
  OS << "fencedep: " << R.Cov.Analysed << " of ";
  count(OS, R.Cov.Units, "unit");
  OS << " analysed, ";
  count(OS, R.Cov.OpenCalls, "call");
  OS << " left open\n";
}

void fencedep::printLockdep(const Report &R, const RunInfo &Run, bool EachRoot,
                            raw_ostream &OS) {
  const Finding *Last = nullptr;
  for (const Finding &F : R.Findings) {
    if (F.Conf < Run.MinConfidence)
      continue;
    // Those of one sink follow each other, the best first.
    if (!EachRoot && Last && sameSink(*Last, F))
      continue;
    Last = &F;
    printFinding(F, OS);
    if (F.OtherRoots && !EachRoot) {
      OS << "fencedep: reached from ";
      count(OS, F.OtherRoots, "other root");
      OS << ", too (--each-root shows the ways)\n";
    }
    OS << '\n';
  }
  printEnd(R, Run, OS);
}

//===- Threads.cpp - a finding as what its threads do ---------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// CPU0 enters the root and goes to the sink; each other thread acquires a lock
// and goes to where it waits. What the section does itself with a lock held
// follows the sink, as it is the same thread.
//
// The analysis knows no times. But for a deadlock, each lock must be held
// before another thread waits for it, so there is an order that leads into it:
// the section begins, the others acquire their locks, the section goes to its
// sink, the others to their waits. That is the order that is told.
//
//===----------------------------------------------------------------------===//

#include "Threads.h"
#include "fencedep/Report/Wording.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencedep;

namespace {

/// Writes one thread down, and keeps account of the depth of its calls.
class Recorder {
public:
  explicit Recorder(std::string Name) { T.Name = std::move(Name); }

  void begin(const RootInfo &R);
  void acquire(const OtherSide &O);
  void hop(const Hop &H);
  Step *last() { return T.Steps.empty() ? nullptr : &T.Steps.back(); }
  Thread finish();

private:
  void add(const Position &Where, const std::string &Function, std::string Text,
           llvm::ArrayRef<llvm::StringRef> Kinds) {
    if (Where.Line)
      T.Steps.push_back({Where, Function, std::move(Text), Kinds.vec(), Depth});
  }

  Thread T;
  int Depth = 0;
};

void Recorder::begin(const RootInfo &R) {
  if (R.Kind == RootKind::Published)
    add(R.Where, R.Function, wording(R), {"call", "function"});
  else if (R.Kind == RootKind::Annotated)
    add(R.Where, R.Function, wording(R), {"enter", "scope"});
  else
    add(R.Where, R.Function, wording(R), {"enter", "function"});
  if (Step *S = last())
    S->Essential = true;
  // The place of a function is its name, and calls are in it.
  Depth += R.Kind == RootKind::Contract || R.Kind == RootKind::Entry;
}

void Recorder::acquire(const OtherSide &O) {
  // The sink, if this is the section's thread, was called and is over.
  if (Step *S = last())
    Depth = S->Depth;
  add(O.Acquired, O.Function, wording(O), {"acquire", "lock"});
  if (Step *S = last())
    S->Essential = true;
}

void Recorder::hop(const Hop &H) {
  if (H.Callee == "return") {
    add(H.Where, H.Function, wording(H), {"return", "function"});
    --Depth;
  } else if (H.Callee == "store") {
    add(H.Where, H.Function, wording(H), {"value"});
  } else {
    add(H.Where, H.Function, wording(H), {"call", "function"});
    ++Depth;
  }
}

Thread Recorder::finish() {
  int Least = 0;
  for (const Step &S : T.Steps)
    Least = std::min(Least, S.Depth);
  for (Step &S : T.Steps)
    S.Depth -= Least;
  return std::move(T);
}

/// The last step of a thread is where it stays. \p OnLock: it waits for a lock.
void end(Step *S, bool OnLock) {
  if (!S)
    return;
  if (OnLock)
    S->Kinds = {"acquire", "lock"};
  S->Kinds.push_back("danger");
  S->Essential = true;
}

Thread sectionsThread(const Finding &F) {
  Recorder R("CPU0");
  R.begin(F.Root);
  for (const Hop &H : F.Path)
    if (!isBegin(H, F.Root))
      R.hop(H);
  // An unbalanced section has no way: it begins, or ends, at the sink.
  bool OnLock = !F.Others.empty() && !F.Others.front().SameThread;
  if (OnLock || F.Others.empty())
    end(R.last(), OnLock);
  for (const OtherSide &O : F.Others)
    if (O.SameThread) {
      R.acquire(O);
      for (const Hop &H : O.Path)
        R.hop(H);
      end(R.last(), /*OnLock=*/false);
    }
  return R.finish();
}

void order(std::vector<Thread> &Threads) {
  unsigned Order = 0;
  for (Thread &T : Threads)
    T.Steps.front().Order = ++Order;
  for (Thread &T : Threads)
    for (Step &S : llvm::drop_begin(T.Steps))
      S.Order = ++Order;
}

} // namespace

std::vector<Thread> fencedep::threads(const Finding &F) {
  std::vector<Thread> Result{sectionsThread(F)};
  for (const auto &[I, O] : llvm::enumerate(F.Others)) {
    if (O.SameThread)
      continue;
    Recorder R("CPU" + std::to_string(I + 1));
    R.acquire(O);
    for (const Hop &H : O.Path)
      R.hop(H);
    end(R.last(), /*OnLock=*/I + 1 != F.Others.size());
    Result.push_back(R.finish());
  }
  llvm::erase_if(Result, [](const Thread &T) { return T.Steps.empty(); });
  if (Result.size() > 1)
    order(Result);
  return Result;
}

//===- Cycle.cpp - a finding as lockdep sees it ---------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// To lockdep a section is a lock that is held, a wait for a fence is its
// acquisition, and so are entering reclaim and waiting for work. So a path is
// cut into links where it waits for work:
//
//     section -> work -> what the sink acquires      the section's path
//     -> what the holder waits for -> ...            each other thread's
//     -> reclaim -> mmu notifier -> section          what boot has taught
//
// Names are lockdep's, but for the variable in `&x->lock`, which is the record
// type here: a static class is a place in the types.
//
//===----------------------------------------------------------------------===//

#include "LockdepName.h"
#include "Rule.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

namespace {

class Builder {
public:
  explicit Builder(const Model &M) : M(M) {}

  std::vector<LockLink> Links;

  /// Adds what is waited for along \p Path, and then \p Last, which its end
  /// acquires; "": nothing but work is waited for.
  void path(ArrayRef<Hop> Path, StringRef Last) {
    std::vector<LockLink::Frame> Stack;
    for (const Hop &H : Path) {
      Stack.push_back({H.Function, H.Where});
      StringRef Edge = H.Edge;
      bool Work = Edge.consume_front("work ");
      if (!Work && !Edge.consume_front("completion"))
        continue;
      std::string Name = lockdepName(Edge.trim());
      Links.push_back(
          {Work ? "(work_completion)(" + Name + ")" : "(completion)" + Name,
           std::move(Stack), ""});
      Stack.clear();
    }
    if (Stack.empty() || Last.empty())
      return;
    Stack.push_back({Path.back().Callee, {}});
    Links.push_back({Last.str(), std::move(Stack), ""});
  }

  /// Adds what lockdep knows from boot: from the last class to that of
  /// sections. False: there is no such way.
  bool primed() {
    const Model::LockdepClass *Section = M.lockdepClass(Model::LockOrder::Wait);
    if (!Section || Links.empty())
      return false;
    while (Links.back().Class != Section->Name) {
      const auto *At = M.lockdepClass(Links.back().Class);
      if (!At || At->Before.empty() || Links.size() > MaxLinks)
        return false;
      Links.push_back({At->Before, {}, At->By});
    }
    return true;
  }

  std::string nameOf(Model::LockOrder::Kind K) const {
    const Model::LockdepClass *L = M.lockdepClass(K);
    return L ? L->Name : "";
  }

private:
  /// A model may go round in circles.
  static constexpr size_t MaxLinks = 64;
  const Model &M;
};

} // namespace

/// What the holder \p O waits for; \p Next: the one whose lock it may be.
static std::string waitedFor(const Builder &B, const OtherSide &O,
                             const OtherSide *Next) {
  switch (O.Waits) {
  case OtherSide::For::Fence:
    return B.nameOf(Model::LockOrder::Wait);
  case OtherSide::For::Resv:
    return B.nameOf(Model::LockOrder::Resv);
  case OtherSide::For::Mmap:
    return B.nameOf(Model::LockOrder::Mmap);
  case OtherSide::For::Reclaim:
    return B.nameOf(Model::LockOrder::Reclaim);
  case OtherSide::For::Lock:
    return Next ? lockdepName(Next->Lock) : "";
  case OtherSide::For::Work:
    return lockdepName(O.Lock);
  }
  return "";
}

/// What the sink of \p F acquires, or "" if that is no lock to lockdep.
static std::string acquired(const Builder &B, const Finding &F) {
  if (!F.Lock.empty())
    return lockdepName(F.Lock);
  if (F.Rule == "fence-reclaim")
    return B.nameOf(Model::LockOrder::Reclaim);
  if (F.Rule == "fence-user-fault")
    return B.nameOf(Model::LockOrder::Mmap);
  return "";
}

std::vector<LockLink> fencedep::lockCycle(const Model &M, const Finding &F) {
  Builder B(M);
  const std::string First = acquired(B, F);
  if (First.empty())
    return {};
  const bool OwnWork = F.Rule == "fence-cross-release";
  // The lock is held in the section, and no part of the cycle needs that.
  if (!OwnWork)
    B.path(F.Path, First);
  for (const auto &[I, O] : enumerate(F.Others)) {
    const OtherSide *Next =
        I + 1 < F.Others.size() ? &F.Others[I + 1] : nullptr;
    std::string For = waitedFor(B, O, Next);
    if (For.empty())
      return {};
    if (O.Source.empty())
      B.path(O.Path, For);
    else
      B.Links.push_back({For, {}, O.Function});
  }
  // The work acquires the lock that its waiter holds.
  if (OwnWork || F.Rule == "fence-cross-release-anywhere")
    return std::move(B.Links);
  if (!B.primed())
    return {};
  return std::move(B.Links);
}

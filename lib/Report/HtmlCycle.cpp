//===- HtmlCycle.cpp - the picture of a finding ---------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A deadlock is drawn as the ring that it is: the section's way goes down, to
// the lock that it waits for; the holder's goes up, to the fence that he waits
// for, and that is the section's. Every arrow reads "cannot go on before". If
// the section itself is the holder, the ring is closed by any other section
// that waits for the lock.
//
//===----------------------------------------------------------------------===//

#include "Html.h"
#include "fencedep/Report/Wording.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace fencedep;

namespace {

class Painter {
public:
  explicit Painter(const Finding &F) : F(F) {}

  Picture paint() {
    P.Title = "the way from " + F.Root.Function + " to " + F.SinkFunction;
    const unsigned Root = add({{F.Root.Function, rootLine()}, "root", "cpu0"});
    unsigned Last = way(F.Path, Root, /*Cpu=*/0, F.Root.Function);
    P.Nodes[Last].Class += Last == Root ? "" : " sink";
    if (F.Others.empty())
      return std::move(P);
    P.Title = "the cycle of locks and waits through " + F.Root.Function;
    for (const auto &[I, O] : enumerate(F.Others))
      Last = otherSide(O, Last, /*Cpu=*/I + 1);
    unsigned Fence = add({{"fence", "that has to be signalled"}, "lock", ""});
    link(Last, Fence, "wait", /*Up=*/true);
    if (!F.Others.front().SameThread) {
      link(Fence, Root, "wait");
      return std::move(P);
    }
    unsigned Section =
        add({{"another section", "that waits for the lock"}, "other", ""});
    link(Fence, Section, "wait");
    link(Section, FirstLock, "wait");
    return std::move(P);
  }

private:
  static std::string line(const Position &At) {
    return (sys::path::filename(At.File) + ":" + Twine(At.Line)).str();
  }

  std::string rootLine() const {
    switch (F.Root.Kind) {
    case RootKind::Annotated:
      return "from " + line(F.Root.Where);
    case RootKind::Contract:
      return "by contract";
    case RootKind::Entry:
      return "called by userspace";
    case RootKind::Published:
      return "publishes a fence";
    }
    return "";
  }

  unsigned add(Picture::Node N) {
    P.Nodes.push_back(std::move(N));
    return P.Nodes.size() - 1;
  }

  void link(unsigned From, unsigned To, std::string Class, bool Up = false) {
    P.Edges.push_back({From, To, std::move(Class), Up});
  }

  /// The calls of \p Path from \p Last on; returns the last callee's node.
  unsigned way(ArrayRef<Hop> Path, unsigned Last, size_t Cpu,
               StringRef Function) {
    const bool Up = Cpu != 0;
    for (const auto &[I, H] : enumerate(Path)) {
      if (Cpu == 0 && isBegin(H, F.Root))
        continue;
      if (H.Function != Function) {
        unsigned Other = add({{H.Function}, "", ""});
        link(Last, Other, "wait", Up);
        Last = Other;
      }
      StringRef Edge = H.Edge;
      const bool Direct = Edge.empty() || Edge == "direct";
      Edge.consume_front("field ");
      Picture::Node N{{H.Callee}, "", html::hopId(Cpu, I)};
      if (!Direct)
        N.Lines.push_back(("by " + Edge).str());
      N.Lines.push_back(line(H.Where));
      unsigned Callee = add(std::move(N));
      link(Last, Callee, H.Conf == Confidence::Certain ? "call" : "call unsure",
           Up);
      Last = Callee;
      Function = H.Callee;
    }
    return Last;
  }

  /// From the lock that \p Last waits for to what its holder waits for.
  unsigned otherSide(const OtherSide &O, unsigned Last, size_t Cpu) {
    unsigned Lock =
        add({{O.Lock, O.SameThread ? "held from here on"
                                   : "held by CPU" + Twine(Cpu).str()},
             "lock",
             ""});
    link(Last, Lock, O.SameThread ? "call" : "wait", /*Up=*/Cpu != 1);
    if (Cpu == 1)
      FirstLock = Lock;
    const bool Told = !O.Source.empty();
    unsigned Holder =
        add({{O.Function, Told ? "says the model" : line(O.Acquired)},
             O.SameThread ? "root" : "other",
             "cpu" + Twine(Cpu).str()});
    link(Lock, Holder, O.SameThread ? "call" : "wait", /*Up=*/true);
    return way(O.Path, Holder, Cpu, O.Function);
  }

  const Finding &F;
  Picture P;
  unsigned FirstLock = 0;
};

} // namespace

Picture html::picture(const Finding &F) {
  if (F.Path.empty())
    return {};
  return Painter(F).paint();
}

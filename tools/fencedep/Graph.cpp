//===- Graph.cpp - fencedep graph -----------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     fencedep graph ROOT [PATH...]          what the root calls
//     fencedep graph --lock CLASS [PATH...]  what `locks` says of the class
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "fencedep/Report/GraphDot.h"
#include "fencedep/Report/Picture.h"

using namespace llvm;
using namespace fencedep;

/// The picture of \p Dot as --format asks for it.
static Error writePicture(StringRef Dot) {
  if (GraphPicture == PictureFormat::Dot)
    return writeOutput([&](raw_ostream &OS) { OS << Dot; });
  Expected<std::string> Svg = runDot(Dot, "svg");
  if (!Svg)
    return createStringError(toString(Svg.takeError()) +
                             "; --format=dot does without");
  return writeOutput([&](raw_ostream &OS) { OS << *Svg; });
}

static int drawLocks(const GlobPattern &Pattern) {
  Expected<LinkedDatabase> Linked = linkDatabase();
  if (!Linked)
    return fail(Linked.takeError());
  std::vector<LockNode> Nodes = lockGraph(*Linked->P, Pattern, Linked->Options);
  if (Nodes.empty())
    return fail("no lock class matches '" + GraphLock + "'");
  std::string Dot;
  raw_string_ostream OS(Dot);
  printDot(Nodes, OS);
  if (Error E = writePicture(Dot))
    return fail(std::move(E));
  return reportFailures(Linked->Failed);
}

static int drawCalls(StringRef Root) {
  Expected<LinkedDatabase> Linked = linkDatabase();
  if (!Linked)
    return fail(Linked.takeError());
  CallGraphOptions Options;
  Options.Check = Linked->Options;
  Options.Check.MinConfidence = MinConfidence;
  Options.All = GraphAll;
  if (GraphDepth.getNumOccurrences())
    Options.Depth = GraphDepth;
  CallGraph G = callGraph(*Linked->P, Root, Options);
  if (G.Roots.empty())
    return fail(noSuchRoot(Root));
  std::string Dot;
  raw_string_ostream OS(Dot);
  printDot(G, OS);
  if (Error E = writePicture(Dot))
    return fail(std::move(E));
  return reportFailures(Linked->Failed);
}

int fencedep::runGraph() {
  if (Error E = checkOutput())
    return fail(std::move(E));
  if (GraphLock.getNumOccurrences()) {
    Expected<GlobPattern> Pattern = GlobPattern::create(GraphLock);
    if (!Pattern)
      return fail("--lock=" + GraphLock + ": " + toString(Pattern.takeError()));
    return drawLocks(*Pattern);
  }
  if (Inputs.empty())
    return fail("usage: fencedep graph ROOT [PATH...], or fencedep graph "
                "--lock CLASS [PATH...]");
  std::string Root = Inputs[0];
  Inputs.erase(Inputs.begin());
  return drawCalls(Root);
}

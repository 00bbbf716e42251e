//===- Locks.cpp - fencedep locks -----------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Rules/Locks.h"
#include "Options.h"
#include "fencedep/Report/GraphDot.h"
#include "llvm/Support/JSON.h"

using namespace llvm;
using namespace fencedep;

/// Without the column: lines of a graph are for people.
static std::string line(const Position &P) {
  return P.File + ":" + std::to_string(P.Line);
}

static void printWay(raw_ostream &OS, const LockEdge &E) {
  OS << "      " << line(E.Held.Acquired) << ": '" << E.Held.Function
     << "' holds " << E.From;
  if (E.Places > 1)
    OS << " (one of " << E.Places << " places)";
  if (E.Conf != Confidence::Certain)
    OS << " (" << name(E.Conf) << ")";
  OS << '\n';
  for (const Hop &H : E.Held.Path)
    OS << "      " << line(H.Where) << ": '" << H.Function << "' calls '"
       << H.Callee << "'\n";
}

static void showText(ArrayRef<LockNode> Nodes, raw_ostream &OS) {
  for (const LockNode &N : Nodes) {
    OS << N.Class << ", held in " << N.HeldRegions
       << (N.HeldRegions == 1 ? " place\n" : " places\n");
    if (N.Waits) {
      OS << "  its holder waits for " << N.Waits->To << ":\n";
      printWay(OS, *N.Waits);
    }
    for (const LockEdge &E : N.Under) {
      OS << "  acquired under " << E.From << ":\n";
      printWay(OS, E);
    }
    for (const LockEdge &E : N.Above) {
      OS << "  held while " << E.To << " is acquired:\n";
      printWay(OS, E);
    }
  }
}

static json::Value value(const Position &P, StringRef Function) {
  return json::Object{{"function", json::fixUTF8(Function)},
                      {"file", json::fixUTF8(P.File)},
                      {"line", P.Line},
                      {"column", P.Column}};
}

static json::Value value(const LockEdge &E) {
  json::Array Path;
  for (const Hop &H : E.Held.Path) {
    json::Value Call = value(H.Where, H.Function);
    Call.getAsObject()->insert({"callee", json::fixUTF8(H.Callee)});
    Path.push_back(std::move(Call));
  }
  return json::Object{{"from", E.From},
                      {"to", E.To},
                      {"confidence", name(E.Conf)},
                      {"places", E.Places},
                      {"acquired", value(E.Held.Acquired, E.Held.Function)},
                      {"path", std::move(Path)}};
}

static void showJSON(ArrayRef<LockNode> Nodes, raw_ostream &OS) {
  auto Edges = [](ArrayRef<LockEdge> From) {
    json::Array To;
    for (const LockEdge &E : From)
      To.push_back(value(E));
    return To;
  };
  json::Array Classes;
  for (const LockNode &N : Nodes)
    Classes.push_back(json::Object{
        {"class", N.Class},
        {"held_regions", N.HeldRegions},
        {"acquired_under", Edges(N.Under)},
        {"acquires", Edges(N.Above)},
        {"waits", N.Waits ? value(*N.Waits) : json::Value(nullptr)}});
  json::OStream J(OS, /*IndentSize=*/2);
  J.value(json::Object{{"version", 1}, {"locks", std::move(Classes)}});
  OS << '\n';
}

int fencedep::runLocks() {
  if (Error E = checkOutput())
    return fail(std::move(E));
  Expected<GlobPattern> Pattern = GlobPattern::create(LockPattern);
  if (!Pattern)
    return fail("--class=" + LockPattern + ": " +
                toString(Pattern.takeError()));
  Expected<LinkedDatabase> Linked = linkDatabase();
  if (!Linked)
    return fail(Linked.takeError());
  std::vector<LockNode> Nodes =
      lockGraph(*Linked->P, *Pattern, Linked->Options);
  if (Nodes.empty())
    errs() << "fencedep: no lock class matches '" << LockPattern << "'\n";
  Error E = writeOutput([&](raw_ostream &OS) {
    switch (LocksFormat.getValue()) {
    case GraphFormat::Text:
      return showText(Nodes, OS);
    case GraphFormat::Dot:
      return printDot(Nodes, OS);
    case GraphFormat::JSON:
      return showJSON(Nodes, OS);
    }
  });
  if (E)
    return fail(std::move(E));
  return reportFailures(Linked->Failed);
}

//===- Dot.cpp - asking Graphviz where things go --------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One process lays out all graphs of a report, about one thousand per second.
//
// An edge that goes up is written the other way round and drawn from its head
// (dir=back), as dot puts every edge's tail above its head.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Picture.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include <map>

using namespace llvm;
using namespace fencedep;

static constexpr double PixelsPerInch = 72;

void fencedep::writeDot(const Picture &P, raw_ostream &OS) {
  OS << "digraph {\n"
        "  graph [nodesep=0.4, ranksep=0.32]\n"
        "  node [shape=box, fixedsize=true, label=\"\"]\n";
  for (const auto &[I, N] : enumerate(P.Nodes)) {
    Layout::Point Size = sizeOf(N);
    OS << "  n" << I << format(" [width=%.3f", Size.X / PixelsPerInch)
       << format(", height=%.3f]\n", Size.Y / PixelsPerInch);
  }
  for (const Picture::Edge &E : P.Edges)
    OS << "  n" << (E.Up ? E.To : E.From) << " -> n" << (E.Up ? E.From : E.To)
       << (E.Up ? " [dir=back]\n" : "\n");
  OS << "}\n";
}

namespace {

/// Reads the words of one line; a word that is missing or wrong makes it fail.
struct Words {
  StringRef Rest;
  bool Failed = false;

  StringRef word() {
    StringRef W;
    std::tie(W, Rest) = Rest.split(' ');
    Failed |= W.empty();
    return W;
  }
  double pixels() {
    double Inches = 0;
    Failed |= word().getAsDouble(Inches);
    return Inches * PixelsPerInch;
  }
  Layout::Point point() {
    double X = pixels();
    return {X, pixels()};
  }
  unsigned number(unsigned Limit) {
    unsigned N = 0;
    Failed |= word().getAsInteger(10, N) || N >= Limit;
    return Failed ? 0 : N;
  }
  unsigned node(unsigned Limit) {
    Failed |= !Rest.consume_front("n");
    return number(Limit);
  }
};

/// One graph of the plain format.
class GraphReader {
public:
  explicit GraphReader(const Picture &P) : P(P) {
    L.Nodes.resize(P.Nodes.size());
    L.Edges.resize(P.Edges.size());
    for (const auto &[I, E] : enumerate(P.Edges))
      Open[E.Up ? std::pair(E.To, E.From) : std::pair(E.From, E.To)].push_back(
          I);
    // Two of the same ends come in the order in which they were written.
    for (auto &[Ends, Edges] : Open)
      std::reverse(Edges.begin(), Edges.end());
  }

  /// False if \p Line makes no sense.
  bool read(StringRef Line) {
    Words W{Line};
    StringRef Kind = W.word();
    if (Kind == "graph") {
      W.word(); // the scale
      L.Width = W.pixels();
      L.Height = W.pixels();
    } else if (Kind == "node") {
      unsigned N = W.node(P.Nodes.size());
      Layout::Point Middle = W.point();
      if (!W.Failed)
        L.Nodes[N] = Middle;
    } else {
      return Kind == "edge" && edge(W);
    }
    return !W.Failed;
  }

  Layout L;

private:
  bool edge(Words &W) {
    unsigned Tail = W.node(P.Nodes.size()), Head = W.node(P.Nodes.size());
    std::vector<Layout::Point> Curve(W.number(/*Limit=*/10000));
    for (Layout::Point &At : Curve)
      At = W.point();
    std::vector<size_t> &Edges = Open[{Tail, Head}];
    if (W.Failed || Edges.empty() || Curve.size() < 2)
      return false;
    L.Edges[Edges.back()] = std::move(Curve);
    Edges.pop_back();
    return true;
  }

  const Picture &P;
  std::map<std::pair<unsigned, unsigned>, std::vector<size_t>> Open;
};

} // namespace

Expected<std::vector<Layout>> fencedep::readPlain(StringRef Text,
                                                  ArrayRef<Picture> Pictures) {
  std::vector<Layout> Layouts;
  for (const Picture &P : Pictures) {
    GraphReader Graph(P);
    StringRef Line;
    for (std::tie(Line, Text) = Text.split('\n'); Line != "stop";
         std::tie(Line, Text) = Text.split('\n'))
      if (!Graph.read(Line))
        return createStringError("dot says '" + Line +
                                 "', which is not understood");
    Layouts.push_back(std::move(Graph.L));
  }
  return Layouts;
}

Expected<std::vector<Layout>> fencedep::layOut(ArrayRef<Picture> Pictures) {
  std::string Input;
  raw_string_ostream OS(Input);
  for (const Picture &P : Pictures)
    writeDot(P, OS);
  Expected<std::string> Plain = runDot(Input, "plain");
  if (!Plain)
    return Plain.takeError();
  return readPlain(*Plain, Pictures);
}

//===- Picture.h - graphs as SVG ------------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Graphviz decides where things are, and nothing else: it is told sizes and
// gets coordinates, so that no name from a source reaches it, and no font of
// the machine decides how the picture looks. What it looks like is up to the
// page's style sheet (see lib/Report/html/report.css).
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_REPORT_PICTURE_H
#define FENCEDEP_REPORT_PICTURE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace fencedep {

struct Picture {
  struct Node {
    std::vector<std::string> Lines; ///< the first one is its name
    std::string Class;              ///< for the style sheet: "lock"
    std::string Link;               ///< the id of what it is about, or ""
  };
  struct Edge {
    unsigned From = 0, To = 0; ///< indices into Nodes
    std::string Class;
    bool Up = false; ///< To is above From; else below
  };
  std::string Title; ///< for those who do not see it
  std::vector<Node> Nodes;
  std::vector<Edge> Edges;
};

/// Where Graphviz puts the nodes and edges of a picture; y grows upwards.
struct Layout {
  struct Point {
    double X = 0, Y = 0;
  };
  double Width = 0, Height = 0;
  std::vector<Point> Nodes;              ///< their middles
  std::vector<std::vector<Point>> Edges; ///< from tail to head: Bezier curves
};

/// How large a node is, in pixels.
Layout::Point sizeOf(const Picture::Node &N);

/// \p P in Graphviz's language, for a layout: sizes, no names.
void writeDot(const Picture &P, llvm::raw_ostream &OS);

/// What `dot -Tplain` says about \p Pictures, one after the other.
llvm::Expected<std::vector<Layout>> readPlain(llvm::StringRef Text,
                                              llvm::ArrayRef<Picture> Pictures);

/// \p P as an SVG element.
void writeSvg(const Picture &P, const Layout &L, llvm::raw_ostream &OS);

/// What Graphviz's program `dot` makes of \p Dot: "svg", "plain", ... Fails if
/// it is not installed.
llvm::Expected<std::string> runDot(llvm::StringRef Dot, llvm::StringRef Format);

/// Runs Graphviz once for all of \p Pictures. Fails if it is not installed.
llvm::Expected<std::vector<Layout>> layOut(llvm::ArrayRef<Picture> Pictures);

} // namespace fencedep

#endif // FENCEDEP_REPORT_PICTURE_H

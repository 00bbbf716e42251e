//===- Svg.cpp - drawing a graph ------------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Boxes with lines of text, and arrows. The text's size is reckoned, not
// measured: it is set in a monospaced font, and there is room to spare.
//
//===----------------------------------------------------------------------===//

#include "Html.h"
#include "fencedep/Report/Picture.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Unicode.h"
#include <cmath>

using namespace llvm;
using namespace fencedep;
using html::escape;

// In pixels; the style sheet has the same font sizes.
static constexpr double NameWidth = 7.4, MoreWidth = 6.7; ///< of a character
static constexpr double NameHeight = 17, MoreHeight = 15; ///< of a line
static constexpr double PadX = 12, PadY = 8, Margin = 6, ArrowLength = 9;
static constexpr size_t MaxColumns = 46;

/// The middle of what is too long left out. A line that is not ASCII is short
/// enough: it is no identifier of C.
static std::string elide(StringRef Line) {
  if (Line.size() <= MaxColumns ||
      !all_of(Line, [](unsigned char C) { return C < 0x80; }))
    return Line.str();
  size_t Half = (MaxColumns - 1) / 2;
  return (Line.take_front(Half) + "…" + Line.take_back(Half)).str();
}

static double columns(StringRef Line) {
  int Columns = sys::unicode::columnWidthUTF8(Line);
  return Columns < 0 ? Line.size() : Columns;
}

Layout::Point fencedep::sizeOf(const Picture::Node &N) {
  Layout::Point Size{0, 2 * PadY};
  for (const auto &[I, Line] : enumerate(N.Lines)) {
    double Width = columns(elide(Line)) * (I ? MoreWidth : NameWidth);
    Size.X = std::max(Size.X, Width + 2 * PadX);
    Size.Y += I ? MoreHeight : NameHeight;
  }
  return Size;
}

namespace {

/// A coordinate: a tenth of a pixel is enough.
struct Number {
  double Value;
};
raw_ostream &operator<<(raw_ostream &OS, Number N) {
  return OS << format("%.1f", N.Value);
}

class Drawing {
public:
  Drawing(const Picture &P, const Layout &L, raw_ostream &OS)
      : P(P), L(L), OS(OS) {}

  void draw() {
    const Number Width{L.Width + 2 * Margin}, Height{L.Height + 2 * Margin};
    OS << "<svg class=\"picture\" role=\"img\" aria-label=\"" << escape(P.Title)
       << "\" viewBox=\"0 0 " << Width << ' ' << Height << "\" width=\""
       << unsigned(Width.Value) << "\" height=\"" << unsigned(Height.Value)
       << "\">\n";
    for (const auto &[E, Curve] : zip_equal(P.Edges, L.Edges))
      edge(E, Curve);
    for (const auto &[N, Middle] : zip_equal(P.Nodes, L.Nodes))
      node(N, Middle);
    OS << "</svg>\n";
  }

private:
  Layout::Point place(Layout::Point At) const {
    return {At.X + Margin, L.Height - At.Y + Margin};
  }

  void edge(const Picture::Edge &E, std::vector<Layout::Point> Curve) {
    if (Curve.empty())
      return;
    if (E.Up)
      std::reverse(Curve.begin(), Curve.end());
    OS << "<g class=\"edge " << E.Class << "\"><title>"
       << escape(P.Nodes[E.From].Lines.front() + " → " +
                 P.Nodes[E.To].Lines.front())
       << "</title><path d=\"";
    for (const auto &[I, At] : enumerate(Curve)) {
      Layout::Point Here = place(At);
      OS << (I == 0   ? "M"
             : I == 1 ? " C"
                      : " ")
         << Number{Here.X} << ' ' << Number{Here.Y};
    }
    OS << "\"/>";
    arrow(place(Curve[Curve.size() - 2]), place(Curve.back()));
    OS << "</g>\n";
  }

  /// dot ends a curve where the arrow head begins.
  void arrow(Layout::Point Before, Layout::Point End) {
    double X = End.X - Before.X, Y = End.Y - Before.Y;
    double Length = std::max(std::hypot(X, Y), 0.01);
    X *= ArrowLength / Length;
    Y *= ArrowLength / Length;
    OS << "<path class=\"head\" d=\"M" << Number{End.X - Y * 0.4} << ' '
       << Number{End.Y + X * 0.4} << " L" << Number{End.X + X} << ' '
       << Number{End.Y + Y} << " L" << Number{End.X + Y * 0.4} << ' '
       << Number{End.Y - X * 0.4} << " Z\"/>";
  }

  void node(const Picture::Node &N, Layout::Point At) {
    const Layout::Point Middle = place(At), Size = sizeOf(N);
    double Y = Middle.Y - Size.Y / 2;
    OS << "<g class=\"node " << N.Class << '"';
    if (!N.Link.empty())
      OS << " data-hop=\"" << N.Link << '"';
    OS << "><title>" << escape(join(N.Lines, " · ")) << "</title><rect x=\""
       << Number{Middle.X - Size.X / 2} << "\" y=\"" << Number{Y}
       << "\" width=\"" << Number{Size.X} << "\" height=\"" << Number{Size.Y}
       << "\" rx=\"" << (N.Class == "lock" ? Number{Size.Y / 2} : Number{5})
       << "\"/>";
    Y += PadY;
    for (const auto &[I, Line] : enumerate(N.Lines)) {
      const double Height = I ? MoreHeight : NameHeight;
      OS << "<text class=\"" << (I ? "more" : "name") << "\" x=\""
         << Number{Middle.X} << "\" y=\"" << Number{Y + Height * 0.75} << "\">"
         << escape(elide(Line)) << "</text>";
      Y += Height;
    }
    OS << "</g>\n";
  }

  const Picture &P;
  const Layout &L;
  raw_ostream &OS;
};

} // namespace

void fencedep::writeSvg(const Picture &P, const Layout &L, raw_ostream &OS) {
  Drawing(P, L, OS).draw();
}

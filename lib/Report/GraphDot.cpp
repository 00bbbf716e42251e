//===- GraphDot.cpp - graphs in Graphviz's language -----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function is a box: its name and place, and a row for each effect, so that
// no arrow is needed for it. Names come from sources, which are not trusted:
// all of them go through quoted() or escaped().
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/GraphDot.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include <map>
#include <set>

using namespace llvm;
using namespace fencedep;

/// As UTF-8 without control characters, which neither Graphviz nor XML takes.
static std::string printable(StringRef S) {
  std::string Text = json::fixUTF8(S);
  for (char &C : Text)
    if (static_cast<unsigned char>(C) < 0x20 || C == 0x7f)
      C = '?';
  return Text;
}

/// A string of the language. A backslash would start an escape sequence.
static std::string quoted(StringRef S) {
  std::string Out = "\"";
  for (char C : printable(S)) {
    if (C == '"' || C == '\\')
      Out += '\\';
    Out += C;
  }
  return Out + "\"";
}

/// Text inside an HTML-like label.
static std::string escaped(StringRef S) {
  std::string Out;
  for (char C : printable(S))
    switch (C) {
    case '<':
      Out += "&lt;";
      break;
    case '>':
      Out += "&gt;";
      break;
    case '&':
      Out += "&amp;";
      break;
    case '"':
      Out += "&quot;";
      break;
    default:
      Out += C;
    }
  return Out;
}

static std::string line(const Position &P) {
  return P.File + ":" + std::to_string(P.Line);
}

namespace {

struct Look {
  const char *Color, *Meaning;
};

/// By Effect::Kind. The colours differ in lightness, too.
constexpr Look EffectLooks[] = {
    {"#f4a09a", "forbidden in a section"}, {"#e3c8f2", "waits for a fence"},
    {"#ffe2a8", "acquires a lock"},        {"#bfe8b8", "signals a fence"},
    {"#bfe0ff", "makes a fence visible"},  {"#b8ece6", "a section begins"},
};
/// By confidence.
constexpr const char *EdgeColors[] = {"#b8b8b8", "#707070", "#000000"};

constexpr const char *Frame =
    "<TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"0\" CELLPADDING=\"3\">";

class CallGraphWriter {
public:
  CallGraphWriter(const CallGraph &G, raw_ostream &OS) : G(G), OS(OS) {}

  void write() {
    OS << "digraph calls {\n"
          "  graph [newrank=true, labelloc=t, labeljust=l, nodesep=0.15, "
          "ranksep=0.3, "
          "fontname=\"Helvetica\", label="
       << quotedLines(caption())
       << "];\n"
          "  node [shape=plain, fontname=\"Helvetica\", fontsize=11];\n"
          "  edge [fontname=\"Helvetica\", fontsize=9, arrowsize=0.7];\n";
    functions();
    for (const CallGraphEdge &E : G.Edges)
      edge(E);
    legend();
    OS << "}\n";
  }

private:
  /// Each line aligned to the left.
  static std::string quotedLines(ArrayRef<std::string> Lines) {
    std::string Out = "\"";
    for (const std::string &L : Lines)
      Out += StringRef(quoted(L)).drop_front().drop_back().str() + "\\l";
    return Out + "\"";
  }

  std::vector<std::string> caption() const {
    std::vector<std::string> Lines;
    Lines.reserve(G.Roots.size() + 1);
    for (const RootInfo &R : G.Roots)
      Lines.push_back(R.Function + " (" + line(R.Where) + "), " +
                      name(R.Kind).str() + " root" +
                      (R.Why.empty() ? "" : ": " + R.Why));
    Lines.push_back(
        std::to_string(G.Functions.size()) + " of " +
        std::to_string(G.Reached) + " functions that it reaches are drawn, " +
        std::to_string(G.DrawnWithEffects) + " of " +
        std::to_string(G.WithEffects) + " that have an effect" +
        (G.Functions.size() < G.Reached ? " (--all draws the rest)" : ""));
    return Lines;
  }

  void functions() {
    std::map<StringRef, std::vector<unsigned>> ByFile;
    for (const auto &[I, F] : enumerate(G.Functions))
      ByFile[F.Where.File].push_back(I);
    unsigned Number = 0;
    for (const auto &[File, Indices] : ByFile) {
      OS << "  subgraph cluster_" << Number++
         << " {\n    label=" << quoted(sys::path::filename(File))
         << "; tooltip=" << quoted(File)
         << "; color=\"#c0c0c0\"; fontcolor=\"#606060\"; fontsize=10;\n";
      for (unsigned I : Indices)
        function(I);
      OS << "  }\n";
    }
  }

  void function(unsigned Index) {
    const CalledFunction &F = G.Functions[Index];
    OS << "    f" << Index << " [tooltip=" << quoted(line(F.Where))
       << ", label=<" << Frame << "\n      <TR><TD BGCOLOR=\""
       << (F.IsRoot ? "#404040" : "#f2f2f2") << "\">"
       << (F.IsRoot ? "<FONT COLOR=\"white\">" : "") << "<B>" << escaped(F.Name)
       << "&#160;</B>" << (F.IsRoot ? "</FONT>" : "") << "</TD></TR>";
    for (const Effect &E : F.Effects)
      row(EffectLooks[E.K].Color,
          std::to_string(E.Line) + ": " + E.Text +
              (E.Rule.empty() ? "" : " [" + E.Rule + "]"));
    if (F.Hidden)
      row("#ffffff", "and " + std::to_string(F.Hidden) +
                         (F.Hidden == 1 ? " call" : " calls") + " left out");
    OS << "</TABLE>>];\n";
    for (const Effect &E : F.Effects)
      Seen.insert(E.K);
  }

  /// Where fonts differ from those that Graphviz knows, text needs more room
  /// than it thinks: a blank for each dozen of characters, at its end.
  static std::string roomy(StringRef Text) {
    std::string Out = escaped(Text);
    for (size_t I = 0; I <= Text.size() / 12; ++I)
      Out += "&#160;";
    return Out;
  }

  /// One row; lines end between words.
  void row(StringRef Color, StringRef Text) {
    constexpr size_t MaxColumns = 38;
    OS << "\n      <TR><TD ALIGN=\"LEFT\" BALIGN=\"LEFT\" BGCOLOR=\"" << Color
       << "\"><FONT POINT-SIZE=\"10\">";
    while (Text.size() > MaxColumns) {
      size_t End = Text.rfind(' ', MaxColumns);
      if (End == StringRef::npos)
        End = Text.find(' ');
      if (End == StringRef::npos)
        break;
      OS << roomy(Text.take_front(End)) << "<BR/>";
      Text = Text.drop_front(End + 1);
    }
    OS << roomy(Text) << "</FONT></TD></TR>";
  }

  static std::string how(const CallGraphEdge &E) {
    StringRef Edge = E.Edge;
    std::string Text;
    if (Edge.consume_front("field "))
      Text = "through " + Edge.str();
    else if (Edge.consume_front("work "))
      Text = "waits for the work " + Edge.str();
    else if (Edge.consume_front("completion"))
      Text = "waits for what it completes" + Edge.str();
    else if (Edge == "array" || Edge == "argument")
      Text = "through an " + Edge.str();
    else if (Edge == "callback")
      Text = "has it called back";
    else if (Edge == "cleanup")
      Text = "at the end of a scope";
    else if (Edge != "direct")
      Text = Edge.str();
    if (!E.Detail.empty())
      Text += (Text.empty() ? "" : "\n") + E.Detail;
    if (E.Conf != Confidence::Certain)
      Text += (Text.empty() ? "" : "\n") + name(E.Conf).str();
    return Text;
  }

  void edge(const CallGraphEdge &E) {
    OS << "  f" << E.From << " -> f" << E.To << " [color=\""
       << EdgeColors[static_cast<int>(E.Conf)] << '"';
    StringRef Edge = E.Edge;
    const bool Waits =
        Edge.starts_with("work") || Edge.starts_with("completion");
    if (Waits)
      OS << ", style=dotted, penwidth=2";
    else if (Edge != "direct")
      OS << ", style=dashed";
    SmallVector<StringRef, 3> Words;
    const std::string How = how(E);
    StringRef(How).split(Words, '\n', -1, /*KeepEmpty=*/false);
    if (!Words.empty())
      OS << ", label="
         << quotedLines(std::vector<std::string>(Words.begin(), Words.end()));
    OS << "];\n";
    Confidences.insert(E.Conf);
    Direct |= Edge == "direct";
    Wait |= Waits;
    Indirect |= !Waits && Edge != "direct";
  }

  void legend() {
    OS << "  legend [label=<" << Frame
       << "\n      <TR><TD BGCOLOR=\"#ffffff\"><B>Legend</B></TD></TR>";
    row("#f2f2f2", "function (dark: the root); its effects, each with its "
                   "line:");
    for (Effect::Kind K : Seen)
      row(EffectLooks[K].Color, EffectLooks[K].Meaning);
    if (Direct)
      row("#ffffff", "solid arrow: calls by name");
    if (Indirect)
      row("#ffffff", "dashed: calls through a pointer, and how it is known");
    if (Wait)
      row("#ffffff", "dotted: waits for what another thread runs");
    if (Confidences.size() > 1 || !Confidences.count(Confidence::Certain))
      row("#ffffff", "black: certain; grey: likely; light grey: possible");
    OS << "</TABLE>>];\n  {rank=source; legend;";
    for (const auto &[I, F] : enumerate(G.Functions))
      if (F.IsRoot)
        OS << " f" << I << ';';
    OS << "}\n";
  }

  const CallGraph &G;
  raw_ostream &OS;
  std::set<Effect::Kind> Seen;
  std::set<Confidence> Confidences;
  bool Direct = false, Indirect = false, Wait = false;
};

} // namespace

void fencedep::printDot(const CallGraph &G, raw_ostream &OS) {
  CallGraphWriter(G, OS).write();
}

namespace {

class LockGraphWriter {
public:
  explicit LockGraphWriter(ArrayRef<LockNode> Nodes) : Nodes(Nodes) {}

  void write(raw_ostream &OS) {
    for (const LockNode &N : Nodes) {
      for (const LockEdge &E : N.Under)
        add(E, /*Waits=*/false);
      for (const LockEdge &E : N.Above)
        add(E, /*Waits=*/false);
      if (N.Waits)
        add(*N.Waits, /*Waits=*/true);
    }
    OS << "digraph locks {\n"
          "  graph [rankdir=LR, labelloc=t, labeljust=l, "
          "fontname=\"Helvetica\", label=\"A -> B: who holds A acquires, or "
          "waits for, B; on "
          "the arrow: who, and where\\l"
          "yellow: the classes that were asked for; purple: what holders wait "
          "for; dashed: likely, not certain\\l\"];\n"
          "  node [shape=box, fontname=\"Helvetica\", fontsize=11, "
          "margin=\"0.2,0.05\"];\n"
          "  edge [fontname=\"Helvetica\", fontsize=9, arrowsize=0.7];\n";
    for (const LockNode &N : Nodes)
      OS << "  " << quoted(N.Class) << " [style=\"filled,bold\", fillcolor=\""
         << EffectLooks[Effect::Acquires].Color << "\"];\n";
    for (const std::string &W : Waited)
      OS << "  " << quoted(W) << " [style=\"filled,rounded\", fillcolor=\""
         << EffectLooks[Effect::Waits].Color << "\"];\n";
    for (const std::string &L : Lines)
      OS << L;
    OS << "}\n";
  }

private:
  void add(const LockEdge &E, bool Waits) {
    const Position &At = E.Held.Path.back().Where;
    const std::string Place =
        sys::path::filename(At.File).str() + ":" + std::to_string(At.Line);
    Lines.insert("  " + quoted(E.From) + " -> " + quoted(E.To) +
                 " [label=" + quoted(E.Held.Function + ", " + Place) +
                 ", tooltip=" + quoted(line(At)) +
                 (E.Conf == Confidence::Certain ? "" : ", style=dashed") +
                 "];\n");
    if (Waits)
      Waited.insert(E.To);
  }

  ArrayRef<LockNode> Nodes;
  std::set<std::string> Lines, Waited;
};

} // namespace

void fencedep::printDot(ArrayRef<LockNode> Nodes, raw_ostream &OS) {
  LockGraphWriter(Nodes).write(OS);
}

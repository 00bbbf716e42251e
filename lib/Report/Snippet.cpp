//===- Snippet.cpp - a source line and a caret ----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//      11 |         fence = kzalloc(sizeof(*fence), GFP_KERNEL);
//         |                 ^~~~~~~
//
// A line is a row of cells: a character, or what is shown in its place (blanks
// for a tab, the number of what cannot be printed). Columns of the screen are
// the cells' widths, columns of a Position are their bytes.
//
//===----------------------------------------------------------------------===//

#include "Text.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Unicode.h"

using namespace fencedep;
using llvm::raw_ostream;
using llvm::StringRef;

namespace {

constexpr unsigned TabStop = 8;

struct Cell {
  std::string Shown;
  unsigned Width;
  size_t Byte; ///< of the line
};

std::string hex(unsigned N, unsigned Width) {
  return llvm::utohexstr(N, /*LowerCase=*/false, Width);
}

/// The character at the start of \p S; \p Used: its bytes.
std::string shown(StringRef S, unsigned &Used) {
  const auto *Begin = S.bytes_begin(), *Next = Begin;
  llvm::UTF32 Char;
  Used = 1;
  if (llvm::convertUTF8Sequence(&Next, S.bytes_end(), &Char,
                                llvm::strictConversion) != llvm::conversionOK)
    return "<" + hex(*Begin, 2) + ">";
  Used = Next - Begin;
  if (!llvm::sys::unicode::isPrintable(Char))
    return "<U+" + hex(Char, 4) + ">";
  return S.take_front(Used).str();
}

std::vector<Cell> cellsOf(StringRef Line) {
  std::vector<Cell> Cells;
  unsigned Column = 0;
  for (size_t Byte = 0; Byte != Line.size();) {
    unsigned Used = 1;
    Cell C{"", 0, Byte};
    if (Line[Byte] == '\t')
      C.Shown = std::string(TabStop - Column % TabStop, ' ');
    else
      C.Shown = shown(Line.drop_front(Byte), Used);
    C.Width = std::max(llvm::sys::unicode::columnWidthUTF8(C.Shown), 0);
    Column += C.Width;
    Byte += Used;
    Cells.push_back(std::move(C));
  }
  return Cells;
}

unsigned widthOf(llvm::ArrayRef<Cell> Cells) {
  unsigned Width = 0;
  for (const Cell &C : Cells)
    Width += C.Width;
  return Width;
}

/// The cells from \p Begin on that fit into \p Width columns.
llvm::ArrayRef<Cell> fitting(llvm::ArrayRef<Cell> Cells, unsigned Width) {
  size_t N = 0;
  for (; N != Cells.size() && Cells[N].Width <= Width; ++N)
    Width -= Cells[N].Width;
  return Cells.take_front(N);
}

constexpr StringRef Dots = "...";

/// What of a line is shown: Front and Back are Dots or nothing.
struct View {
  StringRef Front, Back;
  llvm::ArrayRef<Cell> Cells;
};

/// At most \p Width columns around the cells [\p From, \p To): of a long line,
/// not the indentation; then what stands before them, or a part of that.
View viewOf(llvm::ArrayRef<Cell> Cells, size_t From, size_t To,
            unsigned Width) {
  if (widthOf(Cells) <= Width)
    return {"", "", Cells};
  size_t Indentation = 0;
  while (Indentation != From &&
         StringRef(Cells[Indentation].Shown).trim().empty())
    ++Indentation;
  Cells = Cells.drop_front(Indentation);
  From -= Indentation;
  To -= Indentation;
  if (widthOf(Cells) <= Width)
    return {"", "", Cells};
  const unsigned Room = Width - Dots.size();
  if (widthOf(Cells.take_front(To)) <= Room)
    return {"", Dots, fitting(Cells, Room)};
  size_t Begin = From;
  for (unsigned Before = 0;
       Begin && (Before += Cells[Begin - 1].Width) <= Width / 3;)
    --Begin;
  Cells = Cells.drop_front(Begin);
  if (widthOf(Cells) <= Room)
    return {Dots, "", Cells};
  return {Dots, Dots, fitting(Cells, Room - Dots.size())};
}

} // namespace

void fencedep::printSnippet(raw_ostream &OS, SourceFiles &Sources,
                            const Position &P) {
  std::optional<StringRef> Line = Sources.line(P.File, P.Line);
  if (!Line || !P.Column || P.Column > Line->size())
    return;
  const std::string Number = std::to_string(P.Line);
  const unsigned Margin = std::max<unsigned>(Number.size(), 5);
  const std::vector<Cell> Cells = cellsOf(*Line);
  auto CellAt = [&](size_t Byte) -> size_t {
    return llvm::partition_point(Cells,
                                 [&](const Cell &C) { return C.Byte < Byte; }) -
           Cells.begin();
  };
  // The place may be in the middle of a character, if the file has changed.
  const size_t End = P.Column - 1 + Sources.token(P).size();
  const size_t From = std::min(CellAt(P.Column - 1), Cells.size() - 1),
               To = std::max(From + 1, CellAt(End));
  View V = viewOf(Cells, From, To, TextWidth - Margin - 3);
  OS << llvm::right_justify(Number, Margin) << " | " << V.Front;
  for (const Cell &C : V.Cells)
    OS << C.Shown;
  OS << V.Back << '\n';
  OS.indent(Margin) << " | ";
  unsigned Before = V.Front.size();
  unsigned Marked = 0;
  for (const Cell &C : V.Cells) {
    if (C.Byte < Cells[From].Byte)
      Before += C.Width;
    else if (C.Byte < End)
      Marked += C.Width;
  }
  OS.indent(Before);
  OS.changeColor(raw_ostream::GREEN, /*Bold=*/true);
  OS << '^' << std::string(std::max(Marked, 1u) - 1, '~');
  OS.resetColor();
  OS << '\n';
}

//===- HtmlSource.cpp - lines of source -----------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Colours are what Clang's lexer sees without the preprocessor. A file is read
// from its beginning, since a line does not tell whether it is in a comment.
//
//===----------------------------------------------------------------------===//

#include "Html.h"
#include "clang/Basic/IdentifierTable.h"
#include "clang/Lex/Lexer.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace fencedep;
using namespace fencedep::html;

static constexpr unsigned LinesBefore = 3, LinesAfter = 2;

static clang::LangOptions languageOf(StringRef File) {
  clang::LangOptions Lang;
  Lang.C99 = Lang.C11 = Lang.LineComment = Lang.GNUMode = true;
  Lang.GNUKeywords = true;
  StringRef Suffix = sys::path::extension(File);
  if (Suffix != ".c" && Suffix != ".h")
    Lang.CPlusPlus = Lang.CPlusPlus11 = Lang.Bool = true;
  return Lang;
}

static const char *classOf(const clang::Token &T, bool AfterHash,
                           clang::IdentifierTable &Names) {
  if (T.is(clang::tok::comment))
    return "c";
  if (clang::tok::isLiteral(T.getKind()))
    return T.is(clang::tok::numeric_constant) ? "n" : "s";
  if (T.is(clang::tok::hash) && T.isAtStartOfLine())
    return "p";
  if (T.isNot(clang::tok::raw_identifier))
    return nullptr;
  if (AfterHash)
    return "p";
  return Names.get(T.getRawIdentifier()).getTokenID() == clang::tok::identifier
             ? nullptr
             : "k";
}

const Snippets::Lines &Snippets::colour(StringRef File) {
  auto [It, New] = Coloured.try_emplace(File);
  Lines &Result = It->second;
  if (!New)
    return Result;
  std::string Text;
  std::vector<unsigned> Begins;
  for (unsigned I = 1, E = Sources.lines(File); I <= E; ++I) {
    Begins.push_back(Text.size());
    Text += *Sources.line(File, I);
    Text += '\n';
  }
  Result.resize(Begins.size());
  clang::LangOptions Lang = languageOf(File);
  clang::IdentifierTable Names(Lang);
  clang::Lexer Lexer({}, Lang, Text.data(), Text.data(),
                     Text.data() + Text.size());
  Lexer.SetCommentRetentionState(true);
  bool AfterHash = false;
  for (clang::Token T; !Lexer.LexFromRawLexer(T) && T.isNot(clang::tok::eof);) {
    unsigned End = Lexer.getBufferLocation() - Text.data();
    unsigned Begin = End - T.getLength();
    const char *Class = classOf(T, AfterHash, Names);
    AfterHash = T.is(clang::tok::hash) && T.isAtStartOfLine();
    // One of several lines has a span in each.
    while (Class && Begin < End) {
      size_t Line = upper_bound(Begins, Begin) - Begins.begin();
      unsigned Next = Line < Begins.size() ? Begins[Line] : Text.size();
      unsigned First = Begins[Line - 1];
      Result[Line - 1].push_back(
          {Begin - First, std::min(End, Next - 1) - First, Class});
      Begin = Next;
    }
  }
  return Result;
}

/// How many blanks and tabs all lines begin with.
static unsigned commonIndent(SourceFiles &Sources, StringRef File,
                             unsigned First, unsigned Last) {
  std::optional<StringRef> Common;
  for (unsigned I = First; I <= Last; ++I) {
    StringRef Line = *Sources.line(File, I);
    StringRef Blank = Line.take_while([](char C) { return isSpace(C); });
    if (Blank.size() == Line.size())
      continue;
    if (!Common)
      Common = Blank;
    while (!Blank.starts_with(*Common))
      Common = Common->drop_back();
  }
  return Common ? Common->size() : 0;
}

void Snippets::line(const Position &P, unsigned Number, unsigned Indent,
                    raw_ostream &OS) {
  StringRef Line = *Sources.line(P.File, Number);
  const bool Marked = Number == P.Line;
  // Where the call is, if the file is still what it was.
  unsigned Begin = 0, End = 0;
  if (Marked)
    if (StringRef Token = Sources.token(P); !Token.trim().empty()) {
      Begin = P.Column - 1;
      End = Begin + Token.size();
    }
  OS << (Marked ? "<span class=\"line here\">" : "<span class=\"line\">")
     << "<span class=\"number\">" << Number << "</span>";
  auto Plain = [&](unsigned From, unsigned To) {
    From = std::max(From, std::min<unsigned>(Indent, Line.size()));
    if (From >= To)
      return;
    unsigned A = std::clamp(Begin, From, To), B = std::clamp(End, From, To);
    OS << escape(Line.slice(From, A));
    if (A < B)
      OS << "<mark>" << escape(Line.slice(A, B)) << "</mark>";
    OS << escape(Line.slice(B, To));
  };
  unsigned At = 0;
  for (const Span &X : colour(P.File)[Number - 1]) {
    Plain(At, X.Begin);
    OS << "<span class=\"" << X.Class << "\">";
    Plain(X.Begin, X.End);
    OS << "</span>";
    At = X.End;
  }
  Plain(At, Line.size());
  OS << "\n</span>";
}

bool Snippets::print(const Position &P, raw_ostream &OS) {
  if (!Sources.line(P.File, P.Line))
    return false;
  unsigned First = P.Line > LinesBefore ? P.Line - LinesBefore : 1;
  unsigned Last = std::min(P.Line + LinesAfter, Sources.lines(P.File));
  unsigned Indent = commonIndent(Sources, P.File, First, Last);
  OS << "<pre class=\"source\" tabindex=\"0\"><code>";
  for (unsigned I = First; I <= Last; ++I)
    line(P, I, Indent, OS);
  OS << "</code></pre>\n";
  return true;
}

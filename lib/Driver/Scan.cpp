//===- Scan.cpp - names in C sources, without preprocessing ---------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A scope is chosen before anything is parsed, so it rests on what the text
// looks like: tokens without includes, macros or conditionals. Too many names
// only make a scope larger than need be. Clang's raw lexer would do too, at a
// fifth of the speed (it forms tokens that nobody asked for).
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Scope.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace llvm;
using namespace fencedep;

namespace {

/// What a character starts or continues.
enum CharClass : uint8_t { Other, Identifier, Digit };

struct ClassTable {
  CharClass Of[256] = {};
  constexpr ClassTable() {
    for (int C = 0; C != 256; ++C)
      Of[C] = (C >= 'a' && C <= 'z') || (C >= 'A' && C <= 'Z') || C == '_'
                  ? Identifier
              : C >= '0' && C <= '9' ? Digit
                                     : Other;
  }
};

constexpr ClassTable Classes;

/// Steps through a text: identifiers and punctuation; comments, strings,
/// numbers and (if asked) preprocessor lines are passed over.
class Scanner {
public:
  Scanner(StringRef Text, bool Directives)
      : At(Text.begin()), End(Text.end()), Begin(At), Directives(Directives) {}

  /// The next token, or "" at the end.
  StringRef next() {
    while (At != End) {
      const char *Start = At;
      unsigned char C = *At++;
      if (Classes.Of[C] == Identifier) {
        skipWord();
        return StringRef(Start, At - Start);
      }
      if (Classes.Of[C] == Digit)
        skipWord();
      else if (C == '"' || C == '\'')
        skipString(C);
      else if (C == '/' && At != End && *At == '*')
        skipComment();
      else if ((C == '#' && !Directives) ||
               (C == '/' && At != End && *At == '/'))
        skipLine();
      else if (C > ' ')
        return StringRef(Start, 1);
    }
    return {};
  }

  /// Whether the last token of one character is the first of its line.
  bool atLineStart() const { return At - 1 == Begin || At[-2] == '\n'; }

private:
  void skipWord() {
    while (At != End && Classes.Of[static_cast<unsigned char>(*At)] != Other)
      ++At;
  }

  void skipString(char Quote) {
    // An unclosed quote (an apostrophe in an #error) ends with its line.
    for (; At != End && *At != Quote && *At != '\n'; ++At)
      if (*At == '\\' && At + 1 != End)
        ++At;
    if (At != End)
      ++At;
  }

  void skipLine() {
    while (At != End) {
      const void *Newline = memchr(At, '\n', End - At);
      const char *Start = At;
      At = Newline ? static_cast<const char *>(Newline) : End;
      if (At == End || At == Start || At[-1] != '\\')
        return;
      ++At; // the line goes on
    }
  }

  void skipComment() {
    StringRef Rest(At + 1, End - At - 1);
    size_t Close = Rest.find("*/");
    At = Close == StringRef::npos ? End : Rest.begin() + Close + 2;
  }

  const char *At, *End, *Begin;
  bool Directives;
};

} // namespace

void fencedep::scanExports(StringRef Text, const Vocabulary &Vocab,
                           function_ref<void(StringRef)> Found) {
  if (Vocab.Exports.empty())
    return;
  // All macros begin alike, so that one search finds them all.
  StringRef Prefix = Vocab.Exports.front();
  for (StringRef Name : Vocab.Exports)
    while (!Name.starts_with(Prefix))
      Prefix = Prefix.drop_back();
  if (Prefix.empty())
    return;
  for (size_t At = Text.find(Prefix); At != StringRef::npos;
       At = Text.find(Prefix, At + 1)) {
    if (At && Text[At - 1] != '\n' && Text[At - 1] != ' ' &&
        Text[At - 1] != '\t')
      continue;
    Scanner Tokens(Text.drop_front(At), /*Directives=*/true);
    StringRef Macro = Tokens.next();
    if (!is_contained(Vocab.Exports, Macro) || Tokens.next() != "(")
      continue;
    if (StringRef Name = Tokens.next();
        isAlpha(Name.empty() ? '(' : Name[0]) || Name.starts_with("_"))
      Found(Name);
  }
}

void fencedep::scanFunctions(
    StringRef Text, function_ref<void(StringRef, bool, StringRef)> Found) {
  Scanner Tokens(Text, /*Directives=*/false);
  unsigned Braces = 0, Parens = 0;
  bool Static = false;
  StringRef Candidate, Previous;
  const char *Body = nullptr; // of the function that is being read
  auto IsName = [](StringRef Token) {
    return !Token.empty() && Classes.Of[uint8_t(Token[0])] == Identifier;
  };
  for (StringRef Token = Tokens.next(); !Token.empty();
       Previous = Token, Token = Tokens.next()) {
    char C = Token[0];
    // Conditionals may leave braces unbalanced; one at the start of a line is
    // where a function begins or ends.
    if ((C == '{' || C == '}') && Tokens.atLineStart())
      Braces = C == '}';
    if (C == '{') {
      if (Braces++ == 0 && !Candidate.empty() && !Body)
        Body = Token.begin();
    } else if (C == '}') {
      Braces -= Braces != 0;
      if (Braces == 0 && Body) {
        Found(Candidate, Static, StringRef(Body, Token.end() - Body));
        Body = nullptr;
      }
    }
    if (Body)
      continue;
    if (Braces || C == '}' || C == ';' || C == '=') {
      Candidate = {};
      Static = false;
      Parens = 0;
    } else if (C == '(') {
      if (Parens++ == 0 && Candidate.empty() && IsName(Previous))
        Candidate = Previous;
    } else if (C == ')') {
      Parens -= Parens != 0;
    } else if (Token == "static") {
      Static = true;
    }
  }
}

void fencedep::scanIdentifiers(StringRef Text,
                               function_ref<void(StringRef)> Found) {
  Scanner Tokens(Text, /*Directives=*/true);
  for (StringRef Token = Tokens.next(); !Token.empty(); Token = Tokens.next())
    if (Classes.Of[static_cast<unsigned char>(Token[0])] == Identifier)
      Found(Token);
}

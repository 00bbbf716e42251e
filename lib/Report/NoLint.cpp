//===- NoLint.cpp - comments that accept findings -------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The comments are clang-tidy's, read as it reads them: the word anywhere in a
// line, whether that is a comment or not; a list of globs, of which those with
// a dash are ignored; blocks that nest and whose two ends have the same list.
// Its own reader (NoLintDirectiveHandler) says only whether some comment
// suppresses, and needs a diagnostic in flight; here it matters which one does,
// and why.
//
// A deadlock has many places, so a comment counts at each of them.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Accept.h"
#include "fencedep/Support/Parallel.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"

using namespace fencedep;
using namespace llvm;

/// Under this name a rule is also a check of our clang-tidy.
static constexpr StringLiteral Alias = "linuxkernel-";

/// The globs of \p List that name something: with a dash, one names nothing.
static SmallVector<StringRef, 4> globsOf(StringRef List) {
  SmallVector<StringRef, 4> Globs;
  List.split(Globs, ',');
  for (StringRef &Glob : Globs)
    Glob = Glob.trim();
  erase_if(Globs, [](StringRef G) { return G.starts_with("-"); });
  return Globs;
}

/// As clang-tidy: only the star is special.
static bool matches(StringRef Glob, StringRef Rule) {
  if (any_of(Glob, [](char C) { return !isAlnum(C) && !strchr("*-_.", C); }))
    return false;
  Expected<GlobPattern> Pattern = GlobPattern::create(Glob);
  if (!Pattern) {
    consumeError(Pattern.takeError());
    return false;
  }
  return Pattern->match(Rule) || Pattern->match((Alias + Rule).str());
}

bool NoLintComment::names(StringRef Rule) const {
  return !HasList ||
         any_of(globsOf(List), [&](StringRef G) { return matches(G, Rule); });
}

bool NoLintComment::covers(const Position &P) const {
  auto Key = [](const Position &X) { return std::pair(X.Line, X.Column); };
  switch (K) {
  case Line:
    return P.Line == Where.Line;
  case NextLine:
    return P.Line == Where.Line + 1;
  case Begin:
    return Key(Where) < Key(P) && Key(P) < Key(Until);
  case End:
    return false;
  }
  return false;
}

/// The reason that somebody gave behind a comment's word and list.
static std::string reasonIn(StringRef Rest) {
  Rest = Rest.take_until([](char C) { return C == '\n' || C == '\r'; });
  Rest = Rest.substr(0, Rest.find("*/"));
  return Rest.ltrim(" \t:-,").rtrim().str();
}

/// A comment whose word begins at \p Text, if it is one; \p Text then begins
/// behind it, else behind the word.
static std::optional<NoLintComment> readComment(StringRef &Text) {
  StringRef Word = Text.take_while(isAlpha);
  Text = Text.drop_front(Word.size());
  auto Kind = StringSwitch<std::optional<NoLintComment::Kind>>(Word)
                  .Case("NOLINT", NoLintComment::Line)
                  .Case("NOLINTNEXTLINE", NoLintComment::NextLine)
                  .Case("NOLINTBEGIN", NoLintComment::Begin)
                  .Case("NOLINTEND", NoLintComment::End)
                  .Default(std::nullopt);
  if (!Kind)
    return std::nullopt;
  NoLintComment C;
  C.K = *Kind;
  size_t Close = Text.find_first_of("\n)");
  if (Text.starts_with("(") && Close != StringRef::npos && Text[Close] == ')') {
    C.HasList = true;
    C.List = Text.slice(1, Close).trim().str();
    Text = Text.drop_front(Close + 1);
  }
  C.Reason = reasonIn(Text);
  return C;
}

/// Each End belongs to the last open Begin, if that has the same list.
static void pairBlocks(std::vector<NoLintComment> &Comments) {
  std::vector<NoLintComment *> Open;
  for (NoLintComment &C : Comments) {
    if (C.K == NoLintComment::Begin)
      Open.push_back(&C);
    if (C.K != NoLintComment::End || Open.empty() ||
        Open.back()->HasList != C.HasList || Open.back()->List != C.List)
      continue;
    Open.back()->Until = C.Where;
    C.Matched = true;
    Open.pop_back();
  }
}

std::vector<NoLintComment> fencedep::findNoLints(StringRef Text,
                                                 StringRef File) {
  std::vector<NoLintComment> Found;
  StringRef Rest = Text;
  unsigned Line = 1;
  const char *Counted = Text.begin(), *LineStart = Counted;
  for (;;) {
    Rest = Rest.drop_front(std::min(Rest.find("NOLINT"), Rest.size()));
    if (Rest.empty())
      break;
    const char *At = Rest.begin();
    for (; Counted != At; ++Counted)
      if (*Counted == '\n') {
        ++Line;
        LineStart = Counted + 1;
      }
    std::optional<NoLintComment> C = readComment(Rest);
    if (!C)
      continue;
    C->Where = {File.str(), Line, unsigned(At - LineStart) + 1};
    Found.push_back(std::move(*C));
  }
  pairBlocks(Found);
  return Found;
}

std::vector<NoLintComment> &NoLints::of(StringRef File) {
  auto It = Files.find(File);
  if (It != Files.end())
    return It->second;
  std::optional<StringRef> Text = Sources.text(File);
  if (!Text)
    Unreadable.insert(File.str());
  return Files.try_emplace(File.str(), findNoLints(Text.value_or(""), File))
      .first->second;
}

std::optional<Acceptance> NoLints::accepts(const Finding &F) {
  std::optional<Acceptance> First;
  for (const Position *P : placesOf(F))
    for (NoLintComment &C : of(P->File)) {
      if (!C.covers(*P) || !C.names(F.Rule))
        continue;
      C.Used = true;
      if (!First)
        First = {AcceptedFinding::Kind::InSource, C.Reason, C.Where};
    }
  return First;
}

static StringRef wordOf(NoLintComment::Kind K) {
  switch (K) {
  case NoLintComment::Line:
    return "NOLINT";
  case NoLintComment::NextLine:
    return "NOLINTNEXTLINE";
  case NoLintComment::Begin:
    return "NOLINTBEGIN";
  case NoLintComment::End:
    return "NOLINTEND";
  }
  return "";
}

/// Only comments that name a rule of ours are ours to judge, and of these only
/// those whose rules are all on: others may be of use in another run.
void NoLints::judge(const NoLintComment &C, bool Partly,
                    std::vector<Reason> &Unused) {
  bool Ours = false;
  for (StringRef Glob : globsOf(C.List)) {
    if (!Glob.contains("fence"))
      continue;
    const bool Known = any_of(
        Rules.All, [&](const std::string &Id) { return matches(Glob, Id); });
    Ours |= Known;
    StringRef Name = Glob;
    Name.consume_front(Alias);
    if (!Known && Name.starts_with("fence-"))
      Unused.push_back({"there is no rule '" + Glob.str() +
                            "' (fencedep explain lists them)",
                        C.Where});
  }
  const std::string Comment = wordOf(C.K).str() + "(" + C.List + ")";
  const bool Block = C.K == NoLintComment::Begin || C.K == NoLintComment::End;
  if (!Ours)
    return;
  if (Block && !C.Matched && !C.Until.Line)
    Unused.push_back(
        {Comment + " has no " +
             (C.K == NoLintComment::Begin ? "NOLINTEND" : "NOLINTBEGIN") +
             " with the same list",
         C.Where});
  else if (C.K != NoLintComment::End && !C.Used &&
           Rules.judge([&](StringRef Id) { return C.names(Id); }))
    Unused.push_back(
        {Comment + (Partly ? " suppresses no finding of the given paths"
                           : " suppresses no finding"),
         C.Where});
}

bool NoLints::read(ArrayRef<std::string> Others, unsigned Jobs) {
  // Thousands of files, of which hardly one has such a comment.
  std::vector<std::optional<std::vector<NoLintComment>>> Found(Others.size());
  parallelFor(Jobs, Others.size(), [&](size_t I) {
    SmallString<256> Path(Others[I]);
    sys::fs::make_absolute(Sources.baseDir(), Path);
    auto Text = MemoryBuffer::getFile(Path, /*IsText=*/false,
                                      /*RequiresNullTerminator=*/false);
    if (Text)
      Found[I] = (*Text)->getBuffer().contains("NOLINT")
                     ? findNoLints((*Text)->getBuffer(), Others[I])
                     : std::vector<NoLintComment>();
  });
  bool Any = false;
  for (size_t I = 0; I != Others.size(); ++I)
    if (Found[I]) {
      Any |= !Found[I]->empty();
      Files.try_emplace(Others[I], std::move(*Found[I]));
    }
  return Any;
}

void NoLints::findUnused(ArrayRef<std::string> Others, bool Partly,
                         unsigned Jobs, std::vector<Reason> &Unused) {
  std::vector<std::string> New;
  copy_if(Others, std::back_inserter(New),
          [&](const std::string &File) { return !Files.count(File); });
  read(New, Jobs);
  for (const auto &[File, Comments] : Files)
    for (const NoLintComment &C : Comments)
      judge(C, Partly, Unused);
}

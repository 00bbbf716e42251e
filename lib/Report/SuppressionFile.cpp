//===- SuppressionFile.cpp - accepted findings of others' code ------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     [fence-reclaim]
//     # allocates at probe only: no fence exists yet
//     fun:acme_*_init
//     src:drivers/gpu/drm/acme/probe.c
//
// The syntax is that of llvm::SpecialCaseList (globs, '#' lines, sections that
// are globs, too), and each file is one that it accepts. It is read here
// because LLVM's class drops comments, and of several entries that match it
// tells only one: the others would seem to be of no use.
//
// The reason of an entry are the '#' lines right above it, or above the entries
// right above it.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Accept.h"
#include "llvm/ADT/StringExtras.h"

using namespace fencedep;
using namespace llvm;

/// As LLVM's class has it.
static constexpr size_t MaxBraces = 1024;

namespace fencedep {

class SuppressionParser {
public:
  SuppressionParser(SuppressionFile &Out, ArrayRef<std::string> Rules)
      : Out(Out), Rules(Rules), Name(Out.Text->getBufferIdentifier()),
        Section(cantFail(GlobPattern::create("*"))) {}

  Error parse() {
    for (StringRef Rest = Out.Text->getBuffer(), Text; !Rest.empty();) {
      std::tie(Text, Rest) = Rest.split('\n');
      ++Line;
      Indent = Text.size() - Text.ltrim().size();
      readLine(Text.trim());
    }
    return Mistakes.empty() ? Error::success()
                            : createStringError(join(Mistakes, "\n"));
  }

private:
  void error(size_t At, const Twine &Message) {
    Mistakes.push_back((Name + ":" + Twine(Line) + ":" +
                        Twine(Indent + At + 1) + ": error: " + Message)
                           .str());
  }

  void readLine(StringRef Text) {
    if (Text.consume_front("#"))
      return readComment(Text.ltrim("#!").trim());
    if (Text.empty() || Text.starts_with("["))
      Reason.clear();
    if (!Text.empty() && Text.starts_with("["))
      readSection(Text);
    else if (!Text.empty())
      readEntry(Text);
    AfterComment = false;
  }

  void readComment(StringRef Text) {
    if (!AfterComment)
      Reason.clear();
    AfterComment = true;
    if (!Reason.empty() && !Text.empty())
      Reason += ' ';
    Reason += Text;
  }

  void readSection(StringRef Text) {
    if (!Text.consume_front("[") || !Text.consume_back("]"))
      return error(0, "expected ']' at the end of the line");
    Expected<GlobPattern> Pattern = GlobPattern::create(Text, MaxBraces);
    if (!Pattern)
      return error(1, "'" + Text + "' is no pattern of rules: " +
                          toString(Pattern.takeError()));
    if (none_of(Rules, [&](auto &Id) { return Pattern->match(Id); }))
      return error(1, "there is no rule '" + Text +
                          "'; the rules are: " + join(Rules, " "));
    Section = std::move(*Pattern);
  }

  void readEntry(StringRef Text) {
    using Subject = SuppressionFile::Subject;
    static constexpr std::pair<StringLiteral, Subject> Prefixes[] = {
        {"fun", Subject::Function}, {"src", Subject::Source},
        {"root", Subject::Root},    {"sink", Subject::Sink},
        {"lock", Subject::Lock},    {"edge", Subject::Edge}};
    auto [Prefix, Glob] = Text.split(':');
    const auto *Found =
        find_if(Prefixes, [&, P = Prefix](auto &X) { return X.first == P; });
    if (Found == std::end(Prefixes))
      return error(0, "an entry is PREFIX:GLOB, where PREFIX is one of fun, "
                      "src, root, sink, lock, edge");
    const size_t At = Prefix.size() + 1;
    if (Glob.empty())
      return error(At, "a glob is missing");
    if (size_t Equals = Glob.find('='); Equals != StringRef::npos)
      return error(At + Equals, "there are no categories; write '?' for a '=' "
                                "in a name");
    if (Found->second == Subject::Edge && !Glob.contains("->"))
      return error(At, "expected CALLER->CALLEE");
    Expected<GlobPattern> Pattern = GlobPattern::create(Glob, MaxBraces);
    if (!Pattern)
      return error(At, "malformed glob '" + Glob +
                           "': " + toString(Pattern.takeError()));
    if (all_of(Reason, [](char C) { return isASCII(C) && !isAlnum(C); }))
      return error(0, "the reason is missing: say in a '#' line above why "
                      "this is accepted");
    Out.Entries.push_back({Text,
                           {Name.str(), Line, unsigned(Indent) + 1},
                           Reason,
                           Section,
                           std::move(*Pattern),
                           Found->second});
  }

  SuppressionFile &Out;
  ArrayRef<std::string> Rules;
  StringRef Name;
  GlobPattern Section;
  std::string Reason;
  bool AfterComment = false; ///< the line before was one
  unsigned Line = 0;
  size_t Indent = 0;
  std::vector<std::string> Mistakes;
};

} // namespace fencedep

Expected<SuppressionFile>
SuppressionFile::parse(std::unique_ptr<MemoryBuffer> Text,
                       ArrayRef<std::string> Rules) {
  SuppressionFile Result;
  Result.Text = std::move(Text);
  if (Error E = SuppressionParser(Result, Rules).parse())
    return std::move(E);
  return Result;
}

/// Calls \p Each with every call of \p F, whichever thread makes it.
template <typename Fn> static bool anyCall(const Finding &F, Fn Each) {
  return any_of(F.Path, Each) || any_of(F.Others, [&](const OtherSide &O) {
           return any_of(O.Path, Each);
         });
}

bool SuppressionFile::matches(const Entry &E, const Finding &F) {
  if (!E.Rules.match(F.Rule))
    return false;
  const GlobPattern &P = E.Pattern;
  switch (E.On) {
  case Subject::Function:
    return P.match(F.Root.Function) ||
           anyCall(F, [&](const Hop &H) { return P.match(H.Function); }) ||
           any_of(F.Others,
                  [&](const OtherSide &O) { return P.match(O.Function); });
  case Subject::Source:
    return any_of(placesOf(F),
                  [&](const Position *X) { return P.match(X->File); });
  case Subject::Root:
    return P.match(F.Root.Function) || P.match(F.Root.Id);
  case Subject::Sink:
    return P.match(F.SinkFunction);
  case Subject::Lock:
    return any_of(F.Others,
                  [&](const OtherSide &O) { return P.match(O.Lock); });
  case Subject::Edge:
    return anyCall(
        F, [&](const Hop &H) { return P.match(H.Function + "->" + H.Callee); });
  }
  return false;
}

std::optional<Acceptance> SuppressionFile::accepts(const Finding &F) {
  std::optional<Acceptance> First;
  for (Entry &E : Entries) {
    if (!matches(E, F))
      continue;
    E.Used = true;
    if (!First)
      First = {AcceptedFinding::Kind::External, E.Reason, E.Where};
  }
  return First;
}

void SuppressionFile::findUnused(const RuleNames &Rules, bool Partly, bool Each,
                                 std::vector<Reason> &Unused) const {
  const StringRef Of = Partly ? " of the given paths" : "";
  unsigned Count = 0;
  for (const Entry &E : Entries) {
    if (E.Used || !Rules.judge([&](StringRef Id) { return E.Rules.match(Id); }))
      continue;
    ++Count;
    if (Each)
      Unused.push_back(
          {("'" + E.Text + "' matches no finding" + Of).str(), E.Where});
  }
  if (Count && !Each)
    Unused.push_back({(Text->getBufferIdentifier() + ": " + Twine(Count) +
                       " of " + Twine(Entries.size()) +
                       " entries match no finding" + Of + " (-v lists them)")
                          .str(),
                      {}});
}

//===- Baseline.cpp - findings of an earlier day --------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A finding is in the baseline if an entry has its fingerprint: the same rule,
// root, sink and calls in between, wherever they stand by now. Whoever renames
// a function on the way, or moves lines into a new one, changes the fingerprint
// but not the deadlock, so of the entries whose fingerprint is gone one of the
// same rule with the same two ends will do, too, if it was at least as sure.
// What was too unsure to be shown and is not any more is new to the reader.
//
// Findings are not counted: a second call of the same function in the same
// function is the same finding.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Accept.h"
#include "fencedep/Report/Wording.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/JSON.h"

using namespace fencedep;
using namespace llvm;

static constexpr int Version = 1;
/// What we write has three levels; LLVM's reader recurses with each.
static constexpr unsigned MaxDepth = 16;

BaselineEntry::BaselineEntry(const Finding &F)
    : Rule(F.Rule), Fingerprint(F.Fingerprint), Message(F.Message),
      Conf(F.Conf), File(F.Root.Where.File), Root(F.Root.Function),
      RootId(F.Root.Id), Kind(F.Root.Kind), In(F.sinkCaller()),
      Sink(F.SinkFunction), Lock(F.Others.empty() ? "" : F.Others[0].Lock) {}

/// What stays the same if the way between the ends does not.
static std::string endsOf(const BaselineEntry &E) {
  return join_items('\n', E.Rule, E.Root, E.In, E.Sink, E.Lock);
}

/// What tells entries apart.
static auto identity(const BaselineEntry &E) {
  return std::tie(E.Rule, E.File, E.Root, E.RootId, E.In, E.Sink, E.Lock,
                  E.Fingerprint);
}

static std::optional<RootKind> rootKind(StringRef Name) {
  for (RootKind K : {RootKind::Annotated, RootKind::Contract, RootKind::Entry,
                     RootKind::Published})
    if (Name == name(K))
      return K;
  return std::nullopt;
}

// Found by the argument they fill.
namespace fencedep {

static bool fromJSON(const json::Value &V, Confidence &C, json::Path P) {
  if (auto Found = confidence(V.getAsString().value_or(""))) {
    C = *Found;
    return true;
  }
  P.report("expected certain, likely or possible");
  return false;
}

static bool fromJSON(const json::Value &V, RootKind &K, json::Path P) {
  if (auto Found = rootKind(V.getAsString().value_or(""))) {
    K = *Found;
    return true;
  }
  P.report("expected annotated, contract, entry or published");
  return false;
}

static bool fromJSON(const json::Value &V, BaselineEntry &E, json::Path P) {
  json::ObjectMapper O(V, P);
  return O && O.map("rule", E.Rule) && O.map("file", E.File) &&
         O.map("root", E.Root) && O.map("kind", E.Kind) &&
         O.mapOptional("id", E.RootId) && O.map("in", E.In) &&
         O.map("sink", E.Sink) && O.mapOptional("lock", E.Lock) &&
         O.map("confidence", E.Conf) && O.map("fingerprint", E.Fingerprint) &&
         O.map("message", E.Message);
}

} // namespace fencedep

static Error located(StringRef File, unsigned Line, unsigned Column,
                     const Twine &Message) {
  return createStringError(File + ":" + Twine(Line) + ":" + Twine(Column) +
                           ": error: " + Message);
}

/// LLVM says "[LINE:COLUMN, byte=N]: MESSAGE".
static Error syntaxError(StringRef File, Error E) {
  const std::string Message = toString(std::move(E));
  StringRef Rest = Message;
  unsigned Line = 1, Column = 0; // the column from 0 on
  if (Rest.consume_front("[") && !Rest.consumeInteger(10, Line) &&
      Rest.consume_front(":"))
    Rest.consumeInteger(10, Column);
  return located(File, Line, Column + 1,
                 "not valid JSON: " + Rest.split("]: ").second);
}

/// Is \p Text safe to parse?
static bool isShallow(StringRef Text) {
  unsigned Depth = 0;
  bool InString = false;
  for (size_t I = 0; I < Text.size(); ++I) {
    const char C = Text[I];
    if (C == '"')
      InString = !InString;
    else if (InString)
      I += C == '\\';
    else if (C == '[' || C == '{')
      ++Depth;
    else if ((C == ']' || C == '}') && Depth)
      --Depth;
    if (Depth > MaxDepth)
      return false;
  }
  return true;
}

Expected<Baseline> Baseline::parse(MemoryBufferRef Buffer) {
  StringRef File = Buffer.getBufferIdentifier(), Text = Buffer.getBuffer();
  if (!isShallow(Text))
    return located(File, 1, 1, "nested too deeply for a baseline");
  Expected<json::Value> Value = json::parse(Text);
  if (!Value)
    return syntaxError(File, Value.takeError());
  json::Path::Root Root("the baseline");
  json::ObjectMapper O(*Value, Root);
  int Is = 0;
  Baseline Result;
  // The version first: of another one, nothing else is known.
  if (!O || !O.map("version", Is))
    return located(File, 1, 1, toString(Root.getError()));
  if (Is != Version)
    return located(File, 1, 1,
                   "a baseline of version " + Twine(Is) +
                       "; this fencedep reads version " + Twine(Version) +
                       ", which --write-baseline writes");
  if (!O.map("findings", Result.Entries))
    return located(File, 1, 1, toString(Root.getError()));
  Result.Seen.resize(Result.Entries.size());
  for (const auto &[I, E] : enumerate(Result.Entries))
    Result.ByFingerprint[E.Fingerprint].push_back(I);
  return Result;
}

void Baseline::lookFor(ArrayRef<Finding> Findings) {
  StringSet<> Present;
  for (const Finding &F : Findings)
    Present.insert(F.Fingerprint);
  for (const auto &[I, E] : enumerate(Entries))
    if (!Present.contains(E.Fingerprint))
      ByEnds[endsOf(E)].push_back(I);
}

std::optional<Acceptance> Baseline::accepts(const Finding &F, Confidence Min) {
  bool Known = false;
  if (auto It = ByFingerprint.find(F.Fingerprint); It != ByFingerprint.end())
    for (size_t I : It->second) {
      Seen[I] = true;
      Known |= Entries[I].Conf >= std::min(F.Conf, Min);
    }
  else if (auto Ends = ByEnds.find(endsOf(BaselineEntry(F)));
           Ends != ByEnds.end())
    for (size_t I : Ends->second)
      if (Entries[I].Conf >= F.Conf)
        Known = Seen[I] = true;
  if (!Known)
    return std::nullopt;
  return Acceptance{AcceptedFinding::Kind::Baseline, "", {}};
}

std::vector<GoneFinding>
Baseline::gone(function_ref<bool(const BaselineEntry &)> Judged) const {
  std::vector<GoneFinding> Gone;
  for (const auto &[I, E] : enumerate(Entries))
    if (!Seen[I] && Judged(E))
      Gone.push_back({E.Rule, E.Fingerprint, E.Message, E.Conf});
  llvm::sort(Gone, [](const GoneFinding &A, const GoneFinding &B) {
    return std::tie(A.Rule, A.Message, A.Fingerprint) <
           std::tie(B.Rule, B.Message, B.Fingerprint);
  });
  return Gone;
}

std::vector<BaselineEntry>
Baseline::unjudged(function_ref<bool(const BaselineEntry &)> Judged) const {
  std::vector<BaselineEntry> Others;
  for (const auto &[I, E] : enumerate(Entries))
    if (!Seen[I] && !Judged(E))
      Others.push_back(E);
  return Others;
}

/// \p E on one line.
static void write(const BaselineEntry &E, raw_ostream &OS) {
  json::OStream J(OS);
  auto Text = [&](StringRef Key, StringRef Value) {
    J.attribute(Key, utf8(Value));
  };
  J.object([&] {
    Text("rule", E.Rule);
    Text("file", E.File);
    Text("root", E.Root);
    Text("kind", name(E.Kind));
    if (!E.RootId.empty())
      Text("id", E.RootId);
    Text("in", E.In);
    Text("sink", E.Sink);
    if (!E.Lock.empty())
      Text("lock", E.Lock);
    Text("confidence", name(E.Conf));
    Text("message", E.Message);
    Text("fingerprint", E.Fingerprint);
  });
}

void fencedep::writeBaseline(std::vector<BaselineEntry> Entries,
                             raw_ostream &OS) {
  // Of those that differ in nothing else, the surest first.
  llvm::sort(Entries, [](const BaselineEntry &A, const BaselineEntry &B) {
    return std::forward_as_tuple(identity(A), B.Conf, A.Message) <
           std::forward_as_tuple(identity(B), A.Conf, B.Message);
  });
  Entries.erase(std::unique(Entries.begin(), Entries.end(),
                            [](const BaselineEntry &A, const BaselineEntry &B) {
                              return identity(A) == identity(B);
                            }),
                Entries.end());
  OS << "{\n  \"version\": " << Version << ",\n  \"tool\": \"fencedep "
     << FENCEDEP_VERSION << "\",\n  \"findings\": [";
  for (const auto &[I, E] : enumerate(Entries)) {
    OS << (I ? ",\n    " : "\n    ");
    write(E, OS);
  }
  OS << (Entries.empty() ? "" : "\n  ") << "]\n}\n";
}

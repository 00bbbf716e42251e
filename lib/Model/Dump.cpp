//===- Dump.cpp - the effective model as YAML ----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same notation that Parse.cpp reads, one entry a name, so that the output
// can be searched, compared and given back with --model. Texts are quoted
// wherever plain YAML could read them differently.
//
//===----------------------------------------------------------------------===//

#include "Syntax.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace fencedep {
namespace {

/// A double-quoted YAML text, or a plain one if it is only a word.
std::string quoted(StringRef S) {
  const auto Plain = [](char C) {
    return isAlnum(C) || C == '_' || C == '-' || C == '.' || C == '/';
  };
  if (!S.empty() && (isAlnum(S.front()) || S.front() == '_') &&
      all_of(S, Plain))
    return S.str();
  std::string Out = "\"";
  for (char C : S) {
    if (C == '\n') {
      Out += "\\n";
      continue;
    }
    if (C == '"' || C == '\\')
      Out += '\\';
    Out += C;
  }
  return Out + "\"";
}

class Dumper {
public:
  explicit Dumper(raw_ostream &OS) : OS(OS) {}

  void vocabulary(const Model &M);
  void gfp(const GfpModel &G);
  void functions(StringRef Section, ArrayRef<FunctionModel> Functions);
  void fields(ArrayRef<FieldModel> Fields);
  void roots(ArrayRef<RootModel> Roots);
  void locks(const Model &M);

private:
  void section(StringRef Name) { OS << Name << ":\n"; }
  void begin() { Lead = "  - "; }
  /// "key: value", as the next line of the current entry.
  void raw(StringRef Key, const Twine &Value) {
    OS << Lead << Key << ": " << Value << '\n';
    Lead = "    ";
  }
  void text(StringRef Key, StringRef Value) {
    if (!Value.empty())
      raw(Key, quoted(Value));
  }
  void arg(StringRef Key, std::optional<unsigned> Index) {
    if (Index)
      raw(Key, printArg(*Index));
  }
  void list(StringRef Key, ArrayRef<std::string> Values) {
    if (Values.empty())
      return;
    raw(Key, "[" + join(map_range(Values, quoted), ", ") + "]");
  }
  void fields(StringRef Key, ArrayRef<FieldName> Fields) {
    list(Key, SmallVector<std::string>(
                  map_range(Fields, [](const auto &F) { return F.str(); })));
  }
  void conditions(StringRef Key, ArrayRef<Condition> Conditions) {
    list(Key, SmallVector<std::string>(map_range(
                  Conditions, [](const auto &C) { return print(C); })));
  }
  void regions(StringRef Key, ArrayRef<Region> Regions) {
    std::vector<std::string> Words;
    for (Region R : Regions)
      Words.push_back(wordFor(RegionWords, R).str());
    if (Words.size() == 1)
      return raw(Key, Words.front());
    list(Key, Words);
  }
  void lock(StringRef Key, StringRef Class, std::optional<unsigned> Arg) {
    text(Key, Class);
    if (Arg)
      raw(Key, "{class-of: " + printArg(*Arg) + "}");
  }
  void callbacks(const FunctionModel &F);

  raw_ostream &OS;
  StringRef Lead;
};

void Dumper::vocabulary(const Model &M) {
  bool First = true;
  const auto Begin = [&] {
    if (First)
      section("vocabulary");
    First = false;
    Lead = "  ";
  };
  const auto List = [&](StringRef Key, ArrayRef<std::string> Values) {
    if (Values.empty())
      return;
    Begin();
    list(Key, Values);
  };
  const auto Text = [&](StringRef Key, StringRef Value) {
    if (Value.empty())
      return;
    Begin();
    text(Key, Value);
  };
  for (const auto &W : VocabularyWords)
    List(W.Text, M.Vocab.*W.Value);
  List("same-suffixes", M.SameSuffixes);
  Text("module-name", M.Vocab.ModuleNameMacro);
  Text("module-flag", M.Vocab.ModuleMacro);
}

void Dumper::gfp(const GfpModel &G) {
  if (G.Type.empty())
    return;
  section("gfp");
  for (const auto &W : GfpWords) {
    Lead = "  ";
    text(W.Text, G.*W.Value);
  }
  if (!G.FailureTests.empty()) {
    Lead = "  ";
    raw("failure-tests", "[" + join(G.FailureTests, ", ") + "]");
  }
  if (G.Masks.empty())
    return;
  OS << "  masks:\n";
  for (const auto &[Name, Bits] : G.Masks) {
    Lead = "    ";
    raw(Name, "[" + join(Bits, ", ") + "]");
  }
}

void Dumper::callbacks(const FunctionModel &F) {
  if (!F.Calls.empty())
    raw("calls", "[" + join(map_range(F.Calls, printArg), ", ") + "]");
  if (!F.Runs.empty())
    OS << Lead << "runs:\n";
  for (const auto &R : F.Runs)
    OS << "      - {arg: " << printArg(R.Arg) << ", field: \"" << print(R.Path)
       << "\"}\n";
  if (!F.Registers.empty())
    OS << Lead << "registers:\n";
  for (const auto &R : F.Registers)
    OS << "      - {function: " << printArg(R.Func)
       << (R.Object ? ", object: " + printArg(*R.Object) : "") << ", field: \""
       << print(R.Path) << "\"}\n";
  for (const auto &Q : F.Queues)
    raw("queues", (Q.Queue ? "{queue: " + printArg(*Q.Queue) + ", " : "{") +
                      "work: " + printArg(Q.Work) + ", field: \"" +
                      print(Q.Path) + "\"}");
  arg("flushes-queue", F.FlushesQueue);
  arg("waits-completion", F.WaitsCompletion);
  arg("completes", F.Completes);
  if (F.TimedOut)
    raw("timed-wait", "{fence: " + printArg(F.TimedOut->Fence) +
                          ", timeout: " + printArg(F.TimedOut->Timeout) + "}");
  text("gives-foreign", print(F.Foreign));
  arg("converts", F.Converts);
  if (F.Stores)
    raw("stores",
        "{to: " + printArg(F.Stores->To) + ", value: " +
            (F.Stores->Value ? printArg(*F.Stores->Value)
                             : std::to_string(F.Stores->Constant)) +
            (F.Stores->IfWas ? ", if-was: " + printArg(*F.Stores->IfWas) : "") +
            "}");
  arg("loads", F.Loads);
  arg("loads-not", F.LoadsNot);
  arg("list-end", F.ListEnd);
  arg("list-init", F.ListInit);
  if (!F.Sets.Name.empty())
    raw("sets", "\"" + F.Sets.str() + "\"");
  if (!F.CallsAgain.Name.empty())
    raw("calls-again", "\"" + F.CallsAgain.str() + "\"");
  fields("calls-own", F.CallsOwn);
  fields("drivers-of", F.DriversOf);
}

void Dumper::functions(StringRef Section, ArrayRef<FunctionModel> Functions) {
  if (Functions.empty())
    return;
  section(Section);
  for (const FunctionModel &F : Functions) {
    begin();
    text("name", F.Name);
    regions("opens", F.Opens);
    regions("closes", F.Closes);
    text("cookie", print(F.Cookie));
    arg("reclaim", F.GfpArg);
    text("reclaim", F.GfpMask);
    lock("acquires", F.Acquires, F.AcquiresArg);
    lock("releases", F.Releases, F.ReleasesArg);
    if (F.HeldIf != FunctionModel::Always)
      raw("held-if", wordFor(HeldIfWords, F.HeldIf));
    for (const auto &W : FlagWords)
      if (F.*W.Value)
        raw(W.Text, "true");
    callbacks(F);
    conditions("when", F.When);
    conditions("waits-when", F.WaitsWhen);
    text("why", F.Why);
    text("source", F.Source);
  }
}

void Dumper::fields(ArrayRef<FieldModel> Fields) {
  if (Fields.empty())
    return;
  section("fields");
  for (const FieldModel &F : Fields) {
    begin();
    text("field", F.Slot.str());
    raw("kind", wordFor(FieldKindWords, F.K));
    text("why", F.Why);
    text("source", F.Source);
  }
}

void Dumper::roots(ArrayRef<RootModel> Roots) {
  if (Roots.empty())
    return;
  section("roots");
  for (const RootModel &R : Roots) {
    begin();
    text("id", R.Id);
    text("field", R.Slot.str());
    text("why", R.Why);
    text("source", R.Source);
    raw("default", R.Default ? "true" : "false");
    std::vector<std::string> Roles;
    Roles.reserve(R.Roles.size());
    for (RootRole Role : R.Roles)
      Roles.push_back(wordFor(RootRoleWords, Role).str());
    list("roles", Roles);
    if (!R.UnlessSet.Name.empty())
      text("unless-set", R.UnlessSet.str());
  }
}

void Dumper::locks(const Model &M) {
  if (!M.ForbiddenLocks.empty())
    section("locks");
  for (const auto &L : M.ForbiddenLocks) {
    begin();
    text("name", L.Name);
    text("why", L.Why);
    text("source", L.Source);
  }
  if (!M.LockOrders.empty())
    section("lock-order");
  for (const auto &O : M.LockOrders) {
    begin();
    text("lock", O.Lock);
    raw("before", wordFor(LockOrderWords, O.Before));
    text("by", O.By);
    text("source", O.Source);
  }
  if (!M.LockPlaces.empty())
    section("lock-places");
  for (const auto &P : M.LockPlaces) {
    begin();
    text("field", P.Slot.str());
    text("class", P.Class);
    text("source", P.Source);
  }
  if (!M.LockdepClasses.empty())
    section("lockdep");
  for (const auto &L : M.LockdepClasses) {
    begin();
    text("class", L.Name);
    if (L.Is)
      raw("is", wordFor(LockOrderWords, *L.Is));
    text("before", L.Before);
    text("by", L.By);
    text("source", L.Source);
  }
}

} // namespace

void dumpVocabulary(const Model &M, raw_ostream &OS) {
  OS << "version: 1\n";
  Dumper(OS).vocabulary(M);
}

void dumpModel(const Model &M, raw_ostream &OS) {
  dumpVocabulary(M, OS);
  Dumper D(OS);
  D.gfp(M.Gfp);
  D.functions("functions", M.Functions);
  D.functions("macros", M.Macros);
  D.fields(M.Fields);
  D.roots(M.Roots);
  D.locks(M);
}

} // namespace fencedep

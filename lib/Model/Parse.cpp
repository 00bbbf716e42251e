//===- Parse.cpp - model files -------------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Maps the tree that Yaml.h reads to Model.h and adds it to a model. A file
// with mistakes changes nothing.
//
//===----------------------------------------------------------------------===//

#include "ParseFunction.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace fencedep {
namespace {

constexpr StringLiteral Expected = "expected a mapping with the key 'version'";

class ModelReader : Reader {
public:
  explicit ModelReader(Diagnostics &Diags)
      : Reader(Diags), Functions(Diags, /*IsMacro=*/false),
        Macros(Diags, /*IsMacro=*/true) {}

  void file(const YamlNode &Root);
  Model Out;

private:
  void vocabulary(const YamlNode &N);
  void gfp(const YamlNode &N);
  void field(const YamlNode &N);
  void root(const YamlNode &N);
  void lock(const YamlNode &N);
  void lockOrder(const YamlNode &N);
  void lockPlace(const YamlNode &N);
  void lockdepClass(const YamlNode &N);

  FunctionReader Functions, Macros;
  StringMap<unsigned> Lines; ///< other entries: what they are for -> line
};

void ModelReader::vocabulary(const YamlNode &N) {
  std::vector<Key> Keys;
  for (const auto &W : VocabularyWords)
    Keys.push_back({W.Text, [this, Member = W.Value](const YamlNode &V) {
                      texts(V, Out.Vocab.*Member);
                    }});
  Keys.push_back({"module-name", [this](const YamlNode &V) {
                    identifier(V, Out.Vocab.ModuleNameMacro);
                  }});
  Keys.push_back({"module-flag", [this](const YamlNode &V) {
                    identifier(V, Out.Vocab.ModuleMacro);
                  }});
  Keys.push_back({"same-suffixes",
                  [this](const YamlNode &V) { texts(V, Out.SameSuffixes); }});
  mapping(N, "vocabulary", Keys);
}

void ModelReader::gfp(const YamlNode &N) {
  std::vector<Key> Keys;
  for (const auto &W : GfpWords)
    Keys.push_back({W.Text, [this, Member = W.Value](const YamlNode &V) {
                      identifier(V, Out.Gfp.*Member);
                    }});
  Keys.push_back({"masks", [this](const YamlNode &V) {
                    if (V.K != YamlNode::Mapping)
                      return error(V, "expected a mapping: masks");
                    for (const auto &[Name, Bits] : zip(V.Keys, V.Items)) {
                      auto &Mask = Out.Gfp.Masks.emplace_back();
                      Mask.first = Name.Text;
                      texts(Bits, Mask.second);
                    }
                  }});
  Keys.push_back({"failure-tests", [this](const YamlNode &V) {
                    texts(V, Out.Gfp.FailureTests);
                  }});
  mapping(N, "gfp", Keys);
  for (const auto &W : GfpWords)
    require(N, "gfp", {W.Text});
}

void ModelReader::field(const YamlNode &N) {
  FieldModel F;
  mapping(N, "a field entry",
          {{"field",
            [&](const YamlNode &V) {
              parsed(V, parseField(V.Text, /*AllowAll=*/true), LegalField,
                     F.Slot);
            }},
           {"kind", [&](const YamlNode &V) { word(V, FieldKindWords, F.K); }},
           {"why", [&](const YamlNode &V) { text(V, F.Why); }},
           {"source", [&](const YamlNode &V) { text(V, F.Source); }}});
  require(N, "a field entry", {"field", "kind", "source"});
  unique(N,
         ("field " + F.Slot.str() + " " + wordFor(FieldKindWords, F.K)).str(),
         Lines);
  Out.Fields.push_back(std::move(F));
}

void ModelReader::root(const YamlNode &N) {
  RootModel R;
  mapping(N, "a root entry",
          {{"id", [&](const YamlNode &V) { text(V, R.Id); }},
           {"field",
            [&](const YamlNode &V) {
              parsed(V, parseField(V.Text, /*AllowAll=*/false), LegalField,
                     R.Slot);
            }},
           {"why", [&](const YamlNode &V) { text(V, R.Why); }},
           {"source", [&](const YamlNode &V) { text(V, R.Source); }},
           {"default", [&](const YamlNode &V) { flag(V, R.Default); }},
           {"unless-set",
            [&](const YamlNode &V) {
              parsed(V, parseField(V.Text, /*AllowAll=*/false), LegalField,
                     R.UnlessSet);
            }},
           {"roles", [&](const YamlNode &V) {
              R.Roles.clear();
              list(V, "roles", [&](const YamlNode &I) {
                word(I, RootRoleWords, R.Roles.emplace_back());
              });
            }}});
  require(N, "a root entry", {"id", "field", "why", "source"});
  unique(N, "root " + R.Id, Lines);
  Out.Roots.push_back(std::move(R));
}

void ModelReader::lock(const YamlNode &N) {
  Model::LockClass L;
  mapping(N, "a lock entry",
          {{"name", [&](const YamlNode &V) { text(V, L.Name); }},
           {"why", [&](const YamlNode &V) { text(V, L.Why); }},
           {"source", [&](const YamlNode &V) { text(V, L.Source); }}});
  require(N, "a lock entry", {"name", "why", "source"});
  unique(N, "lock " + L.Name, Lines);
  Out.ForbiddenLocks.push_back(std::move(L));
}

void ModelReader::lockOrder(const YamlNode &N) {
  Model::LockOrder O;
  mapping(N, "a lock-order entry",
          {{"lock", [&](const YamlNode &V) { identifier(V, O.Lock); }},
           {"before",
            [&](const YamlNode &V) { word(V, LockOrderWords, O.Before); }},
           {"by", [&](const YamlNode &V) { identifier(V, O.By); }},
           {"source", [&](const YamlNode &V) { text(V, O.Source); }}});
  require(N, "a lock-order entry", {"lock", "before", "by", "source"});
  unique(
      N,
      ("lock order " + O.Lock + " " + wordFor(LockOrderWords, O.Before)).str(),
      Lines);
  Out.LockOrders.push_back(std::move(O));
}

void ModelReader::lockPlace(const YamlNode &N) {
  Model::LockPlace P;
  mapping(N, "a lock-places entry",
          {{"field",
            [&](const YamlNode &V) {
              parsed(V, parseField(V.Text, /*AllowAll=*/false), LegalField,
                     P.Slot);
            }},
           {"class", [&](const YamlNode &V) { identifier(V, P.Class); }},
           {"source", [&](const YamlNode &V) { text(V, P.Source); }}});
  require(N, "a lock-places entry", {"field", "class", "source"});
  unique(N, "lock place " + P.Slot.str(), Lines);
  Out.LockPlaces.push_back(std::move(P));
}

void ModelReader::lockdepClass(const YamlNode &N) {
  Model::LockdepClass L;
  mapping(
      N, "a lockdep entry",
      {{"class", [&](const YamlNode &V) { text(V, L.Name); }},
       {"is",
        [&](const YamlNode &V) { word(V, LockOrderWords, L.Is.emplace()); }},
       {"before", [&](const YamlNode &V) { text(V, L.Before); }},
       {"by", [&](const YamlNode &V) { identifier(V, L.By); }},
       {"source", [&](const YamlNode &V) { text(V, L.Source); }}});
  require(N, "a lockdep entry", {"class", "source"});
  if (L.Before.empty() != L.By.empty())
    error(N, "'before' and 'by' need each other");
  unique(N, "lockdep class " + L.Name, Lines);
  Out.LockdepClasses.push_back(std::move(L));
}

void ModelReader::file(const YamlNode &Root) {
  if (Root.K != YamlNode::Mapping)
    return error(Root, Expected);
  auto Each = [this](StringRef What,
                     void (ModelReader::*Read)(const YamlNode &)) {
    return [=](const YamlNode &V) {
      list(V, What, [=](const YamlNode &I) { (this->*Read)(I); });
    };
  };
  mapping(
      Root, "a model",
      {{"version",
        [&](const YamlNode &V) {
          if (V.K != YamlNode::Scalar || V.Text != "1")
            error(V, "unknown version '" + V.Text + "'; legal values are 1");
        }},
       {"vocabulary", [&](const YamlNode &V) { vocabulary(V); }},
       {"gfp", [&](const YamlNode &V) { gfp(V); }},
       {"functions",
        [&](const YamlNode &V) {
          list(V, "function entries",
               [&](const YamlNode &I) { Functions.read(I, Out.Functions); });
        }},
       {"macros",
        [&](const YamlNode &V) {
          list(V, "macro entries",
               [&](const YamlNode &I) { Macros.read(I, Out.Macros); });
        }},
       {"fields", Each("field entries", &ModelReader::field)},
       {"roots", Each("root entries", &ModelReader::root)},
       {"locks", Each("lock entries", &ModelReader::lock)},
       {"lock-order", Each("lock-order entries", &ModelReader::lockOrder)},
       {"lock-places", Each("lock-places entries", &ModelReader::lockPlace)},
       {"lockdep", Each("lockdep entries", &ModelReader::lockdepClass)}});
  require(Root, "a model", {"version"});
}

// Adding what was read to what is there.

template <class T>
void appendNew(std::vector<T> &To, const std::vector<T> &From) {
  for (const T &Value : From)
    if (!is_contained(To, Value))
      To.push_back(Value);
}

void replaceIfSet(std::string &To, const std::string &From) {
  if (!From.empty())
    To = From;
}

/// New entries come first, so that their globs win; \p Same tells which old
/// ones they replace.
template <class T, class KeyFn>
void prepend(std::vector<T> &To, std::vector<T> &&From, KeyFn Key) {
  StringMap<bool> New;
  for (const T &Entry : From)
    New[Key(Entry)] = true;
  for (T &Entry : To)
    if (!New.count(Key(Entry)))
      From.push_back(std::move(Entry));
  To = std::move(From);
}

/// The names that conditions and masks of \p M mention.
std::vector<std::string> mentionedConstants(const Model &M) {
  std::vector<std::string> Names;
  for (const auto &W : GfpWords)
    if (W.Value != &GfpModel::Type && !(M.Gfp.*W.Value).empty())
      Names.push_back(M.Gfp.*W.Value);
  for (const auto &Mask : M.Gfp.Masks)
    appendNew(Names, Mask.second);
  for (const FunctionModel &F : M.Functions)
    for (const auto *Conditions : {&F.When, &F.WaitsWhen})
      for (const Condition &C : *Conditions)
        for (const std::string &S : {C.Mask, C.Value})
          if (isIdentifier(S))
            appendNew(Names, {S});
  return Names;
}

void merge(Model &M, Model &&New) {
  appendNew(M.Vocab.Constants, New.Vocab.Constants);
  appendNew(M.Vocab.Constants, mentionedConstants(New));
  appendNew(M.Vocab.Macros, New.Vocab.Macros);
  appendNew(M.Vocab.Types, New.Vocab.Types);
  if (!New.Gfp.Type.empty())
    appendNew(M.Vocab.Types, {New.Gfp.Type});
  appendNew(M.Vocab.Exports, New.Vocab.Exports);
  appendNew(M.Vocab.Asserts, New.Vocab.Asserts);
  appendNew(M.SameSuffixes, New.SameSuffixes);
  for (const MacroModel &Macro : New.Macros)
    appendNew(M.Vocab.Macros, {Macro.Name});
  replaceIfSet(M.Vocab.ModuleNameMacro, New.Vocab.ModuleNameMacro);
  replaceIfSet(M.Vocab.ModuleMacro, New.Vocab.ModuleMacro);
  if (!New.Gfp.Type.empty())
    M.Gfp = std::move(New.Gfp);
  const auto ByName = [](const auto &E) { return E.Name; };
  prepend(M.Functions, std::move(New.Functions), ByName);
  prepend(M.Macros, std::move(New.Macros), ByName);
  prepend(M.ForbiddenLocks, std::move(New.ForbiddenLocks), ByName);
  prepend(M.Roots, std::move(New.Roots),
          [](const RootModel &R) { return R.Id; });
  prepend(M.Fields, std::move(New.Fields), [](const FieldModel &F) {
    return (F.Slot.str() + " " + wordFor(FieldKindWords, F.K)).str();
  });
  prepend(M.LockOrders, std::move(New.LockOrders),
          [](const Model::LockOrder &O) {
            return (O.Lock + " " + wordFor(LockOrderWords, O.Before)).str();
          });
  prepend(M.LockPlaces, std::move(New.LockPlaces),
          [](const Model::LockPlace &P) { return P.Slot.str(); });
  prepend(M.LockdepClasses, std::move(New.LockdepClasses), ByName);
}

} // namespace

Error addModel(Model &M, StringRef Text, StringRef File) {
  Diagnostics Diags(File);
  std::optional<YamlNode> Root = readYaml(Text, Diags, Expected);
  if (!Root)
    return Diags.take();
  ModelReader Reader(Diags);
  Reader.file(*Root);
  if (!Diags.empty())
    return Diags.take();
  merge(M, std::move(Reader.Out));
  return Error::success();
}

} // namespace fencedep

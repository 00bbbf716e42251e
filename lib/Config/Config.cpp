//===- Config.cpp - reading and merging configurations --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything that a file can get wrong is said at its place, and all of it at
// once. A text that YAML takes for a number, a bool or null is refused where a
// text is expected, as the schema does.
//
// The cache of a build is a directory `.fencedep` beside its database, which
// may be where the file should be. Then the file is called `.fencedep.yaml`.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Config/Config.h"
#include "../Model/Reader.h"
#include "fencedep/Driver/Database.h"
#include "fencedep/Driver/Files.h"
#include "fencedep/Rules/Choose.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/YAMLTraits.h"

using namespace llvm;
using namespace fencedep;

std::vector<std::string> Config::texts(StringRef Key) const {
  std::vector<std::string> Result;
  if (auto It = Values.find(Key); It != Values.end())
    for (const ConfigValue &V : It->getValue())
      Result.push_back(V.Text);
  return Result;
}

std::string Config::text(StringRef Key) const {
  std::vector<std::string> All = texts(Key);
  return All.empty() ? "" : All.front();
}

namespace {

class ConfigReader : Reader {
public:
  ConfigReader(Diagnostics &Diags, StringRef Dir) : Reader(Diags), Dir(Dir) {}

  void file(const YamlNode &Root);
  Config Out;

private:
  bool plainText(const YamlNode &N);
  void value(const ConfigKey &K, const YamlNode &N);
  void item(const ConfigKey &K, const YamlNode &N);
  void word(const ConfigKey &K, const YamlNode &N);
  void path(const ConfigKey &K, const YamlNode &N);
  void rules(const ConfigKey &K, const YamlNode &N);
  void inherit(const YamlNode &N);
  void add(const ConfigKey &K, const YamlNode &N, const Twine &Text);

  StringRef Dir;
};

} // namespace

void ConfigReader::add(const ConfigKey &K, const YamlNode &N,
                       const Twine &Text) {
  std::string Where = (Diags.file() + ":" + Twine(N.Line) + ":").str();
  Out.Values[K.Name].push_back({Text.str(), Where + std::to_string(N.Column)});
}

bool ConfigReader::plainText(const YamlNode &N) {
  bool Other = N.Plain && (yaml::isNumeric(N.Text) || yaml::isBool(N.Text) ||
                           yaml::isNull(N.Text));
  if (Other)
    error(N, "expected a text; write '" + N.Text + "' with quotes");
  std::string Ignored;
  return !Other && text(N, Ignored);
}

void ConfigReader::word(const ConfigKey &K, const YamlNode &N) {
  if (N.K != YamlNode::Scalar || !is_contained(K.legal(), N.Text))
    return error(N, "illegal value '" + N.Text + "' of " + K.Name +
                        "; legal values are " + join(K.legal(), ", "));
  add(K, N, N.Text);
}

void ConfigReader::path(const ConfigKey &K, const YamlNode &N) {
  if (!plainText(N))
    return;
  std::string Path = makeAbsolute(N.Text, Dir);
  if (K.K != ConfigKey::Place && !sys::fs::exists(Path))
    return error(N, "there is no '" + Path + "'");
  add(K, N, Path);
}

void ConfigReader::rules(const ConfigKey &K, const YamlNode &N) {
  if (!plainText(N))
    return;
  SmallVector<StringRef, 8> Words;
  StringRef(N.Text).split(Words, ',');
  for (StringRef Word : Words)
    add(K, N, Word.trim());
}

void ConfigReader::item(const ConfigKey &K, const YamlNode &N) {
  switch (K.K) {
  case ConfigKey::Word:
    return word(K, N);
  case ConfigKey::File:
  case ConfigKey::Place:
  case ConfigKey::Files:
    return path(K, N);
  case ConfigKey::Rules:
    return rules(K, N);
  case ConfigKey::Names:
    if (plainText(N))
      add(K, N, N.Text);
  }
}

void ConfigReader::value(const ConfigKey &K, const YamlNode &N) {
  if (!K.isList() || N.K == YamlNode::Scalar)
    return item(K, N);
  if (N.K != YamlNode::Sequence)
    return error(N, "expected a text or a list of texts");
  for (const YamlNode &I : N.Items)
    item(K, I);
}

void ConfigReader::inherit(const YamlNode &N) {
  if (N.K != YamlNode::Scalar || !N.Plain || !yaml::isBool(N.Text))
    return error(N, "illegal value '" + N.Text +
                        "' of InheritParentConfig; legal values are true, "
                        "false");
  Out.Inherit = StringRef(N.Text).equals_insensitive("true");
}

static std::string expectedKeys() {
  std::string Names = "InheritParentConfig";
  for (const ConfigKey &K : configKeys())
    Names += ", " + K.Name.str();
  return "expected a mapping, with keys like MinConfidence, or {} for none; "
         "legal keys are " +
         Names;
}

void ConfigReader::file(const YamlNode &Root) {
  if (Root.K != YamlNode::Mapping)
    return error(Root, expectedKeys());
  std::vector<Key> Legal = {
      {"InheritParentConfig", [&](const YamlNode &N) { inherit(N); }}};
  for (const ConfigKey &K : configKeys())
    Legal.push_back({K.Name, [&](const YamlNode &N) { value(K, N); }});
  mapping(Root, "a configuration", Legal);
}

Expected<Config> fencedep::parseConfig(StringRef Text, StringRef Name,
                                       StringRef Dir) {
  Diagnostics Diags(Name);
  ConfigReader Reader(Diags, Dir);
  if (std::optional<YamlNode> Root = readYaml(Text, Diags, expectedKeys()))
    Reader.file(*Root);
  if (Error E = Diags.take())
    return std::move(E);
  return std::move(Reader.Out);
}

Expected<Config> fencedep::readConfigFile(StringRef Path) {
  Expected<std::string> Text = readWhole(Path);
  if (!Text)
    return Text.takeError();
  Expected<Config> C = parseConfig(*Text, Path, sys::path::parent_path(Path));
  if (C)
    C->Files.push_back(Path.str());
  return C;
}

/// The configuration in \p Dir itself, or "".
static Expected<std::string> configIn(StringRef Dir) {
  std::string Found;
  for (StringRef Name : {".fencedep", ".fencedep.yaml"}) {
    SmallString<256> Path(Dir);
    sys::path::append(Path, Name);
    if (!sys::fs::is_regular_file(Path))
      continue; // a directory .fencedep is a cache
    if (!Found.empty())
      return createStringError("both '" + Found + "' and '" + Path +
                               "' are there; keep one");
    Found = Path.str();
  }
  return Found;
}

Expected<Config> fencedep::findConfig(StringRef From) {
  Config Result;
  for (StringRef Dir = From; !Dir.empty(); Dir = sys::path::parent_path(Dir)) {
    Expected<std::string> File = configIn(Dir);
    if (!File)
      return File.takeError();
    if (File->empty())
      continue;
    Expected<Config> C = readConfigFile(*File);
    if (!C)
      return C.takeError();
    Result = overlay(Result, *C);
    if (!C->Inherit)
      break;
  }
  return Result;
}

Config fencedep::overlay(const Config &Near, const Config &Far) {
  Config Result = Far;
  Result.Files.insert(Result.Files.begin(), Near.Files.begin(),
                      Near.Files.end());
  for (const ConfigKey &K : configKeys()) {
    auto It = Near.Values.find(K.Name);
    if (It == Near.Values.end() || It->getValue().empty())
      continue;
    const std::vector<ConfigValue> &Own = It->getValue();
    std::vector<ConfigValue> &All = Result.Values[K.Name];
    bool Adds =
        K.K == ConfigKey::Rules ? changesRules(Own.front().Text) : K.isList();
    if (!Adds)
      All.clear();
    All.insert(All.end(), Own.begin(), Own.end());
  }
  return Result;
}

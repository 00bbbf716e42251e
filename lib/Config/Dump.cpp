//===- Dump.cpp - a configuration as YAML, and its schema -----------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// JSON's texts are YAML's, too, and need no care about what YAML would take for
// something else.
//
// The schema knows all that can be known without looking at files: rules by
// name, patterns by their look. Draft 7, as the language servers for YAML have
// it.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Config/Config.h"
#include "fencedep/Rules/Check.h"
#include "llvm/Support/JSON.h"

using namespace llvm;
using namespace fencedep;

static json::Value quoted(StringRef S) { return json::fixUTF8(S); }

/// \p S must not end the comment.
static std::string comment(StringRef S) {
  std::string Text = S.str();
  for (char &C : Text)
    if (static_cast<unsigned char>(C) < 0x20)
      C = '?';
  return "  # " + Text + "\n";
}

static void dumpKey(const ConfigKey &K, ArrayRef<ConfigValue> Values,
                    raw_ostream &OS) {
  bool HasDefault = !K.Legal.empty() && !K.Default.empty();
  if (Values.empty() && HasDefault)
    OS << K.Name << ": " << quoted(K.Default) << comment("default");
  else if (Values.empty())
    OS << "# " << K.Name << ": not set"
       << comment("default: " + K.Default.str());
  else if (!K.isList())
    OS << K.Name << ": " << quoted(Values.front().Text)
       << comment(Values.front().Where);
  if (Values.empty() || !K.isList())
    return;
  OS << K.Name << ":\n";
  for (const ConfigValue &V : Values)
    OS << "  - " << quoted(V.Text) << comment(V.Where);
}

void fencedep::dumpConfig(const Config &C, raw_ostream &OS) {
  for (const std::string &File : C.Files)
    OS << "# read" << comment(File).substr(3);
  OS << "InheritParentConfig: false" << comment("all of it is here");
  for (const ConfigKey &K : configKeys())
    dumpKey(K, C.Values.lookup(K.Name), OS);
}

static json::Object textSchema() {
  return json::Object{{"type", "string"}, {"minLength", 1}};
}

/// Rule names with or without a sign, patterns, and lists with commas.
static json::Object rulesSchema() {
  std::string Names;
  json::Array Words;
  for (const Rule &R : allRules()) {
    Names += (Names.empty() ? "" : "|") + std::string(R.Id);
    for (StringRef Sign : {"", "-", "+"})
      Words.push_back((Sign + R.Id).str());
  }
  std::string Word = "\\s*[-+]?(" + Names + "|[^,]*[*?\\[{][^,]*)\\s*";
  return json::Object{
      {"anyOf", json::Array{json::Object{{"enum", std::move(Words)}},
                            json::Object{{"type", "string"},
                                         {"pattern",
                                          "^" + Word + "(," + Word + ")*$"}}}}};
}

static json::Object itemSchema(const ConfigKey &K) {
  if (K.K == ConfigKey::Rules)
    return rulesSchema();
  if (K.K != ConfigKey::Word)
    return textSchema();
  json::Array Words;
  for (StringRef Word : K.legal())
    Words.push_back(Word);
  return json::Object{{"enum", std::move(Words)}, {"default", K.Default}};
}

static json::Object keySchema(const ConfigKey &K) {
  json::Object Schema = itemSchema(K);
  if (K.isList()) {
    json::Object List{{"type", "array"}, {"items", itemSchema(K)}};
    Schema = json::Object{
        {"anyOf", json::Array{std::move(Schema), std::move(List)}}};
  }
  Schema["description"] = (K.Help + " Default: " + K.Default + ".").str();
  Schema["$comment"] = ((K.Flag.size() == 1 ? "-" : "--") + K.Flag).str();
  return Schema;
}

void fencedep::printConfigSchema(raw_ostream &OS) {
  json::Object Keys{
      {"InheritParentConfig",
       json::Object{
           {"type", "boolean"},
           {"default", false},
           {"description",
            "Whether what the next such file further up says holds as well, "
            "unless this one says otherwise. Default: false."}}}};
  for (const ConfigKey &K : configKeys())
    Keys[K.Name] = keySchema(K);
  json::Value Schema = json::Object{
      {"$schema", "http://json-schema.org/draft-07/schema#"},
      {"title", "fencedep configuration (.fencedep, .fencedep.yaml)"},
      {"type", "object"},
      {"properties", std::move(Keys)},
      {"additionalProperties", false}};
  OS << formatv("{0:2}\n", Schema);
}

//===- Reader.cpp - reading the parts of a model entry -------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Messages name what was found and list what is legal.
//
//===----------------------------------------------------------------------===//

#include "Reader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace fencedep {

void Reader::error(const YamlNode &At, const Twine &Message) {
  Diags.error(At.Line, At.Column, Message);
}

void Reader::mapping(const YamlNode &N, StringRef What, ArrayRef<Key> Keys) {
  if (N.K != YamlNode::Mapping)
    return error(N, "expected a mapping: " + What);
  for (size_t I = 0; I != N.Keys.size(); ++I) {
    const YamlNode &Name = N.Keys[I];
    const Key *Found =
        find_if(Keys, [&](const Key &K) { return K.Name == Name.Text; });
    if (Found != Keys.end()) {
      Found->Read(N.Items[I]);
      continue;
    }
    std::vector<StringRef> Legal;
    for (const Key &K : Keys)
      Legal.push_back(K.Name);
    error(Name, "unknown key '" + Name.Text + "' in " + What +
                    "; legal keys are " + join(Legal, ", "));
  }
}

void Reader::list(const YamlNode &N, StringRef What,
                  function_ref<void(const YamlNode &)> Item) {
  if (N.K != YamlNode::Sequence)
    return error(N, "expected a list of " + What);
  for (const YamlNode &I : N.Items)
    Item(I);
}

bool Reader::text(const YamlNode &N, std::string &Value) {
  if (N.K != YamlNode::Scalar || N.Text.empty()) {
    error(N, "expected a text");
    return false;
  }
  Value = N.Text;
  return true;
}

void Reader::identifier(const YamlNode &N, std::string &Value) {
  if (text(N, Value) && !isIdentifier(Value))
    error(N, "expected a name, not '" + Value + "'");
}

void Reader::flag(const YamlNode &N, bool &Value) {
  if (N.K != YamlNode::Scalar || (N.Text != "true" && N.Text != "false"))
    return error(N, "illegal value '" + N.Text +
                        "'; legal values are true, false");
  Value = N.Text == "true";
}

void Reader::texts(const YamlNode &N, std::vector<std::string> &Values) {
  if (N.K == YamlNode::Scalar) {
    text(N, Values.emplace_back());
    return;
  }
  list(N, "texts", [&](const YamlNode &I) { text(I, Values.emplace_back()); });
}

void Reader::arg(const YamlNode &N, std::optional<unsigned> &Value) {
  parsed(N, parseArg(N.Text), LegalArg, Value.emplace());
}

void Reader::require(const YamlNode &Entry, StringRef What,
                     ArrayRef<StringRef> Keys) {
  if (Entry.K != YamlNode::Mapping)
    return; // said already
  for (StringRef Key : Keys)
    if (none_of(Entry.Keys, [&](const YamlNode &K) { return K.Text == Key; }))
      error(Entry, What + " needs the key '" + Key + "'");
}

void Reader::unique(const YamlNode &At, StringRef Name,
                    StringMap<unsigned> &Seen) {
  auto [It, New] = Seen.try_emplace(Name, At.Line);
  if (!New)
    error(At,
          "'" + Name + "' already has an entry, in line " + Twine(It->second));
}

} // namespace fencedep

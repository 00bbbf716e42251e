//===- Yaml.cpp - YAML as a tree with positions
//-----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Hostile texts: what is too large, not UTF-8 or has control characters never
// reaches LLVM's reader. Depth is limited while the tree is built; after the
// first mistake of syntax nothing more is asked of the reader, because skipping
// what follows would recurse into it.
//
//===----------------------------------------------------------------------===//

#include "Yaml.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/YAMLParser.h"

using namespace llvm;

namespace fencedep {

void Diagnostics::error(unsigned Line, unsigned Column, const Twine &Message) {
  if (Lines.size() == MaxErrors) {
    ++Dropped;
    return;
  }
  Lines.push_back(
      formatv("{0}:{1}:{2}: error: {3}", File, Line, Column, Message.str()));
}

Error Diagnostics::take() {
  if (Lines.empty())
    return Error::success();
  if (Dropped)
    Lines.push_back(formatv("{0}: {1} more errors", File, Dropped));
  return createStringError(join(Lines, "\n"));
}

namespace {

constexpr size_t MaxSize = 16 << 20;
constexpr unsigned MaxDepth = 12;

class TreeBuilder {
public:
  TreeBuilder(StringRef Text, Diagnostics &Diags, StringRef Expected)
      : Diags(Diags), Expected(Expected), Input(Text), Stream(Input, Sources) {
    Sources.setDiagHandler(onSyntaxError, this);
  }

  std::optional<YamlNode> build() {
    yaml::document_iterator Doc = Stream.begin();
    if (Doc == Stream.end() || Failed)
      return failed(Expected);
    yaml::Node *Root = Doc->getRoot();
    if (!Root || Failed)
      return failed(Expected);
    YamlNode Tree;
    if (!convert(*Root, Tree, 0))
      return failed("malformed YAML");
    ++Doc;
    if (!Failed && Doc != Stream.end()) {
      YamlNode Second;
      if (yaml::Node *N = Doc->getRoot())
        locate(*N, Second);
      mistake(Second, "expected one YAML document, not several");
    }
    if (Failed)
      return failed("malformed YAML");
    return Tree;
  }

private:
  static void onSyntaxError(const SMDiagnostic &D, void *Self) {
    auto &Me = *static_cast<TreeBuilder *>(Self);
    if (!Me.Failed)
      Me.Diags.error(std::max(D.getLineNo(), 1), D.getColumnNo() + 1,
                     "malformed YAML: " + lowerFirst(D.getMessage()));
    Me.Failed = true;
  }

  static std::string lowerFirst(StringRef S) {
    S = S.rtrim(".!");
    std::string Out = S.str();
    if (!Out.empty())
      Out[0] = toLower(Out[0]);
    return Out;
  }

  std::nullopt_t failed(StringRef Fallback) {
    if (Diags.empty())
      Diags.error(1, 1, Fallback);
    return std::nullopt;
  }

  bool mistake(const YamlNode &At, const Twine &Message) {
    if (!Failed)
      Diags.error(At.Line, At.Column, Message);
    Failed = true;
    return false;
  }

  void locate(yaml::Node &N, YamlNode &Out) {
    const char *P = N.getSourceRange().Start.getPointer();
    if (!P || P < Input.data() || P > Input.data() + Input.size())
      return;
    std::tie(Out.Line, Out.Column) =
        Sources.getLineAndColumn(N.getSourceRange().Start);
  }

  bool convert(yaml::Node &N, YamlNode &Out, unsigned Depth);
  bool convertMapping(yaml::MappingNode &N, YamlNode &Out, unsigned Depth);
  bool convertSequence(yaml::SequenceNode &N, YamlNode &Out, unsigned Depth);

  Diagnostics &Diags;
  StringRef Expected;
  std::string Input; // NUL behind it, which the scanner relies on
  SourceMgr Sources;
  yaml::Stream Stream;
  bool Failed = false;
};

bool TreeBuilder::convertMapping(yaml::MappingNode &N, YamlNode &Out,
                                 unsigned Depth) {
  Out.K = YamlNode::Mapping;
  StringSet<> Seen;
  for (yaml::KeyValueNode &Entry : N) {
    if (Failed)
      return false;
    yaml::Node *Key = Entry.getKey();
    if (!Key || Failed)
      return mistake(Out, "malformed YAML: a key is missing");
    YamlNode KeyNode;
    if (!convert(*Key, KeyNode, Depth + 1))
      return false;
    if (KeyNode.K != YamlNode::Scalar)
      return mistake(KeyNode, "a key must be a plain word");
    if (!Seen.insert(KeyNode.Text).second)
      return mistake(KeyNode, "key '" + KeyNode.Text + "' is given twice");
    yaml::Node *Value = Entry.getValue();
    if (!Value || Failed)
      return mistake(KeyNode, "malformed YAML: a value is missing");
    YamlNode ValueNode;
    ValueNode.Line = KeyNode.Line;
    ValueNode.Column = KeyNode.Column;
    if (!convert(*Value, ValueNode, Depth + 1))
      return false;
    Out.Keys.push_back(std::move(KeyNode));
    Out.Items.push_back(std::move(ValueNode));
  }
  return !Failed;
}

bool TreeBuilder::convertSequence(yaml::SequenceNode &N, YamlNode &Out,
                                  unsigned Depth) {
  Out.K = YamlNode::Sequence;
  for (yaml::Node &Item : N) {
    if (Failed)
      return false;
    YamlNode ItemNode;
    ItemNode.Line = Out.Line;
    ItemNode.Column = Out.Column;
    if (!convert(Item, ItemNode, Depth + 1))
      return false;
    Out.Items.push_back(std::move(ItemNode));
  }
  return !Failed;
}

bool TreeBuilder::convert(yaml::Node &N, YamlNode &Out, unsigned Depth) {
  if (!isa<yaml::NullNode>(N) && !isa<yaml::AliasNode>(N))
    locate(N, Out);
  if (Failed)
    return false;
  if (Depth > MaxDepth)
    return mistake(Out, "nested too deeply");
  if (isa<yaml::AliasNode>(N))
    return mistake(Out, "aliases are not supported; quote a text "
                        "that begins with '*'");
  if (!N.getAnchor().empty())
    return mistake(Out, "anchors are not supported");
  if (!N.getRawTag().empty() && N.getRawTag() != "!")
    return mistake(Out, "tags are not supported");
  switch (N.getType()) {
  case yaml::Node::NK_Null:
    Out.K = YamlNode::Null;
    return !Failed;
  case yaml::Node::NK_Scalar: {
    SmallString<128> Storage;
    Out.K = YamlNode::Scalar;
    Out.Text = cast<yaml::ScalarNode>(N).getValue(Storage).str();
    StringRef Raw = cast<yaml::ScalarNode>(N).getRawValue();
    Out.Plain = !Raw.starts_with("'") && !Raw.starts_with("\"");
    return !Failed;
  }
  case yaml::Node::NK_BlockScalar:
    Out.K = YamlNode::Scalar;
    Out.Text = cast<yaml::BlockScalarNode>(N).getValue().rtrim('\n').str();
    return !Failed;
  case yaml::Node::NK_Mapping:
    return convertMapping(cast<yaml::MappingNode>(N), Out, Depth);
  case yaml::Node::NK_Sequence:
    return convertSequence(cast<yaml::SequenceNode>(N), Out, Depth);
  default: // a key with its value, an alias
    return mistake(Out, "malformed YAML");
  }
}

/// What LLVM's scanner must not see. Positions are in bytes, as everywhere.
bool checkText(StringRef Text, Diagnostics &Diags) {
  if (Text.size() > MaxSize) {
    Diags.error(1, 1, "the file is larger than 16 MiB");
    return false;
  }
  unsigned Line = 1, Column = 1;
  const char *P = Text.begin();
  while (P != Text.end()) {
    const unsigned Length = getNumBytesForUTF8(static_cast<UTF8>(*P));
    const auto *Begin = reinterpret_cast<const UTF8 *>(P);
    if (Length > static_cast<size_t>(Text.end() - P) ||
        !isLegalUTF8Sequence(Begin, Begin + Length)) {
      Diags.error(Line, Column, "the file is not valid UTF-8");
      return false;
    }
    if (static_cast<unsigned char>(*P) < 0x20 && *P != '\n' && *P != '\r') {
      Diags.error(Line, Column,
                  *P == '\t' ? "tabs are not allowed, use spaces"
                             : "control characters are not allowed");
      return false;
    }
    ++Column;
    if (*P == '\n') {
      ++Line;
      Column = 1;
    }
    P += Length;
  }
  return true;
}

} // namespace

std::optional<YamlNode> readYaml(StringRef Text, Diagnostics &Diags,
                                 StringRef Expected) {
  if (!checkText(Text, Diags))
    return std::nullopt;
  return TreeBuilder(Text, Diags, Expected).build();
}

} // namespace fencedep

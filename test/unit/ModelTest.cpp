//===- ModelTest.cpp - looking up, merging, surviving hostile texts -------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What test/model cannot ask from outside.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Model/Model.h"
#include "fencedep/Model/Embedded.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace fencedep;

namespace {

std::string messageOf(Error E) { return E ? toString(std::move(E)) : ""; }

/// The mistakes in \p Text, or "".
std::string mistakes(StringRef Text) {
  Model M;
  return messageOf(addModel(M, Text, "m.yaml"));
}

Model model(std::vector<StringRef> Texts) {
  Model M;
  for (StringRef Text : Texts)
    EXPECT_EQ("", messageOf(addModel(M, Text, "m.yaml")));
  M.index();
  return M;
}

StringRef sourceOf(const Model &M, StringRef Name) {
  const FunctionModel *F = M.function(Name);
  return F ? StringRef(F->Source) : "";
}

TEST(Model, FunctionLookUp) {
  const Model M = model({R"(
version: 1
vocabulary: {same-suffixes: [_noprof]}
functions:
  - {name: "trace_*", source: first glob, leaf: true}
  - {name: "trace_x*", source: second glob, leaf: true}
  - {name: [trace_exact, kmalloc], source: exact, leaf: true}
  - {name: kzalloc_noprof, source: suffix, leaf: true}
)"});
  EXPECT_EQ("exact", sourceOf(M, "kmalloc"));
  EXPECT_EQ("exact", sourceOf(M, "kmalloc_noprof"));
  EXPECT_EQ("suffix", sourceOf(M, "kzalloc_noprof"));
  EXPECT_EQ("", sourceOf(M, "kzalloc"));
  EXPECT_EQ("exact", sourceOf(M, "trace_exact"));
  EXPECT_EQ("first glob", sourceOf(M, "trace_xyz"));
  EXPECT_EQ("", sourceOf(M, "_noprof"));
}

TEST(Model, LaterGlobsWin) {
  const Model M =
      model({"version: 1\n"
             "functions: [{name: 'a*', source: old, leaf: true}]\n",
             "version: 1\n"
             "functions: [{name: 'ab*', source: new, leaf: true}]\n"});
  EXPECT_EQ("new", sourceOf(M, "abc"));
  EXPECT_EQ("old", sourceOf(M, "acc"));
}

TEST(Model, FieldLookUp) {
  const Model M = model({R"(
version: 1
fields:
  - {field: "ops::*", kind: bus, source: all}
  - {field: ops::f, kind: barrier, source: one}
lock-places:
  - {field: dma_resv::lock, class: c, source: s}
)"});
  EXPECT_TRUE(M.field("ops", "f", FieldModel::Bus));
  EXPECT_TRUE(M.field("ops", "f", FieldModel::Barrier));
  EXPECT_TRUE(M.field("ops", "g", FieldModel::Bus));
  EXPECT_FALSE(M.field("ops", "g", FieldModel::Barrier));
  EXPECT_FALSE(M.field("op", "f", FieldModel::Bus));
  EXPECT_EQ("c", M.lockClass("dma_resv", "lock"));
  EXPECT_EQ("", M.lockClass("dma_resv", "seq"));
}

TEST(Model, VocabularyHasWhatEntriesMention) {
  const Model M = model({R"(
version: 1
functions:
  - {name: f, source: s, faults: true, when: ["arg1 & RPM_ASYNC == 0x4"]}
macros:
  - {name: get_user, source: s, faults: true}
)"});
  EXPECT_EQ(std::vector<std::string>{"RPM_ASYNC"}, M.Vocab.Constants);
  EXPECT_EQ(std::vector<std::string>{"get_user"}, M.Vocab.Macros);
}

TEST(Model, MistakesChangeNothing) {
  Model M;
  EXPECT_NE("", messageOf(addModel(M,
                                   "version: 1\n"
                                   "functions:\n"
                                   "  - {name: f, source: s, leaf: true}\n"
                                   "  - {name: g}\n",
                                   "m.yaml")));
  EXPECT_TRUE(M.Functions.empty());
}

// Entries of one embedded file must not hide those of another.
TEST(Model, EmbeddedFilesDoNotOverlap) {
  size_t Functions = 0, Fields = 0;
  for (const EmbeddedFile &File : embeddedModels()) {
    Model M;
    ASSERT_EQ("", messageOf(addModel(M, File.Text, File.Name)));
    Functions += M.Functions.size();
    Fields += M.Fields.size();
  }
  Expected<Model> All = loadModel({});
  ASSERT_TRUE(static_cast<bool>(All));
  EXPECT_EQ(Functions, All->Functions.size());
  EXPECT_EQ(Fields, All->Fields.size());
}

// Every prefix and every text with one byte changed is accepted or refused.
TEST(Model, SurvivesDamage) {
  const StringRef Text = R"(version: 1
functions:
  - name: [f, "g*"]
    source: |
      s
    runs: {arg: arg0, field: "a::b, c::d"}
    when: ["arg1 & X == 0"]
)";
  for (size_t I = 0; I != Text.size(); ++I) {
    mistakes(Text.take_front(I));
    for (char C : StringRef("\0\xff[]{}:-\"'|&*!?#%@,\n ", 20)) {
      std::string Damaged = Text.str();
      Damaged[I] = C;
      mistakes(Damaged);
    }
  }
}

TEST(Model, SurvivesDepthAndSize) {
  for (StringRef Unit : {"[", "{a: ", "- ", "? ", "a: ["}) {
    std::string Deep = "version: 1\nfunctions: ";
    for (unsigned I = 0; I != 100000; ++I)
      Deep += Unit;
    EXPECT_NE(std::string::npos, mistakes(Deep).find("error: ")) << Unit.str();
  }
  EXPECT_NE(std::string::npos,
            mistakes(std::string(17 << 20, 'a')).find("larger than 16 MiB"));
}

} // namespace

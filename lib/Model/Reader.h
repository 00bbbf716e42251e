//===- Reader.h - reading the parts of a model entry ---------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every kind of mapping in a model file is one call of mapping() with the keys
// it may have; everything else reads one value and says at its position what is
// wrong with it.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_MODEL_READER_H
#define FENCEDEP_LIB_MODEL_READER_H

#include "Syntax.h"
#include "Yaml.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <functional>

namespace fencedep {

class Reader {
public:
  explicit Reader(Diagnostics &Diags) : Diags(Diags) {}

protected:
  struct Key {
    llvm::StringRef Name;
    std::function<void(const YamlNode &)> Read;
  };

  void error(const YamlNode &At, const llvm::Twine &Message);
  void mapping(const YamlNode &N, llvm::StringRef What,
               llvm::ArrayRef<Key> Keys);
  void list(const YamlNode &N, llvm::StringRef What,
            llvm::function_ref<void(const YamlNode &)> Item);
  /// Complains if \p Entry lacks one of \p Keys.
  void require(const YamlNode &Entry, llvm::StringRef What,
               llvm::ArrayRef<llvm::StringRef> Keys);
  /// Complains if \p Name was seen before; \p Seen has the lines.
  void unique(const YamlNode &At, llvm::StringRef Name,
              llvm::StringMap<unsigned> &Seen);

  bool text(const YamlNode &N, std::string &Value);
  /// One text or a list of them.
  void texts(const YamlNode &N, std::vector<std::string> &Values);
  void identifier(const YamlNode &N, std::string &Value);
  void flag(const YamlNode &N, bool &Value);
  void arg(const YamlNode &N, std::optional<unsigned> &Value);

  /// \p Value is what one of Syntax.h's parsers made of the text.
  template <class T>
  void parsed(const YamlNode &N, std::optional<T> Value, llvm::StringRef Legal,
              T &Out) {
    if (N.K != YamlNode::Scalar)
      return error(N, "expected " + Legal);
    if (!Value)
      return error(N, "'" + N.Text + "' is not " + Legal);
    Out = std::move(*Value);
  }

  template <class T, size_t Size>
  void word(const YamlNode &N, const Word<T> (&Words)[Size], T &Value) {
    for (const Word<T> &W : Words)
      if (N.K == YamlNode::Scalar && N.Text == W.Text) {
        Value = W.Value;
        return;
      }
    error(N, "illegal value '" + N.Text + "'; legal values are " +
                 listWords(Words));
  }

  Diagnostics &Diags;
};

} // namespace fencedep

#endif // FENCEDEP_LIB_MODEL_READER_H

//===- Yaml.h - YAML as a tree with positions
//-------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's YAML reader hands out nodes once and in order, and some malformed
// texts make it fail late. A model or a configuration is small, so it is read
// into a plain tree first: every node knows its line and column, and what comes
// after this step deals with meaning only.
//
// Not supported, on purpose: anchors, aliases, tags, several documents in a
// file.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_MODEL_YAML_H
#define FENCEDEP_LIB_MODEL_YAML_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace fencedep {

/// Collects "FILE:LINE:COL: error: ..." lines.
class Diagnostics {
public:
  explicit Diagnostics(llvm::StringRef File) : File(File) {}

  void error(unsigned Line, unsigned Column, const llvm::Twine &Message);
  bool empty() const { return Lines.empty(); }
  size_t size() const { return Lines.size() + Dropped; }
  llvm::StringRef file() const { return File; }

  /// All lines as one error; success if there is none.
  llvm::Error take();

private:
  /// Enough to repair a file in one go, few enough to read.
  static constexpr size_t MaxErrors = 50;

  std::string File;
  std::vector<std::string> Lines;
  size_t Dropped = 0;
};

struct YamlNode {
  enum Kind : uint8_t { Null, Scalar, Sequence, Mapping } K = Null;
  std::string Text;            ///< Scalar
  bool Plain = false;          ///< Scalar: not quoted
  std::vector<YamlNode> Keys;  ///< Mapping: scalars, without duplicates
  std::vector<YamlNode> Items; ///< Sequence; Mapping: the value of each key
  unsigned Line = 1, Column = 1;
};

/// Reads the one document in \p Text. Null if there is a mistake, in which case
/// \p Diags has it. \p Expected: what to say if there is nothing.
std::optional<YamlNode> readYaml(llvm::StringRef Text, Diagnostics &Diags,
                                 llvm::StringRef Expected);

} // namespace fencedep

#endif // FENCEDEP_LIB_MODEL_YAML_H

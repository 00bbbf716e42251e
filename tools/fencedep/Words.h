//===- Words.h - options with named values --------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// LLVM's registry of options does not tell which values an option has. Those
// defined with words() instead of cl::values() are known here, to --help,
// completion and configurations.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_TOOLS_WORDS_H
#define FENCEDEP_TOOLS_WORDS_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/CommandLine.h"
#include <functional>

namespace fencedep {

struct WordOption {
  const llvm::cl::generic_parser_base *Words; ///< names and descriptions
  std::function<llvm::StringRef()> Current;   ///< the name of the value now
};

inline auto &wordOptions() {
  static llvm::DenseMap<const llvm::cl::Option *, WordOption> Known;
  return Known;
}

/// Says which values there are, if it is given another one.
template <class Value> class WordParser : public llvm::cl::parser<Value> {
public:
  using llvm::cl::parser<Value>::parser;

  bool parse(llvm::cl::Option &O, llvm::StringRef Name, llvm::StringRef Text,
             Value &V) {
    if (this->findOption(Text) != this->getNumOptions())
      return llvm::cl::parser<Value>::parse(O, Name, Text, V);
    std::string Legal;
    for (unsigned I = 0; I != this->getNumOptions(); ++I)
      Legal += (I ? ", " : "") + this->getOption(I).str();
    return O.error("'" + Text + "' is none of " + Legal);
  }
};

template <class Value>
using WordOpt =
    llvm::cl::opt<Value, /*ExternalStorage=*/false, WordParser<Value>>;

/// As cl::values() returns it, and it enters the option into wordOptions().
class Words {
public:
  explicit Words(llvm::cl::ValuesClass Values) : Values(std::move(Values)) {}

  template <class Value> void apply(WordOpt<Value> &O) const {
    Values.apply(O);
    auto Current = [&O] {
      const llvm::cl::generic_parser_base &P = O.getParser();
      llvm::cl::OptionValue<Value> Now(O.getValue());
      for (unsigned I = 0; I != P.getNumOptions(); ++I)
        if (P.getOptionValue(I).compare(Now))
          return P.getOption(I);
      return llvm::StringRef();
    };
    wordOptions()[&O] = {&O.getParser(), Current};
  }

private:
  llvm::cl::ValuesClass Values;
};

template <class... Values> Words words(Values... V) {
  return Words(llvm::cl::values(V...));
}

} // namespace fencedep

#endif // FENCEDEP_TOOLS_WORDS_H

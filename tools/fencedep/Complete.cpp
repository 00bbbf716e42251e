//===- Complete.cpp - completion in shells --------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     fencedep --complete WORD...
//
// The scripts in completion/ ask the program itself, for which the last WORD
// is to be completed, and so know each option of the version that is installed.
//
//===----------------------------------------------------------------------===//

#include "Help.h"
#include "Options.h"

using namespace llvm;
using namespace fencedep;

namespace {

/// Prints those candidates that begin as the word does.
class Candidates {
public:
  Candidates(StringRef Word, raw_ostream &OS) : Word(Word), OS(OS) {}

  void offer(const Twine &Text, StringRef Help) {
    std::string Candidate = Text.str();
    if (StringRef(Candidate).starts_with(Word))
      OS << Candidate << (Help.empty() ? "" : "\t") << Help << '\n';
  }

private:
  StringRef Word;
  raw_ostream &OS;
};

} // namespace

static void offerRules(StringRef Before, Candidates &Out) {
  for (const Rule &R : allRules())
    Out.offer(Before + R.Id, R.Summary);
}

/// \p Before: what stands on the command line before the value, as it is part
/// of the word.
static void offerValues(const OptionText &O, StringRef Before, StringRef Value,
                        Candidates &Out) {
  for (const auto &[Word, Help] : O.Words)
    Out.offer(Before + Word, Help);
  if (O.Name == "--rules") {
    // The last of the list, behind its sign.
    size_t Comma = Value.rfind(',');
    size_t Last = Comma == StringRef::npos ? 0 : Comma + 1;
    if (Last < Value.size() && (Value[Last] == '-' || Value[Last] == '+'))
      ++Last;
    offerRules((Before + Value.take_front(Last)).str(), Out);
  }
  if (O.Name != "--root-group")
    return;
  Expected<Model> M = loadModel({});
  if (!M)
    return consumeError(M.takeError());
  for (const RootModel &R : M->Roots)
    if (!R.Default)
      Out.offer(Before + R.Id, R.Why);
}

static void offerOptions(ArrayRef<OptionText> Options, Candidates &Out) {
  for (const OptionText &O : Options)
    Out.offer(O.Name + (O.takesValue() && O.isLong() ? "=" : ""), O.Help);
  Out.offer("--help", "say how this command is used");
}

static const OptionText *named(ArrayRef<OptionText> Options, StringRef Name) {
  const auto *It =
      find_if(Options, [&](const OptionText &O) { return O.Name == Name; });
  return It == Options.end() ? nullptr : It;
}

void fencedep::complete(ArrayRef<StringRef> Words, raw_ostream &OS) {
  StringRef Word = Words.empty() ? "" : Words.back();
  Candidates Out(Word, OS);
  if (Words.size() < 2) {
    for (const cl::SubCommand *Sub : allCommands())
      Out.offer(Sub->getName(), Sub->getDescription());
    Out.offer("--help", "say which commands there are");
    Out.offer("--version", "say which version this is");
    return;
  }
  const cl::SubCommand *Command = commandNamed(Words.front());
  if (!Command || is_contained(Words.drop_back(), "--"))
    return;
  std::vector<OptionText> Options = optionsOf(*Command);
  if (const OptionText *O = named(Options, Words[Words.size() - 2]);
      O && O->takesValue())
    return offerValues(*O, "", Word, Out);
  if (auto [Name, Value] = Word.split('='); Name.size() != Word.size()) {
    if (const OptionText *O = named(Options, Name))
      offerValues(*O, (Name + "=").str(), Value, Out);
    return;
  }
  if (Word.starts_with("-"))
    return offerOptions(Options, Out);
  if (Command->getName() == "explain")
    offerRules("", Out);
}

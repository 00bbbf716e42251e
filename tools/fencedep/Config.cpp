//===- Config.cpp - a project's settings, and the command line ------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The command line is one more configuration, nearer than all files. What they
// say together is put into the options, so that nobody else has to ask where a
// setting came from.
//
// One run has one configuration: that of its first PATH. Another PATH below
// another file is told.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Config/Config.h"
#include "Options.h"
#include "Words.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;
using namespace fencedep;

/// What applies; kept to say where a setting came from.
static Config Effective;

static cl::SubCommand &currentCommand() {
  for (cl::SubCommand *Sub : cl::getRegisteredSubcommands())
    if (*Sub)
      return *Sub;
  return cl::SubCommand::getTopLevel();
}

/// The command's option for \p K, if it has one.
static cl::Option *optionFor(const ConfigKey &K) {
  return currentCommand().OptionsMap.lookup(K.Flag);
}

/// Options for lists are lists of texts, those for paths are texts.
static auto &listOption(cl::Option &O) {
  return static_cast<cl::list<std::string> &>(O);
}
static auto &textOption(cl::Option &O) {
  return static_cast<cl::opt<std::string> &>(O);
}

static void addGiven(const ConfigKey &K, cl::Option &O, Config &C) {
  std::string Flag = ((K.Flag.size() == 1 ? "-" : "--") + K.Flag).str();
  std::vector<std::string> Texts;
  if (K.isList())
    Texts = listOption(O);
  else if (K.K == ConfigKey::Word)
    Texts = {wordOptions()[&O].Current().str()};
  else
    Texts = {textOption(O)};
  bool Paths = K.K != ConfigKey::Word && K.K != ConfigKey::Rules &&
               K.K != ConfigKey::Names;
  for (std::string &Text : Texts)
    C.Values[K.Name].push_back(
        {Paths ? makeAbsolute(Text, currentDir()) : Text, Flag});
}

/// The command line as a configuration.
static Config givenConfig() {
  Config C;
  for (const ConfigKey &K : configKeys())
    if (cl::Option *O = optionFor(K); O && O->getNumOccurrences())
      addGiven(K, *O, C);
  return C;
}

/// Has the command's options say what \p C says, where \p Files, and not the
/// command line alone, set it.
static void setOptions(const Config &C, const Config &Files) {
  for (const ConfigKey &K : configKeys()) {
    cl::Option *O = optionFor(K);
    if (!O || Files.texts(K.Name).empty())
      continue;
    if (K.isList())
      static_cast<std::vector<std::string> &>(listOption(*O)) = C.texts(K.Name);
    else if (!O->getNumOccurrences())
      O->addOccurrence(0, K.Flag, C.text(K.Name));
  }
}

/// What --config and --config-file say, or the files above \p From.
static Expected<Config> fileConfig(StringRef From) {
  if (NoConfig)
    return Config();
  if (!ConfigText.getNumOccurrences() && ConfigFile.empty())
    return findConfig(From);
  Expected<Config> Given =
      ConfigFile.empty()
          ? parseConfig(ConfigText, "--config", currentDir())
          : readConfigFile(makeAbsolute(ConfigFile, currentDir()));
  if (!Given || !Given->Inherit)
    return Given;
  Expected<Config> Found = findConfig(From);
  return Found ? overlay(*Given, *Found) : std::move(Found);
}

static Error checkFlags() {
  unsigned Given = (NoConfig ? 1 : 0) + (ConfigFile.empty() ? 0 : 1) +
                   (ConfigText.getNumOccurrences() ? 1 : 0);
  return Given > 1 ? createStringError("--config, --config-file and "
                                       "--no-config exclude each other")
                   : Error::success();
}

/// How many inputs are no PATHs: functions, a log.
static size_t inputsBeforePaths() {
  if (WhyCommand || WhyNotCommand)
    return 2;
  return SplatCommand || (GraphCommand && GraphLock.empty()) ? 1 : 0;
}

/// Where the search for a configuration begins.
static std::vector<std::string> starts() {
  std::vector<std::string> From = absoluteInputs();
  From.erase(From.begin(),
             From.begin() + std::min(inputsBeforePaths(), From.size()));
  if (From.empty())
    From.push_back(BuildDir.empty() ? currentDir()
                                    : makeAbsolute(BuildDir, currentDir()));
  return From;
}

/// Says that files above other PATHs than the first have no say.
static void sayUnused(const Config &Used) {
  StringSet<> Told;
  for (const std::string &File : Used.Files)
    Told.insert(File);
  if (NoConfig || ConfigText.getNumOccurrences() || !ConfigFile.empty())
    return;
  std::vector<std::string> All = starts();
  for (const std::string &From : ArrayRef(All).drop_front()) {
    Expected<Config> Other = findConfig(From);
    if (!Other) {
      consumeError(Other.takeError());
      continue;
    }
    if (!Other->Files.empty() && Told.insert(Other->Files.front()).second)
      errs() << "fencedep: note: " << Other->Files.front()
             << " is not used: the first PATH decides\n";
  }
}

/// A baseline in a file is for ordinary runs: --diff says itself what is new,
/// and --write-baseline may be about to make it.
static void dropBaseline(Config &Files) {
  std::string Known = Files.text("Baseline");
  if (DiffBase.getNumOccurrences() ||
      (!NewBaseline.empty() && !sys::fs::exists(Known)))
    Files.Values.erase("Baseline");
}

Error fencedep::applyConfig(StringRef From) {
  if (Error E = checkFlags())
    return E;
  Expected<Config> Files = fileConfig(From);
  if (!Files)
    return Files.takeError();
  dropBaseline(*Files);
  if (Error E = checkRules(*Files))
    return E;
  Effective = overlay(givenConfig(), *Files);
  setOptions(Effective, *Files);
  return Error::success();
}

Error fencedep::applyConfig() {
  if (!currentCommand().OptionsMap.count("config") || CcCommand)
    return Error::success();
  if (Error E = applyConfig(starts().front()))
    return E;
  sayUnused(Effective);
  return Error::success();
}

std::string fencedep::whereSet(StringRef Key, StringRef Text) {
  auto It = Effective.Values.find(Key);
  if (It != Effective.Values.end())
    for (const ConfigValue &V : It->getValue())
      if (V.Text == Text && StringRef(V.Where).contains(':'))
        return V.Where + ": error: ";
  return "";
}

/// check --dump-config
static int dump() {
  if (Error E = applyConfig())
    return fail(std::move(E));
  Error E = writeOutput([](raw_ostream &OS) { dumpConfig(Effective, OS); });
  return E ? fail(std::move(E)) : ExitClean;
}

static Error checkWhole(const Config &C) {
  Expected<Model> M = loadModel(C.texts("Models"));
  return M ? checkConfig(C, *M) : M.takeError();
}

/// check --verify-config
static int verify() {
  if (Error E = checkFlags())
    return fail(std::move(E));
  int Status = ExitClean;
  StringSet<> Done;
  for (const std::string &From : starts()) {
    Expected<Config> C = fileConfig(From);
    Error E = C ? checkWhole(*C) : C.takeError();
    if (E) {
      std::string Message = toString(std::move(E));
      Status = Done.insert(Message).second ? fail(Message) : Status;
      continue;
    }
    if (C->Files.empty())
      outs() << "no configuration above " << From << '\n';
    for (const std::string &File : C->Files)
      if (Done.insert(File).second)
        outs() << "no mistakes in " << File << '\n';
  }
  return Status;
}

bool fencedep::asksForConfig() {
  return DumpConfig || VerifyConfig || PrintConfigSchema;
}

int fencedep::runConfig() {
  if (Error E = checkOutput())
    return fail(std::move(E));
  if (VerifyConfig)
    return verify();
  if (DumpConfig)
    return dump();
  Error E = writeOutput(printConfigSchema);
  return E ? fail(std::move(E)) : ExitClean;
}

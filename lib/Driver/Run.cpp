//===- Run.cpp - summarise the units of a scope ---------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     1. load what the cache still has                        (all units)
//     2. claim the header bodies that it provides
//     3. extract the rest; each header body goes to one unit  (misses)
//     4. where bodies are lacking, take them from what the cache has of units
//        outside the scope, or extract again, until none is
//     5. write the cache's index
//
// Which unit gets a header body depends on timing. Their union does not, but
// for bodies that nobody refers to: after step 4 every body that some unit
// needs, as it needs it, is there.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Run.h"
#include "fencedep/Driver/Adjust.h"
#include "fencedep/Driver/Bodies.h"
#include "fencedep/Driver/Cache.h"
#include "fencedep/Driver/ProgramFile.h"
#include "fencedep/Driver/Progress.h"
#include "fencedep/Extract/Extract.h"
#include "fencedep/Rules/Check.h"
#include "fencedep/Support/Parallel.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>
#include <map>
#include <set>

using namespace llvm;
using namespace fencedep;

/// Clang recurses with the depth of the source; pages that are not used cost
/// nothing.
static constexpr unsigned StackSize = 64 << 20;

/// Each round of step 4 can uncover needs of the bodies that it added.
static constexpr unsigned MaxRounds = 8;

namespace {

using Clock = std::chrono::steady_clock;

class Runner {
public:
  Runner(const Database &Db, const Scope &S, const RunOptions &Opts)
      : Db(Db), Chosen(S.Units), Opts(Opts), Keys(Chosen.size()),
        Units(Chosen.size()), Failures(Chosen.size()) {}

  Expected<RunResult> run();

private:
  Error openCache();
  std::optional<Unit> load(const CacheKey &Key);
  void loadCached();
  void claimProvided();
  void extractMisses();
  std::map<size_t, StringSet<>> missing() const;
  void borrowFromCache(const std::map<size_t, StringSet<>> &Wanted);
  void completeBodies();
  void finishCache();
  void noteProgram();
  RunResult result();

  void extract(size_t I, const StringSet<> &Force);
  void say(const Twine &Message);
  void sayDropped();

  const BuildCommand &command(size_t I) const { return Db.Commands[Chosen[I]]; }

  const Database &Db;
  ArrayRef<unsigned> Chosen;
  const RunOptions &Opts;
  Cache Summaries;
  std::optional<Cache> Current; ///< read only, see openCache
  Adjuster Adjust;
  BodyRegistry Bodies;
  std::vector<CacheKey> Keys;             ///< these three by position in Chosen
  std::vector<std::optional<Unit>> Units; ///
  std::vector<std::string> Failures;      ///< "": none
  std::map<std::string, unsigned> Dropped; ///< flag -> in how many units
  std::mutex DroppedLock;
  Clock::time_point Phase = Clock::now();

  std::vector<Unit> Borrowed; ///< header bodies of units outside the scope
};

} // namespace

/// Tells how long it took since the last message, too.
void Runner::say(const Twine &Message) {
  Clock::time_point Now = Clock::now();
  if (Opts.Verbose)
    errs() << "fencedep: " << Message
           << formatv(" ({0:f2} s)\n",
                      std::chrono::duration<double>(Now - Phase).count());
  Phase = Now;
}

/// An entry is found by its unit's command, not by the files' contents. If the
/// two sides of a change had one directory, each run would throw out what the
/// other needs, and so would the next run without a base. So the side before
/// the change writes to a directory of its own. It reads the other one, too:
/// entries of units that do not depend on the change are valid for both. Its
/// index is not written, as that says what the files contain now.
Error Runner::openCache() {
  if (Opts.CacheDir.empty())
    return Error::success();
  if (!Opts.Base)
    return Summaries.open(Opts.CacheDir);
  if (Error E = Current.emplace().open(Opts.CacheDir, Opts.Base))
    return E;
  SmallString<256> Own(Opts.CacheDir);
  sys::path::append(Own, "before");
  return Summaries.open(Own, Opts.Base);
}

std::optional<Unit> Runner::load(const CacheKey &Key) {
  std::optional<Unit> U = Summaries.load(Key);
  if (!U && Current)
    U = Current->load(Key);
  return U;
}

void Runner::loadCached() {
  if (Opts.CacheDir.empty())
    return;
  parallelFor(Opts.Jobs, Chosen.size(), [&](size_t I) {
    Keys[I] = Cache::key(command(I), Opts.Vocab);
    Units[I] = load(Keys[I]);
  });
  say(Twine(count_if(Units, [](const auto &U) { return U.has_value(); })) +
      " of " + Twine(Units.size()) + " units are in the cache");
}

void Runner::claimProvided() {
  for (const std::optional<Unit> &U : Units)
    if (U)
      for (StringRef Body : providedBodies(*U)) {
        auto [File, Key] = Body.split('\0');
        Bodies.claim(File, Key);
      }
}

void Runner::extract(size_t I, const StringSet<> &Force) {
  Expected<AdjustedCommand> Adjusted = Adjust.adjust(command(I));
  if (!Adjusted) {
    Failures[I] = toString(Adjusted.takeError());
    return;
  }
  {
    std::lock_guard<std::mutex> Guard(DroppedLock);
    if (Force.empty())
      for (const std::string &Flag : Adjusted->Dropped)
        ++Dropped[Flag];
  }
  ExtractOptions Options;
  Options.Vocab = Opts.Vocab;
  Options.FS = Opts.Base;
  Options.Bodies = &Bodies;
  Options.Force = Force;
  Failures[I].clear();
  // A crash on one unit leaks what it held and says so; the others go on.
  CrashRecoveryContext Recovery;
  bool Survived = Recovery.RunSafelyOnThread(
      [&] {
        Expected<Extracted> E = extractUnit(Adjusted->Command, Options);
        if (!E) {
          Failures[I] = toString(E.takeError());
          return;
        }
        if (!Opts.CacheDir.empty())
          Summaries.store(Keys[I], *E);
        Units[I] = std::move(E->U);
      },
      StackSize);
  if (!Survived)
    Failures[I] = command(I).File +
                  ": error: the analysis of this unit crashed (a bug "
                  "in fencedep; please report it)";
}

void Runner::extractMisses() {
  std::vector<size_t> Misses;
  for (size_t I = 0; I != Units.size(); ++I)
    if (!Units[I])
      Misses.push_back(I);
  if (Misses.empty())
    return;
  Progress Shown(Misses.size());
  parallelFor(Opts.Jobs, Misses.size(), [&](size_t M) {
    size_t I = Misses[M];
    extract(I, {});
    Shown.done(relativePath(command(I).File, Db.Dir), !Failures[I].empty());
  });
  say("extracted " + Twine(Misses.size()) + " units");
}

void Runner::borrowFromCache(const std::map<size_t, StringSet<>> &Wanted) {
  std::vector<bool> InScope(Db.Commands.size());
  for (unsigned I : Chosen)
    InScope[I] = true;
  std::vector<std::optional<Unit>> Loaded(Db.Commands.size());
  parallelFor(Opts.Jobs, Loaded.size(), [&](size_t I) {
    if (InScope[I])
      return;
    if (std::optional<Unit> U = load(Cache::key(Db.Commands[I], Opts.Vocab)))
      Loaded[I] = onlyBodies(std::move(*U));
  });
  std::vector<Unit> Donors;
  for (std::optional<Unit> &U : Loaded)
    if (U && !U->Functions.empty())
      Donors.push_back(std::move(*U));
  std::vector<const Unit *> Present;
  for (const std::optional<Unit> &U : Units)
    if (U)
      Present.push_back(&*U);
  StringSet<> Names;
  for (const auto &[I, Bodies] : Wanted)
    for (const auto &Name : Bodies)
      Names.insert(Name.first());
  size_t Count = Donors.size();
  Borrowed = borrowBodies(std::move(Donors), Present, Names);
  say("took header functions from " + Twine(Borrowed.size()) + " of " +
      Twine(Count) + " kept units outside the scope");
}

std::map<size_t, StringSet<>> Runner::missing() const {
  std::vector<const Unit *> Present;
  std::vector<size_t> Numbers;
  for (size_t I = 0; I != Units.size(); ++I)
    if (Units[I]) {
      Present.push_back(&*Units[I]);
      Numbers.push_back(I);
    }
  for (const Unit &U : Borrowed)
    Present.push_back(&U);
  std::map<size_t, StringSet<>> Result;
  for (const auto &[Index, Names] : missingBodies(Present))
    if (Index < Numbers.size())
      for (const std::string &Name : Names)
        Result[Numbers[Index]].insert(Name);
  return Result;
}

void Runner::completeBodies() {
  std::map<size_t, StringSet<>> Wanted = missing();
  if (!Wanted.empty() && !Opts.CacheDir.empty() &&
      Chosen.size() != Db.Commands.size()) {
    borrowFromCache(Wanted);
    Wanted = missing();
  }
  std::set<std::pair<size_t, std::string>> Asked;
  for (unsigned Round = 0; Round != MaxRounds; ++Round, Wanted = missing()) {
    std::vector<std::pair<size_t, StringSet<>>> Work;
    size_t Count = 0;
    for (auto &[I, Names] : Wanted) {
      StringSet<> Force;
      for (const auto &Name : Names)
        if (Asked.emplace(I, Name.first().str()).second)
          Force.insert(Name.first());
      Count += Force.size();
      if (!Force.empty())
        Work.emplace_back(I, std::move(Force));
    }
    if (Work.empty())
      return;
    Progress Shown(Work.size());
    parallelFor(Opts.Jobs, Work.size(), [&](size_t W) {
      auto &[I, Force] = Work[W];
      // What the unit provides already it must provide again.
      for (const std::string &Body : providedBodies(*Units[I]))
        Force.insert(Body);
      extract(I, Force);
      Shown.done(relativePath(command(I).File, Db.Dir), !Failures[I].empty());
    });
    say("extracted " + Twine(Work.size()) + " units again for " + Twine(Count) +
        " header functions");
  }
}

void Runner::finishCache() {
  if (Opts.CacheDir.empty())
    return;
  bool Complete = Chosen.size() == Db.Commands.size();
  Summaries.finish(Complete ? &Keys : nullptr);
  if (unsigned Lost = Summaries.storeFailures())
    errs() << "fencedep: warning: " << Lost
           << " files could not be written to the cache in " << Opts.CacheDir
           << '\n';
  if (!Opts.Base) // editors want the program as it is
    noteProgram();
  say("the cache is up to date");
}

void Runner::noteProgram() {
  std::vector<ProgramFile::Entry> Entries;
  for (size_t I = 0; I != Units.size(); ++I)
    if (Units[I])
      Entries.push_back({Keys[I], Units[I]->MainFile});
  if (Error E = writeProgramFile(Opts.CacheDir, Db.Dir, Entries, Borrowed))
    errs() << "fencedep: warning: " << toString(std::move(E)) << '\n';
}

static void sayDropped(StringRef Flag, unsigned Commands) {
  errs() << "fencedep: dropped '" << Flag
         << "', which clang does not accept, from " << Commands
         << (Commands == 1 ? " command\n" : " commands\n");
}

void Runner::sayDropped() {
  if (Opts.Verbose)
    for (const auto &[Flag, Count] : Dropped)
      ::sayDropped(Flag, Count);
}

RunResult Runner::result() {
  RunResult Result;
  for (size_t I = 0; I != Units.size(); ++I) {
    if (!Failures[I].empty())
      Result.Failed.push_back(
          {relativePath(command(I).File, Db.Dir), Failures[I]});
    else if (Units[I])
      Result.Units.push_back(std::move(*Units[I]));
  }
  Result.Analysed = Result.Units.size();
  std::move(Borrowed.begin(), Borrowed.end(), std::back_inserter(Result.Units));
  return Result;
}

Expected<RunResult> Runner::run() {
  if (Error E = openCache())
    return std::move(E);
  CrashRecoveryContext::Enable();
  loadCached();
  claimProvided();
  // From here on the registry knows every body that need not be parsed.
  extractMisses();
  completeBodies();
  // Units and Failures are final.
  CrashRecoveryContext::Disable();
  finishCache();
  sayDropped();
  return result();
}

std::string fencedep::relativePath(StringRef File, StringRef Dir) {
  StringRef Rest = File;
  if (Rest.consume_front(Dir.rtrim('/')) && Rest.consume_front("/"))
    return Rest.str();
  return File.str();
}

void fencedep::warnMissingBodies(ArrayRef<Unit> Units, bool Verbose) {
  constexpr size_t MaxNamed = 3;
  std::vector<const Unit *> Pointers;
  for (const Unit &U : Units)
    Pointers.push_back(&U);
  std::set<std::string> Missing;
  for (auto &[Index, Names] : missingBodies(Pointers))
    Missing.insert(Names.begin(), Names.end());
  if (Missing.empty())
    return;
  errs() << "fencedep: warning: " << Missing.size()
         << " header functions have no body in these summaries:";
  size_t Named = 0;
  for (StringRef Name : Missing) {
    if (Named++ == MaxNamed && !Verbose) {
      errs() << " ... (-v lists them)";
      break;
    }
    auto [File, Key] = Name.split('\0');
    errs() << (Verbose ? "\n  " : " ") << Key
           << (Verbose ? " in " + File.str() : "");
  }
  errs() << '\n';
}

Expected<Unit> fencedep::summarizeOne(const BuildCommand &Command,
                                      const Vocabulary &Vocab, bool Verbose) {
  Adjuster Adjust;
  Expected<AdjustedCommand> Adjusted = Adjust.adjust(Command);
  if (!Adjusted)
    return Adjusted.takeError();
  if (Verbose)
    for (const std::string &Flag : Adjusted->Dropped)
      sayDropped(Flag, 1);
  ExtractOptions Options;
  Options.Vocab = Vocab;
  Expected<Extracted> E = extractUnit(Adjusted->Command, Options);
  if (!E)
    return E.takeError();
  return std::move(E->U);
}

Expected<RunResult> fencedep::summarize(const Database &Db, const Scope &S,
                                        const RunOptions &Opts) {
  return Runner(Db, S, Opts).run();
}

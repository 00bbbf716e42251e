//===- Scope.cpp - from PATHs to units ------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     PATHs -> their units -> those units' modules -> names in their text
//           -> modules that export such a name -> ... until nothing is added
//
// A unit's module is what the build says on its command line. What a module
// offers is what it exports; units that are linked into the program itself
// offer every function that is not static. The closure ends because modules are
// only ever added.
//
// Names that only a header's macro or inline function mentions are followed as
// well: a header's function is a name that stands for the names in its body.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Scope.h"
#include "fencedep/Driver/Headers.h"
#include "fencedep/Support/Parallel.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace fencedep;

/// True if \p File is \p Path or below it.
static bool isUnder(StringRef File, StringRef Path) {
  return File.consume_front(Path) &&
         (File.empty() || File.starts_with("/") || Path.ends_with("/"));
}

/// The units that \p Paths name.
static Expected<std::vector<bool>> unitsUnder(const Database &Db,
                                              ArrayRef<std::string> Paths) {
  std::vector<bool> Result(Db.Commands.size(), Paths.empty());
  for (StringRef Path : Paths) {
    bool Any = false;
    SmallString<256> Real;
    if (sys::fs::real_path(Path, Real))
      return createStringError("no such file or directory: '" + Path + "'");
    for (size_t I = 0; I != Result.size(); ++I)
      if (isUnder(Db.Commands[I].File, Path) ||
          isUnder(Db.Commands[I].File, Real)) {
        Result[I] = true;
        Any = true;
      }
    if (!Any)
      return createStringError("no unit of " + Db.Path + " is '" + Path +
                               "' or below it");
  }
  return Result;
}

namespace {

/// The modules of a database, and the growing set of those that are needed.
class Modules {
public:
  Modules(const Database &Db, const Vocabulary &Vocab, unsigned Jobs,
          vfs::FileSystem &FS)
      : Db(Db), Vocab(Vocab), Jobs(Jobs), FS(FS), Headers(FS) {}

  /// False if the build does not tell modules apart.
  bool find();
  /// Which symbol comes from which modules.
  void readExports();
  /// Extends \p Wanted until all that it uses is in it.
  void close(std::vector<bool> &Wanted);

private:
  /// The names in the unit's text that may lead to another module.
  std::vector<std::string> mentioned(unsigned Unit) const;
  /// The modules that using \p Name needs, but for what was found before.
  SmallVector<unsigned, 8> usedBy(StringRef Name);

  const Database &Db;
  const Vocabulary &Vocab;
  unsigned Jobs;
  vfs::FileSystem &FS;
  std::vector<unsigned> ModuleOf;           ///< by unit
  std::vector<bool> Loadable;               ///< by unit
  std::vector<std::vector<unsigned>> Units; ///< by module
  StringMap<SmallVector<unsigned, 1>> Exporters;
  HeaderNames Headers;
  StringSet<> Followed; ///< names that usedBy has dealt with
};

} // namespace

static std::unique_ptr<MemoryBuffer> read(vfs::FileSystem &FS, StringRef File) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = FS.getBufferForFile(
      File, /*FileSize=*/-1, /*RequiresNullTerminator=*/false);
  return Buffer ? std::move(*Buffer) : MemoryBuffer::getMemBuffer("");
}

bool Modules::find() {
  std::vector<std::string> Names(Db.Commands.size());
  std::vector<char> IsLoadable(Db.Commands.size());
  std::atomic<bool> Any{false};
  parallelFor(Jobs, Db.Commands.size(), [&](size_t I) {
    const BuildCommand &Command = Db.Commands[I];
    if (std::optional<std::string> Name =
            Command.define(Vocab.ModuleNameMacro)) {
      Names[I] = *Name;
      Any = true;
    } else {
      Names[I] = Command.File;
    }
    IsLoadable[I] =
        !Vocab.ModuleMacro.empty() && Command.define(Vocab.ModuleMacro);
  });
  if (!Any)
    return false;
  StringMap<unsigned> Numbers;
  for (const std::string &Name : Names) {
    unsigned Module = Numbers.try_emplace(Name, Units.size()).first->second;
    if (Module == Units.size())
      Units.emplace_back();
    Units[Module].push_back(ModuleOf.size());
    ModuleOf.push_back(Module);
  }
  Loadable.assign(IsLoadable.begin(), IsLoadable.end());
  return true;
}

void Modules::readExports() {
  std::vector<std::vector<std::string>> Names(Db.Commands.size());
  parallelFor(Jobs, Db.Commands.size(), [&](size_t I) {
    std::unique_ptr<MemoryBuffer> Text = read(FS, Db.Commands[I].File);
    auto Add = [&](StringRef Name) { Names[I].push_back(Name.str()); };
    scanExports(Text->getBuffer(), Vocab, Add);
    if (!Loadable[I])
      scanFunctions(Text->getBuffer(),
                    [&](StringRef Name, bool Static, StringRef) {
                      if (!Static)
                        Add(Name);
                    });
  });
  for (size_t I = 0; I != Names.size(); ++I)
    for (const std::string &Name : Names[I])
      if (auto &Modules = Exporters[Name]; !is_contained(Modules, ModuleOf[I]))
        Modules.push_back(ModuleOf[I]);
}

std::vector<std::string> Modules::mentioned(unsigned Unit) const {
  StringSet<> Names;
  std::unique_ptr<MemoryBuffer> Text = read(FS, Db.Commands[Unit].File);
  scanIdentifiers(Text->getBuffer(), [&](StringRef Name) {
    if (Exporters.count(Name) || !Headers.behind(Name).empty())
      Names.insert(Name);
  });
  std::vector<std::string> Result;
  for (const auto &Name : Names)
    Result.push_back(Name.first().str());
  return Result;
}

SmallVector<unsigned, 8> Modules::usedBy(StringRef Name) {
  SmallVector<unsigned, 8> Result;
  SmallVector<StringRef, 32> Work{Name};
  while (!Work.empty()) {
    StringRef Next = Work.pop_back_val();
    if (!Followed.insert(Next).second)
      continue;
    if (auto It = Exporters.find(Next); It != Exporters.end())
      Result.append(It->second.begin(), It->second.end());
    append_range(Work, Headers.behind(Next));
  }
  return Result;
}

void Modules::close(std::vector<bool> &Wanted) {
  std::vector<bool> Taken(Units.size());
  std::vector<unsigned> Fresh;
  auto Take = [&](unsigned Module) {
    if (Taken[Module])
      return;
    Taken[Module] = true;
    for (unsigned Unit : Units[Module]) {
      Wanted[Unit] = true;
      Fresh.push_back(Unit);
    }
  };
  for (unsigned Unit = 0; Unit != Wanted.size(); ++Unit)
    if (Wanted[Unit])
      Take(ModuleOf[Unit]);
  while (!Fresh.empty()) {
    std::vector<unsigned> Round = std::move(Fresh);
    Fresh.clear();
    std::vector<const BuildCommand *> Commands;
    Commands.reserve(Round.size());
    for (unsigned Unit : Round)
      Commands.push_back(&Db.Commands[Unit]);
    Headers.add(Commands, Jobs);
    std::vector<std::vector<std::string>> Names(Round.size());
    parallelFor(Jobs, Round.size(),
                [&](size_t I) { Names[I] = mentioned(Round[I]); });
    for (const std::vector<std::string> &Mentioned : Names)
      for (StringRef Name : Mentioned)
        for (unsigned Module : usedBy(Name))
          Take(Module);
  }
}

Expected<Scope> fencedep::chooseScope(const Database &Db,
                                      ArrayRef<std::string> Paths,
                                      ScopeKind Kind, const Vocabulary &Vocab,
                                      unsigned Jobs, vfs::FileSystem &FS) {
  Expected<std::vector<bool>> Wanted = unitsUnder(Db, Paths);
  if (!Wanted)
    return Wanted.takeError();
  Scope Result;
  Result.UnderPaths = llvm::count(*Wanted, true);
  if (Kind == ScopeKind::All) {
    Wanted->assign(Db.Commands.size(), true);
  } else if (Kind == ScopeKind::Auto && !Paths.empty()) {
    Modules All(Db, Vocab, Jobs, FS);
    if (All.find()) {
      All.readExports();
      All.close(*Wanted);
    } else {
      Wanted->assign(Db.Commands.size(), true);
    }
  }
  Result.Units.reserve(Wanted->size());
  for (unsigned I = 0; I != Wanted->size(); ++I)
    if ((*Wanted)[I])
      Result.Units.push_back(I);
  return Result;
}

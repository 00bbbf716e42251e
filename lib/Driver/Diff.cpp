//===- Diff.cpp - what the sources were before a change -------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     revision   git diff --raw BASE      which files differ
//                git cat-file --batch     their contents in BASE
//
//     patch      git apply --numstat      which files it touches
//                git apply -R             on copies of these
//                git diff --no-index      which of them differ
//
// Patches are left to git as well: it knows mails, renames, modes and series of
// patches, and refuses names that lead out of the directory.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Diff.h"
#include "fencedep/Driver/Files.h"
#include "fencedep/Driver/Git.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace fencedep;

namespace {

/// Fills a Diff from one of the two kinds of bases.
class DiffReader {
public:
  DiffReader(const Database &Db, ArrayRef<std::string> Places)
      : Db(Db), Places(Places) {
    Result.Files = makeIntrusiveRefCnt<BaseFiles>();
  }

  Expected<Diff> read(StringRef Base);

private:
  Error readRevision(StringRef Revision);
  Error readPatch(std::unique_ptr<MemoryBuffer> Patch);
  Error addUntracked();
  Error checkUnits(StringRef Top);
  Expected<std::string> findTop();
  Expected<std::string> rootOf(ArrayRef<std::string> Names);
  Error copyTouched(ArrayRef<std::string> Names,
                    std::vector<std::string> &Excluded);
  void add(const RawChange &C, std::optional<std::string> Old);
  bool skips(const RawChange &C);
  std::string path(StringRef Name) const { return (Root + "/" + Name).str(); }

  const Database &Db;
  ArrayRef<std::string> Places;
  Git G;
  std::string Root; ///< what the names of the change are relative to
  Diff Result;
};

} // namespace

static Error failure(const Twine &Message) {
  return createStringError(inconvertibleErrorCode(), Message);
}

static bool isFile(StringRef Mode) { return Mode.starts_with("100"); }
static bool isNothing(StringRef Mode) { return Mode == "000000"; }

/// True for what is no file before or after: links, submodules. Notes them.
bool DiffReader::skips(const RawChange &C) {
  if (C.Status == 'U') // unmerged; the difference is told once more
    return true;
  if ((isFile(C.OldMode) || isNothing(C.OldMode)) &&
      (isFile(C.NewMode) || isNothing(C.NewMode)))
    return false;
  Result.Skipped.push_back(C.NewPath.str());
  return true;
}

void DiffReader::add(const RawChange &C, std::optional<std::string> Old) {
  if (C.Status == 'R') {
    // The build has no command for the old name any more. So the old content
    // stands under the new name, too.
    Result.OldNames[path(C.NewPath)] = path(C.OldPath);
    Result.Files->add(path(C.NewPath), Old);
  }
  if (C.Status != 'C')
    Result.Files->add(path(C.OldPath), std::move(Old));
  else
    Result.Files->add(path(C.NewPath), std::nullopt);
}

/// Fails unless the work tree \p Top has a unit that git does not ignore. A
/// revision of another repository would say that nothing was changed.
Error DiffReader::checkUnits(StringRef Top) {
  Expected<std::string> Names = G.run(
      Top, {"ls-files", "-z", "--cached", "--others", "--exclude-standard"});
  if (!Names)
    return Names.takeError();
  StringSet<> Known;
  eachName(*Names, [&](StringRef Name) {
    if (isSource(Name))
      Known.insert(Name);
  });
  auto IsKnown = [&](StringRef File) {
    return File.consume_front(Top.rtrim('/')) && File.consume_front("/") &&
           Known.contains(File);
  };
  SmallString<256> Real;
  if (any_of(Db.Commands,
             [&](const BuildCommand &C) { return IsKnown(C.File); }) ||
      any_of(Db.Commands, [&](const BuildCommand &C) {
        return !sys::fs::real_path(C.File, Real) && IsKnown(Real);
      }))
    return Error::success();
  return failure("none of its units belongs to the one in '" + Top + "'");
}

Expected<std::string> DiffReader::findTop() {
  std::string Said;
  for (StringRef Place : Places) {
    Expected<std::string> Top = G.run(
        sys::fs::is_directory(Place) ? Place : sys::path::parent_path(Place),
        {"rev-parse", "--show-toplevel"});
    if (!Top) {
      std::string Why = toString(Top.takeError());
      if (Said.empty())
        Said = ": " + Why;
      continue;
    }
    if (!Top->empty() && Top->back() == '\n')
      Top->pop_back();
    if (Error E = checkUnits(*Top))
      Said = ": " + toString(std::move(E));
    else
      return std::move(*Top);
  }
  return failure("the sources of " + Db.Path + " are in no git work tree" +
                 Said);
}

Error DiffReader::readRevision(StringRef Revision) {
  Expected<std::string> Top = findTop();
  if (!Top)
    return Top.takeError();
  Root = std::move(*Top);
  // Any tree will do, so that the empty one does, too. Git never sees the name
  // where it could be taken for an option.
  std::string Spec = (Revision + "^{tree}").str();
  Expected<std::string> Tree =
      Revision.starts_with("-")
          ? failure("")
          : G.run(Root, {"rev-parse", "--verify", "--quiet", "--end-of-options",
                         Spec});
  if (!Tree) {
    consumeError(Tree.takeError());
    return failure("'" + Revision +
                   "' is neither a patch file nor a revision of the git "
                   "repository in '" +
                   Root + "'");
  }
  std::string Hash = StringRef(*Tree).trim().str();
  Expected<std::string> Raw =
      G.run(Root, {"-c", "diff.autoRefreshIndex=true", "diff", "--raw", "-z",
                   "--no-abbrev", "-M", "--no-ext-diff", "--no-relative",
                   "--ignore-submodules=dirty", Hash, "--"});
  if (!Raw)
    return Raw.takeError();

  // All contents at once. They are what git stores; line ends that it would
  // convert on checkout make no difference to a compiler.
  std::vector<RawChange> Wanted;
  std::string Names;
  if (Error E = eachChange(*Raw, [&](const RawChange &C) {
        if (skips(C))
          return;
        if (isNothing(C.OldMode))
          return add(C, std::nullopt);
        Wanted.push_back(C);
        Names += (C.OldHash + "\n").str();
      }))
    return E;
  if (Error E = writeFile(G.temp("names"), StringRef(Names)))
    return E;
  Expected<std::string> Contents =
      G.run(Root, {"cat-file", "--batch"}, G.temp("names"));
  if (!Contents)
    return Contents.takeError();
  StringRef Rest = *Contents;
  for (const RawChange &C : Wanted) {
    // "HASH blob SIZE\n", the content, "\n"
    auto [Head, After] = Rest.split('\n');
    size_t Size = 0;
    if (!Head.consume_front(C.OldHash) || !Head.consume_front(" blob ") ||
        Head.getAsInteger(10, Size) || Size >= After.size())
      return failure("git cat-file: cannot read '" + C.OldPath + "' of '" +
                     Revision + "': " + Head);
    add(C, After.take_front(Size).str());
    Rest = After.drop_front(Size + 1);
  }
  return addUntracked();
}

/// A source that git was not told about yet is new as well. (Those that it has
/// to ignore are generated. Headers need no care: if only new code includes
/// them, nobody asks for them.)
Error DiffReader::addUntracked() {
  Expected<std::string> Others =
      G.run(Root, {"ls-files", "-z", "--others", "--exclude-standard",
                   "--full-name"});
  if (!Others)
    return Others.takeError();
  eachName(*Others, [&](StringRef Name) {
    if (isSource(Name))
      Result.Files->add(path(Name), std::nullopt);
  });
  return Error::success();
}

/// The directory that the patch is made for.
Expected<std::string> DiffReader::rootOf(ArrayRef<std::string> Names) {
  std::vector<std::string> Roots;
  if (Expected<std::string> Top = findTop())
    Roots.push_back(std::move(*Top));
  else
    consumeError(Top.takeError());
  for (StringRef Place : Places)
    if (SmallString<256> Real;
        sys::fs::is_directory(Place) && !sys::fs::real_path(Place, Real))
      Roots.emplace_back(Real);
  std::string Tried;
  for (const std::string &Candidate : Roots) {
    if (any_of(Names, [&](const std::string &Name) {
          return sys::fs::exists(Twine(Candidate) + "/" + Name);
        }))
      return Candidate;
    Tried += (Twine(Tried.empty() ? "'" : ", '") + Candidate + "'").str();
  }
  // What only deletes files leaves no trace.
  if (!Roots.empty() && Roots.front() != "/" &&
      any_of(Names, [&](const std::string &Name) {
        return sys::fs::exists(
            sys::path::parent_path(Roots.front() + "/" + Name));
      }))
    return Roots.front();
  return failure("no file of the patch is below " + Tried +
                 " (the first directory of its names is left out, as with "
                 "patch -p1)");
}

/// Puts what the patch touches into before/ and after/.
Error DiffReader::copyTouched(ArrayRef<std::string> Names,
                              std::vector<std::string> &Excluded) {
  for (StringRef Side : {"before", "after"})
    if (std::error_code EC = sys::fs::create_directory(G.temp(Side)))
      return failure("cannot create '" + G.temp(Side) + "': " + EC.message());
  for (StringRef Name : Names) {
    if (Name.empty() || sys::path::is_absolute(Name) ||
        is_contained(make_range(sys::path::begin(Name), sys::path::end(Name)),
                     ".."))
      return failure("the patch names '" + Name +
                     "', which is not below the sources");
    std::string Now = path(Name);
    if (sys::fs::is_symlink_file(Now) || sys::fs::is_directory(Now)) {
      Result.Skipped.push_back(Name.str());
      Excluded.push_back(Name.str());
      continue;
    }
    if (!sys::fs::is_regular_file(Now))
      continue; // it was deleted, or git will say what is wrong
    for (StringRef Side : {"before", "after"}) {
      std::string Copy = G.temp((Side + "/" + Name).str());
      std::error_code EC =
          sys::fs::create_directories(sys::path::parent_path(Copy));
      if (!EC)
        EC = sys::fs::copy_file(Now, Copy);
      if (EC)
        return failure("cannot copy '" + Twine(Now) + "' to '" + Copy +
                       "': " + EC.message());
    }
  }
  return Error::success();
}

/// The mails of a series (as git format-patch makes them) that have a patch, or
/// the whole. Git takes back a series that comes in one file only as long as
/// nothing is renamed in it.
static std::vector<StringRef> splitMails(StringRef Text) {
  constexpr size_t MinHash = 40;
  std::vector<StringRef> Mails;
  size_t Begin = 0;
  for (size_t At = 0; At != StringRef::npos;) {
    size_t Newline = Text.find('\n', At);
    At = Newline == StringRef::npos ? Newline : Newline + 1;
    StringRef Line = Text.substr(At); // "" at the end
    bool IsMail = Line.consume_front("From ");
    StringRef Hash = Line.take_while(isHexDigit);
    IsMail &=
        Hash.size() >= MinHash && Line.drop_front(Hash.size()).starts_with(" ");
    if (!IsMail && At != StringRef::npos)
      continue;
    StringRef Mail = Text.slice(Begin, At);
    if (Mail.contains("\ndiff --git ") || Mail.contains("\n+++ "))
      Mails.push_back(Mail);
    Begin = At;
  }
  if (Mails.empty())
    Mails.push_back(Text);
  return Mails;
}

Error DiffReader::readPatch(std::unique_ptr<MemoryBuffer> Patch) {
  if (Patch->getBuffer().trim().empty())
    return Error::success(); // what git diff says if there is no difference
  std::string File = G.temp("patch");
  if (Error E = writeFile(File, Patch->getBuffer()))
    return E;

  // The names before and after. What has no lines (-) is binary, hence no
  // source, and a patch need not have enough of it to be taken back.
  std::vector<std::string> Names, Excluded;
  StringSet<> Seen;
  for (StringRef Direction : {"--no-reverse", "--reverse"}) {
    Expected<std::string> Stat =
        G.run(G.temp(""), {"apply", "--numstat", "-z", Direction, File});
    if (!Stat)
      return failure("cannot read the patch: " + toString(Stat.takeError()));
    eachName(*Stat, [&](StringRef Line) {
      auto [Added, More] = Line.split('\t');
      StringRef Name = More.split('\t').second;
      if (Seen.insert(Name).second)
        (Added == "-" ? Excluded : Names).push_back(Name.str());
    });
  }
  if (Names.empty())
    return Error::success();
  Expected<std::string> Dir = rootOf(Names);
  if (!Dir)
    return Dir.takeError();
  Root = std::move(*Dir);
  if (Error E = copyTouched(Names, Excluded))
    return E;

  std::vector<std::string> Options;
  for (StringRef Name : Excluded) {
    std::string Pattern;
    for (char C : Name) {
      if (StringRef("*?[\\").contains(C))
        Pattern += '\\';
      Pattern += C;
    }
    Options.push_back("--exclude=" + Pattern);
  }
  std::vector<StringRef> Args{"apply", "--reverse", "--whitespace=nowarn"};
  append_range(Args, Options);
  Args.push_back(File);
  std::vector<StringRef> Mails = splitMails(Patch->getBuffer());
  for (StringRef Part : reverse(Mails)) {
    if (Error E = writeFile(File, Part))
      return E;
    if (Expected<std::string> Done = G.run(G.temp("before"), Args); !Done)
      return failure(
          "the patch cannot be taken back from the files in '" + Root +
          "'; it must be applied there already: " + toString(Done.takeError()));
  }
  Expected<std::string> Raw =
      G.run(G.temp(""),
            {"diff", "--no-index", "--raw", "-z", "--no-abbrev", "-M",
             "--no-ext-diff", "--", "before", "after"},
            "", /*MaxStatus=*/1);
  if (!Raw)
    return Raw.takeError();
  Error Problem = Error::success();
  Error E = eachChange(*Raw, [&](RawChange C) {
    for (StringRef *Name : {&C.OldPath, &C.NewPath})
      *Name = Name->split('/').second; // before/NAME, after/NAME
    if (Problem || skips(C))
      return;
    if (isNothing(C.OldMode))
      return add(C, std::nullopt);
    Expected<std::string> Old = readWhole(G.temp("before") + "/" + C.OldPath);
    if (Old)
      add(C, std::move(*Old));
    else
      Problem = Old.takeError();
  });
  return joinErrors(std::move(E), std::move(Problem));
}

Expected<Diff> DiffReader::read(StringRef Base) {
  Result.Name = Base == "-" ? "the patch" : Base.str();
  if (Error E = G.open())
    return std::move(E);
  // A patch may come through a pipe. The name of a directory may well be that
  // of a branch, too.
  bool IsFile = sys::fs::exists(Base) && !sys::fs::is_directory(Base);
  if (Base != "-" && !IsFile) {
    if (Error E = readRevision(Base))
      return std::move(E);
    return std::move(Result);
  }
  ErrorOr<std::unique_ptr<MemoryBuffer>> Patch =
      MemoryBuffer::getFileOrSTDIN(Base);
  if (!Patch)
    return failure("cannot read the patch '" + Base +
                   "': " + Patch.getError().message());
  if (Error E = readPatch(std::move(*Patch)))
    return std::move(E);
  return std::move(Result);
}

Expected<Diff> fencedep::readDiff(StringRef Base, const Database &Db,
                                  ArrayRef<std::string> Places) {
  return DiffReader(Db, Places).read(Base);
}

/// Has \p Command look for its own headers in \p Dir, too.
static void addQuotedDir(BuildCommand &Command, StringRef Dir) {
  std::vector<std::string> Args = Command.arguments();
  auto At = llvm::find(Args, "--");
  Args.insert(At, {"-iquote", Dir.str()});
  Command.Line.clear();
  Command.Arguments = std::move(Args);
}

Database fencedep::unitsBefore(const Database &Db, const Diff &D) {
  StringSet<> Units;
  for (const BuildCommand &C : Db.Commands)
    Units.insert(C.File);
  Database Result = Db;
  erase_if(Result.Commands, [&](const BuildCommand &C) {
    return D.Files->changed(C.File) && !D.Files->exists(C.File);
  });
  if (D.OldNames.empty())
    return Result;
  // A unit with a new name is compiled under that, with its old content. A
  // database that was not made again since may also have the old name.
  auto OldName = [&](const BuildCommand &C) -> StringRef {
    SmallString<256> Real;
    if (sys::fs::real_path(C.File, Real))
      return "";
    auto It = D.OldNames.find(Real);
    return It == D.OldNames.end() ? "" : StringRef(It->second);
  };
  erase_if(Result.Commands,
           [&](const BuildCommand &C) { return Units.contains(OldName(C)); });
  for (BuildCommand &C : Result.Commands)
    if (StringRef Dir = sys::path::parent_path(OldName(C));
        !Dir.empty() && Dir != sys::path::parent_path(C.File))
      addQuotedDir(C, Dir);
  return Result;
}

Database fencedep::unitsAfter(const Database &Db, const Diff &D) {
  Database Result = Db;
  erase_if(Result.Commands, [&](const BuildCommand &C) {
    return D.Files->changed(C.File) && !sys::fs::exists(C.File);
  });
  return Result;
}

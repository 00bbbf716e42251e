//===- Model.cpp - looking things up in the model ------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Look-ups go through tables built once: the analysis asks for every call it
// sees.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Model/Model.h"
#include "Syntax.h"
#include "fencedep/Model/Embedded.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace fencedep {

void Model::index() {
  FunctionByName.clear();
  MacroByName.clear();
  FieldByName.clear();
  LockPlaceByName.clear();
  Globs.clear();
  for (unsigned I = 0; I != Functions.size(); ++I) {
    FunctionByName.try_emplace(Functions[I].Name, I);
    if (!isGlob(Functions[I].Name))
      continue;
    if (Expected<GlobPattern> P = GlobPattern::create(Functions[I].Name))
      Globs.emplace_back(std::move(*P), I);
    else
      consumeError(P.takeError()); // addModel accepts no malformed one
  }
  for (unsigned I = 0; I != Macros.size(); ++I)
    MacroByName.try_emplace(Macros[I].Name, I);
  for (unsigned I = 0; I != Fields.size(); ++I)
    FieldByName[Fields[I].Slot.str()].push_back(I);
  for (unsigned I = 0; I != LockPlaces.size(); ++I)
    LockPlaceByName.try_emplace(LockPlaces[I].Slot.str(), I);
  LockClasses.clear();
  for (const FunctionModel &F : Functions)
    for (const std::string &Class : {F.Acquires, F.Releases})
      if (!Class.empty())
        LockClasses.push_back(Class);
  for (const LockPlace &L : LockPlaces)
    LockClasses.push_back(L.Class);
  for (const LockOrder &O : LockOrders)
    LockClasses.push_back(O.Lock);
  llvm::sort(LockClasses);
  LockClasses.erase(std::unique(LockClasses.begin(), LockClasses.end()),
                    LockClasses.end());
}

const Model::LockClass *Model::forbiddenLock(StringRef Name) const {
  auto It = find_if(ForbiddenLocks,
                    [&](const LockClass &L) { return L.Name == Name; });
  return It == ForbiddenLocks.end() ? nullptr : &*It;
}

const Model::LockdepClass *Model::lockdepClass(StringRef Name) const {
  auto It = find_if(LockdepClasses,
                    [&](const LockdepClass &L) { return L.Name == Name; });
  return It == LockdepClasses.end() ? nullptr : &*It;
}

const Model::LockdepClass *Model::lockdepClass(LockOrder::Kind K) const {
  auto It =
      find_if(LockdepClasses, [&](const LockdepClass &L) { return L.Is == K; });
  return It == LockdepClasses.end() ? nullptr : &*It;
}

unsigned Model::lockClassId(StringRef Name) const {
  return llvm::lower_bound(LockClasses, Name) - LockClasses.begin();
}

const FunctionModel *Model::function(StringRef Name) const {
  SmallVector<StringRef, 3> Spellings = {Name};
  for (StringRef Suffix : SameSuffixes)
    if (Name.size() > Suffix.size() && Name.ends_with(Suffix))
      Spellings.push_back(Name.drop_back(Suffix.size()));
  for (StringRef Spelling : Spellings)
    if (auto It = FunctionByName.find(Spelling); It != FunctionByName.end())
      return &Functions[It->second];
  for (const auto &[Pattern, Index] : Globs)
    for (StringRef Spelling : Spellings)
      if (Pattern.match(Spelling))
        return &Functions[Index];
  return nullptr;
}

const MacroModel *Model::macro(StringRef Name) const {
  auto It = MacroByName.find(Name);
  return It == MacroByName.end() ? nullptr : &Macros[It->second];
}

const FieldModel *Model::field(StringRef Record, StringRef Name,
                               FieldModel::Kind K) const {
  for (StringRef Spelling : {Name, StringRef("*")}) {
    auto It = FieldByName.find((Record + "::" + Spelling).str());
    if (It == FieldByName.end())
      continue;
    for (unsigned Index : It->second)
      if (Fields[Index].K == K)
        return &Fields[Index];
  }
  return nullptr;
}

StringRef Model::lockClass(StringRef Record, StringRef Name) const {
  auto It = LockPlaceByName.find((Record + "::" + Name).str());
  return It == LockPlaceByName.end() ? ""
                                     : StringRef(LockPlaces[It->second].Class);
}

/// "reclaim: NAME" may be in another file than the masks.
static Error checkMasks(const Model &M) {
  std::vector<std::string> Legal, Lines;
  for (const auto &Mask : M.Gfp.Masks)
    Legal.push_back(Mask.first);
  for (const auto *Entries : {&M.Functions, &M.Macros})
    for (const FunctionModel &F : *Entries)
      if (!F.GfpMask.empty() && !is_contained(Legal, F.GfpMask))
        Lines.push_back(F.From + ": error: unknown mask '" + F.GfpMask +
                        "' of '" + F.Name + "'; legal values are an argument " +
                        "('arg0', ...) or " + join(Legal, ", "));
  if (Lines.empty())
    return Error::success();
  return createStringError(join(Lines, "\n"));
}

Expected<Model> loadModel(ArrayRef<std::string> Files) {
  Model M;
  for (const EmbeddedFile &File : embeddedModels())
    if (Error E = addModel(M, File.Text, File.Name))
      return Expected<Model>(std::move(E));
  for (const std::string &File : Files) {
    ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(File);
    if (!Buffer)
      return createStringError(Buffer.getError(),
                               "cannot read model '" + File +
                                   "': " + Buffer.getError().message());
    if (Error E = addModel(M, (*Buffer)->getBuffer(), File))
      return Expected<Model>(std::move(E));
  }
  if (Error E = checkMasks(M))
    return Expected<Model>(std::move(E));
  M.index();
  return M;
}

} // namespace fencedep

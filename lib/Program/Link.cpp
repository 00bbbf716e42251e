//===- Link.cpp - binding the units' names --------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Three rounds over the units, each linear: define (a FuncId for every body),
// bind (every mention to a definition, or to an undefined function of that
// name), and modules (who uses whose symbols). Ids are given in the order of
// the sorted units, so nothing depends on the order in which units arrive.
//
// The same kernel has many drivers with one external name (`foo_init`), so an
// external name is looked up in the user's own module, then among the exported
// definitions, then among all.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Program.h"
#include "fencedep/Support/Parallel.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace llvm;
using namespace fencedep;

namespace fencedep {

class Linker {
public:
  explicit Linker(Program &P) : P(P) {}

  void run(unsigned Jobs) {
    internModules();
    for (const Unit &U : P.Units)
      P.Bindings.emplace_back(U.Symbols.size());
    parallelTasks(
        Jobs,
        [&] {
          define();
          bindFuncs();
        },
        [&] {
          bindVars();
          bindFields();
        });
    bindInHeaders();
    parallelTasks(Jobs, [&] { findCallers(); }, [&] { findModuleUses(); });
  }

private:
  using FileAndKey = std::pair<StringRef, StringRef>;

  struct Definition {
    FuncId Id;
    ModuleId Module;
    bool Exported;
  };

  void internModules() {
    for (const Unit &U : P.Units) {
      auto [It, New] = ModuleIds.try_emplace(U.Module, P.Modules.size());
      if (New)
        P.Modules.push_back(U.Module);
      UnitModules.push_back(It->second);
    }
    // "" (no modules at all) and built-in code are used by everybody.
    for (const char *Name : {"", "built-in"})
      if (auto It = ModuleIds.find(Name); It != ModuleIds.end())
        Universal.insert(It->second);
  }

  FuncId newFunc(const Unit &U, uint32_t UnitIndex, const Symbol &S) {
    Func F;
    F.Name = U.str(S.Name);
    F.Decl = &S;
    F.DeclUnit = UnitIndex;
    F.Model = P.M.function(F.Name);
    P.Funcs.push_back(F);
    return P.Funcs.size() - 1;
  }

  /// Header functions are defined in a unit of the caller's choice, so their
  /// ids must not depend on it: they come last, sorted by file, name and body.
  void define() {
    std::vector<std::tuple<StringRef, StringRef, uint64_t, uint32_t, uint32_t>>
        Headers;
    for (uint32_t I = 0, N = P.Units.size(); I != N; ++I) {
      const Unit &U = P.Units[I];
      DenseSet<SymbolId> Exported(U.Exports.begin(), U.Exports.end());
      for (uint32_t J = 0, M = U.Functions.size(); J != M; ++J) {
        const Symbol &S = U.Symbols[U.Functions[J].Sym];
        if (S.Link == Linkage::Header) {
          Headers.push_back({U.str(S.File), U.str(S.Key), S.BodyHash, I, J});
          continue;
        }
        FuncId Id = addBody(I, J);
        P.Funcs[Id].Module = UnitModules[I];
        if (S.Link == Linkage::Internal)
          Internal.try_emplace({U.str(S.File), U.str(S.Key)}, Id);
        else
          External[U.str(S.Key)].push_back(
              {Id, UnitModules[I], Exported.contains(U.Functions[J].Sym)});
      }
      for (SymbolId S : U.Exports)
        ExportedNames.insert({U.str(U.Symbols[S].Key), UnitModules[I]});
    }
    for (auto &[Name, Defs] : External)
      for (Definition &D : Defs)
        D.Exported |= ExportedNames.contains({Name, D.Module});

    llvm::sort(Headers);
    ProvidesHeaders.resize(P.Units.size());
    for (size_t I = 0; I != Headers.size(); ++I) {
      auto &[File, Key, Hash, UnitIndex, Index] = Headers[I];
      if (I && std::get<0>(Headers[I - 1]) == File &&
          std::get<1>(Headers[I - 1]) == Key &&
          std::get<2>(Headers[I - 1]) == Hash)
        continue;
      FuncId Id = addBody(UnitIndex, Index);
      P.Funcs[Id].InHeader = true;
      ProvidesHeaders[UnitIndex] = true;
      HeaderByHash.try_emplace({FileAndKey(File, Key), Hash}, Id);
      HeaderByName.try_emplace(FileAndKey(File, Key), Id);
    }
  }

  FuncId addBody(uint32_t UnitIndex, uint32_t Index) {
    const Unit &U = P.Units[UnitIndex];
    const Function &Body = U.Functions[Index];
    FuncId Id = newFunc(U, UnitIndex, U.Symbols[Body.Sym]);
    P.Funcs[Id].Unit = UnitIndex;
    P.Funcs[Id].Body = &Body;
    if (const FunctionModel *M = P.Funcs[Id].Model; M && M->Fallback)
      P.Funcs[Id].Model = nullptr;
    return Id;
  }

  FuncId pick(ArrayRef<Definition> Defs, ModuleId User) const {
    for (const Definition &D : Defs)
      if (D.Module == User)
        return D.Id;
    for (const Definition &D : Defs)
      if (D.Exported)
        return D.Id;
    return Defs.front().Id;
  }

  FuncId bindFunc(const Unit &U, uint32_t UnitIndex, const Symbol &S,
                  ModuleId User) {
    FileAndKey Place(U.str(S.File), U.str(S.Key));
    if (S.Link == Linkage::Header) {
      if (auto It = HeaderByHash.find({Place, S.BodyHash});
          It != HeaderByHash.end())
        return It->second;
      if (auto It = HeaderByName.find(Place); It != HeaderByName.end())
        return It->second;
    } else if (S.Link == Linkage::Internal) {
      if (auto It = Internal.find(Place); It != Internal.end())
        return It->second;
    } else if (auto It = External.find(Place.second); It != External.end()) {
      return pick(It->second, User);
    }
    auto [It, New] = Undefined.try_emplace(Place, NoId);
    if (New)
      It->second = newFunc(U, UnitIndex, S);
    Func &F = P.Funcs[It->second];
    if (F.Decl->TypedParams.size() < S.TypedParams.size()) {
      F.Decl = &S;
      F.DeclUnit = UnitIndex;
    }
    return It->second;
  }

  VarId bindVar(const Unit &U, const Symbol &S) {
    // External variables of two modules are two variables; which one a module
    // without a definition means does not matter to anything here.
    StringRef File = S.Link == Linkage::External ? StringRef() : U.str(S.File);
    auto [It, New] =
        VarIds.try_emplace({FileAndKey(File, U.str(S.Key)), 0}, P.Vars.size());
    if (New)
      P.Vars.push_back(U.str(S.Name));
    return It->second;
  }

  void bindFuncs() {
    for (uint32_t I = 0, N = P.Units.size(); I != N; ++I) {
      const Unit &U = P.Units[I];
      for (SymbolId S = 0; S != U.Symbols.size(); ++S)
        if (U.Symbols[S].Kind == SymbolKind::Function)
          P.Bindings[I][S] = bindFunc(U, I, U.Symbols[S], UnitModules[I]);
    }
  }

  void bindVars() {
    for (uint32_t I = 0, N = P.Units.size(); I != N; ++I) {
      const Unit &U = P.Units[I];
      for (SymbolId S = 0; S != U.Symbols.size(); ++S)
        if (U.Symbols[S].Kind == SymbolKind::Variable)
          P.Bindings[I][S] = bindVar(U, U.Symbols[S]);
    }
  }

  void bindFields() {
    for (const Unit &U : P.Units) {
      auto &Fields = P.FieldBindings.emplace_back();
      Fields.reserve(U.Fields.size());
      for (const Field &F : U.Fields)
        Fields.push_back(P.findOrAddSlot(U.str(F.Record), U.str(F.Name)));
      for (const Constant &C : U.Constants)
        P.Constants.try_emplace(U.str(C.Name), C.Value);
    }
  }

  /// What the symbols of a unit mean in the header bodies that it provides.
  void bindInHeaders() {
    P.HeaderBindings.resize(P.Units.size());
    for (uint32_t I = 0, N = P.Units.size(); I != N; ++I) {
      if (!ProvidesHeaders[I])
        continue;
      const Unit &U = P.Units[I];
      P.HeaderBindings[I] = P.Bindings[I];
      // Only external names can mean something else.
      for (SymbolId S = 0; S != U.Symbols.size(); ++S)
        if (U.Symbols[S].Kind == SymbolKind::Function &&
            U.Symbols[S].Link == Linkage::External)
          P.HeaderBindings[I][S] = bindFunc(U, I, U.Symbols[S], NoModule);
    }
  }

  void findCallers() {
    P.Callers.resize(P.Funcs.size());
    P.Overriders.resize(P.Funcs.size());
    for (FuncId Id = 0, N = P.Funcs.size(); Id != N; ++Id) {
      const Func &F = P.Funcs[Id];
      if (!F.Body)
        continue;
      auto AddTo = [&](SmallVector<FuncId, 4> &List) {
        if (List.empty() || List.back() != Id)
          List.push_back(Id);
      };
      for (const Event &E : F.Body->Events)
        if (FuncId Callee = P.callee(F, E); Callee != NoId)
          AddTo(P.Callers[Callee]);
        else if (const Expr &Pointer = F.Body->Exprs[E.Callee];
                 E.Kind == EventKind::Call &&
                 Pointer.Kind == ExprKind::FieldLoad)
          AddTo(P.SlotCallers[P.slot(F.Unit, Pointer.A)]);
    }
    for (uint32_t I = 0, N = P.Units.size(); I != N; ++I)
      for (const Override &O : P.Units[I].Overrides) {
        auto &List = P.Overriders[P.Bindings[I][O.Overridden]];
        FuncId Method = P.Bindings[I][O.Method];
        if (!is_contained(List, Method))
          List.push_back(Method);
      }
  }

  /// The modules whose functions a body mentions, header bodies looked through.
  /// A header body is looked through once; on a cycle its modules are found by
  /// the visit that is under way.
  const BitVector &mentions(FuncId Id) {
    auto [It, New] = Mentions.try_emplace(Id, BitVector(P.Modules.size()));
    if (!New)
      return It->second;
    BitVector Found(P.Modules.size());
    const Func &F = P.Funcs[Id];
    if (F.Body)
      for (const Expr &E : F.Body->Exprs)
        if (E.Kind == ExprKind::FuncAddr)
          addMention(Found, P.func(F, E.A));
    return Mentions[Id] = std::move(Found);
  }

  void addMention(BitVector &Found, FuncId Target) {
    const Func &T = P.Funcs[Target];
    if (T.InHeader)
      Found |= BitVector(mentions(Target));
    else if (T.Module != NoModule)
      Found.set(T.Module);
  }

  void findModuleUses() {
    size_t N = P.Modules.size();
    P.Uses.assign(N, BitVector(N));
    for (FuncId Id = 0, E = P.Funcs.size(); Id != E; ++Id)
      if (const Func &F = P.Funcs[Id]; F.Body && !F.InHeader)
        P.Uses[F.Module] |= BitVector(mentions(Id));
    for (uint32_t I = 0, E = P.Units.size(); I != E; ++I)
      for (const Initializer &Init : P.Units[I].Initializers)
        addMention(P.Uses[UnitModules[I]], P.Bindings[I][Init.Func]);
    // Transitive closure; a few hundred modules.
    for (size_t K = 0; K != N; ++K)
      for (size_t I = 0; I != N; ++I)
        if (P.Uses[I].test(K))
          P.Uses[I] |= P.Uses[K];
    for (size_t I = 0; I != N; ++I)
      for (ModuleId U : Universal)
        P.Uses[I].set(U);
  }

  Program &P;
  StringMap<ModuleId> ModuleIds;
  std::vector<ModuleId> UnitModules;
  std::vector<bool> ProvidesHeaders; ///< units whose header bodies are used
  DenseSet<ModuleId> Universal;
  DenseMap<FileAndKey, FuncId> Internal, HeaderByName, Undefined;
  DenseMap<StringRef, std::vector<Definition>> External;
  DenseSet<std::pair<StringRef, ModuleId>> ExportedNames;
  DenseMap<std::pair<FileAndKey, uint64_t>, FuncId> HeaderByHash;
  DenseMap<std::pair<FileAndKey, unsigned>, VarId> VarIds;
  DenseMap<FuncId, BitVector> Mentions;
};

} // namespace fencedep

Program::Program(std::vector<Unit> Us, const Model &M, unsigned Jobs)
    : M(M), Units(std::move(Us)) {
  llvm::sort(Units, [](const Unit &A, const Unit &B) {
    return A.MainFile < B.MainFile;
  });
  Linker(*this).run(Jobs);
  for (const FieldModel &F : M.Fields) {
    if (F.K == FieldModel::LockPart)
      eachSlot(F.Slot, [&](SlotId S) { LockParts.insert(S); });
    if (F.K == FieldModel::Seldom)
      eachSlot(F.Slot, [&](SlotId S) { FewSet[S] = F.K; });
    if (F.K == FieldModel::SetLater)
      eachSlot(F.Slot, [&](SlotId S) { FewSet.try_emplace(S, F.K); });
  }
  parallelTasks(
      Jobs, [&] { resolvePointers(*this); }, [&] { findFieldValues(*this); });
  readAnnotations(*this);
  findAddressTaken(*this);
  parallelTasks(
      Jobs,
      [&] {
        findOptions(*this);
        findTables(*this);
        findRelevantParams(*this);
      },
      [&] { findFirstUses(*this); }, [&] { findContentTests(*this); },
      [&] { findInertFunctions(*this); }, [&] { findPresentFields(*this); });
}

SlotId Program::findSlot(StringRef Record, StringRef Name) const {
  auto It = SlotByName.find({Record, Name});
  return It == SlotByName.end() ? NoId : It->second;
}

void Program::eachSlot(const FieldName &Field,
                       function_ref<void(SlotId)> Each) const {
  if (Field.Name == "*") {
    for (SlotId S = 0; S != Slots.size(); ++S)
      if (Slots[S].first == Field.Record)
        Each(S);
  } else if (SlotId S = findSlot(Field.Record, Field.Name); S != NoId) {
    Each(S);
  }
}

void Program::eachCall(FuncId Callee,
                       function_ref<void(FuncId, const Event &)> Each) const {
  for (FuncId Caller : Callers[Callee])
    for (const Event &E : Funcs[Caller].Body->Events)
      if (callee(Funcs[Caller], E) == Callee)
        Each(Caller, E);
}

ArrayRef<SlotTarget> Program::storedIn(const FieldName &Field) const {
  SlotId S = findSlot(Field.Record, Field.Name);
  if (S == NoId || S >= SlotTargets.size())
    return {};
  return SlotTargets[S];
}

void Program::eachStored(FieldModel::Kind K,
                         function_ref<void(const SlotTarget &)> Each) const {
  for (const FieldModel &F : M.Fields)
    if (F.K == K)
      for_each(storedIn(F.Slot), Each);
}

SlotId Program::findOrAddSlot(StringRef Record, StringRef Name) {
  auto [It, New] = SlotByName.try_emplace({Record, Name}, Slots.size());
  if (New)
    Slots.push_back(It->first);
  return It->second;
}

std::optional<int64_t> Program::constant(StringRef Name) const {
  auto It = Constants.find(Name);
  if (It == Constants.end())
    return std::nullopt;
  return It->second;
}

bool Program::related(ModuleId A, ModuleId B) const {
  return A == B || A == NoModule || B == NoModule || Uses[A].test(B) ||
         Uses[B].test(A);
}

ModuleId Program::narrower(ModuleId A, ModuleId B) const {
  if (A == NoModule)
    return B;
  if (B == NoModule || A == B)
    return A;
  // Two modules that use each other: keep the one the thread came from.
  return Uses[B].test(A) && !Uses[A].test(B) ? B : A;
}

std::vector<SmallVector<BlockId, 2>>
fencedep::predecessors(ArrayRef<Block> Blocks) {
  std::vector<SmallVector<BlockId, 2>> Preds(Blocks.size());
  for (BlockId Id = 0; Id != Blocks.size(); ++Id)
    for (BlockId S : Blocks[Id].Succs)
      Preds[S].push_back(Id);
  return Preds;
}

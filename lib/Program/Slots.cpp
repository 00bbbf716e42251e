//===- Slots.cpp - which functions a pointer can hold ---------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Inclusion-based and field-based: a function address flows from initialisers,
// stores, arguments and model registrations into slots (fields), globals and
// parameters, and from each of those into the places that they are copied to.
// What separates two objects of one type is not the object but the access path
// of the store (`&sor->scdc` -> work_struct::func), the table's name, and the
// module of the code that stores it.
//
// Rounds over the functions until none adds anything: all of them first, then
// those that read what has grown. Sets only grow and are bounded by the
// functions of the program, so this terminates; in practice a round per link of
// the longest copy chain (a handful).
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Program.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

static constexpr size_t MaxPath = 4;

namespace {

class PointerResolver {
public:
  explicit PointerResolver(Program &P) : P(P) {}

  void run() {
    P.SlotTargets.resize(P.Slots.size());
    WithTargets.resize(P.Funcs.size());
    SlotReaders.resize(P.Slots.size());
    initializers();
    findHandedOn();
    Grown.resize(P.Funcs.size(), true);
    while (Grown.any()) {
      BitVector Round(P.Funcs.size());
      std::swap(Round, Grown);
      for (FuncId F : Round.set_bits())
        if (P.Funcs[F].Body)
          visit(P.Funcs[F]);
    }
  }

private:
  /// Where a function address is put.
  struct Dest {
    VarId Holder = NoId;
    SmallVector<SlotId, 3> Path; ///< empty: Holder itself
  };

  void initializers() {
    for (uint32_t I = 0, N = P.Units.size(); I != N; ++I)
      for (const Initializer &Init : P.Units[I].Initializers) {
        Dest D;
        Func User = unitScope(I);
        D.Holder = P.var(User, Init.Holder);
        for (FieldId F : Init.Path)
          D.Path.push_back(P.slot(I, F));
        add(D, P.func(User, Init.Func), moduleOf(I), I, Init.Where);
      }
  }

  static Func unitScope(uint32_t UnitIndex) {
    Func F;
    F.Unit = UnitIndex;
    return F;
  }

  ModuleId moduleOf(uint32_t UnitIndex) {
    if (UnitModules.empty())
      UnitModules.resize(P.Units.size(), NoModule);
    if (UnitModules[UnitIndex] == NoModule)
      UnitModules[UnitIndex] =
          find(P.Modules, P.Units[UnitIndex].Module) - P.Modules.begin();
    return UnitModules[UnitIndex];
  }

  /// Calls \p Each for every function that \p Value may be.
  template <typename Fn> void functions(const Func &F, ExprId Value, Fn Each) {
    const Expr &E = F.Body->Exprs[Value];
    switch (E.Kind) {
    case ExprKind::FuncAddr:
      return Each(P.func(F, E.A));
    case ExprKind::Param:
      if (E.A < 64 && (WithTargets[index(F)] >> E.A & 1))
        for (FuncId T : std::vector<FuncId>(P.ParamTargets[{index(F), E.A}]))
          Each(T);
      return;
    case ExprKind::FieldLoad: {
      SlotId S = P.slot(F.Unit, E.A);
      reads(SlotReaders[S], F);
      for (size_t I = 0; I < P.SlotTargets[S].size();) { // Each() adds some
        const SlotTarget T = P.SlotTargets[S][I++];
        if (related(F, T.Module))
          Each(T.Target);
      }
      return;
    }
    case ExprKind::GlobalLoad:
    case ExprKind::GlobalAddr: // an array, decayed
      reads(VarReaders[P.var(F, E.A)], F);
      return global(P.var(F, E.A), Each);
    case ExprKind::ElemLoad:
      return functions(F, E.A, Each);
    case ExprKind::Select:
      functions(F, E.B, Each);
      return functions(F, E.C, Each);
    case ExprKind::Phi:
      for (ExprId O : E.Operands)
        functions(F, O, Each);
      return;
    default:
      return;
    }
  }

  template <typename Fn> void global(VarId V, Fn Each) {
    auto It = P.VarTargets.find(V);
    if (It == P.VarTargets.end())
      return;
    for (const SlotTarget &T : std::vector<SlotTarget>(It->second))
      Each(T.Target);
  }

  bool related(const Func &F, ModuleId M) const {
    return P.related(F.Module, M);
  }

  FuncId index(const Func &F) const { return &F - P.Funcs.data(); }

  /// The place an address expression names, as far as types tell.
  Dest destination(const Func &F, ExprId Address) {
    Program::AddressPath To = P.pathOf(F, Address);
    Dest D;
    D.Path = std::move(To.Fields);
    if (const Expr &E = F.Body->Exprs[To.Base]; E.Kind == ExprKind::GlobalAddr)
      D.Holder = P.var(F, E.A);
    return D;
  }

  /// A function that puts one of its arguments into the object that another
  /// one points to: `obj->free_cb = free_cb`. Its callers know both.
  struct HandedOn {
    uint32_t Func, Object;
    SmallVector<SlotId, 3> Path;
    bool operator==(const HandedOn &O) const {
      return Func == O.Func && Object == O.Object && Path == O.Path;
    }
  };

  /// The parameter that \p Address leads to, and the fields on the way.
  std::optional<std::pair<uint32_t, SmallVector<SlotId, 3>>>
  paramAt(const Func &F, ExprId Address) const {
    SmallVector<SlotId, 3> Path;
    for (ExprId Id = Address;;) {
      const Expr &E = F.Body->Exprs[Id];
      if (E.Kind == ExprKind::Param)
        return std::make_pair(E.A, Path);
      if (E.Kind != ExprKind::FieldAddr)
        return std::nullopt;
      Path.insert(Path.begin(), P.slot(F.Unit, E.A));
      Id = E.B;
    }
  }

  std::optional<HandedOn> handedOn(const Func &F, ExprId Address, ExprId Value,
                                   ArrayRef<SlotId> Below) const {
    const Expr &E = F.Body->Exprs[Value];
    if (E.Kind != ExprKind::Param)
      return std::nullopt;
    auto To = paramAt(F, Address);
    if (!To || To->second.size() + Below.size() > MaxPath)
      return std::nullopt;
    HandedOn H{E.A, To->first, To->second};
    H.Path.append(Below.begin(), Below.end());
    if (H.Path.empty())
      return std::nullopt;
    return H;
  }

  /// From the stores up to the callers; paths are short, so it ends.
  void findHandedOn() {
    HandOns.resize(P.Funcs.size());
    std::vector<FuncId> Work;
    auto Add = [&](FuncId F, std::optional<HandedOn> H) {
      if (!H || is_contained(HandOns[F], *H))
        return;
      HandOns[F].push_back(std::move(*H));
      Work.push_back(F);
    };
    for (FuncId Id = 0; Id != P.Funcs.size(); ++Id)
      if (const Func &F = P.Funcs[Id]; F.Body)
        for (const Event &E : F.Body->Events)
          if (E.Kind == EventKind::Store)
            Add(Id, handedOn(F, E.Args[0], E.Args[1], {}));
    while (!Work.empty()) {
      FuncId Id = Work.back();
      Work.pop_back();
      P.eachCall(Id, [&](FuncId C, const Event &E) {
        for (const HandedOn &H : std::vector<HandedOn>(HandOns[Id]))
          if (std::max(H.Func, H.Object) < E.Args.size())
            Add(C,
                handedOn(P.Funcs[C], E.Args[H.Object], E.Args[H.Func], H.Path));
      });
    }
  }

  void visit(const Func &F) {
    for (const Event &E : F.Body->Events) {
      if (E.Kind == EventKind::Store) {
        if (handedOn(F, E.Args[0], E.Args[1], {}))
          continue; // see call()
        functions(F, E.Args[1], [&](FuncId T) {
          add(destination(F, E.Args[0]), T, F.Module, F.Unit, E.Where);
        });
      } else if (E.Kind == EventKind::Call) {
        const Expr &Callee = F.Body->Exprs[E.Callee];
        if (Callee.Kind == ExprKind::FuncAddr)
          call(F, E, P.func(F, Callee.A));
        else if (any_of(E.Args, [&](ExprId A) { return mayBeFunction(F, A); }))
          functions(F, E.Callee, [&](FuncId T) { call(F, E, T); });
      }
    }
  }

  bool mayBeFunction(const Func &F, ExprId Value) {
    bool Found = false;
    functions(F, Value, [&](FuncId) { Found = true; });
    return Found;
  }

  void call(const Func &F, const Event &E, FuncId Callee) {
    const Func &G = P.Funcs[Callee];
    for (const HandedOn &H : HandOns[Callee]) {
      if (std::max(H.Func, H.Object) >= E.Args.size() ||
          handedOn(F, E.Args[H.Object], E.Args[H.Func], H.Path))
        continue;
      functions(F, E.Args[H.Func], [&](FuncId T) {
        Dest D = destination(F, E.Args[H.Object]);
        D.Path.append(H.Path.begin(), H.Path.end());
        add(D, T, F.Module, F.Unit, E.Where);
      });
    }
    if (G.Body)
      for (uint32_t I = 0, N = std::min<uint32_t>(E.Args.size(), 64); I != N;
           ++I)
        functions(F, E.Args[I], [&](FuncId T) { addParam(Callee, I, T); });
    if (!G.Model)
      return;
    for (const FunctionModel::Registration &R : G.Model->Registers) {
      if (R.Func >= E.Args.size() || R.Path.empty())
        continue;
      functions(F, E.Args[R.Func], [&](FuncId T) {
        Dest D;
        if (R.Object && *R.Object < E.Args.size())
          D = destination(F, E.Args[*R.Object]);
        for (const FieldName &Name : R.Path)
          D.Path.push_back(intern(Name));
        add(D, T, F.Module, F.Unit, E.Where);
      });
    }
  }

  SlotId intern(const FieldName &Name) {
    SlotId S = P.findOrAddSlot(Name.Record, Name.Name);
    if (S >= P.SlotTargets.size()) {
      P.SlotTargets.resize(S + 1);
      SlotReaders.resize(S + 1);
    }
    return S;
  }

  using Readers = SmallVector<FuncId, 2>;

  void reads(Readers &Of, const Func &F) {
    if (Of.empty() || Of.back() != index(F))
      Of.push_back(index(F));
  }

  void grew(const Readers &Of) {
    for (FuncId F : Of)
      Grown.set(F);
  }

  void addParam(FuncId F, uint32_t Param, FuncId Target) {
    if (!Seen.insert(hash_combine(1, F, Param, Target)).second)
      return;
    P.ParamTargets[{F, Param}].push_back(Target);
    WithTargets[F] |= uint64_t(1) << Param;
    Grown.set(F);
  }

  void add(const Dest &D, FuncId Target, ModuleId Module, uint32_t Unit,
           const Loc &Where) {
    if (D.Path.empty() && D.Holder == NoId)
      return; // through a plain pointer: its type says nothing
    hash_code Path = hash_combine_range(D.Path.begin(), D.Path.end());
    if (!Seen.insert(hash_combine(2, D.Holder, Path, Target, Module)).second)
      return;
    SlotTarget T{Target, Module, D.Holder, D.Path, Unit, Where};
    if (D.Path.empty()) {
      P.VarTargets[D.Holder].push_back(std::move(T));
      grew(VarReaders[D.Holder]);
    } else {
      P.SlotTargets[D.Path.back()].push_back(std::move(T));
      grew(SlotReaders[D.Path.back()]);
    }
  }

  Program &P;
  std::vector<std::vector<HandedOn>> HandOns; ///< by function
  std::vector<ModuleId> UnitModules;
  std::vector<uint64_t> WithTargets; ///< by function: parameters with targets
  DenseSet<size_t> Seen;
  std::vector<Readers> SlotReaders; ///< by slot: who has looked at it
  DenseMap<VarId, Readers> VarReaders;
  BitVector Grown; ///< functions for which something has grown since
};

} // namespace

Program::AddressPath Program::pathOf(const Func &F, ExprId Address) const {
  AddressPath Path{{}, Address};
  for (;;) {
    const Expr &E = F.Body->Exprs[Path.Base];
    if (E.Kind == ExprKind::FieldAddr) {
      Path.Fields.push_back(slot(F.Unit, E.A));
      Path.Base = E.B;
    } else if (E.Kind == ExprKind::ElemAddr) {
      Path.Base = E.A;
    } else {
      std::reverse(Path.Fields.begin(), Path.Fields.end());
      return Path;
    }
  }
}

bool fencedep::mayBeSamePlace(ArrayRef<SlotId> A, ArrayRef<SlotId> B) {
  size_t Both = std::min(A.size(), B.size());
  return A.take_back(Both) == B.take_back(Both);
}

void fencedep::findAddressTaken(Program &P) {
  for (SlotId S = 0; S != P.SlotTargets.size(); ++S)
    for (const SlotTarget &T : P.SlotTargets[S]) {
      P.Funcs[T.Target].AddressTaken = true;
      auto &In = P.StoredIn[T.Target];
      if (In.empty() || In.back() != S)
        In.push_back(S);
    }
  auto PassOn = [&](FuncId Id) {
    P.Funcs[Id].AddressTaken = P.Funcs[Id].PassedOn = true;
  };
  for (const auto &[Var, Targets] : P.VarTargets)
    for (const SlotTarget &T : Targets)
      PassOn(T.Target);
  for (const auto &[Param, Targets] : P.ParamTargets)
    for_each(Targets, PassOn);
}

void fencedep::resolvePointers(Program &P) { PointerResolver(P).run(); }

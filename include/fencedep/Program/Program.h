//===- Program.h - all summaries, merged ----------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A program is the units with every name bound:
//
//     Units => symbols and modules (Link) => function pointers (Slots)
//           => which parameters matter to whom (Relevance)
//
// External names bind within the module that uses them first, then to the
// module that exports them; statics by file; header functions once per distinct
// body. A *slot* is a field of a record type: the place of a function pointer.
// A slot's targets are the functions that any initialiser, assignment or
// registration puts there, each with the access path it was stored through.
//
// Nothing here depends on rules.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_PROGRAM_PROGRAM_H
#define FENCEDEP_PROGRAM_PROGRAM_H

#include "fencedep/Model/Model.h"
#include "fencedep/Summary/Summary.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>
#include <tuple>

namespace fencedep {

using FuncId = uint32_t;
/// An event, which calls something, of a function that has a body.
using CallSite = std::pair<FuncId, EventId>;
using VarId = uint32_t;
using SlotId = uint32_t;
using ModuleId = uint32_t;

/// Code of no module of its own: headers, and functions without a body.
constexpr ModuleId NoModule = ~0u;
constexpr uint32_t NoId = ~0u;

/// A function of the program, with or without a body.
struct Func {
  llvm::StringRef Name; ///< for people
  uint32_t Unit = NoId; ///< where Body is; NoId without one
  const Function *Body = nullptr;
  bool InHeader = false;
  ModuleId Module = NoModule;
  const FunctionModel *Model = nullptr;
  const Symbol *Decl = nullptr; ///< some declaration, with TypedParams
  uint32_t DeclUnit = NoId;
  /// Parameters whose value, or whose place in the types, changes what a call
  /// does (bit i: parameter i; parameters from 63 on share the last bit).
  uint64_t RelevantValues = 0, RelevantPlaces = 0;
  /// Parameters of which it matters whether the thread has just made what they
  /// point to (the same bits).
  uint64_t Origins = 0;
  /// Parameters of which it matters who has made what they point to, if the
  /// thread just did (the same bits).
  uint64_t Makers = 0;
  /// Somebody may call it through a pointer; through one that is in no field.
  bool AddressTaken = false, PassedOn = false;
  /// Can do nothing that the model speaks of, nor call a pointer (Inert.cpp).
  bool Inert = false;
};

/// A function that is stored in a slot, and how.
struct SlotTarget {
  FuncId Target;
  ModuleId Module;     ///< of the code that stores it
  VarId Holder = NoId; ///< the global table it is stored in, if it is one
  /// The fields it is stored through, outermost first, the slot itself last.
  llvm::SmallVector<SlotId, 3> Path;
  uint32_t Unit; ///< Where's unit
  Loc Where;
};

/// A global table whose address is stored in a slot.
struct TableTarget {
  VarId Table;
  /// The fields around the slot that it is stored through, outermost first, as
  /// far as they are known.
  llvm::SmallVector<SlotId, 3> Around;
  /// The global whose initialiser stores it; NoId: code does, or it is copied
  /// from another slot.
  VarId Holder = NoId;

  bool operator<(const TableTarget &O) const {
    return std::tie(Table, Around, Holder) <
           std::tie(O.Table, O.Around, O.Holder);
  }
};

/// The fields that tell what kind of table a global is, sorted, with their
/// values.
using TableKindOf = llvm::SmallVector<std::pair<SlotId, int64_t>, 1>;

/// Can what is stored through one of these chains of fields be read through the
/// other? The innermost fields come last; what is not known, fits.
bool mayBeSamePlace(llvm::ArrayRef<SlotId> A, llvm::ArrayRef<SlotId> B);

/// What the source says about calls: see Annotations.cpp.
struct Statement {
  enum Kind : uint8_t { NeverInSection, Calls, Mistake } K = Mistake;
  std::string Text; ///< NeverInSection: the reason; else: what is wrong, or ""
  uint32_t Unit;    ///< Where's unit
  Loc Where;
};

/// The bit of parameter \p Index in the sets that a Func has.
inline uint64_t paramBit(uint32_t Index) {
  return uint64_t(1) << std::min<uint32_t>(Index, 63);
}

/// A branch that is taken only when an object is used for the first time.
struct FirstUse {
  BlockId Block;
  unsigned Succ; ///< which of its successors
  ExprId Object; ///< the pointer to it
};

/// A branch that is taken only while an object has something: entries in a
/// list, or a field that is set.
struct ContentTest {
  BlockId Block;
  unsigned Succ; ///< which of its successors
  ExprId Object; ///< the pointer to what has it
  SlotId Content;
  bool IsList;
};

class Program {
public:
  /// \p Jobs threads; the result does not depend on it.
  Program(std::vector<Unit> Units, const Model &M, unsigned Jobs = 1);

  const Model &M;
  std::vector<Unit> Units; ///< sorted by main file
  std::vector<Func> Funcs;
  std::vector<llvm::StringRef> Vars; ///< names
  std::vector<std::pair<llvm::StringRef, llvm::StringRef>> Slots;
  std::vector<llvm::StringRef> Modules;

  /// \name What a unit's indices mean. Header bodies bind external names
  /// without regard to the module of the unit that happened to provide them.
  /// @{
  FuncId func(const Func &User, SymbolId S) const {
    return (User.InHeader ? HeaderBindings : Bindings)[User.Unit][S];
  }
  VarId var(const Func &User, SymbolId S) const { return func(User, S); }
  /// The function that \p E in \p F calls by name (of a virtual call: the one
  /// that is named); NoId if it is no call, or one through a pointer.
  FuncId callee(const Func &F, const Event &E) const {
    const Expr &Callee = F.Body->Exprs[E.Callee];
    return E.Kind == EventKind::Call && Callee.Kind == ExprKind::FuncAddr
               ? func(F, Callee.A)
               : NoId;
  }
  /// What the model says of that function; null: nothing, or there is none.
  const FunctionModel *calledModel(const Func &F, const Event &E) const {
    FuncId Callee = callee(F, E);
    return Callee == NoId ? nullptr : Funcs[Callee].Model;
  }
  SlotId slot(uint32_t Unit, FieldId F) const { return FieldBindings[Unit][F]; }
  /// The field that \p Address in \p F is the address of.
  std::optional<SlotId> fieldAt(const Func &F, ExprId Address) const {
    const Expr &E = F.Body->Exprs[Address];
    if (E.Kind != ExprKind::FieldAddr)
      return std::nullopt;
    return slot(F.Unit, E.A);
  }
  /// The fields that an address expression leads through, outermost first, and
  /// the pointer that it starts from.
  struct AddressPath {
    llvm::SmallVector<SlotId, 3> Fields;
    ExprId Base;
  };
  AddressPath pathOf(const Func &F, ExprId Address) const;
  /// @}

  llvm::StringRef str(const Func &F, StringId S) const {
    return Units[F.Unit].str(S);
  }
  std::string slotName(SlotId S) const {
    return (Slots[S].first + "::" + Slots[S].second).str();
  }
  /// NoId if no unit mentions the field.
  SlotId findSlot(llvm::StringRef Record, llvm::StringRef Name) const;
  /// Does the address of \p S stand for the lock that the field is in?
  bool isLockPart(SlotId S) const { return LockParts.contains(S); }
  /// FieldModel::Seldom or SetLater if the field is set in few objects only.
  std::optional<FieldModel::Kind> setInFew(SlotId S) const {
    auto It = FewSet.find(S);
    return It == FewSet.end() ? std::nullopt : std::optional(It->second);
  }
  /// What is stored in a field that the model names.
  llvm::ArrayRef<SlotTarget> storedIn(const FieldName &Field) const;
  /// Calls \p Each with what is stored in all fields that the model says to be
  /// of kind \p K.
  void eachStored(FieldModel::Kind K,
                  llvm::function_ref<void(const SlotTarget &)> Each) const;
  /// For slots that only the model names; the strings must outlive the program.
  SlotId findOrAddSlot(llvm::StringRef Record, llvm::StringRef Name);

  /// \name Function pointers (Slots.cpp)
  /// @{
  std::vector<std::vector<SlotTarget>> SlotTargets; ///< by slot
  llvm::DenseMap<VarId, std::vector<SlotTarget>>
      VarTargets; ///< arrays, globals
  /// Functions that any caller passes for a parameter: key (FuncId, index).
  llvm::DenseMap<std::pair<FuncId, uint32_t>, std::vector<FuncId>> ParamTargets;
  /// By field: who calls a function pointer in it; by function: the fields that
  /// it is stored in.
  llvm::DenseMap<SlotId, llvm::SmallVector<FuncId, 4>> SlotCallers;
  llvm::DenseMap<FuncId, llvm::SmallVector<SlotId, 2>> StoredIn;
  /// @}

  std::vector<Statement> Statements; ///< by place
  /// The statement that \p Callee is never called in a section, through \p
  /// Slot if that is not NoId; null: there is none.
  const Statement *neverInSection(FuncId Callee, SlotId Slot) const;

  /// Slots that hold only pointers to these global tables (Tables.cpp).
  llvm::DenseMap<SlotId, llvm::SmallVector<TableTarget, 2>> Tables;
  /// Of tables that point to these; all fields that tell kinds.
  llvm::DenseMap<VarId, TableKindOf> TableKinds;
  llvm::DenseSet<SlotId> KindFields;

  /// The one constant that is ever stored in a field of a Vocabulary type;
  /// fields that hold several or unknown values are not here.
  llvm::DenseMap<SlotId, int64_t> OnlyValues;

  /// \name What callers say in structures on their stacks (Options.cpp)
  /// @{
  llvm::BitVector OptionFields; ///< by slot
  /// A field of a local that surely holds what one of Stores put there, or
  /// zero.
  struct Option {
    uint32_t Local; ///< as in RefTo::B
    SlotId Field;
    bool MayBeZero; ///< the whole local was filled with zeros
    llvm::SmallVector<EventId, 2> Stores;
  };
  /// By call that is given a local's address, and by store that changes one.
  llvm::DenseMap<std::pair<FuncId, EventId>, std::vector<Option>> Options;
  /// Calls \p Each with those at \p At in \p F of the local that \p Pointer is
  /// the address of.
  void eachOption(const Func &F, const Event &At, ExprId Pointer,
                  llvm::function_ref<void(const Option &)> Each) const;
  /// @}

  /// Function pointers that every table of their record type in a module sets:
  /// `if (ops->f)` has one answer for the objects of that module.
  llvm::DenseSet<std::pair<SlotId, ModuleId>> Always;

  /// By function; most have none.
  llvm::DenseMap<FuncId, std::vector<FirstUse>> FirstUses;

  /// By function, as above; by list or field: who may put something into it.
  llvm::DenseMap<FuncId, std::vector<ContentTest>> ContentTests;
  llvm::DenseMap<SlotId, llvm::SmallVector<FuncId, 4>> Fillers;

  /// Callers by direct calls, of functions with bodies.
  std::vector<llvm::SmallVector<FuncId, 4>> Callers;
  /// Calls \p Each with each direct call of \p Callee and the one who calls.
  void eachCall(FuncId Callee,
                llvm::function_ref<void(FuncId, const Event &)> Each) const;
  std::vector<llvm::SmallVector<FuncId, 4>> Overriders; ///< C++, direct only

  /// Value of a vocabulary constant as the units define it, or none. Units of
  /// one program agree; if they do not, the first unit's value counts.
  std::optional<int64_t> constant(llvm::StringRef Name) const;

  /// \name Module affinity
  /// A thread that came through module A can run code of module B if one of the
  /// two uses the other's symbols (transitively), or has no module.
  /// @{
  bool related(ModuleId A, ModuleId B) const;
  /// The more specific of two related modules: the one that uses the other.
  ModuleId narrower(ModuleId A, ModuleId B) const;
  /// @}

private:
  friend class Linker;
  friend class AnnotationReader;
  /// Into Statements: by function, by slot, and by both.
  llvm::DenseMap<FuncId, unsigned> NeverFuncs;
  llvm::DenseMap<SlotId, unsigned> NeverSlots;
  llvm::DenseMap<std::pair<SlotId, FuncId>, unsigned> NeverStored;
  std::vector<std::vector<uint32_t>> Bindings, HeaderBindings, FieldBindings;
  llvm::DenseMap<std::pair<llvm::StringRef, llvm::StringRef>, SlotId>
      SlotByName;
  /// The slots that the model's \p Field is, whose name may be "*".
  void eachSlot(const FieldName &Field,
                llvm::function_ref<void(SlotId)> Each) const;
  llvm::DenseSet<SlotId> LockParts;
  llvm::DenseMap<SlotId, FieldModel::Kind> FewSet;
  llvm::StringMap<int64_t> Constants;
  std::vector<llvm::BitVector> Uses; ///< module -> modules, transitive
};

/// Fills SlotTargets, VarTargets and ParamTargets.
void resolvePointers(Program &P);
/// Fills Statements, and narrows SlotTargets to what they say.
void readAnnotations(Program &P);
/// Fills StoredIn, Func::AddressTaken and Func::PassedOn.
void findAddressTaken(Program &P);
/// Fills Tables, TableKinds and KindFields.
void findTables(Program &P);
/// Fills OptionFields and Options.
void findOptions(Program &P);
/// Fills OnlyValues.
void findFieldValues(Program &P);
/// Fills RelevantValues and RelevantPlaces; needs Tables and Options.
void findRelevantParams(Program &P);
/// Where a pointer comes from.
struct Origin {
  uint64_t Params = 0; ///< from one of these (bits as of Func::Origins),
  bool Made = false;   ///< or from what a call has made, or a local object,
  bool New = false;    ///< of these, from memory that nobody else has
  bool Other = false;  ///< and also from what may be old, Made or not
};
Origin originOf(const Program &P, const Func &F, ExprId Id, unsigned Depth = 0);

/// By block: from where it is reached directly.
std::vector<llvm::SmallVector<BlockId, 2>>
predecessors(llvm::ArrayRef<Block> Blocks);

/// Fills FirstUses and Func::Origins.
void findFirstUses(Program &P);
/// A field, and the pointer to what has it.
struct FieldOf {
  SlotId Slot;
  ExprId Object;
};
/// The field that is zero if the successor \p Succ of \p B is taken.
std::optional<FieldOf> unsetField(const Program &P, const Func &F,
                                  const Block &B, unsigned Succ);
/// The blocks that are reached through the successor \p Succ of \p At only.
llvm::BitVector blocksBehind(const Func &F, BlockId At, unsigned Succ);

/// Fills ContentTests, Fillers and Func::Makers.
void findContentTests(Program &P);
/// Adds to \p Bits of a function, for those in \p Work and all of their
/// callers, the parameters from which what callees want comes.
void spreadToCallers(Program &P, uint64_t Func::*Bits,
                     std::vector<FuncId> Work);
/// Of the calls \p Way, each made by what the one before calls: does somebody
/// on it hold another reference of what drops its last one there?
bool dropsKept(const Program &P, llvm::ArrayRef<CallSite> Way);
/// The blocks that are reached from \p Start without coming by \p Not.
llvm::BitVector reachedWithout(const Function &F, BlockId Start, BlockId Not);
/// The events of \p F that are reached only where a field has been found to
/// hold one constant of several; not a field of the object at \p Except.
llvm::BitVector eventsOfOneKind(const Function &F, ExprId Except = 0);
/// Fills Always.
void findPresentFields(Program &P);
/// Fills Func::Inert.
void findInertFunctions(Program &P);

} // namespace fencedep

#endif // FENCEDEP_PROGRAM_PROGRAM_H

//===- Syntax.h - the small notations inside a model file
//-------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Arguments ("arg1"), places ("*arg0"), conditions ("arg1 & RPM_ASYNC == 0"),
// fields ("timer_list::function") and the words for enumerators: one table or
// one pair of functions each, used by both Parse and Dump.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_MODEL_SYNTAX_H
#define FENCEDEP_LIB_MODEL_SYNTAX_H

#include "fencedep/Model/Model.h"

namespace fencedep {

template <class T> struct Word {
  llvm::StringLiteral Text;
  T Value;
};

inline constexpr Word<Region> RegionWords[] = {
    {"section", Region::Section},  {"no-reclaim", Region::NoReclaim},
    {"no-fs", Region::NoFs},       {"no-io", Region::NoIo},
    {"no-fault", Region::NoFault}, {"atomic", Region::Atomic},
    {"irqs-off", Region::IrqsOff},
};

inline constexpr Word<RootRole> RootRoleWords[] = {
    {"section", RootRole::Section},
    {"atomic", RootRole::Atomic},
    {"reclaim", RootRole::Reclaim},
    {"entry", RootRole::Entry},
    {"page-fault", RootRole::PageFault},
    {"opportunistic", RootRole::Opportunistic},
    {"completion", RootRole::Completion},
};

/// Of a function's result.
inline constexpr Word<FunctionModel::Holding> HeldIfWords[] = {
    {"zero", FunctionModel::IfZero},
    {"nonzero", FunctionModel::IfNonZero},
    {"never", FunctionModel::Never},
};

inline constexpr Word<Model::LockOrder::Kind> LockOrderWords[] = {
    {"fence-wait", Model::LockOrder::Wait},
    {"dma-resv", Model::LockOrder::Resv},
    {"mmap-lock", Model::LockOrder::Mmap},
    {"reclaim", Model::LockOrder::Reclaim},
};

inline constexpr Word<FieldModel::Kind> FieldKindWords[] = {
    {"barrier", FieldModel::Barrier},
    {"thread", FieldModel::Thread},
    {"bus", FieldModel::Bus},
    {"last-ref", FieldModel::LastRef},
    {"seldom", FieldModel::Seldom},
    {"set-later", FieldModel::SetLater},
    {"foreign", FieldModel::Foreign},
    {"fence-type", FieldModel::FenceType},
    {"fault-work", FieldModel::FaultWork},
    {"lock-part", FieldModel::LockPart},
    {"under-mmap-lock", FieldModel::UnderMmap},
};

inline constexpr Word<bool FunctionModel::*> FlagWords[] = {
    {"leaf", &FunctionModel::Leaf},
    {"enter", &FunctionModel::Enter},
    {"fallback", &FunctionModel::Fallback},
    {"faults", &FunctionModel::Faults},
    {"waits-fence", &FunctionModel::WaitsFence},
    {"signals-fence", &FunctionModel::SignalsFence},
    {"publishes", &FunctionModel::Publishes},
    {"gpu-driver", &FunctionModel::GpuDriver},
    {"hands-over", &FunctionModel::HandsOver},
    {"looks-at-fence", &FunctionModel::LooksAtFence},
    {"gives-new", &FunctionModel::GivesNew},
    {"diagnostic", &FunctionModel::Diagnostic},
    {"try", &FunctionModel::Try},
    {"last-ref", &FunctionModel::LastRef},
    {"takes-ref", &FunctionModel::TakesRef},
};

inline constexpr Word<std::string GfpModel::*> GfpWords[] = {
    {"type", &GfpModel::Type},
    {"direct-reclaim", &GfpModel::DirectReclaim},
    {"fs", &GfpModel::Fs},
    {"io", &GfpModel::Io},
    {"no-lockdep", &GfpModel::NoLockdep},
    {"mmu-notifier", &GfpModel::MmuNotifier},
};

inline constexpr Word<std::vector<std::string> Vocabulary::*>
    VocabularyWords[] = {
        {"constants", &Vocabulary::Constants},
        {"macros", &Vocabulary::Macros},
        {"types", &Vocabulary::Types},
        {"exports", &Vocabulary::Exports},
        {"asserts", &Vocabulary::Asserts},
};

/// "section, no-reclaim, ..."
template <class T, size_t N> std::string listWords(const Word<T> (&Words)[N]) {
  std::string Out;
  for (const Word<T> &W : Words)
    Out += (Out.empty() ? "" : ", ") + W.Text.str();
  return Out;
}

template <class T, size_t N>
llvm::StringRef wordFor(const Word<T> (&Words)[N], T Value) {
  for (const Word<T> &W : Words)
    if (W.Value == Value)
      return W.Text;
  return "";
}

bool isIdentifier(llvm::StringRef S);
bool isGlob(llvm::StringRef Name);

/// The parsers return nothing if \p S is malformed; the caller knows the
/// position and says what is legal (the Legal... texts).
std::optional<unsigned> parseArg(llvm::StringRef S);
std::optional<Place> parsePlace(llvm::StringRef S);
std::optional<Condition> parseCondition(llvm::StringRef S);
std::optional<FieldName> parseField(llvm::StringRef S, bool AllowAll);
std::optional<std::vector<FieldName>> parsePath(llvm::StringRef S);

inline constexpr llvm::StringLiteral LegalArg =
    "an argument, written 'arg0', 'arg1', ...";
inline constexpr llvm::StringLiteral LegalPlace =
    "a place: 'return', 'arg0' (the argument itself) or '*arg0' (what it "
    "points "
    "to)";
inline constexpr llvm::StringLiteral LegalCondition =
    "a condition: 'arg2 != 0', 'arg1 == NAME', 'arg1 & MASK == 0' or 'arg1 "
    "from record::field'";
inline constexpr llvm::StringLiteral LegalField =
    "a field, written 'record::field'";
inline constexpr llvm::StringLiteral LegalPath =
    "fields, outermost first: 'record::field, record2::field2'";

std::string printArg(unsigned Index);
std::string print(const Place &P);
std::string print(const Condition &C);
std::string print(const std::vector<FieldName> &Path);

} // namespace fencedep

#endif // FENCEDEP_LIB_MODEL_SYNTAX_H

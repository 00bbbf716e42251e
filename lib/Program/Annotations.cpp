//===- Annotations.cpp - what the source says about calls -----------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     fencedep::never_in_section: REASON
//         a function, all calls through a field, or what is stored in a table:
//         never called in a section, so that searches from sections stop there
//     fencedep::calls: FUNCTION, ...
//         a field of pointers to functions: calls through it enter these, and
//         no others
//
// Each statement counts once, however many units read it in a header. Those
// that are mistaken do nothing and are told.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Program.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <map>
#include <set>

using namespace llvm;
using namespace fencedep;

namespace fencedep {

class AnnotationReader {
public:
  explicit AnnotationReader(Program &P) : P(P) {}

  void run() {
    for (uint32_t I = 0, N = P.Units.size(); I != N; ++I)
      for (const Annotation &A : P.Units[I].Annotations)
        Found[{P.Units[I].str(A.Where.File), A.Where.Line, A.Where.Column,
               P.Units[I].str(A.Text)}]
            .push_back({I, &A});
    for (const auto &[Key, Places] : Found) {
      auto [UnitIndex, A] = Places.front();
      P.Statements.push_back({Statement::Mistake, "", UnitIndex, A->Where});
      read(std::get<3>(Key), Places);
    }
  }

private:
  using Place = std::pair<uint32_t, const Annotation *>; ///< unit
  using Places = std::vector<Place>;

  unsigned current() const { return P.Statements.size() - 1; }

  void mistake(const Twine &What) { P.Statements.back().Text = What.str(); }

  void read(StringRef Text, const Places &All) {
    auto [Word, Rest] = Text.split(':');
    Rest = Rest.trim();
    if (Word == "never_in_section" && !Rest.empty())
      neverInSection(Rest, All);
    else if (Word == "calls" && !Rest.empty())
      calls(Rest, All);
    else
      mistake("'fencedep::" + Text +
              "' is not understood; legal are 'fencedep::never_in_section: "
              "REASON' and 'fencedep::calls: FUNCTION, ...'");
  }

  void neverInSection(StringRef Reason, const Places &All) {
    P.Statements.back().K = Statement::NeverInSection;
    P.Statements.back().Text = Reason.str();
    for (auto [UnitIndex, A] : All) {
      const Unit &U = P.Units[UnitIndex];
      Func Scope;
      Scope.Unit = UnitIndex;
      if (A->OnField)
        P.NeverSlots.try_emplace(P.slot(UnitIndex, A->Of), current());
      else if (U.Symbols[A->Of].Kind == SymbolKind::Function)
        P.NeverFuncs.try_emplace(P.func(Scope, A->Of), current());
      else
        neverStored(P.var(Scope, A->Of));
    }
  }

  /// What nothing but the table \p Holder stores in a slot.
  void neverStored(VarId Holder) {
    for (SlotId S = 0; S != P.SlotTargets.size(); ++S) {
      ArrayRef<SlotTarget> Stored = P.SlotTargets[S];
      for (const SlotTarget &T : Stored)
        if (T.Holder == Holder && none_of(Stored, [&](const SlotTarget &O) {
              return O.Target == T.Target && O.Holder != Holder;
            }))
          P.NeverStored.try_emplace({S, T.Target}, current());
    }
  }

  void calls(StringRef Names, const Places &All) {
    if (!All.front().second->OnField)
      return mistake("'fencedep::calls' is for a field");
    P.Statements.back().K = Statement::Calls;
    const uint32_t UnitIndex = All.front().first;
    SlotId S = P.slot(UnitIndex, All.front().second->Of);
    std::vector<SlotTarget> Wanted;
    SmallVector<StringRef, 4> Each;
    Names.split(Each, ',');
    for (StringRef Name : Each)
      if (!addTargets(Name.trim(), S, All.front(), Wanted))
        mistake("no function '" + Name.trim() + "' has a body in the program");
    if (Wanted.empty())
      return;
    std::set<FuncId> Before, After;
    for (const SlotTarget &T : P.SlotTargets[S])
      Before.insert(T.Target);
    for (const SlotTarget &T : Wanted)
      After.insert(T.Target);
    if (Before == After)
      return mistake("it changes nothing: these are the functions that were "
                     "found");
    P.SlotTargets[S] = std::move(Wanted);
  }

  /// The stores of functions of this name, and those functions that nobody was
  /// seen to store.
  bool addTargets(StringRef Name, SlotId S, Place From,
                  std::vector<SlotTarget> &Out) {
    const size_t Start = Out.size();
    for (const SlotTarget &T : P.SlotTargets[S])
      if (P.Funcs[T.Target].Name == Name)
        Out.push_back(T);
    if (Out.size() != Start)
      return true;
    for (FuncId F = 0; F != P.Funcs.size(); ++F)
      if (P.Funcs[F].Body && P.Funcs[F].Name == Name)
        Out.push_back(
            {F, P.Funcs[F].Module, NoId, {S}, From.first, From.second->Where});
    return Out.size() != Start;
  }

  Program &P;
  /// By place and text.
  std::map<std::tuple<StringRef, unsigned, unsigned, StringRef>, Places> Found;
};

} // namespace fencedep

void fencedep::readAnnotations(Program &P) { AnnotationReader(P).run(); }

const Statement *Program::neverInSection(FuncId Callee, SlotId Slot) const {
  auto Find = [&](const auto &Map, const auto &Key) {
    auto It = Map.find(Key);
    return It == Map.end() ? nullptr : &Statements[It->second];
  };
  if (const Statement *S = Find(NeverFuncs, Callee))
    return S;
  if (Slot == NoId)
    return nullptr;
  if (const Statement *S = Find(NeverSlots, Slot))
    return S;
  return Find(NeverStored, std::pair(Slot, Callee));
}

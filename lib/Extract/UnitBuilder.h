//===- UnitBuilder.h - the tables of a unit -------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns Clang's declarations and locations into the ids of a Unit's tables,
// each once: everything is memoised by canonical declaration or file.
//
// A header function has two symbols: with the hash of its body, as seen from
// the unit's own functions, and without, as seen from header bodies. A header
// body is summarised by whichever unit comes first, so what it calls must not
// depend on that unit's macros.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_EXTRACT_UNITBUILDER_H
#define FENCEDEP_LIB_EXTRACT_UNITBUILDER_H

#include "Recorder.h"
#include "fencedep/Summary/Summary.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include <set>

namespace fencedep {

class UnitBuilder {
public:
  UnitBuilder(clang::ASTContext &Ctx, const Vocabulary &Vocab,
              const Recorder *Rec);

  clang::ASTContext &Ctx;
  const clang::SourceManager &SM;
  const Vocabulary &Vocab;
  const Recorder *Rec; ///< null: somebody else's AST
  Unit U;

  StringId str(llvm::StringRef S);
  /// The file of \p L, 0 if it has none.
  StringId file(clang::SourceLocation L);
  Loc loc(clang::SourceLocation L);
  /// The outermost function-like macro whose body (not argument) spells \p L.
  StringId macroOf(clang::SourceLocation L);

  bool inMainFile(clang::SourceLocation L);
  /// Where \p FD is defined, or declared if this unit has no definition.
  const clang::FunctionDecl *definitionOf(const clang::FunctionDecl *FD);

  SymbolId function(const clang::FunctionDecl *FD, bool FromHeaderBody);
  /// The symbol of the very definition \p Def.
  SymbolId definition(const clang::FunctionDecl *Def, bool InHeader);
  /// A global or static local.
  SymbolId variable(const clang::VarDecl *VD);
  SymbolId externalFunction(llvm::StringRef Name);
  FieldId field(const clang::FieldDecl *FD);
  FieldId field(llvm::StringRef Record, llvm::StringRef Name);
  /// The symbol that is equal to \p S, whose strings are this unit's.
  SymbolId add(Symbol S);
  /// Notes \p A once.
  void annotate(Annotation A);
  std::string recordName(const clang::RecordDecl *RD);
  llvm::StringRef vocabularyType(clang::QualType T) const;

  std::string keyOf(const clang::FunctionDecl *FD);

private:
  StringId mainFile();
  StringId file(clang::FileID Id);
  /// Where a location in a rewritten main file was before.
  clang::PresumedLoc before(clang::SourceLocation L);
  /// Notes what the attributes of \p D say to us.
  void annotations(const clang::Decl *D, bool OnField, uint32_t Of);
  Symbol describe(const clang::FunctionDecl *FD, const clang::FunctionDecl *Def,
                  bool WithHash);
  uint64_t bodyHash(const clang::FunctionDecl *Def);
  std::string lambdaKey(const clang::FunctionDecl *FD);

  llvm::StringMap<StringId> StringIds;
  llvm::DenseMap<clang::FileID, StringId> Files;
  llvm::StringMap<StringId> FilesBefore;
  llvm::DenseMap<const clang::Decl *, SymbolId> FunctionIds[2];
  llvm::DenseMap<const clang::Decl *, SymbolId> VariableIds;
  llvm::DenseMap<const clang::FieldDecl *, FieldId> FieldIds;
  llvm::DenseMap<std::pair<StringId, StringId>, FieldId> FieldNames;
  /// One id for equal symbols, however they were reached.
  llvm::StringMap<SymbolId> SymbolIds;
  /// Of Unit::Annotations: on a field?, Of, Text.
  std::set<std::tuple<bool, uint32_t, StringId>> Annotated;
};

/// \p V in 64 bits (the upper half of uint64_t is negative), if it fits.
std::optional<int64_t> inWord(const llvm::APSInt &V);

/// \p Path made absolute against \p Directory, dots removed.
std::string absolutePath(llvm::StringRef Path, llvm::StringRef Directory);

} // namespace fencedep

#endif // FENCEDEP_LIB_EXTRACT_UNITBUILDER_H

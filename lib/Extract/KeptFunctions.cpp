//===- KeptFunctions.cpp - functions that an edit left as they were -------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See KeptFunctions.h. A body with a directive or with a declaration of
// something global in it counts among the surroundings, text and all. What is
// made by a macro, or mentions what is annotated, is summarised each time:
// parts of it are elsewhere. One pass over the file, and one over each copied
// table.
//
//===----------------------------------------------------------------------===//

#include "KeptFunctions.h"
#include "FunctionBuilder.h"
#include "fencedep/Summary/Fields.h"
#include "clang/AST/Stmt.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/xxhash.h"

using namespace clang;
using namespace fencedep;

namespace {

/// Writes a unit's tables into those of another one, each entry when it is
/// first asked for. What is in its main file is so many lines further down.
class Copier : public FieldVisitor {
public:
  Copier(UnitBuilder &Into, const Unit &From, int Lines)
      : Into(Into), From(From), Lines(Lines), Strings(From.Strings.size()),
        Symbols(From.Symbols.size()), Fields(From.Fields.size()),
        MainFile(Into.str(Into.U.MainFile)) {}

  void run() {
    append(From.Functions, Into.U.Functions);
    append(From.Initializers, Into.U.Initializers);
    append(From.TableRefs, Into.U.TableRefs);
    append(From.FieldValues, Into.U.FieldValues);
    append(From.TableKinds, Into.U.TableKinds);
    for (Annotation A : From.Annotations) {
      fields(*this, A);
      Into.annotate(A);
    }
  }

  void id(Table In, uint32_t &Id) {
    Id = In == Table::Strings   ? str(Id)
         : In == Table::Symbols ? symbol(Id)
                                : field(Id);
  }
  void line(Loc &L) {
    if (L.File == MainFile)
      L.Line += Lines;
  }

private:
  template <typename T>
  void append(const std::vector<T> &Entries, std::vector<T> &To) {
    for (T Entry : Entries) {
      fields(*this, Entry);
      To.push_back(std::move(Entry));
    }
  }
  StringId str(StringId Id) {
    if (Id && !Strings[Id])
      Strings[Id] = Into.str(From.str(Id));
    return Strings[Id];
  }
  SymbolId symbol(SymbolId Id) {
    if (!Symbols[Id]) {
      Symbol S = From.Symbols[Id];
      fields(*this, S);
      Symbols[Id] = Into.add(std::move(S));
    }
    return *Symbols[Id];
  }
  FieldId field(FieldId Id) {
    if (!Fields[Id]) {
      const Field &F = From.Fields[Id];
      Fields[Id] = Into.field(From.str(F.Record), From.str(F.Name));
      Into.U.Fields[*Fields[Id]].Type = str(F.Type);
    }
    return *Fields[Id];
  }

  UnitBuilder &Into;
  const Unit &From;
  const int Lines;
  std::vector<StringId> Strings;
  std::vector<std::optional<SymbolId>> Symbols;
  std::vector<std::optional<FieldId>> Fields;
  const StringId MainFile;
};

} // namespace

FunctionKeeper::FunctionKeeper(UnitBuilder &Into, const EditedFile &File,
                               llvm::ArrayRef<const FunctionDecl *> Own)
    : Into(Into), File(File), Known(File.Known),
      Text(Into.SM.getBufferData(Into.SM.getMainFileID())) {
  const std::optional<uint64_t> Surroundings = surroundings(Own);
  if (!Surroundings || Surroundings != Known.Surroundings)
    Known.ByText.clear();
  Known.Surroundings = Surroundings;
}

FunctionKeeper::~FunctionKeeper() { Known.ByText = std::move(Now); }

/// None if a macro has a part in where it begins or ends.
std::optional<FunctionKeeper::Extent>
FunctionKeeper::extentOf(const FunctionDecl *FD) const {
  const SourceRange Body = FD->getBody()->getSourceRange();
  const FileID Main = Into.SM.getMainFileID();
  if (Body.getBegin().isMacroID() || Body.getEnd().isMacroID() ||
      FD->getLocation().isMacroID())
    return std::nullopt;
  auto [First, Begin] = Into.SM.getDecomposedExpansionLoc(FD->getBeginLoc());
  auto [Second, Open] = Into.SM.getDecomposedLoc(Body.getBegin());
  auto [Last, Close] = Into.SM.getDecomposedLoc(Body.getEnd());
  if (First != Main || Second != Main || Last != Main || Begin >= Open ||
      Open >= Close || Close >= Text.size() || Text[Close] != '}')
    return std::nullopt;
  return Extent{Begin, Open, Close + 1};
}

/// A hash of the main file without comments and without the bodies that matter
/// to nobody else, and of all that was before it. None if it includes files
/// that were not.
std::optional<uint64_t>
FunctionKeeper::surroundings(llvm::ArrayRef<const FunctionDecl *> Own) const {
  const LangOptions &LO = Into.Ctx.getLangOpts();
  std::string Rest = std::to_string(File.Before);
  unsigned At = 0;
  bool Directive = false, Includes = false;
  auto Gap = [&](unsigned End) {
    Lexer Raw(Into.SM.getLocForStartOfFile(Into.SM.getMainFileID()), LO,
              Text.begin(), Text.begin() + At, Text.end());
    Token T;
    while (!Raw.LexFromRawLexer(T) || T.isNot(tok::eof)) {
      const unsigned Offset = Into.SM.getFileOffset(T.getLocation());
      if (T.is(tok::eof) || Offset >= End)
        break;
      const llvm::StringRef Spelling = Text.substr(Offset, T.getLength());
      if (Directive && Offset >= File.BeforeSize &&
          Spelling.starts_with("include"))
        Includes = true;
      Directive = T.is(tok::hash) && T.isAtStartOfLine();
      Rest += T.isAtStartOfLine() ? '\n' : ' ';
      Rest += Spelling;
    }
  };
  for (const FunctionDecl *FD : Own) {
    std::optional<Extent> E = extentOf(FD);
    if (!E || E->Body < At)
      continue;
    llvm::StringRef Body = Text.slice(E->Body, E->End);
    if (Body.contains('#') || Body.contains("extern"))
      continue;
    Gap(E->Body);
    At = E->End;
  }
  Gap(Text.size());
  if (Includes)
    return std::nullopt;
  return llvm::xxh3_64bits(Rest);
}

Unit FunctionKeeper::summarize(const FunctionDecl *FD) const {
  UnitBuilder Own(Into.Ctx, Into.Vocab, Into.Rec);
  FunctionBuilder Builder(Own);
  for (const VarDecl *VD : Builder.build(FD, /*InHeader=*/false))
    recordInitializer(Own, VD);
  return std::move(Own.U);
}

void FunctionKeeper::add(const FunctionDecl *FD) {
  std::optional<Extent> E = extentOf(FD);
  if (!E)
    return Copier(Into, summarize(FD), 0).run();
  const FileID Main = Into.SM.getMainFileID();
  const unsigned Line = Into.SM.getLineNumber(Main, E->Begin);
  // What is before it on its line moves its columns.
  const unsigned Column = Into.SM.getColumnNumber(Main, E->Begin);
  const uint64_t Id =
      llvm::xxh3_64bits(Text.slice(E->Begin - (Column - 1), E->End));
  auto Old = Known.ByText.find(Id);
  if (Old != Known.ByText.end()) {
    Copier(Into, Old->second.Summary, int(Line) - int(Old->second.Line)).run();
    Now.insert(Known.ByText.extract(Old));
    return;
  }
  Unit U = summarize(FD);
  Copier(Into, U, 0).run();
  // What Clang makes of a mistake depends on the mistakes before it.
  if (Known.Surroundings && !U.Functions.empty() && U.Annotations.empty())
    Now.try_emplace(Id, KeptFunctions::Kept{Line, std::move(U)});
}

//===- MacroValue.cpp - what a macro is worth -----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where the unit is ours, Clang evaluates the vocabulary's constants, from
// enumerators that we append to it (Frontend.cpp). A unit that somebody else
// compiles must stay as it is, so its preprocessor is asked to expand the macro
// once more when all is read, and the tokens are evaluated here: 64-bit words,
// enumerators by name, casts as if they kept the value. That is less than C; a
// macro that needs more has no value. One pass over the tokens; nesting is
// bounded.
//
//===----------------------------------------------------------------------===//

#include "MacroValue.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Decl.h"
#include "clang/Lex/LiteralSupport.h"
#include "clang/Lex/Preprocessor.h"

using namespace clang;
using namespace fencedep;

static constexpr unsigned MaxTokens = 4096, MaxNesting = 128;

namespace {

class Evaluator {
public:
  Evaluator(Preprocessor &PP, ASTContext &Ctx, llvm::ArrayRef<Token> Tokens)
      : PP(PP), Ctx(Ctx), Tokens(Tokens) {}

  std::optional<int64_t> run() {
    std::optional<int64_t> V = conditional();
    return Next == Tokens.size() ? V : std::nullopt;
  }

private:
  using Word = std::optional<int64_t>;

  tok::TokenKind kind(size_t Ahead = 0) const {
    return Next + Ahead < Tokens.size() ? Tokens[Next + Ahead].getKind()
                                        : tok::eof;
  }

  bool take(tok::TokenKind K) {
    if (kind() != K)
      return false;
    ++Next;
    return true;
  }

  Word conditional() {
    Word Cond = binary(1);
    if (!take(tok::question))
      return Cond;
    Word Yes = conditional();
    if (!take(tok::colon))
      return std::nullopt;
    Word No = conditional();
    return !Cond ? std::nullopt : *Cond ? Yes : No;
  }

  static unsigned precedence(tok::TokenKind K) {
    switch (K) {
    case tok::pipepipe:
      return 1;
    case tok::ampamp:
      return 2;
    case tok::pipe:
      return 3;
    case tok::caret:
      return 4;
    case tok::amp:
      return 5;
    case tok::equalequal:
    case tok::exclaimequal:
      return 6;
    case tok::less:
    case tok::greater:
    case tok::lessequal:
    case tok::greaterequal:
      return 7;
    case tok::lessless:
    case tok::greatergreater:
      return 8;
    case tok::plus:
    case tok::minus:
      return 9;
    case tok::star:
    case tok::slash:
    case tok::percent:
      return 10;
    default:
      return 0;
    }
  }

  static Word apply(tok::TokenKind K, int64_t SL, int64_t SR) {
    // Unsigned, so that nothing overflows.
    auto L = static_cast<uint64_t>(SL), R = static_cast<uint64_t>(SR);
    switch (K) {
    case tok::pipepipe:
      return L || R;
    case tok::ampamp:
      return L && R;
    case tok::pipe:
      return L | R;
    case tok::caret:
      return L ^ R;
    case tok::amp:
      return L & R;
    case tok::equalequal:
      return L == R;
    case tok::exclaimequal:
      return L != R;
    case tok::less:
      return SL < SR;
    case tok::greater:
      return SL > SR;
    case tok::lessequal:
      return SL <= SR;
    case tok::greaterequal:
      return SL >= SR;
    case tok::lessless:
      return R < 64 ? Word(L << R) : std::nullopt;
    case tok::greatergreater:
      return R < 64 ? Word(L >> R) : std::nullopt;
    case tok::plus:
      return L + R;
    case tok::minus:
      return L - R;
    case tok::star:
      return L * R;
    case tok::slash:
      return R ? Word(L / R) : std::nullopt;
    case tok::percent:
      return R ? Word(L % R) : std::nullopt;
    default:
      return std::nullopt;
    }
  }

  Word binary(unsigned Least) {
    Word L = unary();
    while (L) {
      tok::TokenKind K = kind();
      unsigned P = precedence(K);
      if (P == 0 || P < Least)
        break;
      ++Next;
      Word R = binary(P + 1);
      L = R ? apply(K, *L, *R) : std::nullopt;
    }
    return L;
  }

  Word unary() {
    if (++Depth > MaxNesting)
      return std::nullopt;
    Word V = unaryOf();
    --Depth;
    return V;
  }

  Word unaryOf() {
    if (take(tok::plus))
      return unary();
    if (take(tok::minus)) {
      Word V = unary();
      return V ? Word(0 - static_cast<uint64_t>(*V)) : std::nullopt;
    }
    if (take(tok::tilde)) {
      Word V = unary();
      return V ? Word(~*V) : std::nullopt;
    }
    if (take(tok::exclaim)) {
      Word V = unary();
      return V ? Word(!*V) : std::nullopt;
    }
    if (kind() == tok::l_paren) {
      if (isType(1)) { // a cast
        skipParens();
        return unary();
      }
      ++Next;
      Word V = conditional();
      return take(tok::r_paren) ? V : std::nullopt;
    }
    if (kind() == tok::numeric_constant)
      return number(Tokens[Next++]);
    if (kind() == tok::identifier)
      return enumerator(Tokens[Next++]);
    return std::nullopt;
  }

  const NamedDecl *named(const Token &T) const {
    for (NamedDecl *D :
         Ctx.getTranslationUnitDecl()->lookup(T.getIdentifierInfo()))
      return D;
    return nullptr;
  }

  bool isType(size_t Ahead) const {
    switch (kind(Ahead)) {
    case tok::identifier:
      return llvm::isa_and_nonnull<TypeDecl>(named(Tokens[Next + Ahead]));
    case tok::kw_unsigned:
    case tok::kw_signed:
    case tok::kw_int:
    case tok::kw_long:
    case tok::kw_short:
    case tok::kw_char:
    case tok::kw__Bool:
    case tok::kw_void:
    case tok::kw_const:
    case tok::kw_volatile:
    case tok::kw_enum:
    case tok::kw_struct:
    case tok::kw___attribute:
      return true;
    default:
      return false;
    }
  }

  void skipParens() {
    unsigned Open = 0;
    do {
      Open += kind() == tok::l_paren;
      Open -= kind() == tok::r_paren;
      ++Next;
    } while (Open && Next < Tokens.size());
  }

  Word number(const Token &T) const {
    llvm::SmallString<32> Buffer;
    bool Invalid = false;
    llvm::StringRef Spelling = PP.getSpelling(T, Buffer, &Invalid);
    if (Invalid)
      return std::nullopt;
    NumericLiteralParser Literal(Spelling, T.getLocation(),
                                 PP.getSourceManager(), PP.getLangOpts(),
                                 PP.getTargetInfo(), PP.getDiagnostics());
    llvm::APInt V(64, 0);
    if (Literal.hadError || !Literal.isIntegerLiteral() ||
        Literal.GetIntegerValue(V))
      return std::nullopt;
    return static_cast<int64_t>(V.getZExtValue());
  }

  Word enumerator(const Token &T) const {
    const auto *EC = llvm::dyn_cast_or_null<EnumConstantDecl>(named(T));
    if (!EC || EC->getInitVal().getSignificantBits() > 64)
      return std::nullopt;
    return EC->getInitVal().getExtValue();
  }

  Preprocessor &PP;
  ASTContext &Ctx;
  llvm::ArrayRef<Token> Tokens;
  size_t Next = 0;
  unsigned Depth = 0;
};

} // namespace

/// What \p Macro expands to.
static std::optional<llvm::SmallVector<Token, 32>>
expand(Preprocessor &PP, IdentifierInfo *Macro) {
  auto Stream = std::make_unique<Token[]>(2);
  Stream[0].startToken();
  Stream[0].setKind(tok::identifier);
  Stream[0].setIdentifierInfo(Macro);
  Stream[1].startToken();
  Stream[1].setKind(tok::eof);
  const Token *Mark = Stream.get();
  Stream[1].setEofData(Mark);
  PP.EnterTokenStream(std::move(Stream), 2, /*DisableMacroExpansion=*/false,
                      /*IsReinject=*/true);
  llvm::SmallVector<Token, 32> Found;
  for (;;) {
    Token T;
    PP.Lex(T);
    if (T.is(tok::eof)) {
      if (T.getEofData() != Mark)
        return std::nullopt; // not ours: the stream is gone
      break;
    }
    if (Found.size() <= MaxTokens)
      Found.push_back(T);
  }
  if (Found.size() > MaxTokens)
    return std::nullopt;
  return Found;
}

std::optional<int64_t> fencedep::macroValue(Preprocessor &PP, ASTContext &Ctx,
                                            llvm::StringRef Name) {
  IdentifierInfo *II = PP.getIdentifierInfo(Name);
  const MacroInfo *Macro = PP.getMacroInfo(II);
  if (!Macro || !Macro->isObjectLike() || Macro->tokens_empty())
    return std::nullopt;
  auto Tokens = expand(PP, II);
  if (!Tokens)
    return std::nullopt;
  return Evaluator(PP, Ctx, *Tokens).run();
}

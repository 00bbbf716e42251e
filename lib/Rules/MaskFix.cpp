//===- MaskFix.cpp - a mask that does not reclaim, where that is possible -===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An allocation that may not reclaim fails sooner. To take that bit out of its
// mask is right only where the result is tested, and where the mask is written:
//
//     p = kmalloc(8, GFP_KERNEL);     the mask has a name, at the call itself
//     if (!p)                         the result decides a branch
//
// The summary knows the test, the source where the mask's name stands.
//
//===----------------------------------------------------------------------===//

#include "Rule.h"
#include "fencedep/Report/Source.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace fencedep;

namespace {

/// Looks for the result of a call in conditions.
class ResultTest {
public:
  ResultTest(const Program &P, const Func &F, EventId Call)
      : P(P), F(F), Body(*F.Body), Call(Call) {
    for (const Event &E : Body.Events)
      if (E.Kind == EventKind::Store && E.Args.size() == 2 &&
          isResult(E.Args[1]))
        Stored.push_back(&Body.Exprs[E.Args[0]]);
  }

  bool decidesBranch() const {
    return any_of(Body.Blocks,
                  [&](const Block &B) { return B.Cond && tests(B.Cond); }) ||
           storedIsTested();
  }

private:
  bool isResult(ExprId Id, unsigned Depth = 0) const {
    const Expr &E = Body.Exprs[Id];
    if (E.Kind == ExprKind::Call)
      return E.A == Call;
    if (E.Kind == ExprKind::FieldLoad && AfterStore)
      return any_of(Stored, [&](const Expr *To) {
        return To->Kind == ExprKind::FieldAddr && To->A == E.A && To->B == E.B;
      });
    return E.Kind == ExprKind::Phi && Depth < MaxDepth &&
           any_of(E.Operands, [&](ExprId X) { return isResult(X, Depth + 1); });
  }

  /// A field that got the result has it for sure only until the next branch.
  bool storedIsTested() const {
    const auto Here = Body.blockOf(Call);
    if (!Here)
      return false;
    const Block *B = &Body.Blocks[*Here];
    for (unsigned I = 0; I != MaxDepth && !B->Cond && B->Succs.size() == 1; ++I)
      B = &Body.Blocks[B->Succs[0]];
    AfterStore = true;
    bool Tested = B->Cond && tests(B->Cond);
    AfterStore = false;
    return Tested;
  }

  bool isZero(ExprId Id) const { return fencedep::isZero(Body.Exprs[Id]); }

  bool tests(ExprId Id, unsigned Depth = 0) const {
    const Expr &E = Body.Exprs[Id];
    if (isResult(Id))
      return true;
    if (Depth == MaxDepth)
      return false;
    if (E.Kind == ExprKind::Unary)
      return tests(E.A, Depth + 1);
    if (E.Kind == ExprKind::Binary && (E.Oper == Op::LAnd || E.Oper == Op::LOr))
      return tests(E.A, Depth + 1) || tests(E.B, Depth + 1);
    if (E.Kind == ExprKind::Binary && (E.Oper == Op::Eq || E.Oper == Op::Ne))
      return (isZero(E.B) && tests(E.A, Depth + 1)) ||
             (isZero(E.A) && tests(E.B, Depth + 1));
    if (E.Kind != ExprKind::Call)
      return false;
    const Event &Asked = Body.Events[E.A];
    FuncId Callee = P.callee(F, Asked);
    return Callee != NoId &&
           is_contained(P.M.Gfp.FailureTests, P.Funcs[Callee].Name) &&
           Asked.Args.size() == 1 && isResult(Asked.Args[0]);
  }

  static constexpr unsigned MaxDepth = 8;
  const Program &P;
  const Func &F;
  const Function &Body;
  EventId Call;
  std::vector<const Expr *> Stored; ///< where the result was put
  mutable bool AfterStore = false;  ///< loads of these are the result
};

} // namespace

/// The mask with the fewest bits that does not reclaim; "": the model has none.
static StringRef withoutReclaim(const Model &M) {
  StringRef Best;
  size_t Bits = ~size_t(0);
  for (const auto &[Name, Of] : M.Gfp.Masks)
    if (!is_contained(Of, M.Gfp.DirectReclaim) && Of.size() < Bits) {
      Best = Name;
      Bits = Of.size();
    }
  return Best;
}

std::optional<Fix> fencedep::maskFix(const SiteView &S, const Verdict &V,
                                     bool Shared) {
  const Program &P = S.program();
  StringRef Better = withoutReclaim(P.M);
  if (V.Mask.empty() || Better.empty() || V.Mask == Better ||
      !ResultTest(P, S.F, S.S.Event).decidesBranch())
    return std::nullopt;
  Fix X;
  X.Replaced = V.Mask;
  X.Replacement = Better.str();
  X.Description = "the result is tested: " + Better.str() + " in place of " +
                  V.Mask + " would do, and fail more often";
  if (Shared)
    X.Description +=
        ", also for callers of '" + S.F.Name.str() + "' outside of sections";
  return X;
}

/// Where in \p Text, a call from its start on, the name \p Word stands, once,
/// between the parentheses; nothing if it does not.
static std::optional<size_t> inArguments(StringRef Text, StringRef Word) {
  auto IsWord = [](char C) { return isAlnum(C) || C == '_'; };
  std::optional<size_t> Found;
  unsigned Depth = 0;
  for (size_t I = 0; I < Text.size();) {
    char C = Text[I];
    StringRef Here = Text.substr(I).take_while(IsWord);
    if (Depth && Here == Word) {
      if (Found)
        return std::nullopt;
      Found = I;
    }
    Depth += C == '(';
    if (C == ')' && --Depth == 0)
      return Found;
    if (!Depth && C != '(' && Here.empty() && !isSpace(C))
      return std::nullopt;
    // Neither strings nor comments are looked into: there are none in a mask.
    if (C == '"' || C == '\'' || Text.substr(I).starts_with("/*"))
      return std::nullopt;
    I += std::max<size_t>(1, Here.size());
  }
  return std::nullopt;
}

void fencedep::placeFixes(std::vector<Finding> &Findings, StringRef BaseDir) {
  constexpr unsigned MaxLines = 8;
  SourceFiles Files(BaseDir.str());
  for (Finding &F : Findings)
    erase_if(F.Fixes, [&](Fix &X) {
      // The lines from the call on; those of the name are counted afterwards.
      std::string Text;
      for (unsigned I = 0; I != MaxLines; ++I)
        if (auto Line = Files.line(F.Sink.File, F.Sink.Line + I))
          Text += (I ? *Line : Line->substr(F.Sink.Column - 1)).str() + "\n";
      std::optional<size_t> At = inArguments(Text, X.Replaced);
      if (!At)
        return true;
      StringRef Before = StringRef(Text).take_front(*At);
      unsigned Down = Before.count('\n');
      X.Start = F.Sink;
      X.Start.Line += Down;
      X.Start.Column =
          Down ? *At - Before.rfind('\n') : F.Sink.Column + unsigned(*At);
      X.End = X.Start;
      X.End.Column += X.Replaced.size();
      return false;
    });
}

//===- Reclaim.cpp - fence-reclaim ----------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An allocation may enter direct reclaim if its mask has __GFP_DIRECT_RECLAIM
// (mm/page_alloc.c: the slow path asks for exactly that bit). Reclaim runs
// shrinkers, with __GFP_FS, and mmu notifiers, with any mask: both may wait for
// fences. A memalloc_noreclaim scope (PF_MEMALLOC) never reclaims; nofs and
// noio scopes only take bits away. Bits are the program's own ___GFP_*
// constants; the model's named masks serve the messages and calls without a
// mask argument.
//
//===----------------------------------------------------------------------===//

#include "Rule.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace fencedep;

namespace {

/// The bits of the model's names in this program.
class Masks {
public:
  explicit Masks(const Program &P) : P(P), Gfp(P.M.Gfp) {}

  uint64_t bit(StringRef Name) const {
    return static_cast<uint64_t>(P.constant(Name).value_or(0));
  }

  /// Value of "GFP_KERNEL": from the model's table, or a constant of the unit.
  uint64_t named(StringRef Name) const {
    for (const auto &[Mask, Bits] : Gfp.Masks)
      if (Mask == Name)
        return value(Bits);
    return bit(Name);
  }

  uint64_t value(ArrayRef<std::string> Bits) const {
    uint64_t V = 0;
    for (const std::string &B : Bits)
      V |= named(B);
    return V;
  }

  /// "GFP_KERNEL|0x100": the largest named mask inside, and the rest in hex.
  std::string spell(uint64_t Mask) const {
    StringRef Best;
    uint64_t BestValue = 0;
    for (const auto &[Name, Bits] : Gfp.Masks)
      if (uint64_t V = value(Bits);
          V && (V & Mask) == V && popcount(V) > popcount(BestValue)) {
        Best = Name;
        BestValue = V;
      }
    if (Best.empty())
      return "0x" + utohexstr(Mask, /*LowerCase=*/true);
    if (Mask == BestValue)
      return Best.str();
    return Best.str() + "|0x" + utohexstr(Mask & ~BestValue, true);
  }

private:
  const Program &P;
  const GfpModel &Gfp;
};

/// Whether one mask reclaims: yes, no, or not known.
class Judge {
public:
  Judge(const SiteView &S, const Masks &M)
      : S(S), M(M), Gfp(S.program().M.Gfp) {}

  std::optional<bool> reclaims(const Value &V) const {
    if (V.K != Value::Bits)
      return std::nullopt;
    auto Bit = [&](StringRef Name) -> std::optional<bool> {
      uint64_t B = M.bit(Name);
      if (!B)
        return false;
      if (V.Word & V.Known & B)
        return true;
      if ((V.Known & B) == B)
        return false;
      return std::nullopt;
    };
    std::optional<bool> Direct = Bit(Gfp.DirectReclaim);
    if (Direct == false || Bit(Gfp.NoLockdep) == true)
      return false;
    // Without mmu notifiers only shrinkers are left, and they need __GFP_FS.
    bool NeedsFs =
        !Gfp.MmuNotifier.empty() && !S.program().constant(Gfp.MmuNotifier);
    if (NeedsFs) {
      bool Withheld = S.in(Region::NoFs) || S.in(Region::NoIo);
      std::optional<bool> Fs = Withheld ? false : Bit(Gfp.Fs);
      if (!Fs || !*Fs)
        return Fs;
    }
    return Direct;
  }

private:
  const SiteView &S;
  const Masks &M;
  const GfpModel &Gfp;
};

} // namespace

/// The argument that is the mask, from the model or from the parameter's type.
static std::optional<unsigned> maskArgument(const SiteView &S) {
  if (S.S.Model)
    return S.S.Model->GfpArg;
  const Func &Callee = S.program().Funcs[S.S.Callee];
  for (const Symbol::TypedParam &T : Callee.Decl->TypedParams)
    if (S.program().Units[Callee.DeclUnit].str(T.Type) ==
        S.program().M.Gfp.Type)
      return T.Index;
  return std::nullopt;
}

std::optional<Verdict> fencedep::matchReclaim(const SiteView &S) {
  if (S.in(Region::NoReclaim))
    return std::nullopt;
  Masks M(S.program());
  Judge J(S, M);
  Verdict V;
  V.Why = "direct reclaim runs shrinkers and mmu notifiers, which may wait for "
          "a fence";
  if (S.S.Model && !S.S.Model->Why.empty())
    V.Why = S.S.Model->Why;

  if (S.S.Model && !S.S.Model->GfpMask.empty()) {
    Value Fixed;
    Fixed.K = Value::Bits;
    Fixed.Known = ~uint64_t(0);
    Fixed.Word = M.named(S.S.Model->GfpMask);
    if (J.reclaims(Fixed) != true)
      return std::nullopt;
    V.What = "'" + S.api() + "' allocates with " + S.S.Model->GfpMask +
             " and may enter direct reclaim";
    return V;
  }

  std::optional<unsigned> Arg = maskArgument(S);
  if (!Arg)
    return std::nullopt;
  const Value Mask = S.G.Eval[S.arg(*Arg)];
  V.Traced = Arg;
  // Of several possible masks, one that reclaims is enough.
  SmallVector<Value, 4> Candidates;
  if (Mask.K == Value::Alt)
    for (ValueId A : Mask.List)
      Candidates.push_back(S.G.Eval[A]);
  else
    Candidates.push_back(Mask);
  const Value *Unknown = nullptr;
  for (const Value &C : Candidates) {
    std::optional<bool> Reclaims = J.reclaims(C);
    if (!Reclaims)
      Unknown = &C;
    if (Reclaims != true)
      continue;
    bool Exact = C.Known == ~uint64_t(0);
    std::string Spelled =
        Exact ? M.spell(C.Word) : S.program().M.Gfp.DirectReclaim + " set";
    std::string Hex = Exact ? " (0x" + utohexstr(C.Word, true) + ")" : "";
    V.What = ("'" + Twine(S.api()) + "' with " + Spelled +
              " may enter direct reclaim")
                 .str();
    V.TracedWhat = ("the mask " + Twine(Spelled) + Hex).str();
    if (Exact && !StringRef(Spelled).starts_with("0x"))
      V.Mask = StringRef(Spelled).split('|').first.str();
    if (Exact && (!S.S.Model || S.S.Model->Why.empty()))
      V.Why = V.TracedWhat + " allows direct reclaim, which runs shrinkers "
                             "and mmu notifiers that may wait for a fence";
    if (Candidates.size() > 1)
      V.Conf = Confidence::Likely;
    return V;
  }
  if (!Unknown)
    return std::nullopt;
  V.What = "'" + S.api() + "' with an unknown mask may enter direct reclaim";
  V.TracedWhat = "the mask";
  V.Conf = Confidence::Possible;
  return V;
}

//===- Syntax.cpp - the small notations inside a model file
//-----------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Written by hand: each notation is a few tokens, and a malformed one is
// answered with the legal forms as a whole.
//
//===----------------------------------------------------------------------===//

#include "Syntax.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace fencedep {

bool isIdentifier(StringRef S) {
  if (S.empty() || isDigit(S.front()))
    return false;
  return all_of(S, [](char C) { return isAlnum(C) || C == '_'; });
}

bool isGlob(StringRef Name) {
  return Name.find_first_of("*?[{") != StringRef::npos;
}

std::optional<unsigned> parseArg(StringRef S) {
  unsigned Index;
  if (!S.consume_front("arg") || S.empty() || S.size() > 2 ||
      !all_of(S, isDigit) || S.getAsInteger(10, Index))
    return std::nullopt;
  return Index;
}

std::optional<Place> parsePlace(StringRef S) {
  if (S == "return")
    return Place{Place::Return, 0};
  const bool Pointee = S.consume_front("*");
  if (std::optional<unsigned> Index = parseArg(S))
    return Place{Pointee ? Place::Pointee : Place::Arg, *Index};
  return std::nullopt;
}

/// A name that the unit may define, or a number.
static bool isConstant(StringRef S) {
  int64_t Number;
  return isIdentifier(S) || !S.getAsInteger(0, Number);
}

std::optional<Condition> parseCondition(StringRef S) {
  Condition C;
  if (const size_t From = S.find(" from "); From != StringRef::npos) {
    const std::optional<unsigned> Index = parseArg(S.take_front(From).trim());
    const auto Field = parseField(S.drop_front(From + 6).trim(), false);
    if (!Index || !Field)
      return std::nullopt;
    C.Arg = *Index;
    C.From = *Field;
    return C;
  }
  const bool Equal = S.contains("==");
  if (Equal == S.contains("!="))
    return std::nullopt;
  auto [Left, Right] = S.split(Equal ? "==" : "!=");
  auto [Arg, Mask] = Left.split('&');
  const bool HasMask = Left.contains('&');
  const std::optional<unsigned> Index = parseArg(Arg.trim());
  if (!Index || !isConstant(Right.trim()) ||
      (HasMask && !isConstant(Mask.trim())))
    return std::nullopt;
  C.Arg = *Index;
  C.Mask = Mask.trim().str();
  C.Equal = Equal;
  C.Value = Right.trim().str();
  return C;
}

/// "ns::Record" for C++.
static bool isQualified(StringRef S) {
  SmallVector<StringRef, 4> Parts;
  S.split(Parts, "::");
  return all_of(Parts, isIdentifier);
}

std::optional<FieldName> parseField(StringRef S, bool AllowAll) {
  const size_t Colons = S.rfind("::");
  if (Colons == StringRef::npos)
    return std::nullopt;
  const StringRef Record = S.take_front(Colons),
                  Name = S.drop_front(Colons + 2);
  if (!isQualified(Record) ||
      !(isIdentifier(Name) || (AllowAll && Name == "*")))
    return std::nullopt;
  return FieldName{Record.str(), Name.str()};
}

std::optional<std::vector<FieldName>> parsePath(StringRef S) {
  std::vector<FieldName> Path;
  SmallVector<StringRef, 4> Parts;
  S.split(Parts, ',');
  for (StringRef Part : Parts) {
    std::optional<FieldName> F = parseField(Part.trim(), /*AllowAll=*/false);
    if (!F)
      return std::nullopt;
    Path.push_back(std::move(*F));
  }
  return Path;
}

std::string printArg(unsigned Index) { return "arg" + utostr(Index); }

std::string print(const Place &P) {
  switch (P.K) {
  case Place::None:
    return "";
  case Place::Return:
    return "return";
  case Place::Arg:
    return printArg(P.Index);
  case Place::Pointee:
    return "*" + printArg(P.Index);
  }
  return "";
}

std::string print(const Condition &C) {
  if (!C.From.Name.empty())
    return printArg(C.Arg) + " from " + C.From.str();
  return printArg(C.Arg) + (C.Mask.empty() ? "" : " & " + C.Mask) +
         (C.Equal ? " == " : " != ") + C.Value;
}

std::string print(const std::vector<FieldName> &Path) {
  std::string Out;
  for (const FieldName &F : Path)
    Out += (Out.empty() ? "" : ", ") + F.str();
  return Out;
}

} // namespace fencedep

//===- LockdepName.cpp - lock classes as lockdep spells them --------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LockdepName.h"
#include "llvm/ADT/Twine.h"

using namespace llvm;
using namespace fencedep;

LockdepName fencedep::takeApart(StringRef Name) {
  LockdepName C;
  for (StringRef Kind : {"work_completion", "wq_completion", "completion"})
    if (Name.consume_front(("(" + Kind + ")").str()))
      C.Kind = Kind.str();
  std::string Plain;
  for (char X : Name)
    if (!StringRef("&() \t").contains(X))
      Plain += X;
  StringRef Rest = Plain;
  for (StringRef Inner : {"->rlock", ".rlock", "->work"})
    if (Name.contains(")" + Inner.str()))
      Rest.consume_back(Inner);
  size_t At = std::min(Rest.find("->"), Rest.find('.'));
  C.Object = Rest.substr(0, At).str();
  if (At == StringRef::npos)
    return C;
  Rest = Rest.substr(At).ltrim("->.");
  // Elements of an array are one class; an arrow is as good as a dot.
  bool InIndex = false;
  for (char X : Rest) {
    InIndex = X == '[' || (InIndex && X != ']');
    if (!InIndex && X != ']' && X != '>')
      C.Fields += X == '-' ? '.' : X;
  }
  return C;
}

static bool endsWith(StringRef Long, StringRef Short) {
  return Long.ends_with(("." + Short).str());
}

bool fencedep::sameClass(StringRef A, StringRef B,
                         function_ref<bool(StringRef)> IsRecord) {
  if (A == B)
    return true;
  LockdepName X = takeApart(A), Y = takeApart(B);
  if (X.Kind != Y.Kind || X.Fields.empty() != Y.Fields.empty())
    return false;
  if (X.Fields.empty() || (IsRecord(X.Object) && IsRecord(Y.Object)))
    if (X.Object != Y.Object)
      return false;
  return X.Fields == Y.Fields || endsWith(X.Fields, Y.Fields) ||
         endsWith(Y.Fields, X.Fields);
}

std::string fencedep::lockdepName(StringRef Class) {
  auto [Record, Field] = Class.split("::");
  if (Field.empty())
    return Class.str();
  return ("&" + Record + "->" + Field).str();
}

//===- Finding.cpp - words and names that formats share -------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Wording.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/xxhash.h"

using namespace fencedep;

std::string fencedep::text(const Position &P) {
  return P.File + ":" + std::to_string(P.Line) + ":" + std::to_string(P.Column);
}

llvm::StringRef fencedep::name(Confidence C) {
  switch (C) {
  case Confidence::Certain:
    return "certain";
  case Confidence::Likely:
    return "likely";
  case Confidence::Possible:
    return "possible";
  }
  llvm_unreachable("not a confidence");
}

std::optional<Confidence> fencedep::confidence(llvm::StringRef Name) {
  for (Confidence C :
       {Confidence::Certain, Confidence::Likely, Confidence::Possible})
    if (Name == name(C))
      return C;
  return std::nullopt;
}

llvm::StringRef fencedep::name(RootKind K) {
  switch (K) {
  case RootKind::Annotated:
    return "annotated";
  case RootKind::Contract:
    return "contract";
  case RootKind::Entry:
    return "entry";
  case RootKind::Published:
    return "published";
  }
  llvm_unreachable("not a root kind");
}

std::string fencedep::headline(const Finding &F) {
  return F.Conf == Confidence::Certain
             ? F.Message
             : F.Message + " (" + name(F.Conf).str() + ")";
}

std::string fencedep::utf8(llvm::StringRef Text) {
  return llvm::json::isUTF8(Text) ? Text.str() : llvm::json::fixUTF8(Text);
}

std::string fencedep::hexHash(llvm::StringRef Text) {
  return llvm::utohexstr(llvm::xxh3_64bits(Text), /*LowerCase=*/true,
                         /*Width=*/16);
}

//===- Finding.cpp - names that findings are printed with
//------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Finding.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/ErrorHandling.h"

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

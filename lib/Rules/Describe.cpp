//===- Describe.cpp - places as users read them ---------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Rule.h"
#include "fencedep/Report/Wording.h"

using namespace llvm;
using namespace fencedep;

static bool below(StringRef File, StringRef Dir) {
  Dir.consume_back("/");
  return File.starts_with(Dir) &&
         (File.size() == Dir.size() || File[Dir.size()] == '/');
}

bool fencedep::selected(StringRef File, const CheckOptions &Opts) {
  return Opts.Paths.empty() || any_of(Opts.Paths, [&](const std::string &P) {
           return below(File, P);
         });
}

Position Describer::position(uint32_t Unit, const Loc &L) const {
  StringRef File = P.Units[Unit].str(L.File);
  if (!BaseDir.empty() && File.size() > BaseDir.size() && below(File, BaseDir))
    File = File.drop_front(StringRef(BaseDir).rtrim('/').size() + 1);
  return {File.str(), L.Line, L.Column};
}

std::string fencedep::apiName(const Model &M, StringRef Name) {
  for (StringRef Suffix : M.SameSuffixes)
    if (Name.consume_back(Suffix))
      break;
  return Name.str();
}

std::string fencedep::fingerprint(StringRef Rule, StringRef Root,
                                  StringRef Sink, ArrayRef<Hop> Path) {
  std::vector<std::string> Parts{Rule.str(), Root.str(), Sink.str()};
  for (const Hop &H : Path)
    Parts.push_back(H.Edge + " " + H.Callee);
  return fingerprint(ArrayRef(Parts));
}

std::string fencedep::fingerprint(ArrayRef<std::string> Parts) {
  std::string All;
  for (const std::string &P : Parts)
    (All += P) += '\n';
  return hexHash(All);
}

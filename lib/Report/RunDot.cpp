//===- RunDot.cpp - Graphviz as a program ---------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The program, not the library: its layout keeps global state and ends the
// process when it meets something odd, it would bring two dozen libraries into
// every installation, and whoever wants no pictures needs nothing of Graphviz.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Files.h"
#include "fencedep/Report/Picture.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Program.h"

using namespace llvm;
using namespace fencedep;

namespace {

/// An empty file that is gone when this is.
struct TemporaryFile {
  SmallString<128> Path;
  std::error_code EC = sys::fs::createTemporaryFile("fencedep", "dot", Path);
  FileRemover Remover{Path, /*DeleteIt=*/!EC};
};

} // namespace

Expected<std::string> fencedep::runDot(StringRef Dot, StringRef Format) {
  ErrorOr<std::string> Program = sys::findProgramByName("dot");
  if (!Program)
    return createStringError("dot, which is part of Graphviz, is not in PATH");
  TemporaryFile In, Out, Err;
  for (const TemporaryFile *File : {&In, &Out, &Err})
    if (File->EC)
      return createStringError(File->EC, "cannot make a temporary file: " +
                                             File->EC.message());
  if (Error E = writeFile(In.Path, Dot))
    return std::move(E);
  constexpr unsigned Seconds = 600; // ten thousand small graphs take ten
  std::string Message;
  const int Status = sys::ExecuteAndWait(
      *Program, {*Program, ("-T" + Format).str()}, /*Env=*/std::nullopt,
      {StringRef(In.Path), StringRef(Out.Path), StringRef(Err.Path)}, Seconds,
      /*MemoryLimit=*/0, &Message);
  Expected<std::string> Said = readWhole(Status ? Err.Path : Out.Path);
  if (!Said || !Status)
    return Said;
  return createStringError(
      "dot failed: " + StringRef(*Said).trim().split('\n').first + Message);
}

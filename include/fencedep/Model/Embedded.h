//===- Embedded.h - the models that are built into fencedep
//----------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every lib/Model/*.yaml is compiled in, so that the program needs no data
// files.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_MODEL_EMBEDDED_H
#define FENCEDEP_MODEL_EMBEDDED_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace fencedep {

struct EmbeddedFile {
  llvm::StringRef Name; ///< without its folder: "linux.yaml"
  llvm::StringRef Text; ///< followed by a NUL, as LLVM's YAML reader wants it
};

/// All embedded models, by name.
llvm::ArrayRef<EmbeddedFile> embeddedModels();

/// One file: what dumpVocabulary() prints of them. Only in the compiler plugin.
llvm::ArrayRef<EmbeddedFile> embeddedVocabulary();

} // namespace fencedep

#endif // FENCEDEP_MODEL_EMBEDDED_H

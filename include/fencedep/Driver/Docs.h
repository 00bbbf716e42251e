//===- Docs.h - the rules' pages, built in -------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_DRIVER_DOCS_H
#define FENCEDEP_DRIVER_DOCS_H

#include "fencedep/Model/Embedded.h"

namespace fencedep {

/// docs/rules/*.md, by name.
llvm::ArrayRef<EmbeddedFile> embeddedDocs();

} // namespace fencedep

#endif // FENCEDEP_DRIVER_DOCS_H

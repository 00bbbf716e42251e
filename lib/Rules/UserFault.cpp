//===- UserFault.cpp - fence-user-fault -----------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A page fault takes mmap_lock, under which dma_resv locks are taken (that
// order is the cross-driver contract), under which fences are waited for. With
// page faults disabled an access fails instead.
//
//===----------------------------------------------------------------------===//

#include "Rule.h"

using namespace llvm;
using namespace fencedep;

std::optional<Verdict> fencedep::matchUserFault(const SiteView &S) {
  const FunctionModel *M = S.S.Model;
  if (!M || !M->Faults || S.in(Region::NoFault))
    return std::nullopt;
  Verdict V;
  V.What = "'" + S.api() + "' may fault on userspace memory";
  V.Why =
      M->Why.empty()
          ? "a page fault takes mmap_lock, and a thread that holds mmap_lock "
            "may take dma_resv locks and wait for a fence"
          : M->Why;
  return V;
}

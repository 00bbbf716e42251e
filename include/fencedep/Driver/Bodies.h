//===- Bodies.h - header bodies that units share ------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A header function is parsed for one unit and used by all. Where the unit that
// has it is not in a run's scope, its summary may still be in the cache, and
// the body can be borrowed from there.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_DRIVER_BODIES_H
#define FENCEDEP_DRIVER_BODIES_H

#include "fencedep/Summary/Summary.h"
#include "llvm/ADT/StringSet.h"

namespace fencedep {

/// The header functions that \p U has the bodies of: File + '\0' + Key.
std::vector<std::string> providedBodies(const Unit &U);

/// Of a unit that is not in scope, the header bodies, which belong to all.
Unit onlyBodies(Unit U);

/// Takes the bodies for \p Wanted out of \p Donors, and those that they call,
/// but for those that \p Present has already. Nothing is taken if something
/// that is called could not be had.
std::vector<Unit> borrowBodies(std::vector<Unit> Donors,
                               llvm::ArrayRef<const Unit *> Present,
                               const llvm::StringSet<> &Wanted);

} // namespace fencedep

#endif // FENCEDEP_DRIVER_BODIES_H

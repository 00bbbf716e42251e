//===- Wording.h - what reports for people have in common -----------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_REPORT_WORDING_H
#define FENCEDEP_REPORT_WORDING_H

#include "fencedep/Report/Finding.h"

namespace fencedep {

/// That \p O holds its lock, in words; see wording() in Finding.h.
std::string wording(const OtherSide &O);

/// Whether wording(R) has said what \p H says: it opens the section.
bool isBegin(const Hop &H, const RootInfo &R);

/// Whether both are the same but for their roots and the ways from there. In a
/// report such findings follow each other, the best first.
bool sameSink(const Finding &A, const Finding &B);

/// The message, and the confidence unless it is certain.
std::string headline(const Finding &F);

/// \p Text, with what is not UTF-8 replaced. File names may be in any encoding;
/// JSON may not.
std::string utf8(llvm::StringRef Text);

/// 16 hex digits that tell \p Text from others: what fingerprints are made of.
std::string hexHash(llvm::StringRef Text);

} // namespace fencedep

#endif // FENCEDEP_REPORT_WORDING_H

//===- SarifParts.h - what SARIF is put together from
//----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_REPORT_SARIFPARTS_H
#define FENCEDEP_LIB_REPORT_SARIFPARTS_H

#include "Alerts.h"
#include "llvm/Support/JSON.h"

namespace fencedep {

llvm::json::Object sarifMessage(llvm::StringRef Text);
/// \p Text so that no link is seen in it.
std::string sarifPlain(llvm::StringRef Text);
/// A link to the related location \p Id.
std::string sarifLink(llvm::StringRef Text, size_t Id);

class SarifPlaces {
public:
  explicit SarifPlaces(const RunInfo &Run) : Files(Run) {}

  llvm::json::Object artifact(llvm::StringRef File);
  /// Without a physical part if \p P is no place, and without a logical one if
  /// \p Function is "".
  llvm::json::Object location(const Position &P, llvm::StringRef Function);
  /// None if it is at no place.
  std::optional<llvm::json::Object> fix(const Fix &X);
  llvm::json::Object baseIds() const;

  Places Files;
};

llvm::json::Object sarifRule(const RuleText &R);

/// What did not go into the file.
struct SarifLoss {
  size_t Results = 0, Flows = 0;
};

/// What there is to say besides results.
llvm::json::Array sarifNotifications(const Report &R, const RunInfo &Run,
                                     const SarifLoss &Lost, SarifPlaces &Where);
llvm::json::Array sarifNotificationKinds();

} // namespace fencedep

#endif // FENCEDEP_LIB_REPORT_SARIFPARTS_H

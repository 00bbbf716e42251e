//===- SarifNotifications.cpp - what is said besides results
//---------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nothing is dropped in silence: what could not be analysed, what was looked
// at, and what is not in the file though it could be.
//
//===----------------------------------------------------------------------===//

#include "SarifParts.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Regex.h"

using namespace fencedep;
using llvm::StringRef;
using llvm::json::Array;
using llvm::json::Object;

namespace {

/// The ids of notifications, and what they mean.
enum NotificationKind {
  UnitFailed,
  WaysLeftOut,
  CoverageStatement,
  BelowConfidence,
  AcceptedCount,
  SuppressesNothing,
  Cut,
};
constexpr std::pair<StringRef, StringRef> NotificationTexts[] = {
    {"unit-not-analysed", "a unit could not be analysed"},
    {"ways-left-out", "not all ways through a function were followed"},
    {"coverage", "what was looked at"},
    {"below-confidence", "what is too unsure to be shown"},
    {"accepted", "findings that somebody accepted, and gone ones"},
    {"suppresses-nothing", "a suppression that suppresses nothing"},
    {"cut", "what is missing because files may not be larger"},
};

std::string count(size_t N, StringRef One, StringRef Many) {
  return std::to_string(N) + " " + (N == 1 ? One : Many).str();
}

class Notifier {
public:
  Notifier(const Report &R, const RunInfo &Run, const SarifLoss &Lost,
           SarifPlaces &Where)
      : R(R), Run(Run), Lost(Lost), Where(Where) {}

  Array all() {
    notifyAll();
    return std::move(Notifications);
  }

private:
  void notify(NotificationKind Kind, StringRef Level, StringRef Text,
              std::optional<Object> Location = std::nullopt);
  void notifyOfUnit(const FailedUnit &U);
  void notifyOfAccepted();
  void notifyAll();

  const Report &R;
  const RunInfo &Run;
  const SarifLoss &Lost;
  SarifPlaces &Where;
  Array Notifications;
};

void Notifier::notify(NotificationKind Kind, StringRef Level, StringRef Text,
                      std::optional<Object> Location) {
  Object N{{"descriptor", Object{{"id", NotificationTexts[Kind].first},
                                 {"index", static_cast<int>(Kind)}}},
           {"level", Level},
           {"message", sarifMessage(sarifPlain(Text))}};
  if (Location)
    N["locations"] = Array{std::move(*Location)};
  Notifications.push_back(std::move(N));
}

/// The place that the error names, else the file.
void Notifier::notifyOfUnit(const FailedUnit &U) {
  static const llvm::Regex Located("^([^:]+):([0-9]{1,9}):([0-9]{1,9}): ");
  llvm::SmallVector<StringRef, 4> Parts;
  Object L;
  Position P;
  if (Located.match(U.Error, &Parts) && !Parts[2].getAsInteger(10, P.Line) &&
      !Parts[3].getAsInteger(10, P.Column)) {
    P.File = Parts[1].str();
    L = Where.location(P, "");
  }
  if (L.empty())
    L = Object{{"physicalLocation",
                Object{{"artifactLocation", Where.artifact(U.File)}}}};
  notify(UnitFailed, "error", "not analysed: " + U.File + ": " + U.Error,
         std::move(L));
}

void Notifier::notifyOfAccepted() {
  auto Shown = [&](Confidence C) { return C >= Run.MinConfidence; };
  size_t Accepted = llvm::count_if(
      R.Accepted, [&](const AcceptedFinding &A) { return Shown(A.F.Conf); });
  size_t Gone = llvm::count_if(
      R.Gone, [&](const GoneFinding &G) { return Shown(G.Conf); });
  if (Accepted || Gone)
    notify(AcceptedCount, "note",
           count(Accepted, "finding is", "findings are") + " accepted, and " +
               std::to_string(Gone) +
               " of the baseline gone (--show-suppressed shows them)");
}

void Notifier::notifyAll() {
  for (const FailedUnit &U : R.Cov.Failed)
    notifyOfUnit(U);
  for (const std::string &F : R.Cov.Incomplete)
    notify(WaysLeftOut, "warning",
           "not all ways through '" + F +
               "' were followed: sections in it may be longer than was seen");
  notify(CoverageStatement, "note", wording(R.Cov));
  if (std::string Text = leftOut(R, Run.MinConfidence); !Text.empty())
    notify(BelowConfidence, "note", Text);
  if (!Run.ShowAccepted)
    notifyOfAccepted();
  for (const Reason &U : R.Unused)
    notify(SuppressesNothing, "warning", U.Text,
           U.Where.Line ? std::optional(Where.location(U.Where, ""))
                        : std::nullopt);
  if (Lost.Results)
    notify(Cut, "warning",
           count(Lost.Results, "result is", "results are") +
               " left out, the least sure ones: GitHub takes no more");
  if (Lost.Flows)
    notify(Cut, "warning",
           count(Lost.Flows, "way", "ways") +
               " to places that have others left out: GitHub takes no more");
}

} // namespace

Array fencedep::sarifNotifications(const Report &R, const RunInfo &Run,
                                   const SarifLoss &Lost, SarifPlaces &Where) {
  return Notifier(R, Run, Lost, Where).all();
}

Array fencedep::sarifNotificationKinds() {
  Array Kinds;
  for (const auto &[Id, Meaning] : NotificationTexts)
    Kinds.push_back(Object{{"id", Id},
                           {"shortDescription", sarifMessage(Meaning)},
                           {"fullDescription", sarifMessage(Meaning)},
                           {"help", sarifMessage(Meaning)}});
  return Kinds;
}

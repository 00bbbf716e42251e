//===- Sarif.cpp - SARIF 2.1.0 --------------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     log: one run, always
//       tool.driver        the rules, and which notifications there are
//       invocations[0]     whether the run is complete; what else there is to
//                          say: failed units, coverage, what was left out
//       results            one for each alert (Alerts.h): the sink is its place
//         codeFlows        one for each way to the sink, the best first
//           threadFlows    one for each thread (Threads.h)
//         fixes            what is offered
//         relatedLocations what the message links to: GitHub shows no others
//
// GitHub shows every result as an open alert: also one that is suppressed, one
// that is as in the baseline, and it refuses a file with a result that has no
// place, as one that is gone. So those are only written if they are asked for,
// and a notification counts them otherwise.
//
// The uploader makes GitHub's own fingerprint (primaryLocationLineHash). Ours
// have names of their own, so that neither takes the other's for its own.
//
// Braces in messages are not doubled: there are no arguments, and nobody
// replaces anything then.
//
//===----------------------------------------------------------------------===//

#include "SarifParts.h"
#include "Threads.h"
#include "fencedep/Report/Formats.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Compression.h"
#include <set>

using namespace fencedep;
using llvm::StringRef;
using llvm::json::Array;
using llvm::json::Object;

namespace {

constexpr char Key[] = "fencedep/v1";

class Writer {
public:
  Writer(const Report &R, const RunInfo &Run, const SarifLimits &Limits)
      : R(R), Run(Run), Limits(Limits), Where(Run),
        Alerts(alerts(R, Run, Where.Files, Run.ShowAccepted)) {
    for (const auto &[I, X] : llvm::enumerate(Run.Rules))
      RuleIndex[X.Id] = I;
  }

  /// The whole file, as small as it has to be.
  std::string write();

private:
  std::string log(size_t MaxResults, size_t MaxFlows);
  Object driver();
  Object invocation();

  Object result(const Alert &A);
  std::string refer(Array &Related, StringRef Text, const Position &P,
                    StringRef Function, StringRef Note);
  std::string roots(const Alert &A, Array &Related);
  void addMessage(const Alert &A, Object &Result);
  void addFlows(const Alert &A, Object &Result);
  void addFixes(const Alert &A, Object &Result);
  void addState(const Alert &A, Object &Result);
  Object threadFlow(const Thread &T);
  Object codeFlow(const Finding &F, llvm::ArrayRef<Thread> Threads);
  Object gone(const GoneFinding &G);

  const Report &R;
  const RunInfo &Run;
  const SarifLimits &Limits;
  SarifPlaces Where;
  std::vector<Alert> Alerts;
  llvm::StringMap<size_t> RuleIndex;
  // Of one log:
  size_t MaxFlows = 0;
  SarifLoss Lost;
};

Object Writer::driver() {
  Array Rules;
  for (const RuleText &X : Run.Rules)
    Rules.push_back(sarifRule(X));
  return Object{{"name", "fencedep"},
                {"version", FENCEDEP_VERSION},
                {"semanticVersion", FENCEDEP_VERSION},
                {"rules", std::move(Rules)},
                {"notifications", sarifNotificationKinds()}};
}

/// Adds \p P to \p Related, and returns \p Text as a link there.
std::string Writer::refer(Array &Related, StringRef Text, const Position &P,
                          StringRef Function, StringRef Note) {
  if (!P.Line)
    return sarifPlain(Text);
  Object L = Where.location(P, Function);
  L["id"] = Related.size() + 1;
  L["message"] = sarifMessage(Note);
  Related.push_back(std::move(L));
  return sarifLink(Text, Related.size());
}

/// " The way there starts in 'ROOT'."
std::string Writer::roots(const Alert &A, Array &Related) {
  const Finding &F = A.best();
  constexpr size_t MaxNamed = 4;
  std::set<StringRef> Named;
  std::string Text;
  for (const Finding *Way : A.Ways) {
    const RootInfo &Root = Way->Root;
    // An unbalanced begin or end is root and sink at once.
    if (Root.Where == F.Sink || Named.size() == MaxNamed ||
        !Named.insert(Root.Function).second)
      continue;
    Text += Text.empty() ? "" : ", ";
    Text += refer(Related, "'" + Root.Function + "'", Root.Where, Root.Function,
                  wording(Root));
  }
  if (Text.empty())
    return "";
  std::set<StringRef> All;
  for (const Finding *Way : A.Ways)
    All.insert(Way->Root.Function);
  size_t Known = std::max<size_t>(All.size(), F.OtherRoots + 1);
  if (Known > Named.size())
    Text += " and " + std::to_string(Known - Named.size()) + " more";
  return (Known == 1 ? " The way there starts in " : " Ways there start in ") +
         Text + ".";
}

/// "MESSAGE. The way there starts in 'ROOT'. CPU1: 'f' holds LOCK and waits.",
/// with links. The first sentence is what lists show.
void Writer::addMessage(const Alert &A, Object &Result) {
  const Finding &F = A.best();
  Array Related;
  std::string Text = sarifPlain(headline(F)) + "." + roots(A, Related);
  for (const auto &[I, O] : llvm::enumerate(F.Others)) {
    Text += O.SameThread ? " " : " CPU" + std::to_string(I + 1) + ": ";
    if (!O.Source.empty())
      Text += "the model says, from " + sarifPlain(O.Source) + ", that ";
    Text += refer(Related, "'" + O.Function + "' holds " + O.Lock, O.Acquired,
                  O.Function, "'" + O.Function + "' acquires " + O.Lock);
    if (!O.Path.empty()) {
      const Hop &Wait = O.Path.back();
      Text += ", and " + refer(Related, wording(Wait), Wait.Where,
                               Wait.Function, wording(Wait));
    }
    Text += ".";
  }
  for (const Reason &X : F.Reasons)
    Text += " Note: " + refer(Related, X.Text, X.Where, "", X.Text) + ".";
  Result["message"] = sarifMessage(Text);
  if (!Related.empty())
    Result["relatedLocations"] = std::move(Related);
}

Object Writer::threadFlow(const Thread &T) {
  Array Locations;
  for (const Step &S : T.Steps) {
    Object L = Where.location(S.Where, S.Function);
    L["message"] = sarifMessage(S.Text);
    Object Flow{{"location", std::move(L)},
                {"kinds", Array(S.Kinds)},
                {"nestingLevel", S.Depth},
                {"importance", S.Essential ? "essential" : "important"}};
    if (S.Order)
      Flow["executionOrder"] = S.Order;
    Locations.push_back(std::move(Flow));
  }
  return Object{{"id", T.Name}, {"locations", std::move(Locations)}};
}

Object Writer::codeFlow(const Finding &F, llvm::ArrayRef<Thread> Threads) {
  Array Flows;
  for (const Thread &T : Threads)
    Flows.push_back(threadFlow(T));
  return Object{{"message", sarifMessage("from '" + F.Root.Function + "'")},
                {"threadFlows", std::move(Flows)}};
}

void Writer::addFlows(const Alert &A, Object &Result) {
  Array Flows;
  size_t Locations = 0;
  for (const Finding *Way : A.Ways) {
    std::vector<Thread> Threads = threads(*Way);
    size_t Steps = 0;
    for (const Thread &T : Threads)
      Steps += T.Steps.size();
    if (!Steps)
      continue;
    if (Flows.size() >= MaxFlows || Locations + Steps > Limits.FlowLocations) {
      ++Lost.Flows;
      continue;
    }
    Locations += Steps;
    Flows.push_back(codeFlow(*Way, Threads));
  }
  if (!Flows.empty())
    Result["codeFlows"] = std::move(Flows);
}

void Writer::addFixes(const Alert &A, Object &Result) {
  Array Fixes;
  for (const Fix &X : A.best().Fixes)
    if (std::optional<Object> Offered = Where.fix(X))
      Fixes.push_back(std::move(*Offered));
  if (!Fixes.empty())
    Result["fixes"] = std::move(Fixes);
}

/// What a run says of one result, it has to say of each.
void Writer::addState(const Alert &A, Object &Result) {
  const AcceptedFinding *Why = A.Accepted;
  bool InBaseline = Why && Why->By == AcceptedFinding::Kind::Baseline;
  if (R.HasBaseline)
    Result["baselineState"] = InBaseline ? "unchanged" : "new";
  if (!Run.ShowAccepted)
    return;
  Array Suppressions;
  if (Why && !InBaseline) {
    bool InSource = Why->By == AcceptedFinding::Kind::InSource;
    Object S{{"kind", InSource ? "inSource" : "external"},
             {"status", "accepted"}};
    if (!Why->Why.empty())
      S["justification"] = utf8(Why->Why);
    if (Why->Where.Line)
      S["location"] = Where.location(Why->Where, "");
    Suppressions.push_back(std::move(S));
  }
  Result["suppressions"] = std::move(Suppressions);
}

int rank(const Finding &F) {
  int Rank = F.Conf == Confidence::Certain  ? 90
             : F.Conf == Confidence::Likely ? 60
                                            : 30;
  return F.RanksLast ? Rank - 20 : Rank;
}

Object Writer::result(const Alert &A) {
  const Finding &F = A.best();
  Array Fingerprints;
  for (const Finding *Way : A.Ways)
    Fingerprints.push_back(Way->Fingerprint);
  Object Result{
      {"ruleId", F.Rule},
      {"level", F.Severity},
      {"locations", Array{Where.location(place(F), F.sinkCaller())}},
      {"fingerprints", Object{{Key, A.identity()}}},
      {"partialFingerprints", Object{{Key, A.SinkHash}}},
      {"rank", rank(F)},
      {"properties", Object{{"confidence", name(F.Conf)},
                            {"fingerprints", std::move(Fingerprints)}}}};
  if (auto It = RuleIndex.find(F.Rule); It != RuleIndex.end())
    Result["ruleIndex"] = It->second;
  addMessage(A, Result);
  addFlows(A, Result);
  addFixes(A, Result);
  addState(A, Result);
  return Result;
}

/// Where it was, nobody knows any more.
Object Writer::gone(const GoneFinding &G) {
  Object Result{
      {"ruleId", utf8(G.Rule)},
      {"message", sarifMessage(sarifPlain(G.Message) + ".")},
      {"baselineState", "absent"},
      {"suppressions", Array()},
      {"properties", Object{{"fingerprints", Array{utf8(G.Fingerprint)}}}}};
  if (auto It = RuleIndex.find(G.Rule); It != RuleIndex.end())
    Result["ruleIndex"] = It->second;
  return Result;
}

Object Writer::invocation() {
  return Object{
      {"executionSuccessful", R.Cov.Failed.empty()},
      {"exitCode", Run.ExitStatus},
      {"toolExecutionNotifications", sarifNotifications(R, Run, Lost, Where)}};
}

std::string Writer::log(size_t MaxResults, size_t Flows) {
  MaxFlows = Flows;
  Lost = {};
  Lost.Results = Alerts.size() - std::min(Alerts.size(), MaxResults);
  Array Results;
  for (const Alert &A : llvm::ArrayRef(Alerts).take_front(MaxResults))
    Results.push_back(result(A));
  if (Run.ShowAccepted)
    for (const GoneFinding &G : R.Gone) {
      if (G.Conf < Run.MinConfidence)
        continue;
      if (Results.size() < MaxResults)
        Results.push_back(gone(G));
      else
        ++Lost.Results;
    }
  Object TheRun{{"tool", Object{{"driver", driver()}}},
                {"invocations", Array{invocation()}},
                {"columnKind", "utf16CodeUnits"},
                {"originalUriBaseIds", Where.baseIds()},
                {"results", std::move(Results)}};
  llvm::json::Value Log =
      Object{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
             {"version", "2.1.0"},
             {"runs", Array{std::move(TheRun)}}};
  std::string Text;
  llvm::raw_string_ostream(Text) << llvm::formatv("{0:2}", Log) << '\n';
  return Text;
}

bool fits(StringRef Text, size_t Limit) {
  if (Text.size() <= Limit || !llvm::compression::zlib::isAvailable())
    return true;
  llvm::SmallVector<uint8_t, 0> Compressed;
  llvm::compression::zlib::compress(llvm::arrayRefFromStringRef(Text),
                                    Compressed);
  return Compressed.size() <= Limit;
}

std::string Writer::write() {
  size_t Results = Limits.Results, Flows = SIZE_MAX;
  while (true) {
    std::string Text = log(Results, Flows);
    if (fits(Text, Limits.Compressed) || !Results)
      return Text;
    // First the further ways to what has one, then what is least sure.
    if (Flows > 1)
      Flows = 1;
    else
      Results = std::min(Results, Alerts.size()) / 2;
  }
}

} // namespace

void fencedep::printSARIF(const Report &R, const RunInfo &Run,
                          llvm::raw_ostream &OS, const SarifLimits &Limits) {
  OS << Writer(R, Run, Limits).write();
}

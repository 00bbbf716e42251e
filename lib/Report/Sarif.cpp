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

#include "Alerts.h"
#include "Threads.h"
#include "fencedep/Report/Formats.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Compression.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Regex.h"
#include <set>

using namespace fencedep;
using llvm::StringRef;
using llvm::json::Array;
using llvm::json::Object;

namespace {

constexpr char BaseId[] = "SRCROOT";
constexpr char Key[] = "fencedep/v1";

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
    {"below-confidence", "findings that are too unsure to be shown"},
    {"accepted", "findings that somebody accepted, and gone ones"},
    {"suppresses-nothing", "a suppression that suppresses nothing"},
    {"cut", "what is missing because files may not be larger"},
};

Object message(StringRef Text) { return Object{{"text", utf8(Text)}}; }

/// \p Text as it stands in a link.
std::string escaped(StringRef Text) {
  std::string Result;
  for (char C : Text) {
    if (StringRef("[]\\").contains(C))
      Result += '\\';
    Result += C;
  }
  return Result;
}

/// \p Text so that no link is seen in it.
std::string plain(StringRef Text) {
  return Text.contains("](") ? escaped(Text) : Text.str();
}

std::string encodeURI(StringRef Path) {
  std::string Result;
  for (unsigned char C : Path) {
    if (llvm::isAlnum(C) || StringRef("-._~/").contains(C))
      Result += static_cast<char>(C);
    else
      Result += "%" + llvm::utohexstr(C, /*LowerCase=*/false, /*Width=*/2);
  }
  return Result;
}

std::string count(size_t N, StringRef One, StringRef Many) {
  return std::to_string(N) + " " + (N == 1 ? One : Many).str();
}

/// The page's first bold sentence.
std::string fullDescription(const RuleText &R) {
  auto [Before, Rest] = StringRef(R.Page).split("**");
  StringRef Bold = Rest.split("**").first;
  std::string Text = Bold.empty() ? R.Summary : Bold.str();
  std::replace(Text.begin(), Text.end(), '\n', ' ');
  return Text;
}

/// \p Page without the links to other files, which are not there for whoever
/// reads this.
std::string withoutLinks(StringRef Page) {
  static const llvm::Regex Link("\\[([^][]*)\\]\\([^()]*\\.md[^()]*\\)");
  std::string Result;
  llvm::SmallVector<StringRef, 2> Parts;
  while (Link.match(Page, &Parts)) {
    size_t At = Parts[0].data() - Page.data();
    Result += Page.take_front(At).str() + Parts[1].str();
    Page = Page.drop_front(At + Parts[0].size());
  }
  return Result + Page.str();
}

class Writer {
public:
  Writer(const Report &R, const RunInfo &Run, const SarifLimits &Limits)
      : R(R), Run(Run), Limits(Limits), Where(Run),
        Alerts(alerts(R, Run, Where, Run.ShowAccepted)) {
    for (const auto &[I, X] : llvm::enumerate(Run.Rules))
      RuleIndex[X.Id] = I;
  }

  /// The whole file, as small as it has to be.
  std::string write();

private:
  std::string log(size_t MaxResults, size_t MaxFlows);
  Object driver();
  Object invocation();

  Object artifact(StringRef File);
  std::optional<Object> physical(const Position &P);
  Object location(const Position &P, StringRef Function);

  Object result(const Alert &A);
  std::string refer(Array &Related, StringRef Text, const Position &P,
                    StringRef Function, StringRef Note);
  std::string roots(const Alert &A, Array &Related);
  void addMessage(const Alert &A, Object &Result);
  void addFlows(const Alert &A, Object &Result);
  void addState(const Alert &A, Object &Result);
  Object threadFlow(const Thread &T);
  Object codeFlow(const Finding &F, llvm::ArrayRef<Thread> Threads);
  Object gone(const GoneFinding &G);

  void notify(NotificationKind Kind, StringRef Level, StringRef Text,
              std::optional<Object> Location = std::nullopt);
  void notifyOfUnit(const FailedUnit &U);
  void notifyOfAccepted();
  void notifyAll();

  const Report &R;
  const RunInfo &Run;
  const SarifLimits &Limits;
  Places Where;
  std::vector<Alert> Alerts;
  llvm::StringMap<size_t> RuleIndex;
  // Of one log:
  size_t MaxFlows = 0;
  size_t LostFlows = 0, LostResults = 0;
  Array Notifications;
};

Object Writer::artifact(StringRef File) {
  StringRef Path = Where.path(File);
  if (Path.starts_with("/"))
    return Object{{"uri", "file://" + encodeURI(Path)}};
  return Object{{"uri", encodeURI(Path)}, {"uriBaseId", BaseId}};
}

std::optional<Object> Writer::physical(const Position &P) {
  std::optional<Region> Token = Where.region(P);
  if (!Token)
    return std::nullopt;
  return Object{{"artifactLocation", artifact(P.File)},
                {"region", Object{{"startLine", Token->Line},
                                  {"startColumn", Token->Column},
                                  {"endLine", Token->Line},
                                  {"endColumn", Token->EndColumn}}}};
}

Object Writer::location(const Position &P, StringRef Function) {
  Object Result;
  if (std::optional<Object> Physical = physical(P))
    Result["physicalLocation"] = std::move(*Physical);
  if (!Function.empty())
    Result["logicalLocations"] = Array{
        Object{{"fullyQualifiedName", utf8(Function)}, {"kind", "function"}}};
  return Result;
}

/// Rules that are off by default are those that find much that is harmless.
Object describeRule(const RuleText &R) {
  std::string Help = utf8(withoutLinks(R.Page));
  return Object{
      {"id", R.Id},
      {"shortDescription", message(R.Summary)},
      {"fullDescription", message(fullDescription(R))},
      {"help", Object{{"text", Help}, {"markdown", Help}}},
      {"defaultConfiguration",
       Object{{"enabled", R.Default}, {"level", "warning"}}},
      {"properties",
       Object{{"precision", R.Default ? "high" : "medium"},
              {"problem.severity", R.Default ? "warning" : "recommendation"},
              {"tags", Array{"concurrency", "deadlock", "dma-fence"}}}}};
}

Object Writer::driver() {
  Array Rules, Descriptors;
  for (const RuleText &X : Run.Rules)
    Rules.push_back(describeRule(X));
  for (const auto &[Id, Meaning] : NotificationTexts)
    Descriptors.push_back(Object{{"id", Id},
                                 {"shortDescription", message(Meaning)},
                                 {"fullDescription", message(Meaning)},
                                 {"help", message(Meaning)}});
  return Object{{"name", "fencedep"},
                {"version", FENCEDEP_VERSION},
                {"semanticVersion", FENCEDEP_VERSION},
                {"rules", std::move(Rules)},
                {"notifications", std::move(Descriptors)}};
}

/// Adds \p P to \p Related, and returns \p Text as a link there.
std::string Writer::refer(Array &Related, StringRef Text, const Position &P,
                          StringRef Function, StringRef Note) {
  if (!P.Line)
    return plain(Text);
  Object L = location(P, Function);
  L["id"] = Related.size() + 1;
  L["message"] = message(Note);
  Related.push_back(std::move(L));
  return "[" + escaped(Text) + "](" + std::to_string(Related.size()) + ")";
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
    if (text(Root.Where) == text(F.Sink) || Named.size() == MaxNamed ||
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
  std::string Text = plain(headline(F)) + "." + roots(A, Related);
  for (const auto &[I, O] : llvm::enumerate(F.Others)) {
    Text += O.SameThread ? " " : " CPU" + std::to_string(I + 1) + ": ";
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
  Result["message"] = message(Text);
  if (!Related.empty())
    Result["relatedLocations"] = std::move(Related);
}

Object Writer::threadFlow(const Thread &T) {
  Array Locations;
  for (const Step &S : T.Steps) {
    Object L = location(S.Where, S.Function);
    L["message"] = message(S.Text);
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
  return Object{{"message", message("from '" + F.Root.Function + "'")},
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
      ++LostFlows;
      continue;
    }
    Locations += Steps;
    Flows.push_back(codeFlow(*Way, Threads));
  }
  if (!Flows.empty())
    Result["codeFlows"] = std::move(Flows);
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
      S["location"] = location(Why->Where, "");
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
  StringRef Caller = F.Path.empty() ? F.Root.Function : F.Path.back().Function;
  Array Fingerprints;
  for (const Finding *Way : A.Ways)
    Fingerprints.push_back(Way->Fingerprint);
  Object Result{
      {"ruleId", F.Rule},
      {"level", F.Severity},
      {"locations", Array{location(place(F), Caller)}},
      {"fingerprints", Object{{Key, A.identity()}}},
      {"partialFingerprints", Object{{Key, A.SinkHash}}},
      {"rank", rank(F)},
      {"properties", Object{{"confidence", name(F.Conf)},
                            {"fingerprints", std::move(Fingerprints)}}}};
  if (auto It = RuleIndex.find(F.Rule); It != RuleIndex.end())
    Result["ruleIndex"] = It->second;
  addMessage(A, Result);
  addFlows(A, Result);
  addState(A, Result);
  return Result;
}

/// Where it was, nobody knows any more.
Object Writer::gone(const GoneFinding &G) {
  Object Result{
      {"ruleId", utf8(G.Rule)},
      {"message", message(plain(G.Message) + ".")},
      {"baselineState", "absent"},
      {"suppressions", Array()},
      {"properties", Object{{"fingerprints", Array{utf8(G.Fingerprint)}}}}};
  if (auto It = RuleIndex.find(G.Rule); It != RuleIndex.end())
    Result["ruleIndex"] = It->second;
  return Result;
}

void Writer::notify(NotificationKind Kind, StringRef Level, StringRef Text,
                    std::optional<Object> Location) {
  Object N{{"descriptor", Object{{"id", NotificationTexts[Kind].first},
                                 {"index", static_cast<int>(Kind)}}},
           {"level", Level},
           {"message", message(plain(Text))}};
  if (Location)
    N["locations"] = Array{std::move(*Location)};
  Notifications.push_back(std::move(N));
}

/// The place that the error names, else the file.
void Writer::notifyOfUnit(const FailedUnit &U) {
  static const llvm::Regex Located("^([^:]+):([0-9]{1,9}):([0-9]{1,9}): ");
  llvm::SmallVector<StringRef, 4> Parts;
  Object L;
  Position P;
  if (Located.match(U.Error, &Parts) && !Parts[2].getAsInteger(10, P.Line) &&
      !Parts[3].getAsInteger(10, P.Column)) {
    P.File = Parts[1].str();
    L = location(P, "");
  }
  if (L.empty())
    L = Object{
        {"physicalLocation", Object{{"artifactLocation", artifact(U.File)}}}};
  notify(UnitFailed, "error", "not analysed: " + U.File + ": " + U.Error,
         std::move(L));
}

void Writer::notifyOfAccepted() {
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

void Writer::notifyAll() {
  for (const FailedUnit &U : R.Cov.Failed)
    notifyOfUnit(U);
  for (const std::string &F : R.Cov.Incomplete)
    notify(WaysLeftOut, "warning",
           "not all ways through '" + F +
               "' were followed: sections in it may be longer than was seen");
  notify(CoverageStatement, "note", wording(R.Cov));
  size_t Hidden = R.Hidden + llvm::count_if(R.Findings, [&](const Finding &F) {
                    return F.Conf < Run.MinConfidence;
                  });
  if (Hidden)
    notify(BelowConfidence, "note",
           count(Hidden, "finding", "findings") + " below '" +
               name(Run.MinConfidence).str() +
               "' not shown (--min-confidence=possible shows all)");
  if (!Run.ShowAccepted)
    notifyOfAccepted();
  for (const Reason &U : R.Unused)
    notify(SuppressesNothing, "warning", U.Text,
           U.Where.Line ? std::optional(location(U.Where, "")) : std::nullopt);
  if (LostResults)
    notify(Cut, "warning",
           count(LostResults, "result is", "results are") +
               " left out, the least sure ones: GitHub takes no more");
  if (LostFlows)
    notify(Cut, "warning",
           count(LostFlows, "way", "ways") +
               " to places that have others left out: GitHub takes no more");
}

Object Writer::invocation() {
  Notifications = {};
  notifyAll();
  return Object{{"executionSuccessful", R.Cov.Failed.empty()},
                {"exitCode", Run.ExitStatus},
                {"toolExecutionNotifications", std::move(Notifications)}};
}

std::string Writer::log(size_t MaxResults, size_t Flows) {
  MaxFlows = Flows;
  LostFlows = 0;
  LostResults = Alerts.size() - std::min(Alerts.size(), MaxResults);
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
        ++LostResults;
    }
  Object TheRun{
      {"tool", Object{{"driver", driver()}}},
      {"invocations", Array{invocation()}},
      {"columnKind", "utf16CodeUnits"},
      {"originalUriBaseIds",
       Object{{BaseId,
               Object{{"uri",
                       "file://" + encodeURI(Where.root()) +
                           (StringRef(Where.root()).ends_with("/") ? ""
                                                                   : "/")}}}}},
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

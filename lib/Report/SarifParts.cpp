//===- SarifParts.cpp - what SARIF is put together from
//--------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SarifParts.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Regex.h"

using namespace fencedep;
using llvm::StringRef;
using llvm::json::Array;
using llvm::json::Object;

static constexpr char BaseId[] = "SRCROOT";

Object fencedep::sarifMessage(StringRef Text) {
  return Object{{"text", utf8(Text)}};
}

/// \p Text as it stands in a link.
static std::string escaped(StringRef Text) {
  std::string Result;
  for (char C : Text) {
    if (StringRef("[]\\").contains(C))
      Result += '\\';
    Result += C;
  }
  return Result;
}

std::string fencedep::sarifPlain(StringRef Text) {
  return Text.contains("](") ? escaped(Text) : Text.str();
}

std::string fencedep::sarifLink(StringRef Text, size_t Id) {
  return "[" + escaped(Text) + "](" + std::to_string(Id) + ")";
}

static std::string encodeURI(StringRef Path) {
  std::string Result;
  for (unsigned char C : Path) {
    if (llvm::isAlnum(C) || StringRef("-._~/").contains(C))
      Result += static_cast<char>(C);
    else
      Result += "%" + llvm::utohexstr(C, /*LowerCase=*/false, /*Width=*/2);
  }
  return Result;
}

Object SarifPlaces::artifact(StringRef File) {
  StringRef Path = Files.path(File);
  if (Path.starts_with("/"))
    return Object{{"uri", "file://" + encodeURI(Path)}};
  return Object{{"uri", encodeURI(Path)}, {"uriBaseId", BaseId}};
}

static Object sarifRegion(const Region &R) {
  return Object{{"startLine", R.Line},
                {"startColumn", R.Column},
                {"endLine", R.Line},
                {"endColumn", R.EndColumn}};
}

Object SarifPlaces::location(const Position &P, StringRef Function) {
  Object Result;
  if (std::optional<Region> Token = Files.region(P))
    Result["physicalLocation"] = Object{{"artifactLocation", artifact(P.File)},
                                        {"region", sarifRegion(*Token)}};
  if (!Function.empty())
    Result["logicalLocations"] = Array{
        Object{{"fullyQualifiedName", utf8(Function)}, {"kind", "function"}}};
  return Result;
}

std::optional<Object> SarifPlaces::fix(const Fix &X) {
  std::optional<Region> Replaced = Files.region(X);
  if (!Replaced)
    return std::nullopt;
  Object Replacement{
      {"deletedRegion", sarifRegion(*Replaced)},
      {"insertedContent", Object{{"text", utf8(X.Replacement)}}}};
  Object Change{{"artifactLocation", artifact(X.Start.File)},
                {"replacements", Array{std::move(Replacement)}}};
  return Object{{"description", sarifMessage(X.Description)},
                {"artifactChanges", Array{std::move(Change)}}};
}

Object SarifPlaces::baseIds() const {
  std::string Root = Files.root();
  if (!StringRef(Root).ends_with("/"))
    Root += '/';
  return Object{{BaseId, Object{{"uri", "file://" + encodeURI(Root)}}}};
}

/// The page's first bold sentence.
static std::string fullDescription(const RuleText &R) {
  auto [Before, Rest] = StringRef(R.Page).split("**");
  StringRef Bold = Rest.split("**").first;
  std::string Text = Bold.empty() ? R.Summary : Bold.str();
  std::replace(Text.begin(), Text.end(), '\n', ' ');
  return Text;
}

/// \p Page without the links to other files, which are not there for whoever
/// reads this.
static std::string withoutLinks(StringRef Page) {
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

/// Rules that are off by default are those that find much that is harmless.
Object fencedep::sarifRule(const RuleText &R) {
  std::string Help = utf8(withoutLinks(R.Page));
  return Object{
      {"id", R.Id},
      {"shortDescription", sarifMessage(R.Summary)},
      {"fullDescription", sarifMessage(fullDescription(R))},
      {"help", Object{{"text", Help}, {"markdown", Help}}},
      {"defaultConfiguration",
       Object{{"enabled", R.Default}, {"level", "warning"}}},
      {"properties",
       Object{{"precision", R.Default ? "high" : "medium"},
              {"problem.severity", R.Default ? "warning" : "recommendation"},
              {"tags", Array{"concurrency", "deadlock", "dma-fence"}}}}};
}

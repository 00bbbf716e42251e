//===- Pages.cpp - findings lead to the pages of their rules --------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clangd gives each check a link to the page that the LLVM project would have
// of it. Those of ours are installed beside the program; the linker's --wrap
// lets us put them in when diagnostics are about to be sent. Without the page
// there is no link.
//
//===----------------------------------------------------------------------===//

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace clang::clangd {
struct PublishDiagnosticsParams; // its header is not packaged
} // namespace clang::clangd

json::Value packagedJSON(const clang::clangd::PublishDiagnosticsParams &) asm(
    "__real__ZN5clang6clangd6toJSONERKNS0_24PublishDiagnosticsParamsE");
json::Value withPages(const clang::clangd::PublishDiagnosticsParams &) asm(
    "__wrap__ZN5clang6clangd6toJSONERKNS0_24PublishDiagnosticsParamsE");

/// The page of the rule \p Id as a URI; "" if it is not installed.
static std::string pageOf(StringRef Id) {
  static int Anchor;
  SmallString<256> Path(sys::path::parent_path(
      sys::fs::getMainExecutable(nullptr, static_cast<void *>(&Anchor))));
  sys::path::append(Path, FENCEDEP_DOCS, "rules", Id + ".md");
  sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
  if (!sys::fs::exists(Path))
    return "";
  std::string Uri = "file://";
  raw_string_ostream OS(Uri);
  for (unsigned char C : Path)
    if (isAlnum(C) || StringRef("/-._~").contains(C))
      OS << C;
    else
      OS << '%' << hexdigit(C >> 4) << hexdigit(C & 15);
  return Uri;
}

json::Value withPages(const clang::clangd::PublishDiagnosticsParams &Params) {
  json::Value Message = packagedJSON(Params);
  json::Object *Root = Message.getAsObject();
  json::Array *All = Root ? Root->getArray("diagnostics") : nullptr;
  if (!All)
    return Message;
  for (json::Value &V : *All) {
    json::Object *Diagnostic = V.getAsObject();
    std::optional<StringRef> Code =
        Diagnostic ? Diagnostic->getString("code") : std::nullopt;
    if (!Code || !Code->starts_with("fence-"))
      continue;
    Diagnostic->erase("codeDescription");
    if (std::string Page = pageOf(*Code); !Page.empty())
      Diagnostic->insert({"codeDescription", json::Object{{"href", Page}}});
  }
  return Message;
}

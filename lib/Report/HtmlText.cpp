//===- HtmlText.cpp - names, sentences and Markdown -----------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The rules' pages are Markdown, which cmark reads: CommonMark's own
// implementation, small and hardened against hostile input.
//
//===----------------------------------------------------------------------===//

#include "Html.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include <cmark.h>
#include <memory>

using namespace llvm;
using namespace fencedep;

/// What a page may not contain, or must not: names in a source can be made to
/// look like others.
static bool isUnseen(UTF32 C) {
  return (C < 0x20 && C != '\t' && C != '\n') || (C >= 0x7f && C < 0xa0) ||
         (C >= 0x200b && C <= 0x200f) || (C >= 0x2028 && C <= 0x202e) ||
         (C >= 0x2060 && C <= 0x206f) || C == 0xfeff ||
         (C & 0xfffe) == 0xfffe || (C >= 0xfdd0 && C <= 0xfdef);
}

static StringRef entity(UTF32 C) {
  switch (C) {
  case '&':
    return "&amp;";
  case '<':
    return "&lt;";
  case '>':
    return "&gt;";
  case '"':
    return "&quot;";
  case '\'':
    return "&#39;";
  default:
    return "";
  }
}

std::string html::escape(StringRef Text) {
  std::string Out;
  const UTF8 *At = Text.bytes_begin(), *End = Text.bytes_end();
  while (At != End) {
    const UTF8 *Begin = At;
    UTF32 C = 0;
    if (convertUTF8Sequence(&At, End, &C, strictConversion) != conversionOK) {
      At = Begin + 1;
      C = 0;
    }
    if (StringRef Entity = entity(C); !Entity.empty())
      Out += Entity;
    else if (isUnseen(C))
      Out += "\uFFFD";
    else
      Out.append(Begin, At);
  }
  return Out;
}

std::string html::prose(StringRef Sentence) {
  std::string Out;
  while (true) {
    size_t Open = Sentence.find('\''), Close = Sentence.find('\'', Open + 1);
    if (Open == StringRef::npos || Close == StringRef::npos)
      return Out + escape(Sentence);
    Out += escape(Sentence.take_front(Open)) + "<code>" +
           escape(Sentence.slice(Open + 1, Close)) + "</code>";
    Sentence = Sentence.drop_front(Close + 1);
  }
}

StringRef html::section(StringRef Page, StringRef Title) {
  std::string Heading = ("\n## " + Title + "\n").str();
  size_t Begin = Page.find(Heading);
  if (Begin == StringRef::npos)
    return "";
  StringRef Rest = Page.drop_front(Begin + Heading.size());
  return Rest.take_front(Rest.find("\n## "));
}

/// Has the link lead where it leads in a report, or leaves only its text.
static void mapLink(cmark_node *Link, html::LinkMap Links) {
  std::string To = Links(cmark_node_get_url(Link));
  if (!To.empty()) {
    cmark_node_set_url(Link, To.c_str());
    return;
  }
  while (cmark_node *Child = cmark_node_first_child(Link))
    cmark_node_insert_before(Link, Child);
  cmark_node_free(Link);
}

std::string html::markdown(StringRef Text, LinkMap Links) {
  auto FreeNode = [](cmark_node *N) { cmark_node_free(N); };
  std::unique_ptr<cmark_node, decltype(FreeNode)> Root(
      cmark_parse_document(Text.data(), Text.size(), CMARK_OPT_DEFAULT),
      FreeNode);
  std::vector<cmark_node *> Found;
  cmark_iter *I = cmark_iter_new(Root.get());
  while (cmark_iter_next(I) != CMARK_EVENT_DONE) {
    cmark_node *N = cmark_iter_get_node(I);
    if (cmark_node_get_type(N) == CMARK_NODE_LINK &&
        cmark_iter_get_event_type(I) == CMARK_EVENT_EXIT)
      Found.push_back(N);
  }
  cmark_iter_free(I);
  for (cmark_node *Link : Found)
    mapLink(Link, Links);
  auto FreeText = [](char *C) { free(C); };
  std::unique_ptr<char, decltype(FreeText)> Html(
      cmark_render_html(Root.get(), CMARK_OPT_DEFAULT), FreeText);
  return Html.get();
}

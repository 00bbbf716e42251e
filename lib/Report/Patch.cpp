//===- Patch.cpp - changes of a text, as a unified diff -------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The two texts differ in a few places, so that no clever search is needed:
// after a difference, the nearest pair of equal runs of lines ends it.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Patch.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace fencedep;
using llvm::ArrayRef;
using llvm::StringRef;

std::string fencedep::applied(StringRef Old, ArrayRef<TextEdit> Edits) {
  std::vector<const TextEdit *> Order;
  for (const TextEdit &E : Edits)
    Order.push_back(&E);
  llvm::sort(Order, [](const TextEdit *A, const TextEdit *B) {
    return std::make_pair(A->Offset, A) < std::make_pair(B->Offset, B);
  });
  std::string New;
  size_t At = 0;
  for (const TextEdit *E : Order) {
    New += Old.slice(At, E->Offset);
    New += E->Text;
    At = E->Offset + E->Length;
  }
  New += Old.substr(At);
  return New;
}

namespace {

/// Lines From..From+Count of the old text are New's lines.
struct Change {
  size_t OldFrom, OldCount, NewFrom, NewCount;
};

} // namespace

/// With their ends, so that a missing last one is seen.
static std::vector<StringRef> linesOf(StringRef Text) {
  std::vector<StringRef> Lines;
  while (!Text.empty()) {
    size_t End = std::min(Text.find('\n'), Text.size() - 1) + 1;
    Lines.push_back(Text.take_front(End));
    Text = Text.drop_front(End);
  }
  return Lines;
}

/// Are the next lines on both sides, or the ends of both, the same?
static bool meet(ArrayRef<StringRef> Old, ArrayRef<StringRef> New) {
  constexpr size_t Run = 3;
  size_t N = std::min({Run, Old.size(), New.size()});
  if (N < Run && Old.size() != New.size())
    return false;
  return Old.take_front(N) == New.take_front(N);
}

static std::vector<Change> changes(ArrayRef<StringRef> Old,
                                   ArrayRef<StringRef> New) {
  std::vector<Change> Found;
  size_t I = 0, J = 0;
  while (I != Old.size() || J != New.size()) {
    if (I != Old.size() && J != New.size() && Old[I] == New[J]) {
      ++I;
      ++J;
      continue;
    }
    // The fewest lines that have to go on both sides together.
    size_t Skip = 1, Left = 0;
    for (;; ++Skip) {
      for (Left = 0; Left <= Skip; ++Left)
        if (I + Left <= Old.size() && J + (Skip - Left) <= New.size() &&
            meet(Old.drop_front(I + Left), New.drop_front(J + Skip - Left)))
          break;
      if (Left <= Skip)
        break;
    }
    Found.push_back({I, Left, J, Skip - Left});
    I += Left;
    J += Skip - Left;
  }
  return Found;
}

static void printLines(char Mark, ArrayRef<StringRef> Lines,
                       llvm::raw_ostream &OS) {
  for (StringRef L : Lines) {
    OS << Mark << L;
    if (!L.ends_with("\n"))
      OS << "\n\\ No newline at end of file\n";
  }
}

std::string fencedep::unifiedDiff(StringRef Name, StringRef OldText,
                                  StringRef NewText) {
  constexpr size_t Context = 3;
  std::vector<StringRef> OldLines = linesOf(OldText),
                         NewLines = linesOf(NewText);
  ArrayRef<StringRef> Old(OldLines), New(NewLines);
  std::vector<Change> All = changes(Old, New);
  std::string Out;
  llvm::raw_string_ostream OS(Out);
  if (!All.empty())
    OS << "diff --git a/" << Name << " b/" << Name << "\n--- a/" << Name
       << "\n+++ b/" << Name << '\n';
  for (size_t I = 0, Next; I != All.size(); I = Next) {
    // Changes whose contexts touch are one hunk.
    for (Next = I + 1; Next != All.size(); ++Next)
      if (All[Next].OldFrom - (All[Next - 1].OldFrom + All[Next - 1].OldCount) >
          2 * Context)
        break;
    const Change &First = All[I], &Last = All[Next - 1];
    size_t Before = std::min(Context, First.OldFrom);
    size_t End = Last.OldFrom + Last.OldCount;
    size_t After = std::min(Context, Old.size() - End);
    size_t OldFrom = First.OldFrom - Before, NewFrom = First.NewFrom - Before;
    size_t OldCount = End + After - OldFrom;
    size_t NewCount = Last.NewFrom + Last.NewCount + After - NewFrom;
    OS << "@@ -" << OldFrom + 1 << ',' << OldCount << " +" << NewFrom + 1 << ','
       << NewCount << " @@\n";
    size_t At = OldFrom;
    for (size_t K = I; K != Next; ++K) {
      const Change &C = All[K];
      printLines(' ', Old.slice(At, C.OldFrom - At), OS);
      printLines('-', Old.slice(C.OldFrom, C.OldCount), OS);
      printLines('+', New.slice(C.NewFrom, C.NewCount), OS);
      At = C.OldFrom + C.OldCount;
    }
    printLines(' ', Old.slice(At, After), OS);
  }
  return Out;
}

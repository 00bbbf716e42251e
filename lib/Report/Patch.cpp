//===- Patch.cpp - changes of a text, as a unified diff -------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where the texts differ is known: the lines that an edit touches, without
// those at its ends that stay as they were.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Patch.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace fencedep;
using llvm::ArrayRef;
using llvm::StringRef;

static std::vector<const TextEdit *> inOrder(ArrayRef<TextEdit> Edits) {
  std::vector<const TextEdit *> Order;
  for (const TextEdit &E : Edits)
    Order.push_back(&E);
  llvm::sort(Order, [](const TextEdit *A, const TextEdit *B) {
    return std::make_pair(A->Offset, A) < std::make_pair(B->Offset, B);
  });
  return Order;
}

/// The text from \p Begin to \p End with \p Edits, which are all in it.
static std::string appliedTo(StringRef Old, size_t Begin, size_t End,
                             ArrayRef<const TextEdit *> Edits) {
  std::string New;
  size_t At = Begin;
  for (const TextEdit *E : Edits) {
    New += Old.slice(At, E->Offset);
    New += E->Text;
    At = E->Offset + E->Length;
  }
  New += Old.slice(At, End);
  return New;
}

std::string fencedep::applied(StringRef Old, ArrayRef<TextEdit> Edits) {
  return appliedTo(Old, 0, Old.size(), inOrder(Edits));
}

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

namespace {

/// Old lines From..From+Count (from 0) became New.
struct Change {
  size_t From, Count;
  std::vector<std::string> New;
};

} // namespace

static std::vector<Change> changes(StringRef Old, ArrayRef<TextEdit> Edits) {
  std::vector<Change> Found;
  std::vector<const TextEdit *> Order = inOrder(Edits);
  for (size_t I = 0, Next; I != Order.size(); I = Next) {
    // The lines that are touched, and by which further edits.
    size_t Begin = Old.rfind('\n', Order[I]->Offset) + 1; // npos + 1 is 0
    size_t End = Begin;
    for (Next = I; Next != Order.size(); ++Next) {
      if (Next != I && Order[Next]->Offset >= End)
        break;
      size_t Behind = Order[Next]->Offset + Order[Next]->Length;
      End = std::min(Old.find('\n', Behind), Old.size() - 1) + 1;
    }
    std::string New =
        appliedTo(Old, Begin, End, ArrayRef(Order).slice(I, Next - I));
    std::vector<StringRef> Was = linesOf(Old.slice(Begin, End)),
                           Is = linesOf(New);
    ArrayRef<StringRef> A(Was), B(Is);
    size_t From = Old.take_front(Begin).count('\n');
    for (; !A.empty() && !B.empty() && A.front() == B.front(); ++From) {
      A = A.drop_front();
      B = B.drop_front();
    }
    while (!A.empty() && !B.empty() && A.back() == B.back()) {
      A = A.drop_back();
      B = B.drop_back();
    }
    if (!A.empty() || !B.empty())
      Found.push_back({From, A.size(), {B.begin(), B.end()}});
  }
  return Found;
}

template <typename Lines>
static void printLines(char Mark, const Lines &Of, llvm::raw_ostream &OS) {
  for (StringRef L : Of) {
    OS << Mark << L;
    if (!L.ends_with("\n"))
      OS << "\n\\ No newline at end of file\n";
  }
}

std::string fencedep::unifiedDiff(StringRef Name, StringRef OldText,
                                  ArrayRef<TextEdit> Edits) {
  constexpr size_t Context = 3;
  std::vector<StringRef> Lines = linesOf(OldText);
  ArrayRef<StringRef> Old(Lines);
  std::vector<Change> All = changes(OldText, Edits);
  std::string Out;
  llvm::raw_string_ostream OS(Out);
  if (!All.empty())
    OS << "diff --git a/" << Name << " b/" << Name << "\n--- a/" << Name
       << "\n+++ b/" << Name << '\n';
  size_t Added = 0, Gone = 0; // before the hunk
  for (size_t I = 0, Next; I != All.size(); I = Next) {
    // Changes whose contexts touch are one hunk.
    for (Next = I + 1; Next != All.size(); ++Next)
      if (All[Next].From - (All[Next - 1].From + All[Next - 1].Count) >
          2 * Context)
        break;
    size_t From = All[I].From - std::min(Context, All[I].From);
    size_t End = All[Next - 1].From + All[Next - 1].Count;
    size_t To = std::min(Old.size(), End + Context);
    size_t Plus = 0, Minus = 0;
    for (size_t K = I; K != Next; ++K) {
      Plus += All[K].New.size();
      Minus += All[K].Count;
    }
    OS << "@@ -" << From + 1 << ',' << To - From << " +"
       << From + 1 + Added - Gone << ',' << To - From + Plus - Minus << " @@\n";
    for (size_t K = I; K != Next; ++K) {
      const Change &C = All[K];
      printLines(' ', Old.slice(From, C.From - From), OS);
      printLines('-', Old.slice(C.From, C.Count), OS);
      printLines('+', C.New, OS);
      From = C.From + C.Count;
    }
    printLines(' ', Old.slice(From, To - From), OS);
    Added += Plus;
    Gone += Minus;
  }
  return Out;
}

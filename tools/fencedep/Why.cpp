//===- Why.cpp - fencedep why ---------------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     fencedep why ROOT SINK [PATH...]     the way from one to the other, or
//     fencedep why-not ROOT SINK [PATH...] where it was cut, and by what
//
// One answer to both questions: who asks does not know yet which it is. They
// differ in the exit status: why fails if the sink is not reached, why-not if
// it is.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Rules/Why.h"
#include "Options.h"

using namespace llvm;
using namespace fencedep;

/// After this many, more of the same helps nobody.
static constexpr size_t MaxCuts = 12;

static void print(const WayTo &W, StringRef Sink, raw_ostream &OS) {
  OS << text(W.Root.Where) << ": " << name(W.Root.Kind) << " root '"
     << W.Root.Function << "' ";
  if (W.Reached) {
    OS << "reaches '" << Sink << "' (" << name(W.Conf) << ")\n";
    for (const Hop &H : W.Path) {
      OS << "  " << text(H.Where) << ": '" << H.Function << "' calls '"
         << H.Callee << "'";
      if (H.Edge != "direct" || !H.Detail.empty())
        OS << " [" << (H.Edge == "direct" ? "" : H.Edge)
           << (H.Edge == "direct" || H.Detail.empty() ? "" : "; ") << H.Detail
           << "]";
      if (H.Conf != Confidence::Certain)
        OS << " (" << name(H.Conf) << ")";
      OS << '\n';
    }
    for (const std::string &G : W.Grades)
      OS << "  " << G << '\n';
    return;
  }
  OS << "does not reach '" << Sink << "'\n";
  if (W.Cuts.empty())
    OS << "  nothing that it reaches mentions a function that leads there\n";
  for (const Cut &C : ArrayRef(W.Cuts).take_front(MaxCuts))
    OS << "  " << text(C.Call.Where) << ": '" << C.Call.Function
       << "' would go on to '" << C.Call.Callee << "', but " << C.Why << '\n';
  if (W.Cuts.size() > MaxCuts)
    OS << "  and " << W.Cuts.size() - MaxCuts << " more, further on\n";
}

std::string fencedep::noSuchRoot(StringRef Root) {
  return ("no unit in scope has a section or a body of '" + Root + "'").str();
}

int fencedep::runWhy(bool Expected) {
  if (Inputs.size() < 2)
    return fail("usage: fencedep why ROOT SINK [PATH...]");
  std::string Root = Inputs[0], Sink = Inputs[1];
  Inputs.erase(Inputs.begin(), Inputs.begin() + 2);
  if (Error E = checkOutput())
    return fail(std::move(E));
  auto Linked = linkDatabase();
  if (!Linked)
    return fail(Linked.takeError());
  std::vector<WayTo> Ways = waysTo(*Linked->P, Root, Sink, Linked->Options);
  if (Ways.empty())
    return fail(noSuchRoot(Root));
  Error E = writeOutput([&](raw_ostream &OS) {
    for (const WayTo &W : Ways)
      print(W, Sink, OS);
  });
  if (E)
    return fail(std::move(E));
  if (int Status = reportFailures(Linked->Failed))
    return Status;
  bool Reached = any_of(Ways, [](const WayTo &W) { return W.Reached; });
  return Reached == Expected ? ExitClean : ExitFindings;
}

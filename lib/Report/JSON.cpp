//===- JSON.cpp - findings for programs
//------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// docs/json.md describes every name written here. A name is never renamed or
// dropped within a version; new ones may be added. Positions that are not known
// have file "" and line 0, so that readers need no special case.
//
//===----------------------------------------------------------------------===//

#include "llvm/Support/JSON.h"
#include "fencedep/Report/Wording.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/ErrorHandling.h"

using namespace fencedep;
namespace json = llvm::json;

namespace {

constexpr int FormatVersion = 1;

class Writer {
public:
  explicit Writer(llvm::raw_ostream &OS) : J(OS, /*IndentSize=*/2) {}

  void report(const Report &R);

private:
  void text(llvm::StringRef Key, llvm::StringRef Value) {
    J.attribute(Key, utf8(Value));
  }

  void position(const Position &P) {
    text("file", P.File);
    J.attribute("line", P.Line);
    J.attribute("column", P.Column);
  }

  void root(const RootInfo &R);
  void hop(const Hop &H);
  void other(const OtherSide &O);
  void reason(const Reason &R);
  /// \p Accepted: how, if it is.
  void finding(const Finding &F, const AcceptedFinding *Accepted = nullptr);
  void fix(const Fix &X);
  void accepted(const AcceptedFinding &A);
  void gone(const GoneFinding &G);
  void openCall(const OpenCall &C);
  void coverage(const Coverage &C);

  json::OStream J;
};

void Writer::root(const RootInfo &R) {
  J.attributeObject("root", [&] {
    text("kind", name(R.Kind));
    text("function", R.Function);
    position(R.Where);
    if (R.Kind == RootKind::Contract) {
      text("id", R.Id);
      text("why", R.Why);
    }
  });
}

void Writer::hop(const Hop &H) {
  J.object([&] {
    text("function", H.Function);
    text("callee", H.Callee);
    position(H.Where);
    text("edge", H.Edge);
    text("detail", H.Detail);
    text("confidence", name(H.Conf));
  });
}

void Writer::other(const OtherSide &O) {
  J.object([&] {
    text("lock", O.Lock);
    text("function", O.Function);
    J.attribute("same_thread", O.SameThread);
    if (!O.Source.empty())
      text("source", O.Source);
    position(O.Acquired);
    J.attributeArray("path", [&] {
      for (const Hop &H : O.Path)
        hop(H);
    });
  });
}

void Writer::reason(const Reason &R) {
  J.object([&] {
    text("text", R.Text);
    position(R.Where);
  });
}

void Writer::finding(const Finding &F, const AcceptedFinding *Accepted) {
  J.object([&] {
    text("rule", F.Rule);
    text("severity", F.Severity);
    text("confidence", name(F.Conf));
    text("message", F.Message);
    root(F.Root);
    J.attributeObject("sink", [&] {
      text("function", F.SinkFunction);
      position(F.Sink);
    });
    J.attributeArray("path", [&] {
      for (const Hop &H : F.Path)
        hop(H);
    });
    if (!F.Others.empty())
      J.attributeArray("others", [&] {
        for (const OtherSide &O : F.Others)
          other(O);
      });
    if (!F.OtherHolders.empty())
      J.attributeArray("other_holders", [&] {
        for (const OtherHolder &H : F.OtherHolders)
          J.object([&] {
            text("function", H.Function);
            position(H.Acquired);
          });
      });
    J.attributeArray("reason", [&] {
      for (const Reason &R : F.Reasons)
        reason(R);
    });
    if (!F.Fixes.empty())
      J.attributeArray("fixes", [&] {
        for (const Fix &X : F.Fixes)
          fix(X);
      });
    J.attribute("other_roots", F.OtherRoots);
    if (!F.OtherCalls.empty())
      J.attributeArray("other_calls", [&] {
        for (const OtherCall &C : F.OtherCalls)
          J.object([&] {
            text("function", C.Function);
            text("callee", C.Callee);
            position(C.Where);
          });
      });
    text("fingerprint", F.Fingerprint);
    if (Accepted)
      J.attributeObject("accepted", [&] { accepted(*Accepted); });
  });
}

void Writer::fix(const Fix &X) {
  J.object([&] {
    text("text", X.Description);
    position(X.Start);
    J.attribute("end_line", X.End.Line);
    J.attribute("end_column", X.End.Column);
    text("replaced", X.Replaced);
    text("replacement", X.Replacement);
  });
}

llvm::StringRef nameOf(AcceptedFinding::Kind K) {
  switch (K) {
  case AcceptedFinding::Kind::InSource:
    return "source";
  case AcceptedFinding::Kind::External:
    return "file";
  case AcceptedFinding::Kind::Baseline:
    return "baseline";
  }
  llvm_unreachable("not a way to accept");
}

void Writer::accepted(const AcceptedFinding &A) {
  text("by", nameOf(A.By));
  text("why", A.Why);
  position(A.Where);
}

void Writer::gone(const GoneFinding &G) {
  J.object([&] {
    text("rule", G.Rule);
    text("confidence", name(G.Conf));
    text("message", G.Message);
    text("fingerprint", G.Fingerprint);
  });
}

void Writer::openCall(const OpenCall &C) {
  J.object([&] {
    text("function", C.Function);
    text("callee", C.Callee);
    position(C.Where);
    text("why", C.Why);
  });
}

void Writer::coverage(const Coverage &C) {
  J.attributeObject("coverage", [&] {
    J.attribute("units", C.Units);
    J.attribute("analysed", C.Analysed);
    J.attributeArray("failed", [&] {
      for (const FailedUnit &U : C.Failed)
        J.object([&] {
          text("file", U.File);
          text("error", U.Error);
        });
    });
    J.attributeObject("roots", [&] {
      J.attribute("annotated", C.Annotated);
      J.attribute("contract", C.Contract);
    });
    J.attribute("functions", C.Functions);
    J.attribute("open_calls", C.OpenCalls);
    J.attributeArray("incomplete", [&] {
      for (const std::string &F : C.Incomplete)
        J.value(utf8(F));
    });
    J.attributeArray("per_root", [&] {
      for (const RootCoverage &R : C.Roots)
        J.object([&] {
          root(R.Root);
          J.attribute("functions", R.Functions);
          J.attribute("open_calls", R.OpenCalls);
          J.attributeArray("open", [&] {
            for (const OpenCall &O : R.Open)
              openCall(O);
          });
        });
    });
  });
}

void Writer::report(const Report &R) {
  J.object([&] {
    J.attribute("version", FormatVersion);
    J.attributeObject("tool", [&] {
      text("name", "fencedep");
      text("version", FENCEDEP_VERSION);
      text("llvm", LLVM_VERSION_STRING);
    });
    coverage(R.Cov);
    J.attributeArray("findings", [&] {
      for (const Finding &F : R.Findings)
        finding(F);
    });
    J.attributeArray("accepted", [&] {
      for (const AcceptedFinding &A : R.Accepted)
        finding(A.F, &A);
    });
    J.attributeArray("unused_suppressions", [&] {
      for (const Reason &U : R.Unused)
        reason(U);
    });
    J.attribute("has_baseline", R.HasBaseline);
    J.attributeArray("gone", [&] {
      for (const GoneFinding &G : R.Gone)
        gone(G);
    });
  });
}

} // namespace

void fencedep::printJSON(const Report &R, llvm::raw_ostream &OS) {
  Writer(OS).report(R);
  OS << '\n';
}

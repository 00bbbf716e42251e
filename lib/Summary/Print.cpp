//===- Print.cpp - summaries as text --------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For tests and for people who ask why something was (not) seen. Expressions
// are printed as C where C has a spelling; #N is the result of event N.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Summary/Summary.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace fencedep;

static StringRef spelling(Op O) {
  static constexpr const char *Names[] = {
      "?", "!", "~", "-",  "+",  "-",  "*",  "/", "%",  "<<", ">>",
      "&", "|", "^", "&&", "||", "==", "!=", "<", "<=", ">",  ">="};
  return Names[static_cast<unsigned>(O)];
}

namespace {

class Printer {
public:
  Printer(const Unit &U, raw_ostream &OS) : U(U), OS(OS) {}

  void run() {
    OS << "unit " << U.MainFile << " module '" << U.Module << "'\n";
    for (const Constant &C : U.Constants)
      OS << "constant " << U.str(C.Name) << " = " << C.Value << "\n";
    for (SymbolId S : U.Exports)
      OS << "export " << name(S) << "\n";
    for (const Initializer &I : U.Initializers)
      OS << "init " << name(I.Holder) << path(I.Path) << " = " << name(I.Func)
         << " at " << where(I.Where) << "\n";
    for (const TableRef &T : U.TableRefs)
      OS << "init " << name(T.Holder) << path(T.Path) << " = &"
         << name(T.Target) << "\n";
    for (const FieldValue &V : U.FieldValues)
      OS << "value " << field(V.Field) << " = " << V.Value << "\n";
    for (const TableKind &K : U.TableKinds)
      OS << "kind " << name(K.Holder) << " " << field(K.Field) << " = "
         << K.Value << "\n";
    for (const Override &O : U.Overrides)
      OS << "override " << name(O.Method) << " of " << name(O.Overridden)
         << "\n";
    for (const Annotation &A : U.Annotations)
      OS << "annotation '" << U.str(A.Text) << "' on "
         << (A.OnField ? field(A.Of) : name(A.Of)) << " at " << where(A.Where)
         << "\n";
    for (const Function &F : U.Functions)
      function(F);
  }

private:
  std::string name(SymbolId S) { return U.str(U.Symbols[S].Name).str(); }
  std::string field(FieldId F) {
    return (U.str(U.Fields[F].Record) + "::" + U.str(U.Fields[F].Name)).str();
  }
  std::string path(ArrayRef<FieldId> Path) {
    std::string S;
    for (FieldId F : Path)
      S += "." + field(F);
    return S.empty() ? "[]" : S;
  }
  std::string where(const Loc &L) {
    return (sys::path::filename(U.str(L.File)) + ":" + Twine(L.Line) + ":" +
            Twine(L.Column))
        .str();
  }

  std::string expr(const Function &F, ExprId Id) {
    const Expr &E = F.Exprs[Id];
    auto Sub = [&](ExprId I) { return expr(F, I); };
    switch (E.Kind) {
    case ExprKind::Unknown:
      return "?";
    case ExprKind::Const:
      return itostr(E.Value);
    case ExprKind::NonNull:
      return "nonnull";
    case ExprKind::Param:
      return "arg" + utostr(E.A);
    case ExprKind::FuncAddr:
      return name(E.A);
    case ExprKind::GlobalAddr:
      return "&" + name(E.A);
    case ExprKind::GlobalLoad:
      return name(E.A);
    case ExprKind::FieldAddr:
      return "&" + Sub(E.B) + "->" + field(E.A);
    case ExprKind::FieldLoad:
      return Sub(E.B) + "->" + field(E.A);
    case ExprKind::ElemAddr:
      return "&" + Sub(E.A) + "[]";
    case ExprKind::ElemLoad:
      return Sub(E.A) + "[]";
    case ExprKind::Deref:
      return "*" + Sub(E.A);
    case ExprKind::RefTo:
      return "&local" + utostr(E.B) + "{" + Sub(E.A) + "}";
    case ExprKind::Call:
      return "#" + utostr(E.A);
    case ExprKind::OutArg:
      return "#" + utostr(E.A) + ".arg" + utostr(E.B);
    case ExprKind::Unary:
      return (spelling(E.Oper) + Sub(E.A)).str();
    case ExprKind::Binary:
      return ("(" + Sub(E.A) + " " + spelling(E.Oper) + " " + Sub(E.B) + ")")
          .str();
    case ExprKind::Select:
      return "(" + Sub(E.A) + " ? " + Sub(E.B) + " : " + Sub(E.C) + ")";
    case ExprKind::Phi: {
      std::string S;
      for (ExprId O : E.Operands)
        S += (S.empty() ? "" : ", ") + Sub(O);
      return "phi(" + S + ")";
    }
    case ExprKind::Opaque:
      return "opaque" + utostr(E.A);
    }
    return "?";
  }

  void event(const Function &F, EventId I) {
    const Event &E = F.Events[I];
    OS << "    #" << I << " " << where(E.Where) << " ";
    std::string Args;
    for (ExprId A : E.Args)
      Args += (Args.empty() ? "" : ", ") + expr(F, A);
    switch (E.Kind) {
    case EventKind::Call:
      OS << (E.Implicit ? "implicit " : "") << (E.Virtual ? "virtual " : "")
         << "call " << expr(F, E.Callee) << "(" << Args << ")";
      if (E.Use == ResultUse::Local)
        OS << " -> local" << E.Dest;
      else if (E.Use == ResultUse::Discarded)
        OS << " -> discarded";
      break;
    case EventKind::Store:
      OS << "store *" << expr(F, E.Args[0]) << " = " << expr(F, E.Args[1]);
      break;
    case EventKind::Return:
      OS << "return " << Args;
      break;
    case EventKind::Macro:
      OS << "macro";
      break;
    case EventKind::Copy:
      OS << "copy *" << expr(F, E.Args[0]) << " = "
         << (isZero(F.Exprs[E.Args[1]]) ? "" : "*") << expr(F, E.Args[1])
         << " (" << U.str(E.Record) << ")";
      break;
    }
    if (E.Macro)
      OS << " [" << U.str(E.Macro) << "]";
    OS << "\n";
  }

  void function(const Function &F) {
    const Symbol &S = U.Symbols[F.Sym];
    static constexpr const char *Links[] = {"external", "internal", "header"};
    OS << "function " << name(F.Sym) << " "
       << Links[static_cast<unsigned>(S.Link)] << " at " << where(F.Where)
       << "\n";
    for (BlockId I = 0; I != F.Blocks.size(); ++I) {
      const Block &B = F.Blocks[I];
      OS << "  B" << I << ":\n";
      for (EventId E = 0; E != B.NumEvents; ++E)
        event(F, B.FirstEvent + E);
      if (B.Succs.empty())
        continue;
      OS << "    ->";
      for (BlockId T : B.Succs)
        OS << " B" << T;
      if (B.Cond)
        OS << (B.Cases.empty() ? " if " : " switch ") << expr(F, B.Cond);
      if (B.Unexpected)
        OS << " unexpected B" << B.Succs[B.Unexpected - 1];
      OS << "\n";
    }
  }

  const Unit &U;
  raw_ostream &OS;
};

} // namespace

void fencedep::printSummary(const Unit &U, raw_ostream &OS) {
  Printer(U, OS).run();
}

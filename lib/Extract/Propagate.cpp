//===- Propagate.cpp - which values reach which block ---------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rounds over the blocks in reverse post-order. Where paths join and a local's
// values differ, the result is
//  - Select(c, a, b) if the branches between the immediate dominator and the
//    join tell which value arrives (`gate`: the conditions of gated SSA);
//  - otherwise Phi of at most four values;
//  - otherwise Opaque: one unknown value of that block and local.
//
// A loop header starts with an unknown value of its own for each local. From
// the second round on it is what enters the loop joined with what the back
// edges carried in the round before; a value that comes back unchanged adds
// nothing, so locals that the loop leaves alone keep their value. One that
// grows with every iteration (i + 1, p->next) is an expression over the
// header's own value and becomes Opaque for good.
//
// Terminates: a function without loops needs one round; otherwise a round is
// repeated only if a header's value changed, which is allowed MaxChanges times
// before that value is fixed, or if another local leaked, and those are finite.
//
//===----------------------------------------------------------------------===//

#include "FunctionBuilder.h"
#include "clang/AST/Stmt.h"

using namespace clang;
using namespace fencedep;

static constexpr unsigned MaxAlternatives = 4, MaxGates = 4, MaxChanges = 8;
static constexpr unsigned MaxVisited = 64;

bool FunctionBuilder::dependsOn(ExprId Id, ExprId Part) {
  llvm::SmallVector<ExprId, 16> Work{Id};
  llvm::SmallVector<ExprId, 16> Seen;
  while (!Work.empty()) {
    ExprId I = Work.pop_back_val();
    if (I == Part)
      return true;
    if (I < Part || llvm::is_contained(Seen, I))
      continue; // Operands have smaller ids.
    if (Seen.size() == MaxVisited)
      return true;
    Seen.push_back(I);
    Expr E = Exprs[I];
    operands(E, [&](ExprId Operand) { Work.push_back(Operand); });
  }
  return false;
}

/// The values that \p Id may be, through Phi and Select; \p Self counts as one.
void FunctionBuilder::leaves(ExprId Id, ExprId Self,
                             llvm::SmallVectorImpl<ExprId> &Out) {
  const Expr &E = Exprs[Id];
  bool Inner = E.Kind == ExprKind::Phi || E.Kind == ExprKind::Select;
  if (Id == Self || !Inner || Out.size() > MaxAlternatives) {
    if (!llvm::is_contained(Out, Id))
      Out.push_back(Id);
    return;
  }
  if (E.Kind == ExprKind::Select) {
    leaves(E.B, Self, Out);
    leaves(Exprs[Id].C, Self, Out);
    return;
  }
  for (ExprId Operand : E.Operands)
    leaves(Operand, Self, Out);
}

ExprId FunctionBuilder::anyOf(Node N, uint32_t Local,
                              llvm::ArrayRef<ExprId> Values) {
  llvm::SmallVector<ExprId, 4> All;
  auto Add = [&](ExprId V) {
    if (!llvm::is_contained(All, V))
      All.push_back(V);
  };
  for (ExprId V : Values)
    if (Exprs[V].Kind == ExprKind::Phi)
      llvm::for_each(Exprs[V].Operands, Add);
    else
      Add(V);
  if (All.size() == 1)
    return All[0];
  if (All.size() > MaxAlternatives || llvm::is_contained(All, ExprId(0)))
    return Exprs.opaque((*Graph)[N].Block, Local);
  return Exprs.phi(N, Local, std::move(All));
}

/// What \p Local holds on arrival at \p Join, given that control is at the
/// start of \p From and arrives there before it is at \p Top again. Unset: it
/// does not.
std::optional<ExprId> FunctionBuilder::gate(Node From, Node Join, Node Top,
                                            uint32_t Local, unsigned Depth) {
  auto Preds = Graph->arrivals(From, Join, Top);
  if (!Preds)
    return std::nullopt;
  ExprId Same = Unset;
  bool Agree = true;
  for (Node P : *Preds) {
    ExprId V = out(P)[Local];
    if (V == Unset || V == Same)
      continue;
    Agree &= Same == Unset;
    Same = V;
  }
  if (Agree)
    return Same;

  const FlowGraph::Info &Info = (*Graph)[From];
  auto Along = [&](Node S, unsigned D) -> std::optional<ExprId> {
    if (S == Join)
      return out(From)[Local];
    if (S == FlowGraph::Exit)
      return Unset;
    return S == Top ? std::nullopt : gate(S, Join, Top, Local, D);
  };
  if (Info.Succs.size() == 1)
    return Along(Info.Succs[0], Depth);
  const Stmt *Term = Info.Block->getTerminatorStmt();
  if (Depth == 0 || Info.Succs.size() != 2 || Conds[From] == 0 || !Term ||
      isa<SwitchStmt>(Term))
    return std::nullopt;
  std::optional<ExprId> True = Along(Info.Succs[0], Depth - 1);
  if (!True)
    return std::nullopt;
  std::optional<ExprId> False = Along(Info.Succs[1], Depth - 1);
  if (!False)
    return std::nullopt;
  if (*True == Unset || *True == *False)
    return False;
  if (*False == Unset)
    return True;
  return Exprs.select(Conds[From], *True, *False);
}

ExprId FunctionBuilder::merge(Node N, uint32_t Local,
                              llvm::ArrayRef<Node> From) {
  llvm::SmallVector<ExprId, 8> Values;
  for (Node P : From) {
    ExprId V = out(P)[Local];
    if (V != Unset && !llvm::is_contained(Values, V))
      Values.push_back(V);
  }
  if (Values.empty())
    return Unset;
  if (Values.size() == 1)
    return Values[0];
  for (ExprId V : Values)
    leak(V);
  Node Top = (*Graph)[N].Idom;
  if (Values.size() <= MaxAlternatives)
    if (std::optional<ExprId> V = gate(Top, N, Top, Local, MaxGates))
      return *V;
  return anyOf(N, Local, Values);
}

void FunctionBuilder::join(Node N, llvm::ArrayRef<Node> From) {
  std::copy_n(out(From[0]), NumTracked, Cur.begin());
  for (uint32_t Local = 0; Local != NumTracked; ++Local) {
    if (Leaked[Local]) {
      Cur[Local] = 0;
      continue;
    }
    for (Node P : From.drop_front())
      if (out(P)[Local] != Cur[Local]) {
        Cur[Local] = merge(N, Local, From);
        break;
      }
  }
}

ExprId FunctionBuilder::loopValue(Node N, uint32_t Local,
                                  llvm::ArrayRef<Node> Back) {
  Header &H = Headers[HeaderNumber[N] * NumTracked + Local];
  ExprId Unknown = Exprs.opaque((*Graph)[N].Block, Local);
  if (H.Fixed)
    return Unknown;
  llvm::SmallVector<ExprId, 8> Values;
  for (Node P : Back)
    if (ExprId V = out(P)[Local]; V != Unset)
      leaves(V, H.Value, Values);
  llvm::erase(Values, H.Value);
  llvm::erase(Values, Unknown);
  for (ExprId V : Values) {
    leak(V);
    H.Fixed |= dependsOn(V, Unknown);
    H.Fixed |= Exprs[H.Value].Kind == ExprKind::Phi && dependsOn(V, H.Value);
  }
  if (H.Fixed)
    return Unknown;
  if (!llvm::is_contained(Values, Cur[Local]))
    Values.push_back(Cur[Local]);
  return anyOf(N, Local, Values);
}

/// Joins what enters a loop (the current environment) with what comes back.
bool FunctionBuilder::joinLoop(Node N, llvm::ArrayRef<Node> Back) {
  bool Changed = false;
  for (uint32_t Local = 0; Local != NumTracked; ++Local) {
    // Declared in the loop: its value does not survive an iteration.
    if (Leaked[Local] || Cur[Local] == Unset)
      continue;
    Header &H = Headers[HeaderNumber[N] * NumTracked + Local];
    ExprId Value;
    if (H.Value == Unset)
      Value = Exprs.opaque((*Graph)[N].Block, Local);
    else
      Value = loopValue(N, Local, Back);
    if (Value != H.Value) {
      Changed = true;
      if (++H.Changes > MaxChanges) {
        H.Fixed = true;
        Value = Exprs.opaque((*Graph)[N].Block, Local);
      }
      H.Value = Value;
    }
    Cur[Local] = Value;
  }
  return Changed;
}

bool FunctionBuilder::enter(Node N) {
  const FlowGraph::Info &Info = (*Graph)[N];
  if (N == 0) {
    Cur.assign(NumTracked, Unset);
    for (uint32_t I = 0; I != F.NumParams; ++I)
      Cur[I] = Exprs.leaf(ExprKind::Param, I);
    return false;
  }
  llvm::ArrayRef<Node> Preds = Info.Preds;
  size_t NumForward = 0;
  while (NumForward != Preds.size() && Preds[NumForward] < N)
    ++NumForward;
  join(N, Preds.take_front(NumForward));
  return Info.IsHeader && joinLoop(N, Preds.drop_front(NumForward));
}

bool FunctionBuilder::round(bool Emit) {
  Emitting = Emit;
  if (Emit) {
    F.Events.clear();
    MacrosDone.clear();
  }
  bool Changed = false;
  for (Node N = 0; N != Graph->size(); ++N) {
    Changed |= enter(N);
    transfer(N);
    std::copy(Cur.begin(), Cur.end(), out(N));
  }
  return Changed;
}

void FunctionBuilder::propagate() {
  Outs.assign(Graph->size() * NumTracked, Unset);
  Conds.assign(Graph->size(), 0);
  NodeEvents.assign(Graph->size(), {0, 0});
  HeaderNumber.assign(Graph->size(), 0);
  uint32_t NumHeaders = 0;
  for (Node N = 0; N != Graph->size(); ++N)
    if ((*Graph)[N].IsHeader)
      HeaderNumber[N] = NumHeaders++;
  Headers.assign(size_t(NumHeaders) * NumTracked, Header());

  bool Emit = !Graph->hasLoops();
  while (true) {
    Again = false;
    bool Changed = round(Emit);
    if (Emit && !Changed && !Again)
      return;
    Emit = !Graph->hasLoops() || (!Changed && !Again);
  }
}

//===- Graph.cpp - calls under contexts, found on demand ------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Nodes are finite: contexts hold only constants, functions and places that
// occur in the program, and only of relevant parameters; scopes and modules are
// sets of a few bits and names. (Arithmetic on a passed constant in a recursive
// function would make new ones: after MaxContexts a function is entered with
// nothing known of its parameters, and after twice as many with nothing known
// at all, which is always right and only less exact.)
//
//===----------------------------------------------------------------------===//

#include "fencedep/Program/Graph.h"
#include "fencedep/Support/Parallel.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace fencedep;

static constexpr unsigned MaxContexts = 64;

LinkedProgram::LinkedProgram(const Program &P, unsigned Jobs) : P(P) {
  parallelTasks(
      Jobs, [&] { Regions = RegionTable(P, Tracked(), Jobs); },
      [&] {
        Completions = CompletionTable(P);
        Calls = Reach(P, Completions);
        Flags = FlagTable(P, Calls);
        Queues = QueueTable(P);
      });
}

Graph::Graph(const LinkedProgram &L, const RegionTable &Regions)
    : L(L), P(L.P), Regions(Regions), Eval(P), Flows(P, Regions, Eval) {
  Eval.Flags = &L.Flags;
  Eval.UsePaths = true;
}

Node &Graph::newNode(FuncId F, ContextId C, ModuleId Through) {
  Node &N = Nodes.emplace_back();
  N.F = F;
  N.C = C;
  N.In = 0;
  N.Through = Through;
  return N;
}

NodeId Graph::node(FuncId F, ContextId C, Scopes In, ModuleId Through,
                   unsigned Until) {
  if (Contexts[F] > 2 * MaxContexts)
    C = EmptyContext;
  else if (Contexts[F] > MaxContexts)
    C = Eval.withRaised(EmptyContext, Eval.raised(C));
  auto [It, New] = Ids.try_emplace({F, C, In, Through, Until}, Nodes.size());
  if (New) {
    ++Contexts[F];
    Node &N = newNode(F, C, Through);
    N.In = In;
    N.Until = Until;
  }
  return It->second;
}

NodeId Graph::until(NodeId Id, const Outcome::Closed &End) {
  const Node &N = Nodes[Id];
  auto It = find(Untils, End);
  if (It == Untils.end())
    It = Untils.insert(It, End);
  return node(N.F, N.C, N.In, N.Through, It - Untils.begin() + 1);
}

NodeId Graph::unforgiving(NodeId Id) const {
  const Node &N = Nodes[Id];
  Scopes Rest = N.In & ~forgiving(N.In);
  auto It = Ids.find({N.F, N.C, Rest, N.Through, N.Until});
  return It == Ids.end() ? NoId : It->second;
}

void Graph::addEdge(Node &N, const LiveEvent &L, const Target &T, ContextId C) {
  if (P.Funcs[T.Callee].Inert) {
    N.Edges.push_back({L.Id, node(T.Callee, EmptyContext, 0, NoModule), T});
    return;
  }
  ModuleId Through = P.narrower(N.Through, T.Through);
  Through = P.narrower(Through, P.Funcs[T.Callee].Module);
  Edge E{L.Id, node(T.Callee, C, around(N, L), Through), T};
  E.How.Inline = P.Funcs[T.Callee].InHeader;
  N.Edges.push_back(E);
}

ContextId Graph::contextOf(const Node &N, const Func &F, const Event &E,
                           const Func &Callee) {
  if (RaisedAt.empty())
    return Eval.argumentContext(F, E, N.C, Callee);
  return Eval.argumentContext(F, E, N.C, Callee,
                              RaisedAt[&E - F.Body->Events.data()]);
}

/// The callee's own code, the model's judgement, or an open end.
void Graph::enter(Node &N, const Func &F, const LiveEvent &L, const Target &T) {
  const Event &E = F.Body->Events[L.Id];
  const Func &G = P.Funcs[T.Callee];
  const FunctionModel *M = G.Model;
  if (M && !Eval.applies(*M, F, E, N.C))
    return;
  if (M ? M->hasEffect() : !G.Body && !G.Decl->TypedParams.empty())
    N.Sites.push_back({L.Id, T.Callee, M, around(N, L), T});
  if (M)
    modelledCalls(N, F, L, *M);
  if (G.Body && (!M || M->Enter))
    addEdge(N, L, T, contextOf(N, F, E, G));
  else if (M)
    for (const FieldName &Field : M->CallsOwn)
      ownTargets(N, L, Field, *M, M->LastRef);
  else if (!G.Body && G.Decl->TypedParams.empty() && !G.Decl->NoReturn)
    N.Open.push_back({L.Id, T.Callee, "no body and no model entry"});
}

void Graph::modelledCalls(Node &N, const Func &F, const LiveEvent &L,
                          const FunctionModel &M) {
  const Event &E = F.Body->Events[L.Id];
  for (unsigned Arg : M.Calls) {
    if (Arg >= E.Args.size())
      continue;
    std::vector<Target> Found;
    bool Understood = true;
    pointerTargets(F, E.Args[Arg], N.C, N.Through, Found, Understood);
    grade(N.Through, Found);
    for (Target T : Found) {
      T.Kind = EdgeKind::Callback;
      T.seldom(L);
      T.LastRef = M.LastRef;
      if (M.LastRef)
        T.Conf = std::min(T.Conf, Confidence::Likely);
      if (P.Funcs[T.Callee].Body)
        addEdge(N, L, T, EmptyContext);
      else if (const FunctionModel *Of = P.Funcs[T.Callee].Model)
        for (const FieldName &Field : Of->CallsOwn)
          ownTargets(N, L, Field, *Of, M.LastRef || Of->LastRef);
    }
    if (!Understood)
      N.Open.push_back({L.Id, NoId, "unresolved callback argument"});
  }
  std::vector<Target> Found;
  DenseMap<FuncId, ContextId> Given;
  for (const FunctionModel::SyncRun &R : M.Runs) {
    size_t Old = Found.size();
    runTargets(F, E, R, N.C, N.Through, Found);
    if (Found.size() == Old)
      continue;
    ValueId Object = Eval.value(F, E.Args[R.Arg], N.C);
    for (const Target &T : ArrayRef(Found).drop_front(Old))
      Given[T.Callee] = Eval.handlerContext(Object, R.Path, P.Funcs[T.Callee]);
  }
  if (M.FlushesQueue)
    queueTargets(F, E, *M.FlushesQueue, N.Through, Found);
  if (Found.empty() && (!M.Runs.empty() || M.FlushesQueue))
    N.Open.push_back({L.Id, NoId, "waits for work that is not known"});
  grade(N.Through, Found);
  for (Target &T : Found) {
    T.seldom(L);
    if (P.Funcs[T.Callee].Body)
      addEdge(N, L, T, Given.lookup(T.Callee));
  }
  if (M.WaitsCompletion && !completers(N, F, L, *M.WaitsCompletion))
    N.Open.push_back({L.Id, NoId, "nobody is known to complete it"});
}

/// Is the object of the call \p E one that code outside of the program has
/// looked up? Then it is hardly the driver's own.
static bool isLookedUp(const Program &P, const Func &F, const Event &E) {
  if (E.Args.empty())
    return true;
  const Expr &Base = F.Body->Exprs[P.pathOf(F, E.Args[0]).Base];
  if (Base.Kind != ExprKind::Call)
    return false;
  FuncId Maker = P.callee(F, F.Body->Events[Base.A]);
  return Maker == NoId || !P.Funcs[Maker].Body;
}

/// With a single function it is likely that of the device at hand.
void Graph::ownTargets(Node &N, const LiveEvent &L, const FieldName &Field,
                       const FunctionModel &M, bool LastRef) {
  if (N.Through == NoModule)
    return;
  const SlotId S = P.findSlot(Field.Record, Field.Name);
  std::vector<Target> Found;
  for (const SlotTarget &T : P.storedIn(Field))
    if (T.Module == N.Through)
      Found.push_back(
          {T.Target, EdgeKind::Field, Confidence::Likely, S, 1, T.Module});
  grade(N.Through, Found);
  const Func &F = P.Funcs[N.F];
  const bool Guess = Found.size() > 1 || isLookedUp(P, F, F.Body->Events[L.Id]);
  for (Target &T : Found) {
    if (Guess)
      T.Conf = Confidence::Possible;
    T.LastRef = LastRef;
    T.Unless = M.Why.empty() ? nullptr : M.Why.c_str();
    T.seldom(L);
    if (P.Funcs[T.Callee].Body)
      addEdge(N, L, T, EmptyContext);
  }
}

NodeId Graph::before(FuncId F, ArrayRef<EventId> Ends, ContextId C,
                     ModuleId Through) {
  NodeId Id = Nodes.size();
  newNode(F, C, Through).Before.assign(Ends.begin(), Ends.end());
  return Id;
}

bool Graph::completers(Node &N, const Func &F, const LiveEvent &L,
                       unsigned Arg) {
  const Event &E = F.Body->Events[L.Id];
  auto What = Arg < E.Args.size() ? CompletionTable::place(P, F, E.Args[Arg])
                                  : std::nullopt;
  if (!What)
    return false;
  std::vector<Target> Found;
  std::vector<const CompletionTable::Completer *> By;
  for (const CompletionTable::Completer &C : this->L.Completions.of(*What)) {
    const Func &G = P.Funcs[C.F];
    if (&G == &F || !P.related(N.Through, G.Module))
      continue;
    Found.push_back({C.F, EdgeKind::Completion, Confidence::Certain,
                     What->first ? NoId : What->second, 1, G.Module});
    By.push_back(&C);
  }
  grade(N.Through, Found);
  for (size_t I = 0; I != Found.size(); ++I) {
    Found[I].seldom(L);
    ModuleId Through = P.narrower(N.Through, Found[I].Through);
    auto [It, New] = Befores.try_emplace({By[I], Through}, NoId);
    if (New) // another thread: nothing is known of its callers
      It->second = before(By[I]->F, By[I]->Calls, EmptyContext, Through);
    N.Edges.push_back({L.Id, It->second, Found[I]});
  }
  return !Found.empty();
}

/// The events of \p F after which one of \p Ends may come.
static BitVector eventsBefore(const Func &F, ArrayRef<EventId> Ends) {
  const auto &Blocks = F.Body->Blocks;
  const auto Preds = predecessors(Blocks);
  BitVector Before(F.Body->Events.size()), Whole(Blocks.size());
  SmallVector<BlockId, 16> Work;
  auto Enter = [&](BlockId At) {
    for (BlockId B : Preds[At])
      if (!Whole.test(B)) {
        Whole.set(B);
        Work.push_back(B);
      }
  };
  for (EventId End : Ends)
    if (auto B = F.Body->blockOf(End)) {
      Before.set(Blocks[*B].FirstEvent, End);
      Enter(*B);
    }
  while (!Work.empty()) {
    const Block &B = Blocks[Work.back()];
    Before.set(B.FirstEvent, B.FirstEvent + B.NumEvents);
    Enter(Work.pop_back_val());
  }
  return Before;
}

void Graph::visitCall(Node &N, const Func &F, const LiveEvent &L) {
  const Event &E = F.Body->Events[L.Id];
  std::vector<Target> Found;
  bool Understood = targets(F, E, N.C, N.Through, Found);
  for (Target &T : Found) {
    T.seldom(L);
    T.LastRef |= L.Conf == Confidence::Likely && !L.Unless;
    enter(N, F, L, T);
  }
  if (!Understood && Found.empty())
    N.Open.push_back({L.Id, NoId, "unresolved pointer"});
}

void Graph::tellKinds(Node &N, const Func &F) {
  auto [It, New] = OfOneKind.try_emplace(N.F);
  if (New)
    It->second = eventsOfOneKind(*F.Body);
  if (It->second.none())
    return;
  for (Edge &E : N.Edges)
    if (!E.How.Kinds) // has been told
      E.How.OneKind = It->second.test(E.Event);
  for (Site &S : N.Sites)
    if (!S.How.Kinds)
      S.How.OneKind = It->second.test(S.Event);
}

void Graph::visitEvents(Node &N, const Flow &Fl, EventId Opener) {
  const Func &F = P.Funcs[N.F];
  RaisedAt = L.Flags.at(P, N.F, Eval.raised(N.C));
  SmallVector<Loc, 1> Macros;
  for (const LiveEvent &L : Fl.Events)
    if (F.Body->Events[L.Id].Kind == EventKind::Macro)
      Macros.push_back(F.Body->Events[L.Id].Where);
  // What the model says of a macro is all there is to say of its expansion.
  // (A call in a macro's arguments names no macro.)
  auto IsInMacro = [&](const Event &E) {
    return E.Macro && any_of(Macros, [&](const Loc &M) {
             return std::tie(M.File, M.Line, M.Column) ==
                    std::tie(E.Where.File, E.Where.Line, E.Where.Column);
           });
  };
  for (const LiveEvent &L : Fl.Events) {
    if (Opener != NoId && !is_contained(L.Openers, Opener))
      continue;
    if (N.Until && L.Ended.count(Untils[N.Until - 1]))
      continue;
    const Event &E = F.Body->Events[L.Id];
    if (E.Kind == EventKind::Call && !IsInMacro(E))
      visitCall(N, F, L);
    else if (E.Kind == EventKind::Macro)
      if (const MacroModel *M = P.M.macro(P.str(F, E.Macro)))
        N.Sites.push_back(
            {L.Id, NoId, M, around(N, L), {NoId, EdgeKind::Direct, L.Conf}});
  }
  tellKinds(N, F);
  if (Opener == NoId && !N.Until)
    return;
  // What a callee does after it has ended the region is not done in it.
  for (Edge &E : N.Edges)
    for (const EndsInside &X : Fl.Inside)
      if (X.Call == E.Event && X.Opener == Opener &&
          (E.How.Kind == EdgeKind::Direct || E.How.Kind == EdgeKind::Cleanup) &&
          (Opener != NoId || X.Here == Untils[N.Until - 1]))
        E.To = until(E.To, X.There);
}

const Node &Graph::expand(NodeId Id) {
  Node &N = Nodes[Id];
  if (N.Expanded)
    return N;
  N.Expanded = true;
  Eval.Through = N.Through;
  if (N.Until && (Untils[N.Until - 1].R == Region::Lock ||
                  Untils[N.Until - 1].R == Region::Published)) {
    FlowAnalysis WithLocks(P, *LockRegions, Eval);
    visitEvents(N, WithLocks.run(P.Funcs[N.F], N.C), NoId);
  } else if (!N.Before.empty()) {
    BitVector Before = eventsBefore(P.Funcs[N.F], N.Before);
    Flow Fl = Flows.run(P.Funcs[N.F], N.C);
    erase_if(Fl.Events, [&](const LiveEvent &L) { return !Before.test(L.Id); });
    visitEvents(N, Fl, NoId);
  } else {
    visitEvents(N, Flows.run(P.Funcs[N.F], N.C), NoId);
  }
  return N;
}

std::vector<ContextId> Graph::passedTo(FuncId Id) {
  const Func &F = P.Funcs[Id];
  std::vector<ContextId> Passed;
  if (F.AddressTaken || !F.Decl || F.Decl->Link != Linkage::Internal)
    return Passed;
  P.eachCall(Id, [&](FuncId C, const Event &E) {
    ContextId Here = Eval.argumentContext(P.Funcs[C], E, EmptyContext, F);
    if (!is_contained(Passed, Here))
      Passed.push_back(Here);
  });
  return Passed;
}

ContextId Graph::calledWith(FuncId Id) {
  std::optional<Context> Common;
  for (ContextId C : passedTo(Id)) {
    const Context Here = Eval.context(C);
    if (!Common)
      Common = Here;
    erase_if(*Common, [&](const auto &Passed) {
      return Passed.first >= MadeParam || !is_contained(Here, Passed);
    });
  }
  return Common ? Eval.intern(*Common) : EmptyContext;
}

NodeId Graph::region(FuncId F, EventId Opener, const RegionTable &Table,
                     ContextId C, FlagTable::Set Raised) {
  if (C == EmptyContext)
    C = calledWith(F);
  C = Eval.withRaised(C, Raised & L.Flags.tested(F));
  C = Eval.contextAt(P.Funcs[F], Opener, C);
  NodeId Id = Nodes.size();
  Node &N = newNode(F, C, P.Funcs[F].Module);
  N.Expanded = true;
  Eval.Through = N.Through;
  if (&Table != &L.Regions)
    LockRegions = &Table;
  FlowAnalysis Flows(P, Table, Eval);
  visitEvents(N, Flows.run(P.Funcs[F], C), Opener);
  return Id;
}

std::string fencedep::edgeName(const Program &P, const Target &T) {
  switch (T.Kind) {
  case EdgeKind::Direct:
    return "direct";
  case EdgeKind::Cleanup:
    return "cleanup";
  case EdgeKind::Virtual:
    return "virtual";
  case EdgeKind::Field:
    return "field " + P.slotName(T.Slot);
  case EdgeKind::Table:
    return "array";
  case EdgeKind::Argument:
    return "argument";
  case EdgeKind::AnyCaller:
    return "argument of any caller";
  case EdgeKind::Callback:
    return "callback";
  case EdgeKind::Work:
    return "work " + P.slotName(T.Slot);
  case EdgeKind::Completion:
    return T.Slot == NoId ? "completion" : "completion " + P.slotName(T.Slot);
  }
  return "direct";
}

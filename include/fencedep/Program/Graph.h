//===- Graph.h - calls under contexts, found on demand --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A node is a function together with all that decides what it does: the
// caller's relevant constants, the scopes open around it, and the module that
// the thread came through. Expanding a node runs its flow and gives the calls
// that are live: edges to other nodes, sites for the rules to judge, and calls
// left open. A node is expanded once, whoever reaches it.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_PROGRAM_GRAPH_H
#define FENCEDEP_PROGRAM_GRAPH_H

#include "fencedep/Program/Flow.h"
#include <deque>
#include <map>

namespace fencedep {

using NodeId = uint32_t;

/// How a call was resolved.
enum class EdgeKind : uint8_t {
  Direct,    ///< by name
  Cleanup,   ///< inserted at the end of a scope
  Virtual,   ///< by class hierarchy
  Field,     ///< through a function pointer in a field
  Table,     ///< through an array of function pointers, or a global pointer
  Argument,  ///< through a parameter whose value the caller passes
  AnyCaller, ///< through a parameter: whatever any caller passes
  Callback,  ///< the API calls its argument
  Work,      ///< the API waits for the function
  Completion ///< the API waits until the function has completed something
};

/// Does another thread run the function, which is waited for?
inline bool isWait(EdgeKind K) {
  return K == EdgeKind::Work || K == EdgeKind::Completion;
}

/// A function that a call may enter.
struct Target {
  FuncId Callee;
  EdgeKind Kind;
  Confidence Conf;
  SlotId Slot = NoId; ///< Field, Work, Completion: the slot; NoId: a global
  uint32_t Among = 1; ///< how many functions the pointer may hold here
  ModuleId Through = NoModule; ///< module of the code that stored the pointer
  bool OfTable = false;        ///< of a global table, not set on its own
  bool Inline = false;         ///< into a function of a header
  bool OneKind = false;        ///< only for one kind of object (Kinds.cpp)
  /// If each of Among is called, on some device: of how many functions it would
  /// be a guess otherwise; 0: not known.
  uint32_t Kinds = 0;
  bool LastRef =
      false; ///< only when the last reference to something is dropped
  const char *Unless = nullptr; ///< LiveEvent::Unless, if Conf is for that

  /// Of how many functions it is a guess. Every entry of a table is there to be
  /// called.
  uint32_t choices() const { return Kind == EdgeKind::Table ? 1 : Among; }

  /// The same call, as common as \p L.
  void seldom(const LiveEvent &L) {
    if (L.Conf < Conf) {
      Conf = L.Conf;
      Unless = L.Unless;
    }
  }
};

struct Edge {
  EventId Event;
  NodeId To;
  Target How;
};

/// A call for the rules to judge: its callee has a model entry or no body.
struct Site {
  EventId Event;
  FuncId Callee; ///< NoId: a vocabulary macro
  const FunctionModel *Model;
  Scopes In;
  Target How;
};

struct OpenSite {
  EventId Event;
  FuncId Callee; ///< NoId: a pointer
  const char *Why;
};

struct Node {
  FuncId F;
  ContextId C;
  Scopes In;
  ModuleId Through;
  /// Only what F does until it ends this region of its caller's; 0: all.
  unsigned Until = 0;
  /// Only what F does before one of these calls; empty: all.
  llvm::SmallVector<EventId, 1> Before;
  bool Expanded = false;
  std::vector<Edge> Edges;
  std::vector<Site> Sites;
  std::vector<OpenSite> Open;
};

/// Which work is put on which queue, anywhere in the program. A queue is the
/// field (false) or the global (true) that its pointer is loaded from.
class QueueTable {
public:
  QueueTable() = default;
  explicit QueueTable(const Program &P);

  using Place = std::pair<bool, uint32_t>;
  struct QueuedWork {
    llvm::SmallVector<SlotId, 4> Holder;
    VarId Global;
    const std::vector<FieldName> *Path;
    ModuleId Module;
  };
  /// The queue that \p Arg of \p F points to, if it can be told.
  static std::optional<Place> place(const Program &P, const Func &F,
                                    ExprId Arg);
  llvm::ArrayRef<QueuedWork> on(Place Queue) const;

private:
  std::map<Place, std::vector<QueuedWork>> Queues;
};

/// Who completes which completion, anywhere in the program. A completion is
/// the field (false) or the global (true) that it is.
class CompletionTable {
public:
  CompletionTable() = default;
  explicit CompletionTable(const Program &P);

  using Place = std::pair<bool, uint32_t>;
  struct Completer {
    FuncId F;
    std::vector<EventId> Calls; ///< that complete it
  };
  /// The completion that \p Arg of \p F points to, if it can be told.
  static std::optional<Place> place(const Program &P, const Func &F,
                                    ExprId Arg);
  /// In the order of the functions.
  llvm::ArrayRef<Completer> of(Place Completion) const;

private:
  std::map<Place, std::vector<Completer>> Completers;
};

/// A program, and what is known of it whatever the root.
struct LinkedProgram {
  LinkedProgram(const Program &P, unsigned Jobs);

  const Program &P;
  CompletionTable Completions;
  Reach Calls;
  RegionTable Regions;
  QueueTable Queues;
  FlagTable Flags;
};

/// Not for use by several threads; each takes a graph of its own.
class Graph {
public:
  explicit Graph(const LinkedProgram &L) : Graph(L, L.Regions) {}
  /// One whose nodes know of the regions that \p Regions tracks.
  Graph(const LinkedProgram &L, const RegionTable &Regions);

  const LinkedProgram &L;
  const Program &P;
  const RegionTable &Regions;
  Evaluator Eval;
  FlowAnalysis Flows;

  NodeId node(FuncId F, ContextId C, Scopes In, ModuleId Through,
              unsigned Until = 0);
  /// The node like \p N, but with none of the scopes open that forgive
  /// something; NoId if nobody has asked for it. All that \p N does, it does.
  NodeId unforgiving(NodeId N) const;
  const Node &operator[](NodeId N) const { return Nodes[N]; }
  size_t size() const { return Nodes.size(); }

  /// Fills edges, sites and open calls of \p N.
  const Node &expand(NodeId N);

  /// What of \p F happens while the region that \p Opener opened is open, as a
  /// node of its own, F being under \p C, or under what all of its callers pass
  /// if that is empty. \p Table is one that tracks such regions. \p Raised:
  /// flags that are so when \p F begins.
  NodeId region(FuncId F, EventId Opener, const RegionTable &Table,
                ContextId C = EmptyContext, FlagTable::Set Raised = 0);

  /// What the callers of \p F pass, each once; none if not all are known.
  std::vector<ContextId> passedTo(FuncId F);

  /// What \p F does before one of the calls \p Ends, under \p C, as a node of
  /// its own.
  NodeId before(FuncId F, llvm::ArrayRef<EventId> Ends, ContextId C,
                ModuleId Through);

  /// The functions that are stored in the object which the call \p E names.
  std::vector<Target> workOf(const Func &F, const Event &E,
                             const FunctionModel::SyncRun &R, ContextId C,
                             ModuleId Through);
  /// The slots of the place that an argument points to, outermost first.
  llvm::SmallVector<SlotId, 4> placeOf(const Func &F, ExprId Arg, ContextId C);

private:
  /// What is open around the calls that \p L makes.
  static Scopes around(const Node &N, const LiveEvent &L) {
    return (N.In & ~L.Left) | L.In;
  }
  /// One that no other call of node() finds.
  Node &newNode(FuncId F, ContextId C, ModuleId Through);
  NodeId until(NodeId Id, const Outcome::Closed &End);
  /// What all callers of \p F pass, if these are known.
  ContextId calledWith(FuncId F);
  void visitEvents(Node &N, const Flow &Fl, EventId Opener);
  void visitCall(Node &N, const Func &F, const LiveEvent &L);
  void enter(Node &N, const Func &F, const LiveEvent &L, const Target &T);
  void modelledCalls(Node &N, const Func &F, const LiveEvent &L,
                     const FunctionModel &M);
  void ownTargets(Node &N, const LiveEvent &L, const FieldName &Field,
                  const FunctionModel &M, bool LastRef);
  void tellKinds(Node &N, const Func &F);
  void addEdge(Node &N, const LiveEvent &L, const Target &T, ContextId C);
  ContextId contextOf(const Node &N, const Func &F, const Event &E,
                      const Func &Callee);

  // Targets.cpp
  /// False if the call may enter functions that are not known.
  bool targets(const Func &F, const Event &E, ContextId C, ModuleId Through,
               std::vector<Target> &Out);
  /// Takes those from \p Out which \p E enters for other objects than the one
  /// at hand, as far as F asks what kind of table that has; tells of the others
  /// whether each is called (AskedKinds.cpp).
  std::vector<Target> takeOtherKinds(const Func &F, const Event &E, ContextId C,
                                     std::vector<Target> &Out);
  void pointerTargets(const Func &F, ExprId Callee, ContextId C,
                      ModuleId Through, std::vector<Target> &Out,
                      bool &Understood);
  /// What is known of an object that a field is in.
  struct Holder {
    VarId Table = NoId; ///< the global that it is
    /// The fields around it, outermost first.
    llvm::SmallVector<SlotId, 4> Around;
    ExprId Object; ///< the pointer that all this is relative to
  };
  Holder holderOf(const Func &F, SlotId S, ExprId Base, ContextId C);
  std::optional<llvm::SmallVector<VarId, 2>> tablesIn(const Func &F, SlotId S,
                                                      ExprId Base, ContextId C);
  void slotTargets(const Func &F, SlotId S, ExprId Base, ContextId C,
                   ModuleId Through, std::vector<Target> &Out,
                   bool &Understood);
  void runTargets(const Func &F, const Event &E,
                  const FunctionModel::SyncRun &R, ContextId C,
                  ModuleId Through, std::vector<Target> &Out);
  void workTargets(llvm::ArrayRef<SlotId> Holder, VarId Global,
                   llvm::ArrayRef<FieldName> Path, ModuleId Through,
                   std::vector<Target> &Out);
  /// Edges to all that completes what \p Arg points to; false if that is
  /// nothing, or cannot be told.
  bool completers(Node &N, const Func &F, const LiveEvent &L, unsigned Arg);
  void queueTargets(const Func &F, const Event &E, unsigned Arg,
                    ModuleId Through, std::vector<Target> &Out);
  void grade(ModuleId Through, std::vector<Target> &Out);

  std::deque<Node> Nodes; // references stay valid while it grows
  llvm::DenseMap<std::tuple<FuncId, ContextId, Scopes, ModuleId, unsigned>,
                 NodeId>
      Ids;
  std::map<std::tuple<const CompletionTable::Completer *, ModuleId>, NodeId>
      Befores;
  std::vector<Outcome::Closed> Untils;       ///< by Node::Until - 1
  const RegionTable *LockRegions = nullptr;  ///< of the last call of region()
  std::vector<FlagTable::Set> RaisedAt;      ///< of the node that is expanded
  llvm::DenseMap<FuncId, unsigned> Contexts; ///< nodes per function
  llvm::DenseMap<FuncId, llvm::BitVector> OfOneKind; ///< Target::OneKind
};

/// "direct", "field drm_sched_backend_ops::run_job", ...
std::string edgeName(const Program &P, const Target &T);

} // namespace fencedep

#endif // FENCEDEP_PROGRAM_GRAPH_H

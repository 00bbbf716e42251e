//===- FunctionBuilder.h - one function's skeleton ------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//     body -> BodyScan -> CFG -> FlowGraph -> values per block -> events,
//     blocks
//              (.cpp of    (Clang)             (Propagate.cpp: (Transfer.cpp,
//            the same name)                     joins, loops) Blocks.cpp)
//
// An environment maps each local variable to the expression that it holds. The
// environment at a block's start comes from its predecessors (Propagate.cpp);
// transfer functions move it over the CFG's elements and, in the last round,
// write the events down (Transfer.cpp, TransferCxx.cpp) with the values of
// their operands (Evaluate.cpp, LValues.cpp).
//
// A local's address may travel: RefTo(value, local) is that address wherever
// the value can be followed, so a store through it is an assignment. Where it
// cannot (stored to memory, merged with other pointers, captured), the local
// *leaks* and is Unknown from then on, everywhere in the function.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_LIB_EXTRACT_FUNCTIONBUILDER_H
#define FENCEDEP_LIB_EXTRACT_FUNCTIONBUILDER_H

#include "BodyScan.h"
#include "ExprTable.h"
#include "FlowGraph.h"
#include "UnitBuilder.h"

namespace fencedep {

class FunctionBuilder {
public:
  explicit FunctionBuilder(UnitBuilder &Builder)
      : B(Builder), Ctx(Builder.Ctx) {}

  /// Appends the skeleton of \p FD to the unit, unless Clang can make no CFG of
  /// it or it contains errors. Returns the static locals it declares.
  std::vector<const clang::VarDecl *> build(const clang::FunctionDecl *FD,
                                            bool InHeader);

private:
  /// A place: a local variable, or an address expression.
  struct LValue {
    bool IsLocal;
    uint32_t Id;
  };
  using Env = std::vector<ExprId>; ///< by number of tracked local
  static constexpr ExprId Unset = ~0u;

  // Evaluate.cpp, LValues.cpp: expressions in the current environment.
  ExprId eval(const clang::Expr *E);
  ExprId evalUnary(const clang::UnaryOperator *UO);
  ExprId evalBinary(const clang::BinaryOperator *BO);
  ExprId evalCast(const clang::CastExpr *CE);
  ExprId evalCall(const clang::CallExpr *CE);
  ExprId arithmetic(clang::BinaryOperatorKind Opc, ExprId L, ExprId R,
                    clang::QualType LType, clang::QualType RType);
  ExprId step(clang::QualType Pointer, clang::BinaryOperatorKind Opc, ExprId P,
              ExprId Offset);
  /// The value of \p E as of the time when control passed it, if it did.
  ExprId remembered(const clang::Expr *E);
  ExprId folded(const clang::Expr *E);
  ExprId namedConstant(const clang::Expr *E);
  LValue lvalue(const clang::Expr *E);
  LValue lvalueOf(const clang::DeclRefExpr *DRE);
  LValue lvalueOf(const clang::MemberExpr *ME);
  LValue pointee(ExprId Pointer);
  ExprId addressOf(LValue L);
  ExprId load(LValue L, clang::QualType T);
  ExprId read(uint32_t Local);
  ExprId thisValue();
  IntType intType(clang::QualType T) const;
  /// Scalars, and callable objects whose call operator we cannot look into.
  bool isScalar(clang::QualType T);
  const clang::CXXMethodDecl *callOperator(clang::QualType T);
  ExprId funcAddr(const clang::FunctionDecl *FD);
  void leak(ExprId Id);
  uint32_t localNumber(const void *DeclOrExpr);

  // Transfer.cpp, TransferInit.cpp: what an element of the CFG does.
  void transfer(Node N);
  void element(const clang::CFGElement &Elem);
  void statement(const clang::Stmt *S);
  void declare(const clang::VarDecl *VD);
  void initialize(LValue Object, const clang::Expr *Init, clang::QualType T);
  void initializeList(ExprId Object, const clang::InitListExpr *List);
  void copyWhole(ExprId To, ExprId From, clang::QualType T,
                 clang::SourceLocation At);
  void copyBytes(const clang::CallExpr *CE, llvm::ArrayRef<ExprId> Args);
  void assign(LValue L, ExprId Value, clang::QualType T,
              clang::SourceLocation At);
  void assignment(const clang::BinaryOperator *BO);
  void increment(const clang::UnaryOperator *UO);
  bool overflowing(const clang::CallExpr *CE);
  void callExpr(const clang::CallExpr *CE);
  void argument(clang::QualType ParamType, const clang::Expr *Arg,
                llvm::SmallVectorImpl<ExprId> &Args);
  void inlineAsm(const clang::GCCAsmStmt *Asm);
  void branch(Node N);
  void macros(const clang::Stmt *S);
  struct CallSite {
    ExprId Callee = 0;
    llvm::SmallVector<ExprId, 6> Args;
    uint64_t ReadOnly = 0; ///< bit per argument: pointer or reference to const
    bool Virtual = false, Implicit = false;
    clang::SourceLocation At;
    CallUse Use;
  };
  /// Emits the call; the result is the event's provisional id.
  EventId call(const CallSite &Site);
  void store(ExprId Addr, ExprId Value, clang::SourceLocation At);
  Event &emit(EventKind Kind, clang::SourceLocation At);

  // TransferCxx.cpp: constructors, destructors, cleanups, new and delete.
  void cxxStatement(const clang::Stmt *S);
  void construct(const clang::CXXConstructExpr *CE);
  void initializer(const clang::CXXCtorInitializer *Init);
  void allocate(const clang::CXXNewExpr *New);
  void destroy(const clang::CFGImplicitDtor &Dtor);
  void cleanup(const clang::VarDecl *VD);
  void callDestructor(const clang::CXXDestructorDecl *D, ExprId Object,
                      bool Virtual, bool Implicit, clang::SourceLocation At);
  LValue objectOf(const clang::Expr *E);
  bool calleeOf(const clang::CallExpr *CE, CallSite &Site);

  // Propagate.cpp: environments at block starts.
  void propagate();
  bool round(bool Emit);
  bool enter(Node N);
  void join(Node N, llvm::ArrayRef<Node> From);
  bool joinLoop(Node N, llvm::ArrayRef<Node> Back);
  ExprId loopValue(Node N, uint32_t Local, llvm::ArrayRef<Node> Back);
  ExprId merge(Node N, uint32_t Local, llvm::ArrayRef<Node> From);
  std::optional<ExprId> gate(Node From, Node N, Node Top, uint32_t Local,
                             unsigned Depth);
  ExprId anyOf(Node N, uint32_t Local, llvm::ArrayRef<ExprId> Values);
  bool dependsOn(ExprId Id, ExprId Part);
  void leaves(ExprId Id, ExprId Self, llvm::SmallVectorImpl<ExprId> &Out);
  ExprId *out(Node N) { return Outs.data() + size_t(N) * NumTracked; }

  // Blocks.cpp: the skeleton's blocks, from the graph and the emitted events.
  uint32_t unexpected(Node N);
  void blocks();
  bool switchCases(Node N, llvm::function_ref<Node(Node)> Target, Block &Out,
                   llvm::SmallVectorImpl<Node> &Succs);
  void finish();

  UnitBuilder &B;
  clang::ASTContext &Ctx;
  bool InHeader = false;
  const clang::FunctionDecl *FD = nullptr;
  Function F;
  BodyScan Scan;
  std::optional<FlowGraph> Graph;
  ExprTable Exprs;

  uint32_t NumTracked = 0;
  llvm::DenseMap<const void *, uint32_t> Numbers;
  std::vector<const clang::VarDecl *> Vars; ///< by number; null: `this`
  std::vector<bool> Leaked;
  llvm::DenseMap<const clang::VarDecl *, const clang::FieldDecl *> Captures;
  const clang::FieldDecl *ThisCapture = nullptr;

  // The state of the current round.
  bool Emitting = false, Again = false;
  Env Cur;
  std::vector<ExprId> Outs;  ///< by node, then by local
  std::vector<ExprId> Conds; ///< by node
  std::vector<bool> Visited; ///< by node: Outs is there
  Node CurNode = 0;
  unsigned CurElem = 0;
  llvm::DenseMap<const clang::Stmt *, ExprId> ValueOf;
  std::optional<Event> Returned; ///< of the current block, cleanups come first
  llvm::DenseSet<clang::SourceLocation> MacrosDone;

  /// Loop headers: what a local holds there, and how often that changed.
  struct Header {
    ExprId Value = Unset;
    uint8_t Changes = 0;
    bool Fixed = false; ///< an unknown value of its own
  };
  std::vector<Header> Headers;        ///< by header, then by local
  std::vector<uint32_t> HeaderNumber; ///< by node

  llvm::DenseMap<std::pair<Node, unsigned>, EventId> Provisional;
  std::vector<EventId> FinalOf;                         ///< by provisional id
  std::vector<std::pair<EventId, uint32_t>> NodeEvents; ///< first, count
  llvm::DenseMap<const void *, bool> Callable;
  llvm::DenseSet<SymbolId> Methods; ///< called with an object argument
};

} // namespace fencedep

#endif // FENCEDEP_LIB_EXTRACT_FUNCTIONBUILDER_H

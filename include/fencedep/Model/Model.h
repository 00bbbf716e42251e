//===- Model.h - what the API means ---------------------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The model is data: YAML files that say what functions, macros and fields of
// an API mean for signalling sections. All kernel knowledge lives there, each
// entry with its source. The Linux model is embedded; users add files with
// --model.
//
// To add a new kind of effect, you must:
//  - add a member to FunctionModel (or Model) below, with its meaning;
//  - map it in lib/Model/Parse.cpp and print it in lib/Model/Dump.cpp;
//  - say in docs/model.md what it means (scripts/model-reference adds the key);
//  - test it and its malformed forms in test/model.
//
//===----------------------------------------------------------------------===//

#ifndef FENCEDEP_MODEL_MODEL_H
#define FENCEDEP_MODEL_MODEL_H

#include "fencedep/Summary/Summary.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/GlobPattern.h"
#include <optional>

namespace fencedep {

/// What can be open at a point of a function.
enum class Region : uint8_t {
  Section,   ///< a signalling critical section
  NoReclaim, ///< memalloc_noreclaim scope: no allocation enters direct reclaim
  NoFs,      ///< memalloc_nofs scope: GFP_KERNEL means GFP_NOFS
  NoIo,      ///< memalloc_noio scope: GFP_KERNEL means GFP_NOIO
  NoFault,   ///< pagefault_disable scope: user access fails, never faults
  Atomic,    ///< may not sleep: a spinlock is held, or preemption is off
  Lock,      ///< a lock that is waited for asleep is held (not in model files)
  IrqsOff,   ///< may not sleep: interrupts are off
  Published, ///< others see a fence that depends on this thread (not in files)
};

/// May nothing sleep there?
inline bool isAtomic(Region R) {
  return R == Region::Atomic || R == Region::IrqsOff;
}

/// Where a value is, seen from a call.
struct Place {
  enum Kind : uint8_t {
    None,
    Return,  ///< "return"
    Arg,     ///< "arg0": the argument itself
    Pointee, ///< "*arg0": what the argument points to
  } K = None;
  unsigned Index = 0;
};

/// "Record::field", outermost first: "delayed_work::work, work_struct::func".
struct FieldName {
  std::string Record, Name;
  std::string str() const { return Record + "::" + Name; }
};

/// Constraint on one argument: "arg2 != 0", "arg1 & RPM_ASYNC == 0". An effect
/// whose condition is known to be false at a call does not happen there; an
/// unknown condition counts as true. "arg1 from file::data" is true only if the
/// argument is seen to be loaded from that field.
struct Condition {
  unsigned Arg = 0;
  FieldName From;   ///< no name: a comparison
  std::string Mask; ///< vocabulary constant or number; "": no mask
  bool Equal = false;
  std::string Value; ///< vocabulary constant or number
};

/// What calling a function does. Its body, if the program has one, is not
/// entered unless Enter is set: the model wins.
struct FunctionModel {
  std::string Name;   ///< exact, or a glob ("trace_*"); exact entries win
  std::string Source; ///< where in the kernel this can be checked; required
  std::string Why;    ///< replaces the rule's reason in messages; optional
  std::string From;   ///< file:line:column of the entry, for diagnostics

  bool Leaf = false;  ///< has no effect that matters
  bool Enter = false; ///< effects below happen and the body is entered as well

  bool Fallback = false; ///< counts only where the program has no body

  std::vector<Region> Opens, Closes;
  Place Cookie; ///< of Opens: where the cookie is put; of Closes: where it is

  /// May enter direct reclaim with the mask of this argument, or with this
  /// constant mask ("GFP_KERNEL").
  std::optional<unsigned> GfpArg;
  std::string GfpMask;

  bool Faults = false;  ///< may fault on userspace
  std::string Acquires; ///< lock class, e.g. "reservation_ww_class_mutex"
  std::string Releases; ///< lock class
  /// The same for the lock that this argument points to: `&obj->lock`. Its
  /// class is what Model::LockPlaces says about that field, else the field.
  std::optional<unsigned> AcquiresArg, ReleasesArg;
  /// When the acquired lock is held, or what Opens says is open, after the
  /// call: a trylock if it returned non-zero, an interruptible lock if zero,
  /// `clk_prepare` never.
  enum Holding : uint8_t { Always, IfZero, IfNonZero, Never } HeldIf = Always;
  bool Try = false;        ///< acquires without waiting: no dependency
  bool WaitsFence = false; ///< waits for a dma_fence
  bool SignalsFence = false;
  bool Publishes = false; ///< makes a fence visible to others
  bool GpuDriver = false; ///< only the driver of a GPU has reason to call it
  bool HandsOver = false; ///< somebody else completes the thread's fences now
  bool LooksAtFence = false; ///< signals a fence at most if it has completed

  /// Calls these arguments, function pointers, before it returns.
  std::vector<unsigned> Calls;
  /// Calls what the module that the thread came through has stored in these
  /// fields: for a device of its own, which one is not told.
  std::vector<FieldName> CallsOwn;
  /// The effects happen only if this call drops the last reference.
  bool LastRef = false;
  bool TakesRef = false; ///< of the counter that the first argument points to

  /// Waits for the function stored in Path of the object that the argument
  /// points to (flush_work: arg0, work_struct::func).
  struct SyncRun {
    unsigned Arg = 0;
    std::vector<FieldName> Path;
  };
  std::vector<SyncRun> Runs;

  /// Stores function argument Func into Path of the object that Object points
  /// to (no Object: somewhere). The callback runs later, not in this call.
  struct Registration {
    unsigned Func = 0;
    std::optional<unsigned> Object;
    std::vector<FieldName> Path;
  };
  std::vector<Registration> Registers;

  /// Puts work on a queue, to be run later: no call. What a queue was given
  /// matters where a section waits for the whole queue (FlushesQueue). A queue
  /// is told by the place its pointer was loaded from: a field or a global.
  struct Queueing {
    std::optional<unsigned> Queue; ///< argument that points to the queue; none:
                                   ///< a queue of the system, shared by all
    unsigned Work = 0;             ///< argument that points to the work
    std::vector<FieldName> Path;   ///< from the work to its function
  };
  std::vector<Queueing> Queues;
  /// Waits for all work that was put on the queue this argument points to.
  std::optional<unsigned> FlushesQueue;
  /// Waits for the completion that this argument points to, for as long as it
  /// takes; completes the one that this argument points to.
  std::optional<unsigned> WaitsCompletion, Completes;

  /// Waits for the fence that Fence points to, or for those of the reservation
  /// object, but no longer than Timeout says.
  struct TimedWait {
    unsigned Fence = 0, Timeout = 0;
  };
  std::optional<TimedWait> TimedOut;
  /// What comes back here is a fence of another driver, or holds such fences.
  Place Foreign;
  /// The result is this argument in another unit of time.
  std::optional<unsigned> Converts;

  /// Stores argument Value, or Constant if there is none, in what argument To
  /// points to; if there is an IfWas, only if that is there.
  struct StoreTo {
    unsigned To = 0;
    std::optional<unsigned> Value, IfWas;
    int64_t Constant = 0;
  };
  std::optional<StoreTo> Stores;
  /// The result is what this argument points to; or zero if that is not.
  std::optional<unsigned> Loads, LoadsNot;
  /// The result is memory that nobody else has.
  bool GivesNew = false;
  /// The functions that it is given run for somebody who looks into the kernel
  /// from outside.
  bool Diagnostic = false;
  /// The result is not zero where the list that this argument heads ends.
  std::optional<unsigned> ListEnd;
  /// Makes a list that has no entries of what this argument points to.
  std::optional<unsigned> ListInit;
  /// Puts something that is not zero into this field of an object.
  FieldName Sets;
  /// Calls what this field holds a second time, and only a function whose
  /// result was not NULL the first time.
  FieldName CallsAgain;
  /// The effects exist only on machines whose devices come through one of
  /// these (`pci_driver::probe`): drivers of others do not run there.
  std::vector<FieldName> DriversOf;

  std::vector<Condition> When;      ///< all must hold
  std::vector<Condition> WaitsWhen; ///< if not all hold, it is as with Try

  bool locks() const {
    return !Acquires.empty() || AcquiresArg || !Releases.empty() || ReleasesArg;
  }

  /// Does a rule have to look at a call of it?
  bool hasEffect() const {
    return GfpArg || !GfpMask.empty() || Faults || !Acquires.empty() ||
           AcquiresArg || WaitsFence || SignalsFence || Publishes;
  }
};

/// A macro whose expansion is the effect (get_user). Only effects without
/// arguments make sense; same members as a function.
using MacroModel = FunctionModel;

/// What is asked of the code that a root reaches.
enum class RootRole : uint8_t {
  Section,       ///< a fence is signalled behind it
  Atomic,        ///< it may not sleep
  Reclaim,       ///< memory reclaim waits for it: shrinkers, mmu notifiers
  Entry,         ///< userspace decides when, and whether, it runs
  PageFault,     ///< it resolves a page fault of a device
  Opportunistic, ///< it happens to see that fences are done: nobody relies on
                 ///< it
  Completion,    ///< the hardware reports to it, and fences complete behind it
};

/// Code that is called for a purpose that the API defines: every function
/// stored in Field.
struct RootModel {
  std::string Id; ///< "drm-sched-run-job"
  FieldName Slot;
  std::string Why; ///< "the scheduler calls it to ...": printed as the note
  std::string Source;
  bool Default = true; ///< false: only with --root-group=Id
  std::vector<RootRole> Roles{RootRole::Section};
  /// Not in a module that puts anything but zero into it; no name: everywhere.
  FieldName UnlessSet;
};

/// A function pointer field with a special meaning for the call graph.
struct FieldModel {
  FieldName Slot; ///< Name may be "*": every field of the record
  enum Kind : uint8_t {
    Barrier,   ///< calls through it are not followed (checked on their own)
    Thread,    ///< functions stored in it start a context of their own
    Bus,       ///< calls through it cross modules: followed as `possible`
    LastRef,   ///< calls through it run only when the last reference is dropped
    Seldom,    ///< no function pointer: set in few objects, so that a branch
               ///< which needs it is `possible`
    SetLater,  ///< the same, but set in more; no new object has it, for others
               ///< the branch is `likely`
    Foreign,   ///< no function pointer: what it points to is another driver's
               ///< fence, or holds such fences
    FaultWork, ///< a work item that resolves page faults of a device
    FenceType, ///< set in every table of operations that makes a type of fence
    LockPart,  ///< of a lock, for which its address stands (mutex::dep_map)
    UnderMmap, ///< called with mmap_lock held, which is not taken again
  } K = Barrier;
  std::string Why, Source;
};

/// How allocation masks work. All names are Vocabulary constants.
struct GfpModel {
  std::string Type; ///< "gfp_t"
  std::string DirectReclaim, Fs, Io, NoLockdep;
  std::string
      MmuNotifier; ///< config macro; not defined: only masks with Fs count
  /// Named masks: "GFP_KERNEL" -> its bits by name.
  std::vector<std::pair<std::string, std::vector<std::string>>> Masks;
  /// Functions of a result that tell whether what made it failed ("IS_ERR").
  std::vector<std::string> FailureTests;
};

struct Model {
  Vocabulary Vocab; ///< includes the names of Macros and the constants of Gfp
  GfpModel Gfp;
  std::vector<FunctionModel> Functions;
  std::vector<MacroModel> Macros;
  std::vector<RootModel> Roots;
  std::vector<FieldModel> Fields;
  /// Suffixes that spell the same function ("_noprof"), tried when a name has
  /// no entry of its own.
  std::vector<std::string> SameSuffixes;
  /// Lock classes that a signalling section must never acquire, each with the
  /// reason (rule fence-resv-lock).
  struct LockClass {
    std::string Name, Why, Source;
  };
  std::vector<LockClass> ForbiddenLocks;
  /// The entry for the class \p Name; null: it is not forbidden as such.
  const LockClass *forbiddenLock(llvm::StringRef Name) const;
  /// An edge of the lock graph that no unit in scope may show: somebody holds a
  /// lock of the class while he waits.
  struct LockOrder {
    std::string Lock;
    enum Kind : uint8_t { Wait, Resv, Mmap, Reclaim } Before = Wait;
    std::string By; ///< the function that holds it
    std::string Source;
  };
  std::vector<LockOrder> LockOrders;
  /// Which class the lock in a field belongs to, where that does not follow
  /// from the field (a ww_mutex: from its ww_class).
  struct LockPlace {
    FieldName Slot;
    std::string Class, Source;
  };
  std::vector<LockPlace> LockPlaces;
  /// What lockdep calls something that rules are about, and a class of which it
  /// knows from the start that it is held while another one is acquired.
  struct LockdepClass {
    std::string Name;                  ///< "dma_fence_map"
    std::optional<LockOrder::Kind> Is; ///< Wait: a section, too
    std::string Before;                ///< acquired while this one is held,
    std::string By;                    ///< by this function; "": none is known
    std::string Source;
  };
  std::vector<LockdepClass> LockdepClasses;
  /// The entry for what lockdep prints as \p Name, or for what is a \p K; null:
  /// there is none.
  const LockdepClass *lockdepClass(llvm::StringRef Name) const;
  const LockdepClass *lockdepClass(LockOrder::Kind K) const;

  /// The entry for function \p Name: an exact one, then without a same-suffix,
  /// then the first glob that matches. Null if there is none. Later model files
  /// win over earlier ones.
  const FunctionModel *function(llvm::StringRef Name) const;
  const MacroModel *macro(llvm::StringRef Name) const;
  /// The entry for a field; one for the whole record ("*") counts as well.
  const FieldModel *field(llvm::StringRef Record, llvm::StringRef Name,
                          FieldModel::Kind K) const;
  /// \name Named lock classes, numbered
  /// @{
  unsigned lockClassId(llvm::StringRef Name) const;
  llvm::StringRef lockClassName(unsigned Id) const { return LockClasses[Id]; }
  /// @}
  /// The class of the lock in a field, or "" (see LockPlaces).
  llvm::StringRef lockClass(llvm::StringRef Record, llvm::StringRef Name) const;

  /// Fails, and says which there are, if no root has the id \p Id.
  llvm::Error checkRootGroup(llvm::StringRef Id) const;

  /// Must be called after the last merge; fills the look-up tables.
  void index();

private:
  llvm::StringMap<unsigned> FunctionByName, MacroByName;
  llvm::StringMap<std::vector<unsigned>> FieldByName;
  llvm::StringMap<unsigned> LockPlaceByName;
  std::vector<std::string> LockClasses; ///< sorted
  std::vector<std::pair<llvm::GlobPattern, unsigned>> Globs;
};

/// Parses \p Text and adds its entries to \p M (entries for a name that is
/// already there replace it). Every mistake is one line of the error's message,
/// "FILE:LINE:COL: error: ...", listing what is legal; \p M is unchanged then.
llvm::Error addModel(Model &M, llvm::StringRef Text, llvm::StringRef File);

/// The embedded Linux model plus \p Files, indexed. What no file can tell alone
/// is checked here: masks that entries name but no file defines.
llvm::Expected<Model> loadModel(llvm::ArrayRef<std::string> Files);

/// Prints what of the effective model an extraction needs (Model::Vocab) as
/// YAML that addModel accepts.
void dumpVocabulary(const Model &M, llvm::raw_ostream &OS);

/// Prints the effective model as YAML that addModel accepts.
void dumpModel(const Model &M, llvm::raw_ostream &OS);

} // namespace fencedep

#endif // FENCEDEP_MODEL_MODEL_H

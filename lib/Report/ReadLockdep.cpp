//===- ReadLockdep.cpp - a kernel's lockdep report, read ------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The log comes from dmesg, journalctl, a serial line, a mail: first each line
// loses what these put before it. What is left is looked at on its own; a line
// that means nothing here is somebody else's and is skipped. A few key phrases
// switch what the next lock or stack line belongs to:
//
//     WARNING: possible circular ...     a report begins
//     ... is trying to acquire lock:     the next lock line is Wanted
//     ... already holding ...            the next lock line is Held
//     -> #1 (class):                     the frames that follow are its stack
//     stack backtrace: / Call Trace:     the frames that follow are the task's
//
// Layout: kernel/locking/lockdep.c, print_circular_bug(), print_lock(),
// print_deadlock_bug(), print_usage_bug(), print_irq_inversion_bug(),
// print_bad_irq_dependency(); kernel/sched/core.c, __might_resched().
//
//===----------------------------------------------------------------------===//

#include "fencedep/Report/Splat.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Regex.h"
#include <optional>

using namespace fencedep;
using llvm::StringRef;

static bool isWord(char C) { return llvm::isAlnum(C) || C == '_'; }

/// Drops "[   12.345678]", "[ T123]", "[Sun Nov 22 ...]": what stands in
/// brackets at the start of a line and has digits, as no headline does.
static StringRef withoutStamps(StringRef Line) {
  while (Line.ltrim().starts_with("[")) {
    size_t End = Line.find(']');
    if (End > 64 || // or there is none
        llvm::none_of(Line.take_front(End), llvm::isDigit))
      break;
    Line = Line.substr(End + 1);
  }
  return Line;
}

/// The line as the kernel printed it, without the blanks around it.
static StringRef message(StringRef Line) {
  Line = Line.trim().ltrim(" \t>|");
  // A serial console's priority, and an escape sequence that colours.
  if (Line.starts_with("<"))
    if (size_t End = Line.find('>');
        End < 5 && llvm::all_of(Line.slice(1, End), llvm::isDigit))
      Line = Line.substr(End + 1);
  // "Nov 22 09:00:00 host kernel: [ 12.3] text"
  if (size_t At = Line.find("kernel: "); At < 96)
    Line = Line.substr(At + StringRef("kernel: ").size());
  return withoutStamps(Line).trim();
}

/// Without "\x1b[33m" and the like.
static std::string withoutColors(StringRef Text) {
  std::string Out;
  Out.reserve(Text.size());
  for (size_t I = 0; I < Text.size(); ++I) {
    if (Text[I] != '\x1b') {
      Out += Text[I];
      continue;
    }
    if (I + 1 < Text.size() && Text[I + 1] == '[')
      for (I += 2;
           I < Text.size() && !llvm::isAlpha(Text[I]) && Text[I] != '\n'; ++I)
        ;
  }
  return Out;
}

/// Takes the text between the parenthesis that \p Text starts with and its
/// partner; nothing if there is none.
static std::optional<StringRef> takeParenthesis(StringRef &Text) {
  unsigned Depth = 0;
  for (size_t I = 0; I != Text.size(); ++I) {
    Depth += Text[I] == '(';
    if (Text[I] == ')' && --Depth == 0) {
      StringRef Inside = Text.slice(1, I);
      Text = Text.substr(I + 1);
      return Inside;
    }
    if (!Depth)
      return std::nullopt;
  }
  return std::nullopt;
}

/// A class without the number of its key's copy and of its subclass.
static StringRef withoutNumbers(StringRef Class) {
  for (StringRef Mark : {"/", "#"}) {
    auto [Name, Number] = Class.rsplit(Mark);
    if (!Name.empty() && !Number.empty() && llvm::all_of(Number, llvm::isDigit))
      Class = Name;
  }
  return Class;
}

/// Takes "name.isra.0+0x12/0x34" and says what the source calls it.
static StringRef takeFunction(StringRef &Text, bool &HasOffset) {
  StringRef Name = Text.take_while(isWord);
  StringRef Rest = Text.drop_front(Name.size());
  Rest = Rest.drop_front(
      Rest.take_while([](char C) { return isWord(C) || C == '.'; }).size());
  HasOffset = Rest.starts_with("+0x");
  if (HasOffset)
    Rest = Rest.drop_until([](char C) { return llvm::isSpace(C); });
  Text = Rest.ltrim();
  return Name;
}

/// "(addr) (class){usage}-{type}, at: function+0x1/0x2 [module]", or nothing.
static std::optional<SplatLock> lock(StringRef Text, unsigned Line) {
  StringRef Start = Text.ltrim();
  // The address of the lock: hexadecimal digits, or a few words in old kernels.
  size_t Open = Start.find('(');
  if (Open == StringRef::npos ||
      !llvm::all_of(Start.take_front(Open), [](char C) {
        return llvm::isHexDigit(C) || C == ' ' || C == 'x';
      }))
    return std::nullopt;
  StringRef Rest = Start.substr(Open);
  std::optional<StringRef> Class = takeParenthesis(Rest);
  if (!Class || Class->empty() ||
      !(Rest.starts_with("{") || Rest.starts_with(", at:") ||
        Rest.starts_with(":") || Rest.empty()))
    return std::nullopt;
  SplatLock L;
  L.Class = withoutNumbers(*Class).str();
  L.Line = Line;
  if (size_t At = Rest.find("at: "); At != StringRef::npos) {
    StringRef Where = Rest.substr(At + 4);
    bool HasOffset;
    Where.consume_front("[<");
    L.At = takeFunction(Where, HasOffset).str();
  }
  return L;
}

/// "? name+0x12/0x34 [module]", "name (file.c:12) module", or, as fencedep has
/// it, "name".
static std::optional<SplatFrame> frame(StringRef Text, unsigned Line,
                                       bool IsOurs) {
  SplatFrame F;
  F.Line = Line;
  // Old kernels put the address before it.
  if (Text.consume_front("[<"))
    Text = Text.substr(std::min(Text.size(), Text.find(">]") + 2)).ltrim();
  F.Unsure = Text.consume_front("? ");
  Text = Text.ltrim();
  if (Text.empty() || llvm::isDigit(Text.front()))
    return std::nullopt;
  bool HasOffset;
  F.Function = takeFunction(Text, HasOffset).str();
  if (F.Function.empty())
    return std::nullopt;
  if (!HasOffset && Text.starts_with("(")) {
    std::optional<StringRef> Place = takeParenthesis(Text);
    static const llvm::Regex Located(":([0-9]|\\?)");
    if (!Place || !Located.match(*Place))
      return std::nullopt;
  } else if (!HasOffset && (!IsOurs || !Text.empty())) {
    return std::nullopt;
  }
  Text = Text.trim();
  if (!Text.empty())
    F.Module = Text.trim("[]").take_while(isWord).str();
  return F;
}

namespace {

class Reader {
public:
  Reader(StringRef File, SplatLog &Out) : File(File), Out(Out) {}

  void line(StringRef Text) {
    ++Number;
    StringRef Message = message(Text);
    if (begins(Message) || !Current)
      return;
    if (phrase(Message) || link(Message) || aLock(Message))
      return;
    if (Stack)
      if (std::optional<SplatFrame> F = frame(Message, Number, IsOurs))
        Stack->push_back(std::move(*F));
  }

  void end() { finish(); }

private:
  /// Starts a report if \p M is its headline.
  bool begins(StringRef M) {
    static const std::pair<const char *, Splat::Kind> Headlines[] = {
        {"possible circular locking dependency detected", Splat::Circular},
        {"possible recursive locking detected", Splat::Recursive},
        {"possible irq lock inversion dependency detected", Splat::IrqOrder},
        {"-unsafe lock order detected", Splat::IrqOrder},
        {"inconsistent lock state", Splat::Usage},
        {"sleeping function called from invalid context", Splat::Sleeping},
    };
    for (const auto &[Words, K] : Headlines) {
      size_t At = M.find(Words);
      if (At == StringRef::npos || !isHeadline(M, At, K))
        continue;
      finish();
      Current.emplace();
      Current->K = K;
      Current->Line = Number;
      Current->Title = title(M);
      Stack = nullptr;
      Next = nullptr;
      WantKernel = true;
      IsOurs = false;
      return true;
    }
    return false;
  }

  /// Not a sentence about one, as mails have them.
  static bool isHeadline(StringRef M, size_t At, Splat::Kind K) {
    StringRef Before = M.take_front(At);
    for (StringRef Word : {"WARNING:", "INFO:", "BUG:"})
      if (size_t Mark = Before.find(Word); Mark != StringRef::npos)
        return Mark < 8;
    return At == 1 || (K == Splat::IrqOrder && Before.starts_with("["));
  }

  static std::string title(StringRef M) {
    for (StringRef Word : {"WARNING:", "INFO:", "BUG:"})
      M.consume_front(Word);
    M = M.trim(" []");
    M.consume_back(" detected");
    return M.str();
  }

  bool phrase(StringRef M) {
    Splat &S = *Current;
    if (WantKernel && !M.empty() &&
        M.find_first_not_of("=-") != StringRef::npos) {
      WantKernel = false;
      if (llvm::isDigit(M.front()) || M.starts_with("fencedep ")) {
        IsOurs = M.starts_with("fencedep ");
        S.Kernel = M.substr(0, M.find(" Not tainted")).str();
        S.Kernel = S.Kernel.substr(0, S.Kernel.find(" Tainted:"));
        return true;
      }
    }
    if (M.contains("is trying to acquire") || M.ends_with(" takes:") ||
        M.contains("just changed the state of lock")) {
      for (StringRef Word : {" is trying", " takes", " just", " [HC"})
        M = M.substr(0, M.find(Word));
      S.Task = M.str();
      return expectLock(S.Wanted);
    }
    if (M.contains("already holding"))
      return expectLock(S.Held);
    if (M.ends_with("stack backtrace:") || M.ends_with("Call Trace:")) {
      Stack = &S.Backtrace;
      return true;
    }
    if (M == "</TASK>" || M.starts_with("---[ end trace")) {
      if (Stack == &S.Backtrace)
        finish();
      return true;
    }
    if (M.starts_with("other info that might help") ||
        M.contains("lock held by") || M.contains("locks held by")) {
      Stack = nullptr;
      return true;
    }
    return false;
  }

  bool expectLock(SplatLock &L) {
    Next = &L;
    Stack = nullptr;
    return true;
  }

  /// "-> #1 (class){...}:"
  bool link(StringRef M) {
    if (!M.consume_front("-> #"))
      return false;
    unsigned Depth = 0;
    if (M.consumeInteger(10, Depth))
      return false;
    std::optional<SplatLock> L = lock(M, Number);
    if (!L) {
      problem(Number, "a lock class in parentheses should follow '-> #" +
                          std::to_string(Depth) + "'");
      return true;
    }
    // They come the last first; what misses one in between cannot be used.
    std::vector<SplatLock> &Chain = Current->Chain;
    if (!Chain.empty() && Depth + 1 != LastDepth)
      problem(Number, "'-> #" + std::to_string(Depth) + "' follows '-> #" +
                          std::to_string(LastDepth) +
                          "': lines between them are missing");
    LastDepth = Depth;
    Chain.insert(Chain.begin(), std::move(*L));
    Stack = &Chain.front().Stack;
    return true;
  }

  /// "#0: addr (class){...}, at: f" of the locks held, or the lock that a
  /// phrase announced.
  bool aLock(StringRef M) {
    StringRef Rest = M;
    unsigned Index = 0;
    if (Rest.consume_front("#") && !Rest.consumeInteger(10, Index) &&
        Rest.consume_front(":")) {
      if (std::optional<SplatLock> L = lock(Rest, Number))
        Current->Locks.push_back(std::move(*L));
      return true;
    }
    if (!Next)
      return false;
    std::optional<SplatLock> L = lock(M, Number);
    if (!L)
      return false;
    *Next = std::move(*L);
    Next = nullptr;
    return true;
  }

  void problem(unsigned Line, const llvm::Twine &What) {
    if (Broken)
      return;
    Broken = true;
    Out.Errors.push_back(
        (File + ":" + llvm::Twine(Line) + ":1: error: " + What).str());
  }

  /// What the report would need to be of use, or "".
  std::string missing() const {
    const Splat &S = *Current;
    if (S.K == Splat::Sleeping)
      return S.Backtrace.empty() ? "its call trace" : "";
    if (S.Wanted.Class.empty())
      return "the lock that is acquired";
    if (S.K != Splat::Circular)
      return S.Backtrace.empty() ? "its stack backtrace" : "";
    if (S.Held.Class.empty())
      return "the lock that is held already";
    if (S.Chain.empty())
      return "the dependency chain";
    if (LastDepth != 0)
      return "the end of the dependency chain, '-> #0'";
    return "";
  }

  void finish() {
    if (!Current)
      return;
    if (std::string What = missing(); !Broken && !What.empty())
      problem(Current->Line, "the report that begins here ends before " + What);
    if (!Broken)
      Out.Splats.push_back(std::move(*Current));
    Current.reset();
    Stack = nullptr;
    Next = nullptr;
    Broken = false;
    LastDepth = 0;
  }

  StringRef File;
  SplatLog &Out;
  std::optional<Splat> Current;
  SplatStack *Stack = nullptr; ///< that frames belong to
  SplatLock *Next = nullptr;   ///< that the next lock line describes
  bool IsOurs = false;         ///< fencedep has printed it
  bool WantKernel = false;     ///< the next line may name the kernel
  bool Broken = false;         ///< an error was told already
  unsigned LastDepth = 0;      ///< of the last "-> #"
  unsigned Number = 0;
};

} // namespace

SplatLog fencedep::readSplats(StringRef Text, StringRef File) {
  SplatLog Log;
  std::string Plain = withoutColors(Text);
  Reader R(File, Log);
  for (StringRef Rest = Plain; !Rest.empty();) {
    StringRef Line;
    std::tie(Line, Rest) = Rest.split('\n');
    R.line(Line);
  }
  R.end();
  return Log;
}

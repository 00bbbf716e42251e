//===- Progress.cpp - one line that says how far a run is -----------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "fencedep/Driver/Progress.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>

using namespace llvm;
using namespace fencedep;

static std::string duration(double Seconds) {
  auto Whole = static_cast<uint64_t>(std::llround(Seconds));
  if (Whole < 60)
    return formatv("{0}s", Whole);
  if (Whole < 3600)
    return formatv("{0}m{1,0-2}s", Whole / 60, Whole % 60);
  return formatv("{0}h{1,0-2}m", Whole / 3600, Whole / 60 % 60);
}

std::string fencedep::progressLine(size_t Done, size_t Total, size_t Failed,
                                   double Seconds, StringRef Item,
                                   unsigned Width) {
  std::string Line = formatv("[{0}/{1}] failed {2}, elapsed {3}", Done, Total,
                             Failed, duration(Seconds));
  if (Done && Done < Total)
    Line += ", about " + duration(Seconds / Done * (Total - Done)) + " left";
  Line += ": ";
  if (Line.size() >= Width)
    return Line.substr(0, Width);
  size_t Room = Width - Line.size();
  if (Item.size() <= Room)
    return Line + Item.str();
  if (Room <= 3)
    return Line;
  size_t Front = (Room - 3) / 2, Back = Room - 3 - Front;
  return Line + (Item.take_front(Front) + "..." + Item.take_back(Back)).str();
}

Progress::Progress(size_t Total)
    : Shown(Total && sys::Process::StandardErrIsDisplayed() &&
            sys::Process::GetEnv("TERM").value_or("dumb") != "dumb"),
      Total(Total), Start(Clock::now()),
      Printed(Start - std::chrono::hours(1)) {}

void Progress::done(StringRef Item, bool HasFailed) {
  std::lock_guard<std::mutex> Guard(Lock);
  ++Done;
  Failed += HasFailed;
  Clock::time_point Now = Clock::now();
  if (!Shown ||
      (Done != Total && Now - Printed < std::chrono::milliseconds(100)))
    return;
  Printed = Now;
  unsigned Columns = sys::Process::StandardErrColumns();
  errs() << '\r'
         << progressLine(Done, Total, Failed,
                         std::chrono::duration<double>(Now - Start).count(),
                         Item, Columns > 1 ? Columns - 1 : 79)
         << "\x1b[K";
  errs().flush();
}

Progress::~Progress() {
  if (Shown)
    errs() << "\r\x1b[K";
}

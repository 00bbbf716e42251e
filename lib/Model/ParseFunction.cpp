//===- ParseFunction.cpp - function and macro entries --------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// To add a key: a line in keys(), a condition in check() if it needs others.
//
//===----------------------------------------------------------------------===//

#include "ParseFunction.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace fencedep {

void FunctionReader::lockOperand(const YamlNode &N, std::string &Class,
                                 std::optional<unsigned> &Arg) {
  if (N.K == YamlNode::Mapping) {
    mapping(N, "a lock",
            {{"class-of", [&](const YamlNode &V) { arg(V, Arg); }}});
    return require(N, "a lock", {"class-of"});
  }
  identifier(N, Class);
}

void FunctionReader::regions(const YamlNode &N, std::vector<Region> &Out) {
  if (N.K != YamlNode::Sequence)
    return word(N, RegionWords, Out.emplace_back());
  list(N, "regions",
       [&](const YamlNode &I) { word(I, RegionWords, Out.emplace_back()); });
}

void FunctionReader::syncRun(const YamlNode &N) {
  std::optional<unsigned> Arg;
  auto &Run = F.Runs.emplace_back();
  mapping(N, "runs",
          {{"arg", [&](const YamlNode &V) { arg(V, Arg); }},
           {"field", [&](const YamlNode &V) {
              parsed(V, parsePath(V.Text), LegalPath, Run.Path);
            }}});
  require(N, "runs", {"arg", "field"});
  Run.Arg = Arg.value_or(0);
}

void FunctionReader::registration(const YamlNode &N) {
  std::optional<unsigned> Func;
  auto &Reg = F.Registers.emplace_back();
  mapping(N, "registers",
          {{"function", [&](const YamlNode &V) { arg(V, Func); }},
           {"object", [&](const YamlNode &V) { arg(V, Reg.Object); }},
           {"field", [&](const YamlNode &V) {
              parsed(V, parsePath(V.Text), LegalPath, Reg.Path);
            }}});
  require(N, "registers", {"function", "field"});
  Reg.Func = Func.value_or(0);
}

void FunctionReader::queueing(const YamlNode &N) {
  std::optional<unsigned> Work;
  auto &Q = F.Queues.emplace_back();
  mapping(N, "queues",
          {{"queue", [&](const YamlNode &V) { arg(V, Q.Queue); }},
           {"work", [&](const YamlNode &V) { arg(V, Work); }},
           {"field", [&](const YamlNode &V) {
              parsed(V, parsePath(V.Text), LegalPath, Q.Path);
            }}});
  require(N, "queues", {"work", "field"});
  Q.Work = Work.value_or(0);
}

void FunctionReader::timedWait(const YamlNode &N) {
  std::optional<unsigned> Fence, Timeout;
  mapping(N, "timed-wait",
          {{"fence", [&](const YamlNode &V) { arg(V, Fence); }},
           {"timeout", [&](const YamlNode &V) { arg(V, Timeout); }}});
  require(N, "timed-wait", {"fence", "timeout"});
  F.TimedOut = {Fence.value_or(0), Timeout.value_or(0)};
}

void FunctionReader::storing(const YamlNode &N) {
  std::optional<unsigned> To;
  FunctionModel::StoreTo S;
  mapping(N, "stores",
          {{"to", [&](const YamlNode &V) { arg(V, To); }},
           {"value",
            [&](const YamlNode &V) {
              if (StringRef(V.Text).getAsInteger(0, S.Constant))
                arg(V, S.Value);
            }},
           {"if-was", [&](const YamlNode &V) { arg(V, S.IfWas); }}});
  require(N, "stores", {"to", "value"});
  S.To = To.value_or(0);
  F.Stores = S;
}

void FunctionReader::fields(const YamlNode &N, std::vector<FieldName> &Out) {
  auto Add = [&](const YamlNode &I) {
    parsed(I, parseField(I.Text, /*AllowAll=*/false), LegalField,
           Out.emplace_back());
  };
  if (N.K == YamlNode::Sequence)
    return list(N, "fields", Add);
  Add(N);
}

void FunctionReader::conditions(const YamlNode &N,
                                std::vector<Condition> &Out) {
  auto Add = [&](const YamlNode &I) {
    parsed(I, parseCondition(I.Text), LegalCondition, Out.emplace_back());
  };
  if (N.K == YamlNode::Sequence)
    return list(N, "conditions", Add);
  Add(N);
}

std::vector<Reader::Key> FunctionReader::keys() {
  std::vector<Key> Keys = {
      {"name",
       [this](const YamlNode &V) {
         Names = V.K == YamlNode::Sequence ? V.Items : std::vector{V};
         if (Names.empty())
           error(V, "expected a name or a list of names");
       }},
      {"source", [this](const YamlNode &V) { text(V, F.Source); }},
      {"why", [this](const YamlNode &V) { text(V, F.Why); }},
      {"reclaim",
       [this](const YamlNode &V) {
         if (parseArg(V.Text) && !IsMacro)
           return arg(V, F.GfpArg);
         identifier(V, F.GfpMask);
       }},
  };
  for (const auto &W : FlagWords) {
    const bool NeedsMore =
        W.Value == &FunctionModel::Leaf || W.Value == &FunctionModel::Enter ||
        W.Value == &FunctionModel::Try || W.Value == &FunctionModel::LastRef ||
        W.Value == &FunctionModel::TakesRef ||
        W.Value == &FunctionModel::Fallback ||
        W.Value == &FunctionModel::GpuDriver ||
        W.Value == &FunctionModel::HandsOver ||
        W.Value == &FunctionModel::LooksAtFence ||
        W.Value == &FunctionModel::GivesNew ||
        W.Value == &FunctionModel::Diagnostic;
    if (!IsMacro || !NeedsMore)
      Keys.push_back({W.Text, [this, Member = W.Value](const YamlNode &V) {
                        flag(V, F.*Member);
                      }});
  }
  if (IsMacro)
    return Keys;
  const Key NeedsArguments[] = {
      {"opens", [this](const YamlNode &V) { regions(V, F.Opens); }},
      {"closes", [this](const YamlNode &V) { regions(V, F.Closes); }},
      {"cookie",
       [this](const YamlNode &V) {
         parsed(V, parsePlace(V.Text), LegalPlace, F.Cookie);
       }},
      {"acquires",
       [this](const YamlNode &V) {
         lockOperand(V, F.Acquires, F.AcquiresArg);
       }},
      {"releases",
       [this](const YamlNode &V) {
         lockOperand(V, F.Releases, F.ReleasesArg);
       }},
      {"held-if",
       [this](const YamlNode &V) { word(V, HeldIfWords, F.HeldIf); }},
      {"calls",
       [this](const YamlNode &V) {
         list(V, "arguments", [&](const YamlNode &I) {
           parsed(I, parseArg(I.Text), LegalArg, F.Calls.emplace_back());
         });
       }},
      {"calls-own", [this](const YamlNode &V) { fields(V, F.CallsOwn); }},
      {"runs",
       [this](const YamlNode &V) {
         if (V.K == YamlNode::Mapping)
           return syncRun(V);
         list(V, "waits", [&](const YamlNode &I) { syncRun(I); });
       }},
      {"registers",
       [this](const YamlNode &V) {
         if (V.K == YamlNode::Mapping)
           return registration(V);
         list(V, "registrations", [&](const YamlNode &I) { registration(I); });
       }},
      {"queues", [this](const YamlNode &V) { queueing(V); }},
      {"flushes-queue", [this](const YamlNode &V) { arg(V, F.FlushesQueue); }},
      {"waits-completion",
       [this](const YamlNode &V) { arg(V, F.WaitsCompletion); }},
      {"completes", [this](const YamlNode &V) { arg(V, F.Completes); }},
      {"timed-wait", [this](const YamlNode &V) { timedWait(V); }},
      {"gives-foreign",
       [this](const YamlNode &V) {
         parsed(V, parsePlace(V.Text), LegalPlace, F.Foreign);
       }},
      {"converts", [this](const YamlNode &V) { arg(V, F.Converts); }},
      {"stores", [this](const YamlNode &V) { storing(V); }},
      {"loads", [this](const YamlNode &V) { arg(V, F.Loads); }},
      {"loads-not", [this](const YamlNode &V) { arg(V, F.LoadsNot); }},
      {"list-end", [this](const YamlNode &V) { arg(V, F.ListEnd); }},
      {"list-init", [this](const YamlNode &V) { arg(V, F.ListInit); }},
      {"sets",
       [this](const YamlNode &V) {
         parsed(V, parseField(V.Text, /*AllowAll=*/false), LegalField, F.Sets);
       }},
      {"calls-again",
       [this](const YamlNode &V) {
         parsed(V, parseField(V.Text, /*AllowAll=*/false), LegalField,
                F.CallsAgain);
       }},
      {"drivers-of", [this](const YamlNode &V) { fields(V, F.DriversOf); }},
      {"when", [this](const YamlNode &V) { conditions(V, F.When); }},
      {"waits-when", [this](const YamlNode &V) { conditions(V, F.WaitsWhen); }},
  };
  append_range(Keys, NeedsArguments);
  return Keys;
}

/// What is wrong with the entry as a whole.
void FunctionReader::check(const YamlNode &N, bool Complete) {
  require(N, What, {"name", "source"});
  const bool Regions = !F.Opens.empty() || !F.Closes.empty();
  const bool Effect = Regions || F.GfpArg || !F.GfpMask.empty() || F.Faults ||
                      !F.Acquires.empty() || F.AcquiresArg ||
                      !F.Releases.empty() || F.ReleasesArg || F.WaitsFence ||
                      F.SignalsFence || F.Publishes || !F.Calls.empty() ||
                      !F.CallsOwn.empty() || !F.Runs.empty() ||
                      F.FlushesQueue || F.WaitsCompletion;
  const bool Facts = !F.Registers.empty() || !F.Queues.empty() || F.GpuDriver ||
                     F.Foreign.K != Place::None || F.Converts ||
                     F.LooksAtFence || F.HandsOver || F.Stores || F.Loads ||
                     F.LoadsNot || F.ListEnd || F.ListInit || F.GivesNew ||
                     F.Diagnostic || !F.Sets.Name.empty() ||
                     !F.CallsAgain.Name.empty() || F.Completes;
  if (F.Leaf && (Effect || F.Enter))
    error(N, "a leaf has no effects; remove 'leaf' or the other keys");
  else if (!F.Leaf && !Effect && !Facts && !F.Enter && Complete)
    error(N, What + (IsMacro ? " needs an effect"
                             : " says nothing; say 'leaf: true' or give an "
                               "effect"));
  if (!F.Opens.empty() && !F.Closes.empty())
    error(N, "an entry either opens or closes");
  if (F.Cookie.K != Place::None && !Regions)
    error(N, "'cookie' needs 'opens' or 'closes'");
  if (!F.Closes.empty() && F.Cookie.K == Place::Return)
    error(N, "the cookie of 'closes' is an argument, not 'return'");
  if (F.Acquires.empty() && !F.AcquiresArg) {
    if (F.Try)
      error(N, "'try' needs 'acquires'");
    if (!F.WaitsWhen.empty())
      error(N, "'waits-when' needs 'acquires'");
  }
  if (F.HeldIf != FunctionModel::Always && F.Acquires.empty() &&
      !F.AcquiresArg && F.Opens.empty())
    error(N, "'held-if' needs 'acquires' or 'opens'");
  if (F.LastRef && !Effect && !F.Leaf)
    error(N, "'last-ref' needs an effect, or 'leaf' for a condition");
  if (F.TimedOut && !F.WaitsFence)
    error(N, "'timed-wait' needs 'waits-fence'");
  if (F.Foreign.K == Place::Arg)
    error(N, "'gives-foreign' is 'return' or '*arg0'");
  if (F.GfpArg && !F.GfpMask.empty())
    error(N, "'reclaim' is either an argument or a mask");
}

void FunctionReader::read(const YamlNode &N, std::vector<FunctionModel> &Out) {
  F = FunctionModel();
  F.From = (Diags.file() + ":" + Twine(N.Line) + ":" + Twine(N.Column)).str();
  Names.clear();
  const size_t Mistakes = Diags.size();
  mapping(N, What, keys());
  check(N, /*Complete=*/Diags.size() == Mistakes);
  for (const YamlNode &Name : Names) {
    if (!text(Name, F.Name))
      continue;
    if (IsMacro && !isIdentifier(F.Name))
      error(Name, "'" + F.Name + "' is not the name of a macro");
    if (isGlob(F.Name))
      if (Expected<GlobPattern> P = GlobPattern::create(F.Name); !P)
        error(Name, "'" + F.Name + "': " + toString(P.takeError()));
    unique(Name, F.Name, Lines);
    Out.push_back(F);
  }
}

} // namespace fencedep

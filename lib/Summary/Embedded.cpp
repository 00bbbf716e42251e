//===- Embedded.cpp - summaries inside objects ----------------------------===//
//
// Part of fencedep, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See Embedded.h. A summary in a section: eight bytes that name the format, its
// length in eight bytes, the least significant first, and the summary. Between
// two of them a linker may have put zeros.
//
//===----------------------------------------------------------------------===//

#include "fencedep/Summary/Embedded.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/Archive.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/Endian.h"

using namespace llvm;
using namespace fencedep;

static constexpr StringLiteral Magic = "fencedep";

std::string fencedep::packSummary(StringRef Summary) {
  char Length[8];
  support::endian::write64le(Length, Summary.size());
  return (Magic + StringRef(Length, sizeof(Length)) + Summary).str();
}

static Error inFile(StringRef Name, const Twine &What) {
  return createStringError(Name + ": " + What);
}

static Error unpack(StringRef Section, const std::string &From,
                    std::vector<NamedSummary> &Out) {
  for (;;) {
    Section = Section.ltrim('\0');
    if (Section.empty())
      return Error::success();
    if (!Section.consume_front(Magic) || Section.size() < 8)
      return inFile(From, "the section " + SummarySection + " is damaged");
    uint64_t Length = support::endian::read64le(Section.data());
    Section = Section.drop_front(8);
    if (Length > Section.size())
      return inFile(From, "the section " + SummarySection + " is cut off");
    Out.push_back({From, Section.take_front(Length).str()});
    Section = Section.drop_front(Length);
  }
}

static Error fromObject(MemoryBufferRef File, const std::string &From,
                        std::vector<NamedSummary> &Out) {
  auto Object = object::ObjectFile::createObjectFile(File);
  if (!Object)
    return inFile(From, toString(Object.takeError()));
  for (const object::SectionRef &S : (*Object)->sections()) {
    Expected<StringRef> Name = S.getName();
    if (!Name)
      return inFile(From, toString(Name.takeError()));
    if (*Name != SummarySection)
      continue;
    Expected<StringRef> Contents = S.getContents();
    if (!Contents)
      return inFile(From, toString(Contents.takeError()));
    if (Error E = unpack(*Contents, From, Out))
      return E;
  }
  return Error::success();
}

static bool isObject(StringRef Bytes) {
  return identify_magic(Bytes) == file_magic::elf_relocatable ||
         identify_magic(Bytes) == file_magic::elf_shared_object ||
         identify_magic(Bytes) == file_magic::elf_executable ||
         identify_magic(Bytes) == file_magic::elf;
}

static Error fromArchive(MemoryBufferRef File, std::vector<NamedSummary> &Out) {
  StringRef Name = File.getBufferIdentifier();
  auto Archive = object::Archive::create(File);
  if (!Archive)
    return inFile(Name, toString(Archive.takeError()));
  Error Broken = Error::success();
  for (const object::Archive::Child &C : (*Archive)->children(Broken)) {
    Expected<StringRef> Member = C.getName();
    Expected<MemoryBufferRef> Bytes = C.getMemoryBufferRef();
    if (!Member || !Bytes) {
      consumeError(std::move(Broken));
      std::string What = !Member ? toString(Member.takeError()) : Member->str();
      if (!Bytes)
        What += ": " + toString(Bytes.takeError());
      return inFile(Name, What);
    }
    std::string From = (Name + "(" + *Member + ")").str();
    if (isObject(Bytes->getBuffer()))
      if (Error E = fromObject(*Bytes, From, Out)) {
        consumeError(std::move(Broken));
        return E;
      }
  }
  if (Broken)
    return inFile(Name, toString(std::move(Broken)));
  return Error::success();
}

Expected<std::vector<NamedSummary>>
fencedep::packedSummaries(StringRef Section, const std::string &From) {
  std::vector<NamedSummary> Found;
  if (Error E = unpack(Section, From, Found))
    return std::move(E);
  return Found;
}

Expected<std::vector<NamedSummary>>
fencedep::summariesIn(MemoryBufferRef File) {
  std::vector<NamedSummary> Found;
  StringRef Bytes = File.getBuffer();
  Error E = Error::success();
  if (isObject(Bytes))
    E = fromObject(File, File.getBufferIdentifier().str(), Found);
  else if (identify_magic(Bytes) == file_magic::archive)
    E = fromArchive(File, Found);
  else
    Found.push_back({File.getBufferIdentifier().str(), Bytes.str()});
  if (E)
    return std::move(E);
  return Found;
}

#!/usr/bin/env python3
"""Runs the cases of the rules through another door than `fencedep check`.

    doors.py DOOR FENCEDEP MOCKS FOLDER...

Every `RUN: %check` line of the C and C++ files below FOLDERs is run once more, with --DOOR (see verify.py: door=..., tidy=...)."""
import glob
import os
import re
import shlex
import subprocess
import sys

RUN = re.compile(r"//\s*RUN:\s*%check (.*)")


def commands(source, mocks):
    with open(source) as text:
        for match in map(RUN.search, text):
            if match:
                yield shlex.split(match.group(1).replace("%s", source).replace("%mocks", mocks))


def main():
    door, fencedep, mocks, *folders = sys.argv[1:]
    verify = os.path.join(os.path.dirname(os.path.abspath(__file__)), "verify.py")
    count, wrong = 0, 0
    for folder in folders:
        for source in sorted(glob.glob(os.path.join(folder, "**", "*.c*"), recursive=True)):
            for arguments in commands(source, mocks):
                count += 1
                result = subprocess.run([sys.executable, verify, fencedep, mocks, f"--{door}", *arguments],
                                        stderr=subprocess.PIPE, text=True)
                if result.returncode:
                    wrong += 1
                    print(f"{source}:\n{result.stderr}")
    print(f"{count} cases, {wrong} wrong")
    return 1 if wrong or count < 20 else 0


if __name__ == "__main__":
    sys.exit(main())

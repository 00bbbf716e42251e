"""Reads --help of every command as a user would: complete, and no line longer than a terminal.

    helps.py FENCEDEP

LLVM's own list of the options, --help-list, says what must be there.
"""
import json
import re
import subprocess
import sys

Wrong = []


def ask(*words):
    return subprocess.run([sys.argv[1], *words], stdout=subprocess.PIPE, text=True, check=True).stdout


def options(text):
    """The options, and their values, that a text explains."""
    found, option = set(), None
    for line in text.splitlines():
        if match := re.match(r"  (-[-\w]+)", line):
            option = match[1]
            found.add(option)
        elif match := re.match(r" +=([-\w]+)", line):
            found.add(f"{option}={match[1]}")
    return found


def check(name):
    text = ask(*name, "--help")
    for line in text.splitlines():
        if len(line) > 80 or line != line.rstrip():
            Wrong.append(f"{name}: too long, or blanks at its end: '{line}'")
    return text


check([])
for command in json.loads(ask("--describe")):
    name = command["name"]
    shown = options(check([name]))
    known = options(ask(name, "--help-list")) - {"--help", "--help-list", "--version"}
    if shown != known:
        Wrong.append(f"{name}: --help and the program disagree about {sorted(shown ^ known)}: are values defined with words()?")
    if not command["text"]:
        Wrong.append(f"{name}: has no line in tools/fencedep/Help.cpp")
for line in Wrong:
    print(line)
sys.exit(bool(Wrong))

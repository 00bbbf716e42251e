"""Reads the manual as man shows it, and looks for each command and each option that --help of that command has.

    manual.py FENCEDEP PAGE
"""
import json
import os
import re
import subprocess
import sys

fencedep, page = sys.argv[1:]
environment = dict(os.environ, MANWIDTH="79", LC_ALL="C.UTF-8", MAN_KEEP_FORMATTING="", MANROFFOPT="-c")


def run(*words):
    return subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True, env=environment).stdout


def part(text, first, last):
    return re.search(rf"^{first}$(.*?)^(?={last})", text, re.S | re.M)[1]


shown = re.sub(".\b", "", run("man", "-l", page)).replace("‐", "-").replace("−", "-")
commands = part(shown, "COMMANDS", "OPTIONS")
options = part(shown, "OPTIONS", "CONFIGURATION")
missing = []
for command in json.loads(run(fencedep, "--describe")):
    name = command["name"]
    section = re.search(rf"^ {{3}}fencedep {name}[ \n](.*?)(?=^ {{3}}\S|\Z)", commands, re.S | re.M)
    if not section:
        missing.append(name)
        continue
    for option in re.findall(r"^  (-[-\w]+)", run(fencedep, name, "--help"), re.M):
        if option not in re.findall(r"-[-\w]+", section[1]):
            missing.append(f"{name} {option}")
        if not re.search(rf"^ {{5}}{option}\b", options, re.M):
            missing.append(f"{option} in OPTIONS")
for what in missing:
    print(f"the manual lacks: {what}")
widest = max(map(len, shown.splitlines()))
print(f"{len(shown.splitlines())} lines, up to {widest} columns")
sys.exit(bool(missing) or widest > 80)

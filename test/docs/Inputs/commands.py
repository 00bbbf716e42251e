"""Runs, here, each command of fencedep that a page shows as an indented line, and prints it with its exit status.

    commands.py PAGE FENCEDEP
"""
import shlex
import subprocess
import sys

page, fencedep = sys.argv[1:]
with open(page) as text:
    commands = [line.strip() for line in text if line.startswith("    fencedep ")]
for command in commands:
    done = subprocess.run([fencedep, *shlex.split(command)[1:]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    print(f"{command}: {done.returncode}")
    if done.returncode not in (0, 2):
        sys.exit(done.stdout)
print()

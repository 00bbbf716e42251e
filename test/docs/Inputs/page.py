"""Runs what docs/suggest.md says of the code in it: page.py PAGE FENCEDEP DIRECTORY STATUS...

The block `dev.c` is written to DIRECTORY. The command of each `sh` block is run there, and has to end with the next STATUS. A `text` block
that follows stands in the output of the last command.
"""
import re
import shlex
import subprocess
import sys

page, fencedep, directory, *statuses = sys.argv[1:]
output = None
for kind, block in re.findall(r"^```([^\n]*)\n(.*?)^```$", open(page).read(), re.M | re.S):
    if kind == "c dev.c":
        with open(f"{directory}/dev.c", "w") as out:
            out.write(block)
    elif kind == "sh":
        command = [fencedep, *shlex.split(block)[1:], "--no-cache"]
        result = subprocess.run(command, cwd=directory, stdout=subprocess.PIPE, text=True)
        output, wanted = result.stdout, int(statuses.pop(0))
        if result.returncode != wanted:
            sys.exit(f"{block}: status {result.returncode} instead of {wanted}\n{output}")
    elif kind == "text" and block not in output:
        sys.exit(f"not what it prints:\n{block}\nbut\n{output}")
if statuses:
    sys.exit(f"commands are missing for {statuses}")

"""Runs what a page says: commands.py PAGE FENCEDEP DIRECTORY STATUS...

Blocks named `c` and `dmesg` are written to dev.c and dmesg in DIRECTORY. Each indented line that starts with `fencedep ` is run there,
and has to end with the next STATUS. A `text` block that follows stands in the output of the last command, line by line.
"""
import re
import subprocess
import sys

page, fencedep, directory, *statuses = sys.argv[1:]
text = open(page).read()
names = {"c": "dev.c", "dmesg": "dmesg"}
for kind, block in re.findall(r"^```(c|dmesg)\n(.*?)^```$", text, re.M | re.S):
    with open(f"{directory}/{names[kind]}", "w") as out:
        out.write(block)

output = None
for command, kind, block in re.findall(r"^    fencedep ([^\n]*)$|^```(\w*)\n(.*?)^```$", text, re.M | re.S):
    if command:
        result = subprocess.run([fencedep, *command.split(), "--no-cache"], cwd=directory, stdout=subprocess.PIPE, text=True)
        output, wanted = result.stdout, int(statuses.pop(0))
        if result.returncode != wanted:
            sys.exit(f"{command}: status {result.returncode} instead of {wanted}\n{output}")
    elif kind == "text" and block not in output:
        sys.exit(f"not what it prints:\n{block}\nbut\n{output}")
if statuses:
    sys.exit(f"commands are missing for {statuses}")

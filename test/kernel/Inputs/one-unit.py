"""one-unit.py KERNEL FILE OUT: a database with that file's entry only."""
import json
import os
import sys

kernel, file, out = sys.argv[1:]
with open(os.path.join(kernel, "compile_commands.json")) as text:
    entries = [e for e in json.load(text) if e["file"].endswith("/" + file)]
with open(out, "w") as text:
    json.dump(entries, text)

"""database.py MOCKS FILE... [-- FLAG...]: a compile_commands.json for the files, here."""
import json
import os
import sys

mocks, *files = sys.argv[1:]
flags = []
if "--" in files:
    cut = files.index("--")
    files, flags = files[:cut], files[cut + 1:]
arguments = ["clang", "-std=gnu11", *flags, "-I", mocks, "-c"]
with open("compile_commands.json", "w") as out:
    json.dump([{"directory": os.getcwd(), "file": f, "arguments": [*arguments, f]} for f in files], out)

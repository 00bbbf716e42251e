"""gcc-database.py MOCKS FILE: a compile_commands.json with flags that only GCC has."""
import json
import os
import sys

mocks, file = sys.argv[1:]
gcc = ["gcc", "-std=gnu11", "-fconserve-stack", "-fno-allow-store-data-races", "-mpreferred-stack-boundary=3", "-mindirect-branch-register"]
with open("compile_commands.json", "w") as out:
    json.dump([{"directory": os.getcwd(), "file": file, "arguments": [*gcc, "-I", mocks, "-c", file]}], out)

"""Runs a command on each corrupt database of a folder: prints what it says, without the folder's name, and how it ends.

    each.py FOLDER COMMAND...
"""
import os
import subprocess
import sys

folder, *command = sys.argv[1:]
for name in sorted(os.listdir(folder)):
    if name == "response.json":
        continue
    done = subprocess.run([*command, os.path.join(folder, name)], capture_output=True, text=True)
    print(done.stderr.replace(folder + "/", "") + done.stdout + f"exit {done.returncode}", flush=True)

"""Applies a patch to copies of a kernel's files and compiles these: compile_patched.py KERNEL PATCH DIRECTORY

The patch is relative to the kernel's root. The files are compiled in the kernel's tree, from DIRECTORY: nothing is written to it."""
import json
import os
import re
import shlex
import shutil
import subprocess
import sys

kernel, patch, directory = map(os.path.abspath, sys.argv[1:])
files = re.findall(r"^--- a/(.*)$", open(patch).read(), re.M)
if not files:
    sys.exit("the patch is empty")
for file in files:
    os.makedirs(os.path.join(directory, os.path.dirname(file)), exist_ok=True)
    shutil.copyfile(os.path.join(kernel, file), os.path.join(directory, file))
# Else git would take the repository around it for the root.
subprocess.run(["git", "init", "-q", "."], cwd=directory, check=True)
subprocess.run(["git", "apply", patch], cwd=directory, check=True)
with open(os.path.join(kernel, "compile_commands.json")) as text:
    commands = {os.path.relpath(c["file"], kernel): c for c in json.load(text) if not c["file"].startswith("/usr")}
for file in files:
    with open(os.path.join(directory, file)) as text:
        if text.read() == open(os.path.join(kernel, file)).read():
            sys.exit(f"{file}: unchanged")
    words = shlex.split(commands[file]["command"])
    # No dependency file, no object; headers are found beside the original.
    words = [w for w in words if not w.startswith("-Wp,-MMD")]
    del words[words.index("-o"):words.index("-o") + 2]
    words = [os.path.join(directory, file) if w == file else w for w in words]
    beside = os.path.join(kernel, os.path.dirname(file))
    subprocess.run([*words, "-fsyntax-only", "-iquote", beside], cwd=kernel, check=True)
print(*files, sep="\n")

"""Runs a command several times at once; each must give the reference's bytes.

    together.py REFERENCE COUNT COMMAND...
"""
import subprocess
import sys

reference, count, *command = sys.argv[1:]
with open(reference, "rb") as file:
    expected = file.read()
running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(int(count))]
for process in running:
    output, _ = process.communicate()
    if output != expected:
        sys.exit("the output of runs at the same time differs:\n" + output.decode())

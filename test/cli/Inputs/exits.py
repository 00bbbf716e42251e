"""Runs a command that must end with a certain status.

    exits.py STATUS COMMAND...
"""
import subprocess
import sys

status, *command = sys.argv[1:]
done = subprocess.run(command)
if done.returncode != int(status):
    sys.exit(f"{' '.join(command)} ended with {done.returncode}, not {status}")

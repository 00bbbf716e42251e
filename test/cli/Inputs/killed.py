"""Starts a command again and again, killing it later each time until it comes to its end; that must give the reference's bytes.

    killed.py REFERENCE COMMAND...
"""
import subprocess
import sys

reference, *command = sys.argv[1:]
with open(reference, "rb") as file:
    expected = file.read()
seconds = 0.02
while True:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        seconds *= 1.3
        continue
    if output != expected:
        sys.exit("the output after killed runs differs:\n" + output.decode())
    break

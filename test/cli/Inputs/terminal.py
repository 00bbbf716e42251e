"""Runs a command on a pseudo-terminal and prints what arrives there, control characters by name.

    terminal.py COMMAND...
"""
import os
import pty
import sys

received = b""


def read(fd):
    global received
    data = os.read(fd, 4096)
    received += data
    return b""


with open(os.devnull) as nothing:
    os.dup2(nothing.fileno(), 0)
try:
    pty.spawn(sys.argv[1:], read)
except OSError:
    pass
text = received.decode().replace("\r\n", "\n").replace("\r", "<CR>").replace("\x1b", "<ESC>")
sys.stdout.write(text)

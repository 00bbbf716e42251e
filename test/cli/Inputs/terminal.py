"""Runs a command on a pseudo-terminal and prints what arrives there, control characters by name.

    terminal.py COMMAND...
"""
import os
import pty
import sys

child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[1], sys.argv[1:])
received = b""
while True:
    try:
        data = os.read(terminal, 4096)
    except OSError:  # the other end is closed
        break
    if not data:
        break
    received += data
os.waitpid(child, 0)
sys.stdout.write(received.decode().replace("\r\n", "\n").replace("\r", "<CR>").replace("\x1b", "<ESC>"))

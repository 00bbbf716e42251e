"""Damages a file, or every file of a folder: truncate, flip (one bit in the middle) or empty.

    damage.py HOW PATH
"""
import os
import sys


def damaged(how, data):
    if how == "truncate":
        return data[: len(data) // 2]
    if how == "empty":
        return b""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


how, path = sys.argv[1:]
for name in [os.path.join(path, n) for n in os.listdir(path)] if os.path.isdir(path) else [path]:
    with open(name, "rb") as file:
        data = file.read()
    with open(name, "wb") as file:
        file.write(damaged(how, data))

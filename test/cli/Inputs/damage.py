"""Damages a file, or the first file of a folder: truncate, flip (one bit in the middle) or empty.

    damage.py HOW PATH
"""
import os
import sys

how, path = sys.argv[1:]
if os.path.isdir(path):
    path = os.path.join(path, sorted(os.listdir(path))[0])
with open(path, "rb") as file:
    data = bytearray(file.read())
if how == "truncate":
    data = data[: len(data) // 2]
elif how == "empty":
    data = bytearray()
else:
    data[len(data) // 2] ^= 1
with open(path, "wb") as file:
    file.write(data)

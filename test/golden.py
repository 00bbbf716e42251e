"""Compares whole explanations with what they were when somebody last read and approved them.

    golden.py FENCEDEP MOCKS TEST [OUTPUT]

TEST holds a program's files, in split-file's form, unless OUTPUT already holds what fencedep printed. TEST's name with .expected instead
of its suffix holds what was approved; BLESS=1 in the environment writes that file anew.
"""
import difflib
import glob
import os
import subprocess
import sys
import tempfile

import verify


def read(path):
    with open(path) as text:
        return text.read()


def explain(fencedep, mocks, test):
    with tempfile.TemporaryDirectory() as directory:
        directory = os.path.realpath(directory)
        subprocess.run(["split-file", test, directory], check=True)
        sources = sorted(glob.glob(os.path.join(directory, "**", "*.c"), recursive=True) +
                         glob.glob(os.path.join(directory, "**", "*.cpp"), recursive=True))
        verify.write_database(directory, sources, mocks, [])
        result = verify.run(fencedep, directory, ["--coverage"] if "coverage" in os.path.basename(test) else [])
        if result.returncode not in (0, 2):
            sys.exit(f"golden: fencedep exits with {result.returncode}\n{result.stdout}{result.stderr}")
        return result.stdout.replace(mocks, "MOCKS")


def main():
    fencedep, mocks, test, *output = sys.argv[1:]
    actual = read(output[0]) if output else explain(fencedep, mocks, test)
    golden = os.path.splitext(test)[0] + ".expected"
    if os.environ.get("BLESS"):
        with open(golden, "w") as out:
            out.write(actual)
        return
    expected = read(golden)
    if actual != expected:
        diff = difflib.unified_diff(expected.splitlines(True), actual.splitlines(True), golden, "now")
        sys.exit("".join(diff) + "\nif this is better, run the test again with BLESS=1")


if __name__ == "__main__":
    main()

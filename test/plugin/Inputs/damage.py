"""damage.py IN OUT: all but the last ten bytes."""
import sys

with open(sys.argv[1], "rb") as source, open(sys.argv[2], "wb") as out:
    out.write(source.read()[:-10])

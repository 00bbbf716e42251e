"""Whether splat confirms each finding that --format=lockdep printed as a report of lockdep's: roundtrip.py REPORT SPLAT-OUTPUT"""
import re
import sys

report, answer = (open(name).read() for name in sys.argv[1:])
printed = re.findall(r"^fencedep \(static.* ([0-9a-f]{16})\n[=B]", report, re.M)
# The best match comes first.
confirmed = re.findall(r"^\S.*\n(?:  .* is .*\n)*  confirms .* ([0-9a-f]{16})$", answer, re.M)
if not printed or printed != confirmed:
    sys.exit(f"printed {printed}\nconfirmed {confirmed}\n{answer}")

#!/usr/bin/env python3
"""Runs fencedep over a folder of a kernel and checks the report against the expectations in a test file.

    expect.py [OPTION...] FENCEDEP KERNEL PATH[,PATH...] FILE
    expect.py REPORT FILE                                        the same over a report (as JSON) that is there already

    # found:  RULE root=FUNCTION sink=API in=FUNCTION [conf=certain,likely] [lock=CLASS] [holder=FUNCTION] [until=API]
    # silent: [RULE] root=FUNCTION [sink=API] [in=FUNCTION] [lock=CLASS]
    # root:   annotated|contract FUNCTION
    # no root: FUNCTION

found: some finding matches. silent: no certain or likely finding matches, and
the root was really checked. root: such a root is in the coverage; no root: it is not. Names are
functions, never lines: kernels move. lock, holder and until are of the other half of a deadlock: the first thread that holds a lock, and
what the last one waits for. OPTIONs go to `fencedep check`."""

import json
import os
import re
import subprocess
import sys


def parse(line):
    words = line.split()
    want = dict(w.split("=", 1) for w in words if "=" in w)
    free = [w for w in words if "=" not in w]
    return free, want


def matches(finding, free, want):
    last = finding["path"][-1]["function"]
    others = finding.get("others") or [{"lock": "", "function": "", "path": [{"callee": ""}]}]
    return (
        (not free or finding["rule"] == free[0])
        and want.get("root") in (None, finding["root"]["function"])
        and want.get("sink") in (None, finding["sink"]["function"])
        and want.get("in") in (None, last)
        and want.get("lock") in (None, others[0]["lock"])
        and want.get("holder") in (None, others[0]["function"])
        and want.get("until") in (None, others[-1]["path"][-1]["callee"])
        and ("via" not in want or any(want["via"] in (h["function"], h["callee"]) for h in finding["path"]))
        and ("conf" not in want or finding["confidence"] in want["conf"].split(","))
    )


def run_check(options, fencedep, kernel, paths):
    command = [fencedep, "check", "-p", kernel, "--format=json", *options, *(os.path.join(kernel, p) for p in paths.split(","))]
    run = subprocess.run(command, stdout=subprocess.PIPE)
    if run.returncode not in (0, 2):
        sys.exit(f"{' '.join(command)}: exit status {run.returncode}")
    return json.loads(run.stdout)


def main():
    options = [a for a in sys.argv[1:] if a.startswith("-")]
    *source, file = (a for a in sys.argv[1:] if not a.startswith("-"))
    report = json.load(open(source[0])) if len(source) == 1 else run_check(options, *source)
    findings = report["findings"]
    roots = {r["root"]["function"] for r in report["coverage"]["per_root"]}
    wrong = []
    checked = 0
    for number, line in enumerate(open(file), 1):
        m = re.match(r"\s*#\s*(found|silent|root|no root):\s*(.*)", line)
        if not m:
            continue
        checked += 1
        kind, (free, want) = m.group(1), parse(m.group(2))
        if kind == "root":
            if free[-1] not in roots:
                wrong.append(f"{number}: no such root: {free[-1]}")
            continue
        if kind == "no root":
            if free[-1] in roots:
                wrong.append(f"{number}: a root: {free[-1]}")
            continue
        hits = [f for f in findings if matches(f, free, want)]
        if kind == "found" and not hits:
            wrong.append(f"{number}: not found: {m.group(2)}")
        if kind == "silent":
            for f in hits:
                if f["confidence"] != "possible":
                    wrong.append(f"{number}: not silent: {f['message']} at {f['sink']['file']}:{f['sink']['line']}")
            if want["root"] not in roots:
                wrong.append(f"{number}: silent, but the root was not checked: {want['root']}")
    if not checked:
        wrong.append("no expectations")
    print("\n".join(wrong) or f"{checked} expectations hold")
    return bool(wrong)


sys.exit(main())

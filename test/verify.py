"""Checks small programs and compares what fencedep finds with the verdicts in their comments.

    verify.py FENCEDEP MOCKS [OPTION...] FILE... [-- COMPILER-FLAG...]

OPTIONs go to `fencedep check`; with --door=PLUGIN.so (or PLUGIN.so,embed) the files are compiled with the compiler plugin instead, and
what it wrote is linked; with --tidy=MODULE.so clang-tidy says which lines of the FILEs have which findings. All FILEs form one program. In their text:

    // flags: -DMODULE '-DKBUILD_MODNAME="a"'           more compiler flags for this file
    // roots: 0                                         how many roots there are (without it: at least one)
    kmalloc(8, GFP_KERNEL); // expect: fence-reclaim root=f confidence=certain

The verdict stands on the sink's line, several are separated by `;`. Headers next to a FILE may hold verdicts too. Each finding needs
a verdict and each verdict its finding. Keys of a verdict, all optional:

    root=F  kind=annotated|contract  confidence=C  others=N (other roots)
    in=F (the function that contains the sink)  sink=F (what is called there)
    via=F (a function on the path)  edge=TEXT (part of how some hop was resolved)  says=TEXT (part of the message or a reason)
    lock=L (that some other thread holds)  holder=F (acquires it there)  too=F,G (so do F and G)  not-too=F,G
    until=F (what is called last with a lock held elsewhere)
"""
import glob
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

VERDICT = re.compile(r"//\s*expect:\s*(.*)")
DIRECTIVE = re.compile(r"//\s*(flags|roots):\s*(.*)")


def directives(source, name):
    with open(source) as text:
        return [m.group(2).strip() for m in map(DIRECTIVE.search, text) if m and m.group(1) == name]


def compile_command(source, mocks, flags, directory):
    cxx = source.endswith(".cpp")
    own = [word for line in directives(source, "flags") for word in shlex.split(line)]
    return {
        "directory": directory,
        "file": source,
        "arguments": ["clang++" if cxx else "clang", "-std=c++20" if cxx else "-std=gnu11", "-w", *flags, *own, "-I", mocks,
                      "-c", source, "-o", os.path.basename(source) + ".o"],
    }


def write_database(directory, sources, mocks, flags):
    with open(os.path.join(directory, "compile_commands.json"), "w") as out:
        json.dump([compile_command(s, mocks, flags, directory) for s in sources], out)


class Verdict:
    def __init__(self, file, line, text):
        self.file, self.line, self.text = file, line, text
        self.rule, *keys = shlex.split(text)
        self.keys = dict(k.split("=", 1) for k in keys)

    def __str__(self):
        return f"{self.file}:{self.line}: {self.text}"

    def admits(self, finding, directory):
        sink = finding["sink"]
        if (self.rule, self.line) != (finding["rule"], sink["line"]):
            return False
        if os.path.realpath(os.path.join(directory, sink["file"])) != self.file:
            return False
        return all(self.key_holds(k, v, finding) for k, v in self.keys.items())

    @staticmethod
    def key_holds(key, value, finding):
        root, path, others = finding["root"], finding["path"], finding.get("others", [])
        if key == "root":
            return root["function"] == value
        if key == "kind":
            return root["kind"] == value
        if key == "confidence":
            return finding["confidence"] == value
        if key == "others":
            return str(finding["other_roots"]) == value
        if key == "sink":
            return finding["sink"]["function"] == value
        if key == "in":
            return bool(path) and path[-1]["function"] == value
        if key == "via":
            return any(hop["function"] == value for hop in path)
        if key == "edge":
            return any(value in hop["edge"] for hop in path)
        if key == "lock":
            return any(other["lock"] == value for other in others)
        if key == "holder":
            return any(other["function"] == value for other in others)
        if key in ("too", "not-too"):
            holders = {o["function"] for o in finding.get("other_holders", [])}
            named = set(value.split(","))
            return named <= holders if key == "too" else not named & holders
        if key == "until":
            return bool(others) and others[-1]["path"][-1]["callee"] == value
        if key == "says":
            return value in finding["message"] or any(value in r["text"] for r in finding["reason"])
        sys.exit(f"verify: unknown key '{key}' in a verdict")


def verdicts(sources):
    files = {os.path.realpath(s) for s in sources}
    for source in sources:
        files.update(map(os.path.realpath, glob.glob(os.path.join(os.path.dirname(source), "*.h"))))
    found = []
    for file in sorted(files):
        with open(file) as text:
            for number, line in enumerate(text, 1):
                match = VERDICT.search(line)
                if match:
                    found += [Verdict(file, number, part) for part in match.group(1).split(";")]
    return found


def describe(finding):
    hops = " > ".join(f"{h['function']} -{h['edge']}-> {h['callee']}" for h in finding["path"])
    sink = finding["sink"]
    return (f"{sink['file']}:{sink['line']}:{sink['column']}: {finding['rule']} root={finding['root']['function']} "
            f"confidence={finding['confidence']}: {finding['message']}\n    {hops}")


def compare(report, expected, directory):
    """The complaints about a report."""
    complaints = []
    # The most particular verdict chooses first.
    open_verdicts = sorted(expected, key=lambda v: -len(v.keys))
    for finding in report["findings"]:
        match = next((v for v in open_verdicts if v.admits(finding, directory)), None)
        if match:
            open_verdicts.remove(match)
        else:
            complaints.append("unexpected: " + describe(finding))
    complaints += [f"missing: {v}" for v in open_verdicts]
    return complaints


def check_roots(report, sources):
    wanted = sum(int(n) for s in sources for n in directives(s, "roots"))
    stated = any(directives(s, "roots") for s in sources)
    roots = report["coverage"]["roots"]["annotated"] + report["coverage"]["roots"]["contract"]
    if stated and roots != wanted:
        return [f"{roots} roots instead of {wanted}"]
    if not stated and not roots:
        return ["no root was checked, so silence proves nothing"]
    return []


def run_plugin(fencedep, directory, door, options):
    """Compiles every unit with the plugin and links what it leaves."""
    plugin, *how = door.split(",")
    with open(os.path.join(directory, "compile_commands.json")) as text:
        commands = json.load(text)
    for number, entry in enumerate(commands):
        compiler, *arguments = entry["arguments"]
        arguments[-1] = f"{number}.o"
        subprocess.run([compiler + "-19", f"-fplugin={plugin}", *(f"-fplugin-arg-fencedep-{h}" for h in how), *arguments],
                       cwd=directory, check=True)
    units = [f"{number}.o" for number in range(len(commands))] if how else ["."]
    return subprocess.run([fencedep, "link", "--min-confidence=possible", *options, *units], cwd=directory,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


TIDY = re.compile(r"^(/[^:]*):(\d+):\d+: warning: .*\[(fence-[a-z-]+)\]$", re.M)


def check_tidy(module, directory, sources, options):
    """Complaints about clang-tidy's findings: in which lines of the sources, and no more."""
    rules = next((o.split("=", 1)[1] for o in options if o.startswith("--rules=")), None)
    checks = rules or ",".join(default_rules())
    config = "{CheckOptions: {fence.MinConfidence: possible, fence.Index: none}}"
    result = subprocess.run(["clang-tidy-19", f"-load={module}", f"-checks=-*,{checks}", f"-config={config}", "-quiet", "-p", directory, *sources],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if result.returncode or "ignored" in result.stderr:
        return [f"clang-tidy exits with {result.returncode}", result.stdout, result.stderr]
    found = {(os.path.realpath(f), int(line), rule) for f, line, rule in TIDY.findall(result.stdout)}
    wanted = {(v.file, v.line, v.rule) for v in verdicts(sources) if v.file in sources}
    # A finding whose sink is in a header is shown where the file at hand leaves for it.
    headers = {v.rule for v in verdicts(sources) if v.file not in sources}
    extra = [f for f in found - wanted if f[2] not in headers]
    return [f"unexpected: {f}" for f in sorted(extra)] + [f"missing: {f}" for f in sorted(wanted - found)]


def default_rules():
    """As `check --list-rules` has them."""
    fencedep = sys.argv[1]
    listed = subprocess.run([fencedep, "check", "--list-rules"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return [line.split()[0] for line in listed.splitlines() if line.split()[1] == "on"]


def run(fencedep, directory, options):
    door = next((o for o in options if o.startswith("--door=")), None)
    if door:
        return run_plugin(fencedep, directory, door.split("=", 1)[1], [o for o in options if o != door])
    return subprocess.run([fencedep, "check", "-p", directory, "--min-confidence=possible", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def main():
    args = sys.argv[1:]
    flags = []
    if "--" in args:
        cut = args.index("--")
        args, flags = args[:cut], args[cut + 1:]
    fencedep, mocks, *rest = args
    options = [a for a in rest if a.startswith("-")]
    sources = [os.path.realpath(a) for a in rest if not a.startswith("-")]

    with tempfile.TemporaryDirectory() as directory:
        directory = os.path.realpath(directory)
        write_database(directory, sources, mocks, flags)
        tidy = next((o for o in options if o.startswith("--tidy=")), None)
        if tidy:
            complaints = check_tidy(tidy.split("=", 1)[1], directory, sources, options)
            sys.exit("\n".join(complaints) or 0)
        result = run(fencedep, directory, ["--format=json", *options])
        if result.returncode not in (0, 2):
            sys.exit(f"verify: fencedep exits with {result.returncode}\n{result.stdout}{result.stderr}")
        report = json.loads(result.stdout)
        complaints = compare(report, verdicts(sources), directory) + check_roots(report, sources)
    if result.returncode != (2 if report["findings"] else 0):
        complaints.append(f"exit status {result.returncode} with {len(report['findings'])} findings")
    if complaints:
        sys.exit("\n".join(complaints))


if __name__ == "__main__":
    main()

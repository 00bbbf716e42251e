"""Checks SARIF files: by their schema, by Microsoft's validator, by what GitHub demands, and against the sources that they point at.

    sarif.py SCRATCH-DIRECTORY [--show-suppressed] [--outside] FILE...

The validator comes from npm, in the version that npm/package-lock.json pins, and stays in SCRATCH-DIRECTORY: only the first run needs the
network, and runs at the same time wait for it. --show-suppressed: there may be results that GitHub should not get. --outside: some files are
not below SRCROOT.
"""
import fcntl
import gzip
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import urllib.parse

import jsonschema

PACKAGES = pathlib.Path(__file__).parent / "npm"
KINDS = {"acquire", "release", "enter", "exit", "call", "return", "branch", "implicit", "false", "true", "caution", "danger", "unknown",
         "unreachable", "taint", "function", "handler", "lock", "memory", "resource", "scope", "value"}
# What the validator warns of and we cannot have: there is no home page yet. It also shows that it has read the file; what it cannot read
# it passes over in silence.
ALWAYS_WARNED = "SARIF2005"
complaints = []


def expect(condition, *what):
    if not condition:
        complaints.append(" ".join(map(str, what)))


def validator(scratch):
    """The directory of the validator's package."""
    lock = (PACKAGES / "package-lock.json").read_bytes()
    place = scratch / hashlib.sha256(lock).hexdigest()[:16]
    package = place / "node_modules/@microsoft/sarif-multitool-linux"
    scratch.mkdir(parents=True, exist_ok=True)
    with open(scratch / "lock", "w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not place.exists():
            half = scratch / "half"
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copy(PACKAGES / name, half)
            done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=half, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, check=False)
            if done.returncode:
                sys.exit(f"sarif: npm could not install the validator:\n{done.stdout}")
            # All that the package's own script does.
            (half / package.relative_to(place) / "Sarif.Multitool").chmod(0o755)
            half.rename(place)
    return package


def validate(package, scratch, file, for_github):
    schema = json.loads((package / "sarif-2.1.0.json").read_text())
    for error in jsonschema.validators.validator_for(schema)(schema).iter_errors(json.loads(file.read_text())):
        complaints.append(f"schema: {list(error.absolute_path)}: {error.message}")
    told = scratch / f"validation-{os.getpid()}.sarif"
    # It needs no ICU then.
    env = {**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    rules = "Sarif;Ghas" if for_github else "Sarif"
    done = subprocess.run([package / "Sarif.Multitool", "validate", file, "--rule-kind", rules, "--level", "Error;Warning", "--kind",
                           "Fail", "--log", "ForceOverwrite", "-o", told],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env, check=False)
    if not told.exists() or "1 files scanned" not in done.stdout:
        sys.exit(f"sarif: the validator could not be run:\n{done.stdout}")
    [run] = json.loads(told.read_text())["runs"]
    told.unlink()
    results = run.get("results", [])
    expect(any(result["ruleId"] == ALWAYS_WARNED for result in results), "validator: it did not read", file)
    for result in results:
        expect(result["ruleId"] == ALWAYS_WARNED, f"validator: {result['ruleId']}: {result['message']}")


class Sources:
    """What the regions of a run point at."""

    def __init__(self, run, outside):
        root = urllib.parse.urlsplit(run["originalUriBaseIds"]["SRCROOT"]["uri"])
        expect(root.scheme == "file" and root.path.endswith("/"), "SRCROOT is", root)
        self.root = os.fsencode(urllib.parse.unquote_to_bytes(root.path).decode("utf-8", "surrogateescape"))
        self.outside = outside
        self.lines = {}

    def path(self, artifact):
        uri = artifact["uri"]
        expect(re.fullmatch(r"(file://)?([-._~/A-Za-z0-9]|%[0-9A-F]{2})+", uri), "no proper URI:", uri)
        path = urllib.parse.unquote_to_bytes(urllib.parse.urlsplit(uri).path)
        expect(b".." not in path.split(b"/"), "a URI that climbs:", uri)
        if artifact.get("uriBaseId") == "SRCROOT":
            expect(not uri.startswith(("/", "file:")), "not relative:", uri)
            return self.root + path
        expect(self.outside and uri.startswith("file:///"), "outside of the root:", uri)
        expect(not path.startswith(self.root), "could be relative:", uri)
        return path

    def token(self, physical):
        region = physical["region"]
        path = self.path(physical["artifactLocation"])
        if path not in self.lines:
            with open(path, "rb") as file:
                self.lines[path] = file.read().decode("utf-8", "replace").split("\n")
        line = self.lines[path][region["startLine"] - 1].encode("utf-16-le")
        return line[2 * region["startColumn"] - 2:2 * region["endColumn"] - 2].decode("utf-16-le", "replace")


def check_location(location, sources):
    physical = location["physicalLocation"]
    expect(set(physical["region"]) == {"startLine", "startColumn", "endLine", "endColumn"}, "region:", physical["region"])
    expect(physical["region"]["endLine"] == physical["region"]["startLine"], "region:", physical["region"])
    token = sources.token(physical)
    expect(re.fullmatch(r"\w+|\S", token), "a region of", repr(token), physical)


def check_driver(driver):
    expect(driver["name"] == "fencedep" and re.fullmatch(r"\d+\.\d+\.\d+.*", driver["semanticVersion"]), "driver:", driver["name"])
    ids = [rule["id"] for rule in driver["rules"]]
    expect(len(ids) == len(set(ids)) and len(ids) > 10, "rules:", ids)
    for rule in driver["rules"]:
        expect(0 < len(rule["shortDescription"]["text"]) <= 1024, "shortDescription:", rule["id"])
        expect(0 < len(rule["fullDescription"]["text"]) <= 1024, "fullDescription:", rule["id"])
        expect(rule["help"]["markdown"].startswith(f"# {rule['id']}\n") and rule["help"]["text"], "help:", rule["id"])
        expect(not re.search(r"\]\([^()]*\.md", rule["help"]["markdown"]), "a dead link in the help:", rule["id"])
        properties = rule["properties"]
        expect(properties["precision"] in ("very-high", "high", "medium", "low"), "precision:", rule["id"])
        expect(properties["problem.severity"] in ("error", "warning", "recommendation"), "problem.severity:", rule["id"])
        expect(len(properties["tags"]) <= 10, "tags:", rule["id"])


def check_flow(flow, sources):
    """Returns how many locations there are."""
    steps = [step for thread in flow["threadFlows"] for step in thread["locations"]]
    names = [thread["id"] for thread in flow["threadFlows"]]
    expect(names[0] == "CPU0" and len(names) == len(set(names)), "threads:", names)
    orders = [step["executionOrder"] for step in steps if "executionOrder" in step]
    expect(sorted(orders) == (list(range(1, len(steps) + 1)) if len(names) > 1 else []), "orders:", orders)
    for thread in flow["threadFlows"]:
        own = [step.get("executionOrder", 0) for step in thread["locations"]]
        expect(own == sorted(own), "a thread goes back in time:", own)
        expect(min(step["nestingLevel"] for step in thread["locations"]) == 0, "nesting levels")
    for step in steps:
        check_location(step["location"], sources)
        expect(step["location"]["message"]["text"] and set(step["kinds"]) <= KINDS and step["kinds"], "step:", step)
        expect(step["importance"] in ("essential", "important"), "step:", step)
    return len(steps)


def check_result(result, driver, sources):
    if result.get("baselineState") == "absent":
        return
    expect(driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"], "ruleIndex of", result["ruleId"])
    expect(result["level"] in ("note", "warning", "error") and 0 <= result["rank"] <= 100, "level, rank")
    [location] = result["locations"]
    check_location(location, sources)
    links = [int(number) for number in re.findall(r"(?<!\\)\]\((\d+)\)", result["message"]["text"])]
    related = result.get("relatedLocations", [])
    expect(links == [place["id"] for place in related], "links", links, "in", result["message"]["text"])
    for place in related:
        check_location(place, sources)
    expect(len(related) <= 1000, len(related), "related locations")
    expect(sum(check_flow(flow, sources) for flow in result["codeFlows"]) <= 10000, "too many steps")
    expect(list(result["partialFingerprints"]) == ["fencedep/v1"], result["partialFingerprints"])
    expect(result["fingerprints"]["fencedep/v1"].startswith(result["partialFingerprints"]["fencedep/v1"] + ":"), "fingerprints")


def check_states(results, accepted):
    for name in ("suppressions", "baselineState"):
        having = [result for result in results if name in result]
        expect(len(having) in (0, len(results)), name, "of some results only")
    if accepted:
        return
    for result in results:
        expect("suppressions" not in result and result.get("baselineState", "new") == "new", "GitHub would show what is accepted:", result)


def check_notifications(run):
    [invocation] = run["invocations"]
    kinds = []
    for notification in invocation["toolExecutionNotifications"]:
        descriptor = notification["descriptor"]
        kinds.append(descriptor["id"])
        expect(run["tool"]["driver"]["notifications"][descriptor["index"]]["id"] == descriptor["id"], "notification:", descriptor)
    expect("coverage" in kinds, "no coverage")
    expect(invocation["executionSuccessful"] == ("unit-not-analysed" not in kinds), "executionSuccessful")
    expect((invocation["exitCode"] == 3) == ("unit-not-analysed" in kinds), "exitCode", invocation["exitCode"])


def check(file, accepted, outside):
    log = json.loads(file.read_text())
    expect(log["version"] == "2.1.0" and log["$schema"].endswith("sarif-2.1.0.json"), "version")
    expect(len(gzip.compress(file.read_bytes())) <= 10_000_000, "too large")
    expect(len(log["runs"]) == 1, len(log["runs"]), "runs")
    run = log["runs"][0]
    expect(run["columnKind"] == "utf16CodeUnits", run["columnKind"])
    check_driver(run["tool"]["driver"])
    check_notifications(run)
    results = run["results"]
    expect(len(results) <= 25000, len(results), "results")
    identities = [result["fingerprints"]["fencedep/v1"] for result in results if "fingerprints" in result]
    expect(len(identities) == len(set(identities)), "twins:", identities)
    check_states(results, accepted)
    sources = Sources(run, outside)
    for result in results:
        check_result(result, run["tool"]["driver"], sources)


def main():
    options = [argument for argument in sys.argv[1:] if argument.startswith("--")]
    scratch, *files = (pathlib.Path(argument) for argument in sys.argv[1:] if not argument.startswith("--"))
    package = validator(scratch)
    for file in files:
        validate(package, scratch, file, "--show-suppressed" not in options)
        check(file, "--show-suppressed" in options, "--outside" in options)
    sys.exit("\n".join(complaints) or 0)


if __name__ == "__main__":
    main()

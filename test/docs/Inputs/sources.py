"""Does docs/sources.md still tell the truth about rules and tests?

    sources.py FENCEDEP TOP

- Statements are numbered in order, and each has a test or says "no rule: " and why.
- Rules and tests in backticks exist, tests below test/rules/ or, with a path that begins with test/, below TOP.
- Except those of the rules in its line "Not yet implemented: ...". These must not exist, so whoever adds one has to come by here.
- Each rule, implemented or not, has a statement.
"""
import os
import re
import sys

from rules import listed_rules, read

Pending = re.compile(r"^Not yet implemented: (.*)$", re.MULTILINE)
Statement = re.compile(r"^\| (S\d|K)\.(\d+) \|.*$", re.MULTILINE)
Quoted = re.compile(r"`((?:fence-[\w-]+|test)(?:/[\w./-]*)?)`")


def number_complaints(page):
    count, complaints = {}, []
    for source, number in Statement.findall(page):
        wanted = count.get(source, 0) + 1
        count[source] = int(number)
        if int(number) != wanted:
            complaints.append(f"{source}.{number} stands where {source}.{wanted} is due")
    return complaints


def answer_complaints(page):
    return [f"neither a test nor a reason: {line.group(0)}" for line in Statement.finditer(page)
            if "no rule: " not in line.group(0) and not any("/" in name for name in Quoted.findall(line.group(0)))]


def name_complaints(page, rules, pending, top):
    complaints = [f"{rule} is implemented, but still listed as not" for rule in pending if rule in rules]
    for name in sorted(set(Quoted.findall(page))):
        rule = name.split("/")[0]
        if rule in pending:
            continue
        if rule != "test" and rule not in rules:
            complaints.append(f"there is no rule {rule}")
        elif "/" in name and not os.path.exists(os.path.join(top, name if rule == "test" else os.path.join("test", "rules", name))):
            complaints.append(f"there is no {name}")
    return complaints


def main():
    fencedep, top = sys.argv[1:]
    page = read(os.path.join(top, "docs", "sources.md"))
    rules = listed_rules(fencedep)
    pending = [rule for line in Pending.findall(page) for rule in line.split(", ")]
    complaints = number_complaints(page) + answer_complaints(page) + name_complaints(page, rules, pending, top)
    named = {name.split("/")[0] for line in Statement.finditer(page) for name in Quoted.findall(line.group(0))}
    complaints += [f"{rule} has no source" for rule in [*rules, *pending] if rule not in named]
    if complaints:
        sys.exit("\n".join(complaints))


if __name__ == "__main__":
    main()

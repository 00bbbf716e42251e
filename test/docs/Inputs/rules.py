"""Does every rule that fencedep lists have its page and its tests, and do these belong to a rule?

    rules.py FENCEDEP TOP

The page is docs/rules/ID.md: the id as its title, then what the rule says as one sentence in bold, and the parts below in this order,
perhaps with others among them.

The tests are files in test/rules/ID/ that are run by %check (test/verify.py), for which every finding needs a verdict, as in
`// expect: ID root=F`, and every verdict its finding. There must be
- a test that expects a finding: it has a verdict of the rule;
- a test that must stay silent: it has a function named `good...` that is no verdict's root=, or no verdict of the rule at all.
An opt-in rule is silent anyway, so its tests count only if their %check line has a --rules=.
"""
import os
import re
import subprocess
import sys

Parts = ["Bad patterns", "Good patterns", "What it does not see", "Options", "Source"]


def read(path):
    with open(path) as text:
        return text.read()


def listed_rules(fencedep):
    """The default ("on", "opt-in") of each rule."""
    listed = subprocess.run([fencedep, "check", "--list-rules"], stdout=subprocess.PIPE, text=True, check=True).stdout
    return dict(line.split(None, 2)[:2] for line in listed.splitlines())


def page_complaints(rule, path):
    if not os.path.exists(path):
        return [f"{path} is missing"]
    page = read(path)
    complaints = []
    if not re.match(rf"# {rule}\n\n\*\*.+?\.\*\*\n\n", page, re.DOTALL):
        complaints.append(f"{path} does not begin with '# {rule}' and one sentence in bold")
    headings = [part for part in re.findall(r"^## (.*)$", page, re.MULTILINE) if part in Parts]
    if headings != Parts:
        complaints.append(f"{path} has {headings}, not {Parts}")
    return complaints


def is_run(text, default):
    checks = re.findall(r"RUN:.*%check(.*)", text)
    return any(default == "on" or "--rules=" in check for check in checks)


def verdicts(text, rule):
    """The keys of each verdict of the rule."""
    all_verdicts = [v.split() for line in re.findall(r"//\s*expect:(.*)", text) for v in line.split(";")]
    return [dict(key.split("=", 1) for key in keys if "=" in key) for name, *keys in all_verdicts if name == rule]


def expects_silence(text, rule):
    found = verdicts(text, rule)
    roots = {keys.get("root", "").split("::")[-1] for keys in found}
    return not found or bool(set(re.findall(r"\b(good\w*)\(", text)) - roots)


def test_complaints(rule, default, folder):
    files = [os.path.join(folder, name) for name in sorted(os.listdir(folder))] if os.path.isdir(folder) else []
    tests = [text for text in map(read, filter(os.path.isfile, files)) if is_run(text, default)]
    complaints = []
    if not any(verdicts(text, rule) for text in tests):
        complaints.append(f"{folder} has no test that expects a finding")
    if not any(expects_silence(text, rule) for text in tests):
        complaints.append(f"{folder} has no test that must stay silent")
    return complaints


def main():
    fencedep, top = sys.argv[1], os.path.normpath(sys.argv[2])
    pages, tests = os.path.join(top, "docs", "rules"), os.path.join(top, "test", "rules")
    rules = listed_rules(fencedep)
    complaints = [] if rules else ["fencedep lists no rule"]
    for rule, default in rules.items():
        complaints += page_complaints(rule, os.path.join(pages, rule + ".md"))
        complaints += test_complaints(rule, default, os.path.join(tests, rule))
    complaints += [f"{pages}/{name} is no rule's page" for name in sorted(os.listdir(pages))
                   if name != "README.md" and name.removesuffix(".md") not in rules]
    complaints += [f"{tests}/{name} is no rule's folder" for name in sorted(os.listdir(tests)) if name not in rules]
    if complaints:
        sys.exit("\n".join(complaints))


if __name__ == "__main__":
    main()

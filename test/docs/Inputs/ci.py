"""Runs each recipe of examples/ci over changes with and without new findings, and checks that docs/ci.md shows it.

    ci.py FENCEDEP MOCKS SOURCE-DIRECTORY SCRATCH-DIRECTORY
"""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import yaml

fencedep, mocks, source, scratch = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), pathlib.Path(sys.argv[4])
recipes = source / "examples/ci"

SECTION = """#include <linux/dma-fence.h>
#include <linux/slab.h>
void helper(void);
void section(void)
{
	bool cookie = dma_fence_begin_signalling();
	kmalloc(8, GFP_KERNEL);
	helper();
	dma_fence_end_signalling(cookie);
}
"""
CALM = "void helper(void) {}\n"
NEW = "#include <linux/slab.h>\nvoid helper(void) { kmalloc(8, GFP_KERNEL); }\n"
BROKEN = "nonsense\n"

env = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "FENCEDEP"))}
env.update(GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_SYSTEM=os.devnull, FENCEDEP=fencedep)
failures = 0


def expect(what, got, wanted, output=""):
    global failures
    if got != wanted:
        failures += 1
        print(f"{what}: {got!r}, not {wanted!r}\n{output}")


def run(args, cwd, **more):
    done = subprocess.run(args, cwd=cwd, env={**env, **more}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout


def git(cwd, *args):
    status, output = run(["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *args], cwd)
    if status:
        sys.exit(f"git {args}: {output}")
    return output.strip()


def repository(name, **files):
    """A clone with an old finding, on a branch with the given files changed; origin/main went on since."""
    origin, clone = scratch / f"{name}-origin", scratch / name
    (origin / "scripts").mkdir(parents=True)
    shutil.copy(recipes / "fencedep-ci.sh", origin / "scripts")
    (origin / "section.c").write_text(SECTION)
    (origin / "helper.c").write_text(CALM)
    (origin / "other.c").write_text("")
    (origin / ".gitignore").write_text("compile_commands.json\n")
    git(origin, "init", "-q", "-b", "main")
    git(origin, "add", "-A")
    git(origin, "commit", "-q", "-m", "Start")
    git(scratch, "clone", "-q", origin.name, name)
    names = ("section.c", "helper.c", "other.c")
    units = [{"directory": str(clone), "file": unit, "arguments": ["cc", "-I", mocks, "-c", unit]} for unit in names]
    (clone / "compile_commands.json").write_text(json.dumps(units))
    # A finding that is mended upstream meanwhile must not count as new here.
    (origin / "section.c").write_text(SECTION.replace("GFP_KERNEL", "GFP_ATOMIC"))
    git(origin, "commit", "-q", "-a", "-m", "Mend")
    git(clone, "fetch", "-q", "origin")
    git(clone, "checkout", "-q", "-b", "change")
    for unit, text in files.items():
        (clone / f"{unit}.c").write_text(text)
    return clone


def commit(clone):
    git(clone, "commit", "-q", "--allow-empty", "-a", "-m", "Change")
    return clone


def script(command, cwd, shell, **more):
    return run([*shell, command], cwd, **more)


changes = {
    "calm": ({"other": "int x;\n"}, 0),
    "new": ({"helper": NEW}, 2),
    "broken": ({"other": BROKEN}, 3),
    "both": ({"helper": NEW, "other": BROKEN}, 2),
}

# The script itself.
expect("no arguments", run([recipes / "fencedep-ci.sh"], scratch)[0], 1)
for name, (files, status) in changes.items():
    clone = commit(repository(f"script-{name}", **files))
    got, output = run(["scripts/fencedep-ci.sh", "origin/main"], clone)
    expect(f"fencedep-ci.sh, {name}", got, status, output)
    expect(f"fencedep-ci.sh, {name}, old finding", "section.c:7:2: warning" in output, False, output)
    expect(f"fencedep-ci.sh, {name}, new finding", "helper.c:2:21: warning" in output, status == 2, output)
got, output = run(["scripts/fencedep-ci.sh", "origin/nowhere"], clone)
expect("fencedep-ci.sh, bad base", (got, "no common commit" in output), (1, True), output)
got, output = run(["scripts/fencedep-ci.sh", "origin/main"], clone, FENCEDEP="/nowhere/fencedep")
expect("fencedep-ci.sh, no program", got, 1, output)

# GitHub runs each step in `bash -e`.
def github_step(recipe, word):
    """The one step of a workflow that has WORD."""
    workflow = yaml.safe_load((recipes / recipe).read_text())
    steps = [step["run"] for step in workflow["jobs"]["fencedep"]["steps"] if word in step.get("run", "")]
    expect(f"{recipe}, steps", len(steps), 1)
    return steps[0]


step = github_step("github.yml", "fencedep-ci.sh")
for name, (files, status) in changes.items():
    clone = commit(repository(f"github-{name}", **files))
    got, output = script(step, clone, ["bash", "-e", "-c"], GITHUB_BASE_REF="main")
    expect(f"github.yml, {name}", got, 1 if status == 2 else 0, output)
    expect(f"github.yml, {name}, finding", "\n::warning file=helper.c,line=2," in output, "helper" in files, output)
    expect(f"github.yml, {name}, unit", "\n::warning title=fencedep::not analysed: " in output, "other" in files and name != "calm", output)

step = github_step("github-code-scanning.yml", "fencedep check")
for name, (files, status) in changes.items():
    clone = commit(repository(f"scanning-{name}", **files))
    got, output = script(step, clone, ["bash", "-e", "-c"], PATH=f"{os.path.dirname(fencedep)}:{env['PATH']}")
    expect(f"github-code-scanning.yml, {name}", got, 0, output)
    expect(f"github-code-scanning.yml, {name}, warning", "::warning::" in output, status == 3 or name == "both", output)
    sarif = json.loads((clone / "fencedep.sarif").read_text())
    places = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in sarif["runs"][0]["results"]}
    expect(f"github-code-scanning.yml, {name}, results", places, {"section.c", "helper.c"} if "helper" in files else {"section.c"})
got, output = script(step, clone, ["bash", "-e", "-c"], PATH=f"/nowhere:{env['PATH'].replace(os.path.dirname(fencedep), '/nowhere')}")
expect("github-code-scanning.yml, no program", got, 1, output)

# GitLab runs each line so, and the job has the status of the one that fails.
job = yaml.safe_load((recipes / "gitlab.yml").read_text())["fencedep"]
lines = [line for line in job["script"] if "fencedep-ci.sh" in line]
expect("gitlab.yml, lines", len(lines), 1)
expect("gitlab.yml, allowed", job["allow_failure"]["exit_codes"], 3)
for name, (files, status) in changes.items():
    clone = commit(repository(f"gitlab-{name}", **files))
    base = git(clone, "merge-base", "origin/main", "HEAD")
    got, output = script(lines[0], clone, ["bash", "-eo", "pipefail", "-c"], CI_MERGE_REQUEST_DIFF_BASE_SHA=base)
    expect(f"gitlab.yml, {name}", got, status, output)

job = yaml.safe_load((recipes / "gitlab.yml").read_text())["fencedep-report"]
[line] = [line for line in job["script"] if "fencedep check" in line]
for name, (files, status) in changes.items():
    clone = commit(repository(f"quality-{name}", **files))
    got, output = script(line, clone, ["bash", "-eo", "pipefail", "-c"], PATH=f"{os.path.dirname(fencedep)}:{env['PATH']}")
    expect(f"gitlab.yml, report of {name}", got in job["allow_failure"]["exit_codes"], True, output)
    issues = json.loads((clone / job["artifacts"]["reports"]["codequality"]).read_text())
    checks = sorted((issue["location"]["path"], issue["check_name"]) for issue in issues)
    wanted = [("helper.c", "fence-reclaim")] * ("helper" in files) + [("other.c", "not-analysed")] * (status == 3 or name == "both")
    expect(f"gitlab.yml, issues of {name}", checks, [*wanted, ("section.c", "fence-reclaim")])

# pre-commit runs the entry at the top of the work tree; git runs its hook, in an environment of its own.
hook = yaml.safe_load((recipes / "pre-commit.yaml").read_text())["repos"][0]["hooks"][0]
expect("pre-commit.yaml, names", hook["pass_filenames"], False)
for name, (files, status) in changes.items():
    clone = repository(f"commit-{name}", **files)
    git(clone, "add", "-u")
    got, output = run(shlex.split(hook["entry"]), clone)
    expect(f"pre-commit.yaml, {name}", got, status, output)
    shutil.copy(recipes / "pre-commit.sh", clone / ".git/hooks/pre-commit")
    got, output = run(["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-a", "-m", "Change"], clone)
    expect(f"pre-commit.sh, {name}", got, 1 if status == 2 else 0, output)

# The page shows what was run.
page = (source / "docs/ci.md").read_text()
shown = re.findall(r"^```\w+\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
for name in ("github.yml", "github-code-scanning.yml", "gitlab.yml", "pre-commit.yaml", "pre-commit.sh"):
    expect(f"docs/ci.md shows {name}", (recipes / name).read_text() in shown, True)
    expect(f"docs/ci.md links {name}", f"(../examples/ci/{name})" in page, True)
expect("docs/ci.md, blocks", len(shown), 6)  # and one of commands, which commands.py runs

sys.exit(failures != 0)

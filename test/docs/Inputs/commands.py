"""Runs the commands of the documentation.

    commands.py check TOP                              each block of commands says where it is run, or why it is not
    commands.py run TOP BUILD SCRATCH MOCKS PLACE...   runs those that belong to these places

CONTRIBUTING.md ("Commands in the documentation") has the rules.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
from typing import NamedTuple

PLACES = pathlib.Path(__file__).parent / "places"
MARKER = re.compile(r"<!-- commands: (.*) -->$")
FENCE = re.compile(r"( *)```(\w*) ?(.*)$")
STATUS = re.compile(r"(.*\S)\s+# exit status (\d+)$")
PLUGINS = "/usr/lib/fencedep/llvm-19"
PRELUDE = """fencedep() { command fencedep "$@" || [ $? = 2 ]; }
must_exit() { [ "$2" = "$1" ] || { echo "exit status $2 instead of $1"; exit 1; }; }
"""


class Block(NamedTuple):
    line: int
    language: str
    file: str
    text: str
    place: str = ""  # "": not run
    wrong: str = ""


def pages(top):
    return [top / "README.md", top / "CONTRIBUTING.md", *sorted((top / "docs").glob("*.md")), *sorted((top / "docs/rules").glob("*.md"))]


def fenced(page):
    """The page's fenced blocks and markers, the latter with the language "marker"; indented blocks are wrong."""
    start, before, in_list = None, "", False
    for number, line in enumerate(page.read_text().splitlines(), 1):
        fence, marker = FENCE.match(line), MARKER.match(line)
        if start:
            if fence and not fence[2]:
                yield start._replace(text="".join(re.sub(f"^ {{0,{indent}}}", "", each) + "\n" for each in lines))
                start = None
            else:
                lines.append(line)
        elif fence:
            start, indent, lines = Block(number, fence[2], fence[3], ""), len(fence[1]), []
        elif marker:
            yield Block(number, "marker", "", marker[1])
        elif re.match(r"    \S", line) and not before and not in_list:
            yield Block(number, "", "", line, wrong="an indented block; fence it, with ```sh if these are commands")
        if line and not line.startswith("  "):
            in_list = bool(re.match(r"([-*]|\d+\.) ", line))
        before = line.strip()


def blocks(page):
    """The blocks that matter: commands, and what belongs to them."""
    place, reason = "", ""
    for block in fenced(page):
        if block.language == "marker":
            verb, _, what = block.text.partition("in " if block.text.startswith("in ") else "not run: ")
            if verb or not what:
                yield block._replace(wrong=f"'{block.text}' is neither 'in PLACE' nor 'not run: REASON'")
            elif block.text.startswith("not run"):
                reason = what
            elif (PLACES / what).exists():
                place = what
            else:
                yield block._replace(wrong=f"there is no place {what}; places are {', '.join(sorted(p.name for p in PLACES.iterdir()))}")
        elif block.wrong:
            yield block
        elif block.language == "sh" and not block.text.startswith("#!"):
            wrong = "" if reason or place else "commands that are neither in a place nor 'not run'"
            yield block._replace(place="" if reason else place, wrong=wrong)
            reason = ""
        elif block.file or block.language == "output":
            yield block._replace(place=place)


def check(top):
    complaints = [f"{page.relative_to(top)}:{block.line}: {block.wrong}" for page in pages(top) for block in blocks(page) if block.wrong]
    if complaints:
        sys.exit("\n".join(complaints))


def script(session, plugins):
    """What a shell has to do for the blocks of one page in one place; each leaves its output in $PLACE/LINE."""
    lines = ["\n" + PRELUDE]
    for block in session:
        text = block.text.replace(PLUGINS, plugins)
        if block.file:
            lines.append(f"cat >{block.file} <<'END OF FILE'\n{text}END OF FILE")
        elif block.language == "sh":
            lines.append(f"echo {block.line} >$PLACE/last; exec >>$PLACE/{block.line} 2>&1")
            for command in text.splitlines():
                expected = STATUS.match(command)
                lines.append(f"status=0; {expected[1]} || status=$?; must_exit {expected[2]} $status" if expected else command)
    return "\n".join(lines) + "\n"


def contains(output, wanted):
    """Are the lines of wanted there, in that order? A line of three dots stands for any lines, dots at the end of one for its rest."""
    def pattern(line):
        if line == "...":
            return "(?:.*\n)*?"
        return re.escape(line.removesuffix(" ...")) + (".*\n" if line.endswith(" ...") else "\n")

    return re.search("^" + "".join(map(pattern, wanted.splitlines())), output, re.MULTILINE)


def outputs(session, here):
    """Complaints about what was printed."""
    last = None
    for block in session:
        if block.language == "sh":
            last = here / str(block.line)
        elif block.language == "output" and not block.file:
            output = last.read_text(errors="replace") if last else ""
            if not contains(output, block.text):
                yield f"{block.line}: this was printed instead:\n{output}"


def run_session(session, place, here, env, plugins):
    shutil.rmtree(here, ignore_errors=True)
    (here / "home").mkdir(parents=True)
    (here / "work").mkdir()
    (here / ".clang-tidy").write_text("Checks: '-*'\n")  # ours is not what a reader has
    env = dict(env, HOME=str(here / "home"), PLACE=str(here))
    text = (PLACES / place).read_text() + script(session, plugins)
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", text], cwd=here / "work", env=env, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode:
        last = (here / "last").read_text().strip() if (here / "last").exists() else ""
        said = (here / last).read_text(errors="replace") if last else done.stdout
        return [f"{last or place}: exit status {done.returncode}\n{said}"]
    return list(outputs(session, here))


def run(top, build, scratch, mocks, places):
    env = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "FENCEDEP"))}
    env.update(PATH=f"{build / 'bin'}:{env['PATH']}", TOP=str(top), MOCKS=mocks, GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_SYSTEM=os.devnull)
    count, complaints = 0, []
    for page in pages(top):
        for place in places:
            session = [block for block in blocks(page) if block.place == place]
            if any(block.language == "sh" for block in session):
                count += 1
                said = run_session(session, place, scratch / f"{page.stem}-{place}", env, str(build / "lib"))
                complaints += [f"{page.relative_to(top)}:{text}" for text in said]
    print("\n".join(complaints) or f"{count} pages and places")
    return 1 if complaints or not count else 0


if __name__ == "__main__":
    verb, folder, *more = sys.argv[1:]
    if verb == "check":
        check(pathlib.Path(folder).resolve())
    else:
        sys.exit(run(pathlib.Path(folder).resolve(), pathlib.Path(more[0]), pathlib.Path(more[1]), more[2], more[3:]))

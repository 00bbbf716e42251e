"""Does every relative link of the documentation lead somewhere, does the front page lead to every page, and architecture.md know each
folder of the library?

    links.py TOP

Anchors are made as GitHub makes them of headings. Paths in backticks (`lib/...`, `test/...`) of the pages for contributors exist, too; a
word in capitals in one stands for a name.
"""
import pathlib
import re
import sys

LINK = re.compile(r"(?<!!)\[[^\]\[]*\]\(([^()]+)\)")
PATH = re.compile(r"`((?:bench|cmake|docs|examples|include|lib|packaging|scripts|test|tools)/[\w./*<>-]*)`")


def prose(page):
    """The text without code."""
    text = re.sub(r"^ *```.*?^ *```$", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"`[^`\n]*`", lambda code: code[0] if "](" not in code[0] else "", text)


def anchors(page):
    seen, found = {}, set()
    for heading in re.findall(r"^#+ (.*)$", prose(page), re.MULTILINE):
        heading = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        count = seen[slug] = seen.get(slug, -1) + 1
        found.add(f"{slug}-{count}" if count else slug)
    return found


def complaints(page, top):
    for target in LINK.findall(prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists():
            yield f"{target}: there is no such file"
        elif anchor and anchor not in anchors(there):
            yield f"{target}: there is no such heading; there are {', '.join(sorted(anchors(there)))}"
        elif top not in [there, *there.parents]:
            yield f"{target}: leads out of the project"
    if page.name in ("CONTRIBUTING.md", "architecture.md", "adding-a-rule.md"):
        for path in PATH.findall(page.read_text()):
            if not list(top.glob(re.sub(r"\b[A-Z]+\b|<[\w-]+>", "*", path.rstrip("/")))):
                yield f"`{path}`: there is no such file"


def main():
    top = pathlib.Path(sys.argv[1]).resolve()
    pages = [*top.glob("*.md"), *sorted(top.glob("docs/**/*.md")), *sorted(top.glob("test/**/README.md"))]
    wrong = [f"{page.relative_to(top)}: {what}" for page in pages for what in complaints(page, top)]
    front = prose(top / "docs/README.md")
    linked = {(top / "docs" / target.partition("#")[0]).resolve() for target in LINK.findall(front)}
    wrong += [f"docs/README.md does not lead to {page.name}" for page in sorted(top.glob("docs/*.md"))
              if page.name != "README.md" and page not in linked]
    architecture = (top / "docs/architecture.md").read_text()
    wrong += [f"docs/architecture.md does not say what lib/{folder.name} is" for folder in sorted((top / "lib").iterdir())
              if f"| `lib/{folder.name}` |" not in architecture]
    if wrong:
        sys.exit("\n".join(wrong))


main()

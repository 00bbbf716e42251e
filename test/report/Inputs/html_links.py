"""Checks that every link of an HTML report leads somewhere inside it, and that nothing in it is from elsewhere.

    html_links.py REPORT...     folders, or files that are a whole report each
"""
import html.parser
import pathlib
import re
import sys
import urllib.parse

failures = 0


def fail(where, what):
    global failures
    failures += 1
    print(f"{where}: {what}")


class Page(html.parser.HTMLParser):
    """What a page defines and refers to, its data blocks included."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.ids, self.links, self.blocks, self.block = [], [], {}, None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if "id" in attrs:
            self.ids.append(attrs["id"])
        self.links += [attrs[name] for name in ("href", "src", "srcset", "action", "poster", "data", "xlink:href") if name in attrs]
        self.block = attrs["id"] if tag == "script" and attrs.get("type") == "text/plain" else None

    def handle_data(self, data):
        if self.block:
            self.blocks[self.block] = self.blocks.get(self.block, "") + data

    def handle_endtag(self, tag):
        self.block = None


def check(where, text, resolve):
    page = Page(text)
    for name in {name for name in page.ids if page.ids.count(name) > 1}:
        fail(where, f"id {name} is there twice")
    for link in page.links:
        parts = urllib.parse.urlsplit(link)
        if link == "data:,":  # no icon
            continue
        if parts.scheme or parts.netloc:
            fail(where, f"leads out: {link}")
        elif not resolve(urllib.parse.unquote(parts.path), urllib.parse.unquote(parts.fragment), page):
            fail(where, f"leads nowhere: {link}")
    # What a style sheet or a script would load, too.
    if found := re.search(r"url\(|@import|https?://(?!www\.w3\.org/)|\bfetch\(|XMLHttpRequest|\bimport\(", text):
        fail(where, f"loads something: {found[0]}")
    return page


def check_folder(folder):
    def resolve(path, fragment, page):
        return (folder / path).is_file() if path else not fragment or fragment in page.ids

    for path in sorted(folder.iterdir()):
        if path.suffix == ".html":
            check(path, path.read_text(), resolve)
        else:
            check(path, f"<pre>{path.read_text().replace('<', '')}</pre>", resolve)


def check_file(path):
    whole = Page(path.read_text())

    def resolve(target, fragment, page):
        return not target and (not fragment or fragment in page.ids or "data-" + fragment in whole.ids)

    check(path, path.read_text(), resolve)
    for name, block in whole.blocks.items():
        check(f"{path}#{name}", block, resolve)
    if not whole.blocks:
        fail(path, "holds no pages")


for argument in sys.argv[1:]:
    report = pathlib.Path(argument)
    (check_folder if report.is_dir() else check_file)(report)
sys.exit(failures > 0)

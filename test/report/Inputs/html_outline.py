"""Prints what pages of an HTML report say, a line for each block, without the coordinates of pictures and without what is from the rules' pages.

    html_outline.py FOLDER NAME...     names without .html; a * stands for anything
"""
import html.parser
import pathlib
import re
import sys

LINES = {"h1", "h2", "p", "li", "summary", "figure", "pre", "tr", "section", "table", "details", "svg", "ol", "ul", "article", "nav",
         "footer", "header", "div", "form"}
MUTE = {"head", "form"}
WORDS = {"title", "td", "th", "text", "a", "span", "button", "option", "select", "kbd", "meter", "label"}


class Outline(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.lines, self.line, self.mute, self.rule = [], "", 0, False
        self.feed(text)
        self.flush()

    def flush(self):
        line = re.sub(r"\s+", " ", self.line).strip()
        if line:
            self.lines.append(line)
        self.line = ""

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in MUTE or (tag == "div" and self.rule) or attrs.get("class") == "prose":
            self.mute += 1
            self.rule |= tag == "div"
        if tag in LINES or tag == "g":
            self.flush()
        if tag in ("h1", "h2", "h3"):
            self.line += "#" * int(tag[1]) + " "
        elif tag == "svg":
            self.line += f"[picture: {attrs['aria-label']}"
        elif tag == "g":
            self.line += f"  ({attrs['class'].strip()}) "
        elif tag == "span" and attrs.get("class", "").startswith("line"):
            self.flush()
            self.line += ">" if "here" in attrs["class"] else "|"
        elif tag == "mark":
            self.line += "«"
        elif tag == "a" and attrs.get("href"):
            self.line += f"<{attrs['href']}> "

    def handle_endtag(self, tag):
        if tag in MUTE or (tag == "div" and self.rule):
            self.mute -= 1
            self.rule = False
        if tag == "mark":
            self.line += "»"
        elif tag == "svg":
            self.flush()
            self.line = "]"
        if tag in LINES or tag == "g":
            self.flush()
        elif tag in WORDS:
            self.line += " "

    def handle_data(self, data):
        if not self.mute:
            self.line += data


folder = pathlib.Path(sys.argv[1])
for name in sys.argv[2:]:
    for path in sorted(folder.glob(name + ".html")):
        outline = Outline(path.read_text())
        print(f"=== {path.name}")
        print("\n".join(line for line in outline.lines if not re.fullmatch(r"fencedep [0-9.]+", line)))

"""Are the rates that other pages name those of docs/evaluation.md?

    claims.py TOP
"""
import pathlib
import re
import sys

top = pathlib.Path(sys.argv[1])
evaluation = (top / "docs/evaluation.md").read_text()


def rate(tier):
    findings, true = re.search(rf"^\| \*\*{tier}\*\* \| \*\*all\*\* \| \*\*(\d+)\*\* \| \*\*(\d+) ", evaluation, re.MULTILINE).groups()
    return int(true), int(findings)


certain, likely = rate("certain"), rate("likely")
both = f"{100 * (certain[0] + likely[0]) // (certain[1] + likely[1])} % of both"
claim = f"{certain[0]} of the {certain[1]} certain and {likely[0]} of the {likely[1]} likely ones"
wrong = [f"{page} does not say '{words}'" for page, words in (("README.md", claim), ("docs/limits.md", claim), ("docs/limits.md", both))
         if words not in " ".join((top / page).read_text().split())]
unseen, true, false, reached = map(int, re.search(r"^\| all that was mended \| (\d+) \| (\d+) \(\d+ %\) \| (\d+) \| (\d+) \|",
                                                  evaluation, re.MULTILINE).groups())
if true + false != unseen:
    wrong.append(f"{true} true and {false} false findings are not {unseen}")
for page, words in (("README.md", f"{true} of {unseen}"), ("docs/limits.md", f"{true} of {unseen}"),
                    ("docs/limits.md", f"wrong as reported in {true + reached}")):
    if words not in " ".join((top / page).read_text().split()):
        wrong.append(f"{page} does not say '{words}'")
sys.exit("\n".join(wrong) or 0)

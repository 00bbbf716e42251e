"""html_hostile.py write DIRECTORY: a source that is not well-meaning. html_hostile.py read REPORT...: what a browser makes of it."""
import os
import pathlib
import sys

NAME = "<img src=x onerror=alert(1)>'\"&amp;.c"
LINES = ["/* </pre></script><script>document.title = 'taken'</script><!-- <script> */", "/* &lt;b&gt; \" ' ` */"]

if sys.argv[1] == "write":
    folder = pathlib.Path(sys.argv[2]) / "src"
    folder.mkdir(parents=True)
    source = f"""#include <linux/dma-fence.h>
#include <linux/slab.h>
void section_\u00e4\u00f6(void)
{{
	bool cookie = dma_fence_begin_signalling();
	{LINES[0]}
	kfree(kmalloc(8, GFP_KERNEL)); {LINES[1]}
	/* SEEN: bidi \u202e, nothing \u200b, bell \a, latin1 LATIN */
	dma_fence_end_signalling(cookie);
}}
"""
    (folder / NAME).write_bytes(source.encode().replace(b"LATIN", b"\xe9\xff"))
    sys.exit()

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from browser import Browser  # noqa: E402

with Browser() as browser:
    for report in sys.argv[2:]:
        browser.open(report)
        browser.press("j")
        browser.press("Enter")
        browser.wait_until("document.querySelector('.finding')")
        title = browser.evaluate("document.title")
        assert title == "fence-reclaim: kmalloc in section_\u00e4\u00f6 - fencedep", title
        assert browser.evaluate("document.querySelectorAll('img').length") == 0
        place = browser.evaluate("document.querySelector('.facts .place').textContent")
        assert place == f"src/{NAME}:7:8", place
        code = browser.evaluate("[...document.querySelectorAll('.source')].at(-1).textContent")
        for line in LINES:
            assert line in code, code
        assert "bidi \ufffd, nothing \ufffd, bell \ufffd, latin1 \ufffd\ufffd */" in code, code
    assert not browser.complaints, browser.complaints

"""html_many.py NUMBER: a source with as many findings.
html_many.py REPORT...: looks for one of them in a browser."""
import os
import sys

if sys.argv[1].isdigit():
    print("#include <linux/dma-fence.h>\n#include <linux/slab.h>")
    for i in range(int(sys.argv[1])):
        print(f"""
static void *inner_{i}(int n)
{{
	return kmalloc(n, GFP_KERNEL);
}}

static void *middle_{i}(int n)
{{
	return inner_{i}(n + 1);
}}

void section_{i}(void)
{{
	bool cookie = dma_fence_begin_signalling();

	kfree(middle_{i}(8));
	dma_fence_end_signalling(cookie);
}}""")
    sys.exit()

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from browser import Browser  # noqa: E402

with Browser() as browser:
    for report in sys.argv[1:]:
        browser.open(report)
        browser.press("/")
        browser.type("section_1234")
        shown = browser.evaluate("document.querySelector('[data-shown]').textContent")
        assert shown == "1 of 2000 shown", shown
        browser.press("Enter")
        browser.press("Enter")
        browser.wait_until("document.querySelector('.finding')")
        title = browser.evaluate("document.title")
        assert title == "fence-reclaim: kmalloc in section_1234 - fencedep", title
        assert browser.evaluate("document.querySelectorAll('.picture .node').length") == 4
        browser.press("Escape")
        browser.wait_until("document.querySelector('[data-shown]')?.textContent === '1 of 2000 shown'")
    assert not browser.complaints, browser.complaints

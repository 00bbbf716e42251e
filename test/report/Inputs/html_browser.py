"""Uses the reports of html-browser.test as a reader would.

    html_browser.py INDEX FILE      the folder's index.html, and the report in one file
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from browser import Browser  # noqa: E402

failures = 0
where = ""


def expect(what, got, wanted):
    global failures
    if got != wanted:
        failures += 1
        print(f"{where}: {what}: {got!r}, not {wanted!r}")


# The weakest contrast of any text that is shown, with its place: WCAG asks for 4.5.
CONTRAST = """(() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (c) => c.slice(0, 3).map((x) => x / 255).map((x) => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)
    .reduce((sum, x, i) => sum + x * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const box = e.matches("text") ? e.parentElement.querySelector("rect") : null;
      const colour = rgba(box ? getComputedStyle(box).fill : getComputedStyle(e).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  let worst = [99, ""];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility() || element.matches("script, title, meter, noscript, option")) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(rgba(element.matches("text") ? style.fill : style.color)), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < worst[0]) worst = [contrast, node.data.trim() + " in " + element.outerHTML.slice(0, 80)];
  }
  return worst;
})()"""


def check_looks(browser, page):
    backgrounds = set()
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        backgrounds.add(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
        contrast, text = browser.evaluate(CONTRAST)
        expect(f"{page}, {scheme}: contrast of {text}", contrast >= 4.5 or contrast, True)
        for width in (1280, 800, 360):
            browser.resize(width, 900)
            expect(f"{page}, {scheme}: too wide by at {width}", browser.evaluate("document.documentElement.scrollWidth - innerWidth"), 0)
    expect(f"{page}: backgrounds", len(backgrounds), 2)
    browser.resize(1280, 900)
    browser.prefer("light")


def focused(browser):
    return browser.evaluate("document.activeElement.closest('tr')?.querySelector('.place').textContent "
                            "|| document.activeElement.id")


def shown(browser):
    return browser.evaluate("[...document.querySelectorAll('.findings tbody tr:not([hidden])')]"
                            ".map((row) => row.querySelector('.place').textContent).join(' ')")


ALL = "device.c:31:2 device.c:33:2 device.c:16:9 device.c:21:9"


def use_overview(browser):
    expect("rows", shown(browser), ALL)
    browser.press("j")
    expect("j", focused(browser), "device.c:31:2")
    browser.press("ArrowDown")
    browser.press("j")
    browser.press("k")
    expect("j and k", focused(browser), "device.c:33:2")
    browser.press("ArrowUp")
    browser.press("k")
    expect("up to the end", focused(browser), "device.c:31:2")
    expect("focus is seen", browser.evaluate("getComputedStyle(document.activeElement).outlineStyle"), "solid")
    browser.press("/")
    expect("/", focused(browser), "search")
    browser.type("BUS_lock while")
    expect("search", shown(browser), "device.c:31:2")
    expect("how many", browser.evaluate("document.querySelector('[data-shown]').textContent"), "1 of 4 shown")
    browser.press("Escape")
    expect("Escape", shown(browser), ALL)
    browser.type("nowhere")
    expect("none", browser.evaluate("document.querySelector('.none').checkVisibility()"), True)
    browser.press("Escape")
    for name, value, rows in (("confidence", "likely", "device.c:16:9 device.c:21:9"), ("rule", "fence-wait-locked", "device.c:33:2"),
                              ("folder", ".", ALL)):
        button = f"[data-filter={name}][data-value='{value}']"
        browser.click(button)
        expect(f"only {value}", shown(browser), rows)
        expect(f"{value} is pressed", browser.evaluate(f"document.querySelector(\"{button}\").ariaPressed"), "true")
        browser.click(button)
        expect(f"not only {value}", shown(browser), ALL)
    browser.click("[data-sort=finding] button")
    expect("sorted", shown(browser), "device.c:16:9 device.c:21:9 device.c:31:2 device.c:33:2")
    browser.click("[data-sort=confidence] button")
    browser.click("[data-sort=confidence] button")
    expect("the least sure first", shown(browser), "device.c:16:9 device.c:21:9 device.c:31:2 device.c:33:2")
    expect("said so", browser.evaluate("document.querySelector('[data-sort=confidence]').ariaSort"), "descending")
    browser.click("[data-sort=confidence] button")
    expect("as it was", shown(browser), ALL)


def heading(browser):
    return browser.evaluate("document.querySelector('.finding h1')?.textContent.split(' ')[0] || ''")


def use_findings(browser):
    """From the overview through the findings that a filter leaves, and back to it."""
    browser.press("Escape")
    expect("Escape leaves the field", focused(browser), "")
    browser.press("/")
    browser.type("certain")
    browser.press("Enter")
    expect("first of the filter", focused(browser), "device.c:31:2")
    browser.press("Enter")
    browser.wait_until("document.querySelector('.finding')")
    expect("opened", heading(browser), "mutex_lock")
    check_looks(browser, "finding")
    browser.press("j")
    browser.wait_until("document.querySelector('.finding h1')?.textContent.startsWith('device::own_lock')")
    expect("no next beyond the filter", browser.evaluate("document.querySelector('[data-step=next]')?.checkVisibility() || false"), False)
    browser.press("k")
    browser.wait_until("document.querySelector('.finding h1')?.textContent.startsWith('mutex_lock')")

    sources = "[...document.querySelectorAll('.hop details')].filter((source) => source.open).length"
    expect("sources", browser.evaluate(sources), 7)
    browser.click("[data-fold]")
    expect("folded", browser.evaluate(sources), 0)
    browser.wait_until("document.querySelector('[data-fold]').textContent === 'Show all source'")
    browser.evaluate("document.querySelector('[data-hop=cpu2-0]').dispatchEvent(new MouseEvent('click'))")
    expect("a node of the picture shows its hop", browser.evaluate(sources), 1)
    expect("the hop", browser.evaluate("document.querySelector('.hop.shown .say').textContent"), "suspend calls dma_fence_wait")

    browser.click(".facts .rule")
    browser.wait_until("document.querySelector('article.prose h1')")
    expect("rule", browser.evaluate("document.querySelector('article.prose h1').textContent"), "fence-lock-cycle")
    check_looks(browser, "rule")
    browser.press("Escape")
    browser.wait_until("document.querySelector('#overview')?.checkVisibility() && document.querySelector('[data-shown]').textContent")
    expect("filter kept", shown(browser), "device.c:31:2 device.c:33:2")
    expect("focus kept", focused(browser), "device.c:31:2")
    browser.press("Escape")
    expect("filter cleared", shown(browser), ALL)


def use_theme(browser, path):
    dark = "getComputedStyle(document.documentElement).colorScheme"
    browser.prefer("light")
    browser.click("[data-theme-switch]")
    expect("switched", browser.evaluate(dark), "dark")
    browser.open(path)
    expect("remembered", browser.evaluate(dark), "dark")
    contrast, text = browser.evaluate(CONTRAST)
    expect(f"contrast of {text}", contrast >= 4.5 or contrast, True)
    browser.click("[data-theme-switch]")
    expect("switched back", browser.evaluate(dark), "light")


with Browser() as browser:
    for where in sys.argv[1:]:
        browser.open(where)
        browser.evaluate("localStorage.clear(), sessionStorage.clear()")  # files share them
        browser.open(where)
        check_looks(browser, "overview")
        use_overview(browser)
        use_findings(browser)
        use_theme(browser, where)
        browser.open(where, "#?rule=fence-reclaim&q=large")
        expect("an address with a filter", shown(browser), "")
        browser.open(where, "#?rule=fence-reclaim&q=21:9")
        expect("an address with a filter", shown(browser), "device.c:21:9")
    expect("the console", browser.complaints, [])
sys.exit(failures > 0)

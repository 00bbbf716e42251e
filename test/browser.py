"""A headless Chromium for tests of pages, driven by its DevTools protocol over a pipe: no port, no package but Chromium's own.

    with Browser() as browser:
        browser.open("report/index.html")
        browser.press("/")
        browser.evaluate("document.title")

What a page writes to its console, what it cannot load, and what its script throws is kept in `complaints`.
"""
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import time

PATIENCE = 60  # seconds; a machine that runs other tests may be slow

KEYS = {"Enter": "\r", "Escape": "", "ArrowDown": "", "ArrowUp": "", "Tab": ""}


class Browser:
    def __init__(self, width=1280, height=900):
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        if not program:
            sys.exit("browser.py: chromium is missing; ./dev setup installs it")
        self.home = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)  # a helper of Chromium may still write
        to_browser, self.requests = os.pipe()
        self.answers, from_browser = os.pipe()
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--remote-debugging-pipe",
                 f"--user-data-dir={self.home.name}", f"--window-size={width},{height}", "about:blank"]

        def connect():  # Chromium reads from 3 and writes to 4
            os.dup2(to_browser, 103)
            os.dup2(from_browser, 104)
            os.dup2(103, 3)
            os.dup2(104, 4)

        self.process = subprocess.Popen([program, *flags], preexec_fn=connect, close_fds=False, env={**os.environ, "HOME": self.home.name},
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer, self.last, self.session, self.complaints, self.events = b"", 0, None, [], []
        page = self.send("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.send("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        self.resize(width, height)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.session = None
        try:
            self.send("Browser.close")
        except (OSError, RuntimeError):
            pass
        self.process.wait()
        self.home.cleanup()

    # --- the protocol
    def message(self, deadline):
        while b"\0" not in self.buffer:
            if not select.select([self.answers], [], [], max(0, deadline - time.monotonic()))[0]:
                raise RuntimeError("the browser does not answer")
            more = os.read(self.answers, 1 << 20)
            if not more:
                raise RuntimeError("the browser ended")
            self.buffer += more
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def note(self, event):
        method, params = event.get("method"), event.get("params", {})
        self.events.append(method)
        if method == "Runtime.exceptionThrown":
            self.complaints.append(params["exceptionDetails"].get("exception", {}).get("description", params["exceptionDetails"]["text"]))
        elif method == "Runtime.consoleAPICalled":
            self.complaints.append(" ".join(str(a.get("value", a.get("description"))) for a in params["args"]))
        elif method == "Log.entryAdded":
            self.complaints.append(params["entry"]["text"])
        elif method == "Network.requestWillBeSent" and not params["request"]["url"].startswith(("file:", "data:", "about:")):
            self.complaints.append("asks for " + params["request"]["url"])
        elif method == "Network.loadingFailed":
            self.complaints.append("cannot load: " + params["errorText"])

    def send(self, method, **params):
        self.last += 1
        request = {"id": self.last, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.requests, json.dumps(request).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self.message(deadline)
            if answer.get("id") != self.last:
                self.note(answer)
            elif "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def wait_for(self, event):
        deadline = time.monotonic() + PATIENCE
        while event not in self.events:
            self.note(self.message(deadline))

    # --- what tests do
    def open(self, path, fragment=""):
        self.events.clear()
        self.send("Page.navigate", url="about:blank")  # else a new fragment alone would load nothing
        self.wait_for("Page.loadEventFired")
        self.events.clear()
        self.send("Page.navigate", url=pathlib.Path(path).resolve().as_uri() + fragment)
        self.wait_for("Page.loadEventFired")

    def evaluate(self, expression):
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait_until(self, expression):
        """Waits for a page that is there as a whole and of which the expression is true."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                if self.evaluate(f"document.readyState === 'complete' && Boolean({expression})"):
                    return
            except RuntimeError as error:  # the page is just being replaced
                if not any(words in str(error) for words in ("context", "target navigated")):
                    raise
            if time.monotonic() > deadline:
                raise RuntimeError(f"never true: {expression}")
            time.sleep(0.02)

    def press(self, key):
        text = KEYS.get(key, key)
        down = {"type": "keyDown" if text else "rawKeyDown", "key": key}
        codes = {"Enter": 13, "Escape": 27, "ArrowDown": 40, "ArrowUp": 38, "Tab": 9}
        if key in codes:
            down["windowsVirtualKeyCode"] = codes[key]
        if text:
            down["text"] = text
        self.send("Input.dispatchKeyEvent", **down)
        self.send("Input.dispatchKeyEvent", **{**down, "type": "keyUp"})

    def type(self, text):
        for key in text:
            self.press(key)

    def click(self, query):
        self.evaluate(f"document.querySelector({json.dumps(query)}).click()")

    def resize(self, width, height):
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def prefer(self, scheme):
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def screenshot(self, path, whole=True):
        data = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))

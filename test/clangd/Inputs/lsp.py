#!/usr/bin/env python3
"""A session with a language server, over stdio, as an editor has one.

    lsp.py SCRIPT SERVER [OPTION...]

SCRIPT, line by line:
    open FILE              show a file's text to the server; print the diagnostics that it sends
    replace OLD => NEW     edit the text that was opened last (\\n and \\t mean what they say); print the diagnostics again
    truncate STEP          cut the text off after STEP, 2*STEP, ... bytes, wait for the diagnostics each time and print how many times
    actions L:C L:C        print the code actions for that range of the text
    shell COMMAND          what somebody does in the meantime
    close FILE

A diagnostic is printed as FILE:LINE:COLUMN: CODE: MESSAGE, and what is related to it below, indented."""
import json
import os
import subprocess
import sys
import urllib.parse


class Server:
    def __init__(self, command, log):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        self.log = log.name
        self.number = 0

    def send(self, method, params, request=False):
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        if request:
            self.number += 1
            message["id"] = self.number
        body = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def receive(self):
        length = 0
        while True:
            line = self.process.stdout.readline()
            if not line:
                sys.exit("lsp: the server has gone: " + open(self.log).read()[-2000:])
            if line == b"\r\n":
                break
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return json.loads(self.process.stdout.read(length))

    def start(self, capabilities):
        self.send("initialize", {"processId": None, "rootUri": uri_of("."), "capabilities": capabilities}, request=True)
        self.answer()
        self.send("initialized", {})

    def open(self, uri, version, text):
        """Opens a document; the diagnostics for it."""
        self.send("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "c", "version": version, "text": text}})
        return self.diagnostics(uri, version)

    def change(self, uri, version, text):
        """Puts TEXT in the place of all there was; the diagnostics for it."""
        self.send("textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": text}]})
        return self.diagnostics(uri, version)

    def answer(self):
        while True:
            message = self.receive()
            if message.get("id") == self.number and "method" not in message:
                return message

    def diagnostics(self, uri, version):
        while True:
            message = self.receive()
            if message.get("method") == "textDocument/publishDiagnostics":
                params = message["params"]
                if params["uri"] == uri and params.get("version", version) == version:
                    return params["diagnostics"]


def uri_of(path):
    return "file://" + urllib.parse.quote(os.path.abspath(path))


def place(uri, where):
    start = where["start"]
    return f"{os.path.basename(urllib.parse.unquote(uri))}:{start['line'] + 1}:{start['character'] + 1}"


def show(uri, found):
    for d in found:
        print(f"{place(uri, d['range'])}: {d.get('code', '')}: {d['message'].splitlines()[0]}")
        for r in d.get("relatedInformation", []):
            print(f"  {place(r['location']['uri'], r['location']['range'])}: {r['message'].splitlines()[0]}")
    print(f"-- {len(found)} diagnostics", flush=True)


def unescape(text):
    return text.replace("\\n", "\n").replace("\\t", "\t")


def main():
    script, *command = sys.argv[1:]
    server = Server(command, open("lsp.log", "w"))
    capabilities = {"textDocument": {"publishDiagnostics": {"relatedInformation": True, "versionSupport": True},
                                     "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}}}
    server.start(capabilities)
    uri, text, version = "", "", 0

    def change(new):
        nonlocal version
        version += 1
        return server.change(uri, version, new)

    for line in open(script).read().splitlines():
        verb, _, rest = line.partition(" ")
        if verb == "open":
            uri, text = uri_of(rest), open(rest).read()
            version += 1
            show(uri, server.open(uri, version, text))
        elif verb == "replace":
            old, _, new = rest.partition(" => ")
            if unescape(old) not in text:
                sys.exit(f"lsp: '{old}' is not in the text")
            text = text.replace(unescape(old), unescape(new))
            show(uri, change(text))
        elif verb == "truncate":
            step = int(rest)
            cuts = range(step, len(text), step)
            for cut in cuts:
                change(text[:cut])
            print(f"-- cut off at {len(cuts)} places")
            show(uri, change(text))
        elif verb == "actions":
            start, end = ([int(n) - 1 for n in at.split(":")] for at in rest.split())
            span = {"start": {"line": start[0], "character": start[1]}, "end": {"line": end[0], "character": end[1]}}
            params = {"textDocument": {"uri": uri}, "range": span, "context": {"diagnostics": []}}
            server.send("textDocument/codeAction", params, request=True)
            for action in server.answer()["result"]:
                print(f"action: {action['title']}")
        elif verb == "shell":
            subprocess.run(rest, shell=True, check=True, stdout=subprocess.DEVNULL)
        elif verb == "close":
            server.send("textDocument/didClose", {"textDocument": {"uri": uri_of(rest)}})
            server.diagnostics(uri_of(rest), None)  # none any more
        elif verb:
            sys.exit(f"lsp: unknown verb '{verb}'")
    server.send("shutdown", None, request=True)
    server.answer()
    server.send("exit", None)
    sys.exit(server.process.wait())


if __name__ == "__main__":
    main()

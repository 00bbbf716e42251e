"""Types into a real shell, and looks at what the TAB key makes of it.

    shell.py bash|zsh FENCEDEP

The commands are those of fencedep itself, so all of them, and all options with values, are tried; the rest is a table.
"""
import json
import os
import pty
import re
import select
import subprocess
import sys
import tempfile

Scripts = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "..", "..", "completion")
# Control-X shows the line as it is now, and Control-U empties it.
Setup = {
    "bash": [
        f". {Scripts}/fencedep.bash",
        "bind 'set bell-style none' 'set completion-query-items 0' 'set page-completions off'",
        r"""bind -x '"\C-x": printf "<<%s>>\n" "$READLINE_LINE"'""",
    ],
    "zsh": [
        f"fpath=({Scripts} $fpath); autoload -U compinit; compinit -u -D",
        "unsetopt beep; setopt no_list_ambiguous; LISTMAX=1000",
        r"""show() { print -r -- "<<$BUFFER>>"; zle redisplay }; zle -N show; bindkey '^X' show""",
    ],
}
Start = {"bash": ["bash", "--norc", "--noprofile", "-i"], "zsh": ["zsh", "-f", "-i"]}

# What is typed, and what it becomes.
Cases = [
    ("fencedep expl", "fencedep explain "),
    ("fencedep --ver", "fencedep --version "),
    ("fencedep check --sc", "fencedep check --scope="),
    ("fencedep check --scope=pa", "fencedep check --scope=paths "),
    ("fencedep check --scope pa", "fencedep check --scope paths "),
    ("fencedep check --min-confidence=", "fencedep check --min-confidence="),
    ("fencedep check --min-confidence=po", "fencedep check --min-confidence=possible "),
    ("fencedep check --rules=fence-page-fault,-fence-us", "fencedep check --rules=fence-page-fault,-fence-user"),
    ("fencedep check --rules=-fence-page", "fencedep check --rules=-fence-page-fault "),
    ("fencedep explain fence-page", "fencedep explain fence-page-fault "),
    ("fencedep locks --format=d", "fencedep locks --format=dot "),
    ("fencedep check drivers/ot", "fencedep check drivers/otter.c "),
    ("fencedep check -p buil", "fencedep check -p build/"),
    ("fencedep check --config-file=drivers/ot", "fencedep check --config-file=drivers/otter.c "),
    ("fencedep check --nothing", "fencedep check --nothing"),
]


class Shell:
    def __init__(self, name, fencedep):
        self.dir = tempfile.TemporaryDirectory()
        os.makedirs(os.path.join(self.dir.name, "drivers"))
        os.makedirs(os.path.join(self.dir.name, "build"))
        open(os.path.join(self.dir.name, "drivers", "otter.c"), "w").close()
        path = os.path.dirname(fencedep) + ":" + os.environ["PATH"]
        pid, self.fd = pty.fork()
        if pid == 0:
            os.chdir(self.dir.name)
            os.execvpe(name, Start[name], {"PATH": path, "HOME": self.dir.name, "TERM": "dumb", "PS1": "% "})
        for line in Setup[name]:
            self.send(line + "\r")
        self.send("echo ready'!'\r")
        self.until("ready!\r")

    def send(self, text):
        os.write(self.fd, text.encode())

    def until(self, pattern):
        """What the shell prints up to a match."""
        text = ""
        while not (found := re.search(pattern, text)):
            if not select.select([self.fd], [], [], 120)[0]:
                sys.exit(f"the shell is silent; it said:\n{text}")
            text += os.read(self.fd, 65536).decode(errors="replace")
        return found

    def complete(self, typed):
        self.send(typed + "\t\x18")
        line = self.until(r"<<(.*?)>>")[1]
        self.send("\x15")
        return line


def cases(fencedep):
    yield from Cases
    commands = json.loads(subprocess.run([fencedep, "--describe"], stdout=subprocess.PIPE, check=True).stdout)
    for command in commands:
        for option in command["options"]:
            for word, _ in option["words"]:
                line = f"fencedep {command['name']} {option['name']}={word}"
                yield line, line + " "


def main():
    name, fencedep = sys.argv[1:]
    shell = Shell(name, fencedep)
    wrong = 0
    for typed, wanted in cases(fencedep):
        line = shell.complete(typed)
        if line != wanted:
            print(f"'{typed}' becomes '{line}', not '{wanted}'")
            wrong += 1
    print(f"{name}: {wrong} wrong")
    sys.exit(wrong != 0)


main()

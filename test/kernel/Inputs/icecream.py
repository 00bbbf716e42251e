#!/usr/bin/env python3
"""Builds a folder of a kernel twice with the compiler plugin: on this machine alone, and on a build farm (icecream). fencedep must
say the same of both.

    icecream.py FENCEDEP PLUGIN KERNEL FOLDER [--keep=DIR]    DIR gets the objects and the daemons' logs

The farm is three machines as far as icecream can tell: each has a network namespace of its own. `submit` has the scheduler, the
bridge and a daemon that takes no jobs; `node1` and `node2` compile. It says what each node compiled, by the nodes' own logs, and
fails if a unit was compiled on none of them, or one of them compiled none. Needs root."""

import atexit
import concurrent.futures
import difflib
import itertools
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

NODES = ("node1", "node2")
HOSTS = ("submit",) + NODES


def run(*command, **options):
    return subprocess.run(command, check=True, stdin=subprocess.DEVNULL, **options)


def namespace(host):
    return f"fencedep-{os.getpid()}-{host}"


def inside(host, *command):
    return ["ip", "netns", "exec", namespace(host), *command]


def wait_for(what, condition, seconds):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"icecream: gave up waiting for {what}")
        time.sleep(0.2)


def read(path):
    try:
        with open(path, errors="replace") as file:
            return file.read()
    except FileNotFoundError:
        return ""


class Farm:
    def __init__(self, folder):
        self.folder = folder
        atexit.register(self.stop)
        for host in ("scheduler",) + HOSTS:
            os.mkdir(self.path(host))
            shutil.chown(self.path(host), "icecc")  # the daemons drop root
        self.connect()
        self.start()

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def connect(self):
        for host in HOSTS:
            run("ip", "netns", "add", namespace(host))
            run("ip", "-n", namespace(host), "link", "set", "lo", "up")
        hub = ("ip", "-n", namespace("submit"))
        run(*hub, "link", "add", "farm", "type", "bridge")
        run(*hub, "address", "add", "10.77.0.1/24", "dev", "farm")
        run(*hub, "link", "set", "farm", "up")
        for number, node in enumerate(NODES, 2):
            spoke = ("ip", "-n", namespace(node))
            run(*spoke, "link", "add", "eth0", "type", "veth", "peer", "name", node, "netns", namespace("submit"))
            run(*spoke, "address", "add", f"10.77.0.{number}/24", "dev", "eth0")
            run(*spoke, "link", "set", "eth0", "up")
            run(*hub, "link", "set", node, "master", "farm", "up")

    def start(self):
        log = self.path("scheduler", "log")
        self.spawn("submit", f"exec icecc-scheduler -vvv -l {log}")
        wait_for("the scheduler", lambda: "scheduler ready" in read(log), 30)
        # A busy machine gets no jobs. What else this one does is not the nodes' load: for them the processor has always been idle.
        idle = self.path("stat")
        with open(idle, "w") as file:
            file.write("cpu  0 0 0 0 0 0 0 0 0 0\n")
        for host in HOSTS:
            jobs = 1 if host in NODES else 0
            daemon = f"iceccd -N {host} -m {jobs} -s 10.77.0.1 -b {self.path(host, 'base')} -l {self.path(host, 'log')} -vvv"
            self.spawn(host, f"mount --bind {idle} /proc/stat && exec {daemon}", ICECC_TEST_SOCKET=self.path(host, "socket"))
        # Hosts that log in when jobs are waiting already may get none.
        wait_for("the daemons", lambda: all(f"login {host} " in read(log) for host in HOSTS), 90)

    def spawn(self, host, command, **environment):
        with open(self.path("output"), "a") as output:
            subprocess.Popen(inside(host, "sh", "-c", command), env=os.environ | environment, start_new_session=True,
                             stdin=subprocess.DEVNULL, stdout=output, stderr=output)

    def compiler(self):
        """What goes before a compiler's command, and its environment."""
        # The source is sent with its macros. Debian's icecc would expand them, but fencedep needs their names.
        settings = {"ICECC_TEST_SOCKET": self.path("submit", "socket"), "ICECC_REMOTE_CPP": "1", "ICECC_ENV_COMPRESSION": "none"}
        return inside("submit", "icecc"), settings

    def compiled(self, node):
        log = read(self.path(node, "log"))
        return re.findall(r"^\[(\d+)\] .*: remote compile for file (.+)$", log, re.M)

    def stop(self):
        for sign in (signal.SIGTERM, signal.SIGKILL):
            pids = [int(p) for host in HOSTS for p in self.processes(host)]
            for pid in pids:
                try:
                    os.kill(pid, sign)
                except ProcessLookupError:
                    pass
            for _ in range(50 if pids else 0):
                if not any(self.processes(host) for host in HOSTS):
                    break
                time.sleep(0.1)
        for host in HOSTS:
            subprocess.run(["ip", "netns", "delete", namespace(host)], stderr=subprocess.DEVNULL)

    def processes(self, host):
        return subprocess.run(["ip", "netns", "pids", namespace(host)], capture_output=True, text=True).stdout.split()


def units(kernel, folder):
    with open(os.path.join(kernel, "compile_commands.json")) as file:
        for entry in json.load(file):
            if os.path.dirname(os.path.relpath(entry["file"], kernel)) == folder:
                yield os.path.relpath(entry["file"], kernel), shlex.split(entry["command"])


def build(kernel, commands, plugin, seed, out, wrapper=(), environment={}):
    """Compiles the units into `out`, three at a time; returns how long it took."""
    os.mkdir(out)

    def compile_one(unit):
        source, command = unit
        command = [seed if a.startswith("-frandomize-layout-seed-file=") else a for a in command if not a.startswith("-Wp,-MMD,")]
        command[command.index("-o") + 1] = os.path.join(out, os.path.basename(source)[:-2] + ".o")
        command[1:1] = [f"-fplugin={plugin}", "-fplugin-arg-fencedep-embed"]
        done = subprocess.run([*wrapper, *command], cwd=kernel, env=os.environ | environment, stdin=subprocess.DEVNULL, timeout=600)
        return source, done.returncode

    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        failed = [source for source, status in pool.map(compile_one, commands) if status != 0]
    if failed:
        sys.exit(f"icecream: did not compile: {' '.join(failed)}")
    return time.monotonic() - start


def findings(fencedep, out, kernel):
    objects = sorted(os.path.join(out, name) for name in os.listdir(out))
    link = subprocess.run([fencedep, "link", "--format=json", *objects], cwd=kernel, stdout=subprocess.PIPE)
    if link.returncode not in (0, 2):
        sys.exit(f"icecream: fencedep link: exit status {link.returncode}")
    return json.loads(link.stdout)


def main():
    keep = [a.split("=", 1)[1] for a in sys.argv if a.startswith("--keep=")]
    fencedep, plugin, kernel, folder = (a for a in sys.argv[1:] if not a.startswith("--"))
    fencedep = os.path.abspath(fencedep)
    commands = list(units(kernel, folder))
    # Ended from outside, it cleans up, too. The farm is stopped before its folder goes: what is registered last runs first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    # Not in TMPDIR: lit's is closed to the daemons.
    temporary = tempfile.mkdtemp(prefix="fencedep-icecream-", dir="/tmp")
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    for where in keep:
        atexit.register(shutil.copytree, temporary, where, ignore=shutil.ignore_patterns("base", "socket"))
    os.chmod(temporary, 0o755)
    # The daemons must be able to read what goes into the compiler's archive, and the archive is for the same paths on all hosts.
    plugin = shutil.copy(plugin, temporary)
    seed = shutil.copy(os.path.join(kernel, "scripts/basic/randstruct.seed"), temporary)
    build_both = (kernel, commands, plugin, "-frandomize-layout-seed-file=" + seed)

    farm = Farm(temporary)
    wrapper, environment = farm.compiler()
    spent = build(*build_both, farm.path("remote"), wrapper, environment | {"ICECC_EXTRAFILES": seed})
    compiled = {node: sorted(source for _, source in farm.compiled(node)) for node in NODES}
    for node in NODES:
        print(f"{node} compiled {len(compiled[node])}: {' '.join(os.path.basename(source) for source in compiled[node])}")
    if not all(compiled.values()):
        sys.exit("icecream: a node compiled nothing")
    if sorted(sum(compiled.values(), [])) != sorted(source for source, _ in commands):
        sys.exit("icecream: what the nodes compiled are not the folder's units")
    alone = build(*build_both, farm.path("local"))

    remote, local = (findings(fencedep, farm.path(name), kernel) for name in ("remote", "local"))
    print(f"{len(commands)} units: {spent:.0f} s on the farm (with the compiler's archive made and sent), {alone:.0f} s alone")
    print(f"{len(local['findings'])} findings on one machine, {len(remote['findings'])} on the farm")
    if not local["findings"]:
        sys.exit("icecream: nothing is found here, so nothing is compared")
    if local != remote:
        lines = [json.dumps(report, indent=1).splitlines() for report in (local, remote)]
        print(*itertools.islice(difflib.unified_diff(*lines, "one machine", "farm", lineterm=""), 60), sep="\n")
        sys.exit("icecream: the reports differ")
    print("the reports are the same")


main()

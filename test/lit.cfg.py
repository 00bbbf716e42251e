# How lit runs our tests. Run it over a build's folder (build/release/test), which says what was built where.
#
# Substitutions: %check FILE... compares findings with the verdicts in the files (verify.py), %golden FILE the whole output (golden.py,
# BLESS=1 approves it); %sarif FILE... validates SARIF (report/Inputs/sarif.py); %fencedep, %clang, %python, %mocks (the shared mock
# headers), %kernel (a prepared kernel tree; only in test/kernel, which runs if lit gets --param kernel=DIR), %build (the build's folder),
# %chroot (a minimal Debian, made by scripts/package/chroot). Of the tools: FileCheck, not, split-file.
import os
import platform
import shutil
import subprocess
import sys

import lit.formats

config.name = "fencedep"
config.test_source_root = os.path.dirname(os.path.abspath(__file__))
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".c", ".cpp", ".test", ".yaml"]
config.excludes = ["Inputs", "unit"]

config.environment["PATH"] = os.pathsep.join([config.fencedep_bin, config.llvm_bin, os.environ["PATH"]])
config.environment["NO_COLOR"] = "1"
config.environment["BLESS"] = os.environ.get("BLESS", "")
# LLVM's allocator is instrumented in our half of the program only, so its poisoning means nothing.
config.environment["ASAN_OPTIONS"] = "allow_user_poisoning=0"
config.environment["UBSAN_OPTIONS"] = "print_stacktrace=1"

mocks = os.path.join(config.test_source_root, "Inputs")


def script(name):
    own = os.path.join(config.test_source_root, name)
    return " ".join([sys.executable, own, os.path.join(config.fencedep_bin, "fencedep"), mocks])


config.substitutions += [
    ("%check", script("verify.py")),
    ("%golden", script("golden.py")),
    ("%python", sys.executable),
    ("%fencedep-clang-tidy", os.path.join(config.fencedep_bin, "fencedep-clang-tidy")),
    ("%fencedep-clangd", os.path.join(config.fencedep_bin, "fencedep-clangd")),
    ("%fencedep", os.path.join(config.fencedep_bin, "fencedep")),
    ("%clang", os.path.join(config.llvm_bin, "clang")),
    ("%mocks", mocks),
    ("%build", config.build),
    ("%chroot", os.path.expanduser("~/.cache/fencedep/chroot/" + platform.freedesktop_os_release()["VERSION_CODENAME"])),
]
if os.geteuid() == 0:
    config.available_features.add("root")

# The validator that sarif.py uses stays there.
sarif = os.path.join(config.test_source_root, "report", "Inputs", "sarif.py")
config.substitutions.append(("%sarif", " ".join([sys.executable, sarif, os.path.join(config.test_exec_root, "npm")])))

# What is built with sanitizers, no other program can load.
if config.sanitize not in ("ON", "1", "TRUE"):
    config.available_features.add("doors")
config.substitutions += [
    ("%doors", " ".join([sys.executable, os.path.join(config.test_source_root, "doors.py")])),
    ("%tidy", os.path.join(config.fencedep_lib, "libfencedep-tidy.so")),
    ("%plugin", os.path.join(config.fencedep_lib, "libfencedep-plugin.so")),
    ("%rules", os.path.join(config.test_source_root, "rules")),
]

if shutil.which("ccache"):
    config.available_features.add("ccache")

# A compiler that the plugin was not built for.
other = next(filter(None, map(shutil.which, ("clang-16", "clang-15", "clang-14"))), None)
if other:
    config.available_features.add("other-clang")
    config.substitutions.append(("%other-clang", other))


def can_farm():
    """Whether icecream is here, and we may make network namespaces for it."""
    if not all(shutil.which(tool) for tool in ("icecc", "icecc-create-env", "iceccd", "icecc-scheduler", "ip")):
        return False
    probe = f"fencedep-probe-{os.getpid()}"
    if subprocess.run(["ip", "netns", "add", probe], stderr=subprocess.DEVNULL).returncode != 0:
        return False
    return subprocess.run(["ip", "netns", "delete", probe]).returncode == 0


kernel = lit_config.params.get("kernel")
if kernel:
    if can_farm():
        config.available_features.add("icecream")
    config.available_features.add("kernel")
    config.substitutions.append(("%kernel", os.path.abspath(kernel)))
else:
    config.excludes.append("kernel")

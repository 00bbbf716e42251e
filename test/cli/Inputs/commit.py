"""Commits all that is in a directory; makes a repository of it first if it is none.

    commit.py DIRECTORY
"""
import os
import subprocess
import sys

directory = sys.argv[1]
env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
env.update(GIT_CONFIG_GLOBAL=os.devnull, GIT_CONFIG_SYSTEM=os.devnull)


def git(*args):
    subprocess.run(["git", "-C", directory, "-c", "user.name=A", "-c", "user.email=a@example.org", *args], env=env, check=True)


if not os.path.exists(os.path.join(directory, ".git")):
    git("init", "-q", "-b", "main")
git("add", "-A")
git("commit", "-q", "--allow-empty", "-m", "A state")

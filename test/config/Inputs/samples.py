"""Whether the program and its schema agree about the samples, and are right.

    samples.py FENCEDEP INPUTS

good: both accept it. bad: both refuse it, the program with the place. wrong: only the program can know; the schema accepts it.
"""
import json
import os
import re
import subprocess
import sys

import jsonschema
import yaml

fencedep, inputs = sys.argv[1:]
schema = json.loads(subprocess.run([fencedep, "check", "--print-config-schema"], stdout=subprocess.PIPE, check=True).stdout)
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
complaints = []
seen = dict.fromkeys(["good", "bad", "wrong"], 0)


def schema_accepts(path):
    with open(path, encoding="utf-8") as file:
        return validator.is_valid(yaml.safe_load(file))


def look(kind, path):
    run = subprocess.run([fencedep, "check", "--verify-config", "--config-file", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if run.returncode != (0 if kind == "good" else 1):
        complaints.append(f"{path}: fencedep exits with {run.returncode}: {run.stderr}")
    if kind == "bad" and not re.match(re.escape(path) + r":\d+:\d+: error: \S", run.stderr):
        complaints.append(f"{path}: fencedep does not say where: {run.stderr}")
    if schema_accepts(path) != (kind != "bad"):
        complaints.append(f"{path}: the schema {'accepts' if kind == 'bad' else 'refuses'} it")


for kind in seen:
    folder = os.path.join(inputs, kind)
    for name in sorted(os.listdir(folder)):
        if name.endswith(".yaml"):
            look(kind, os.path.join(folder, name))
            seen[kind] += 1

with open(os.path.join(inputs, "good", "all.yaml"), encoding="utf-8") as file:
    missing = set(schema["properties"]) ^ set(yaml.safe_load(file))
if missing:
    complaints.append(f"all.yaml lacks a key, or has one too many: {missing}")
for line in complaints:
    print(line)
print(", ".join(f"{count} {kind}" for kind, count in seen.items()))
sys.exit(bool(complaints) or not all(seen.values()))
